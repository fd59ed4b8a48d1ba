"""What every page knows: the mall, and the screens of the person's roles."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gerai.agencies import queries as agencies
from gerai.core.errors import NotFound
from gerai.notices import queries as notices
from gerai.payments import queries as payments

# Where each role's day happens.
SCREENS = {
    "verifier": ("/tugas/", "Tugas saya"),
    "reviewer": ("/tugas/", "Tugas saya"),
    "signer": ("/tugas/", "Tugas saya"),
    "counter_officer": ("/loket/", "Loket"),
    "information_desk": ("/meja/", "Meja informasi"),
    "agency_admin": ("/gabung/", "Instansi saya"),
    "mall_manager": ("/lantai/", "Lantai sekarang"),
    "mayor": ("/wali-kota/", "Hari ini di mal"),
    "auditor": ("/pengaduan/masuk/", "Pengaduan masuk"),
}
# What else a role does, less often: on one's own page, not in every header.
MORE = {
    "complaints": ("/pengaduan/masuk/", "Pengaduan masuk"),
    "waivers": ("/bayar/pembebasan/", "Pembebasan biaya"),
    "reconciliation": ("/bayar/rekonsiliasi/", "Rekonsiliasi"),
    "refunds": ("/bayar/pengembalian/", "Pengembalian uang"),
    "own": ("/wali-kota/instansi/", "Angka instansi kami"),
    "agencies": ("/gabung/", "Semua instansi"),
    "floor": ("/lantai/", "Lantai sekarang"),
    "figures": ("/wali-kota/", "Hari ini di mal"),
    "permits": ("/izin/", "Daftar izin"),
    "running": ("/tugas/kasus/", "Permohonan berjalan"),
    "sharing": ("/tugas/bagi/", "Bagi tugas"),
    "substitutes": ("/tugas/pengganti/", "Pengganti"),
    "staff": ("/petugas/", "Petugas dan peran"),
    "undelivered": ("/pesan/gagal/", "Pesan yang tidak sampai"),
    "help": ("/meja/", "Bantu mengisi permohonan"),
    "bank": ("/bayar/loket/", "Pembayaran di loket bank"),
}
MORE_OF = {
    "agency_admin": (
        "staff",
        "floor",
        "own",
        "running",
        "sharing",
        "substitutes",
        "permits",
        "complaints",
        "refunds",
    ),
    "signer": ("running", "sharing", "substitutes", "permits", "waivers"),
    "counter_officer": ("help",),
    "verifier": ("permits", "substitutes"),
    "reviewer": ("substitutes",),
    "mall_manager": (
        "staff",
        "figures",
        "complaints",
        "refunds",
        "reconciliation",
        "undelivered",
        "agencies",
    ),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Mall, screens and whether this is a demo."""
    try:
        mall = agencies.the_mall()
    except NotFound:
        mall = None
    screens: list[tuple[str, str]] = []
    more: list[tuple[str, str]] = []
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        for membership in agencies.memberships(user):
            if SCREENS[membership.role] not in screens:
                screens.append(SCREENS[membership.role])
            at_bank = ("bank",) if payments.is_teller(membership) else ()
            for key in (*MORE_OF.get(membership.role, ()), *at_bank):
                if MORE[key] not in more:
                    more.append(MORE[key])
    return {
        "mall": mall,
        "screens": screens,
        "more_screens": more,
        "demo": settings.DEMO,
        "unread": notices.unread(user) if user is not None and user.is_authenticated else 0,
    }
