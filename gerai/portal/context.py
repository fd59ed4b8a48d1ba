"""What every page knows: the mall, and the screens of the person's roles."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gerai.agencies import queries as agencies
from gerai.core.errors import NotFound

# Where each role's day happens.
SCREENS = {
    "verifier": ("/tugas/", "Tugas saya"),
    "reviewer": ("/tugas/", "Tugas saya"),
    "signer": ("/tugas/", "Tugas saya"),
    "counter_officer": ("/loket/", "Loket"),
    "information_desk": ("/meja/", "Meja informasi"),
    "agency_admin": ("/gabung/", "Instansi saya"),
    "mall_manager": ("/wali-kota/", "Hari ini di mal"),
    "mayor": ("/wali-kota/", "Hari ini di mal"),
    "auditor": ("/pengaduan/masuk/", "Pengaduan masuk"),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Mall, screens and whether this is a demo."""
    try:
        mall = agencies.the_mall()
    except NotFound:
        mall = None
    screens: list[tuple[str, str]] = []
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        for membership in agencies.memberships(user):
            if SCREENS[membership.role] not in screens:
                screens.append(SCREENS[membership.role])
    return {"mall": mall, "screens": screens, "demo": settings.DEMO}
