"""The mark for pages that need a role. Who lacks it sees "not found"."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext

from gerai.accounts.rules import SECOND_FACTOR_SHOWN
from gerai.agencies import queries
from gerai.agencies.models import Membership
from gerai.agencies.rules import SECOND_FACTOR_ROLES
from gerai.core import clock
from gerai.core.access import View, mark
from gerai.core.errors import NotFound


def _proven(request: HttpRequest, member: Membership) -> bool:
    """Whether a substitute's session has the second factor that the role asks for."""
    return member.role not in SECOND_FACTOR_ROLES or bool(request.session.get(SECOND_FACTOR_SHOWN))


def role(*names: str) -> Callable[[View], View]:
    """
    Let in a person who holds one of the roles.

    The view gets `request.member`: the membership in whose name the person acts. Somebody with several
    chooses by `?as=<membership id>`, kept in the session.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            found = [m for m in queries.memberships(request.user).order_by("id") if m.role in names]
            now = clock.now()
            found = [m for m in found if m.substitution is None or m.substitution.until_at > now]
            held = [m for m in found if m.substitution is None or _proven(request, m)]
            if not held and found:  # their session is older than the role: once more, with the code
                text = gettext(
                    "Peran yang Anda gantikan dijaga dengan kode. Masuk sekali lagi untuk memakainya."
                )
                messages.info(request, text, fail_silently=True)
                return redirect_to_login(request.get_full_path())
            if not held:
                raise NotFound
            wanted = request.GET.get("as") or request.session.get("member")
            chosen = next((m for m in held if str(m.pk) == str(wanted)), held[0])
            if request.session.get("member") != chosen.pk:  # a session saved at every look could undo a press
                request.session["member"] = chosen.pk
            request.member = chosen  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return mark(guarded, "role:" + ",".join(names))

    return decorate
