"""Who works where: an agency's administrator and the mall's manager give and take roles."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.agencies import appointing
from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.agencies.rules import ROLE_NAMES
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole


@role("agency_admin", "mall_manager")
@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """The roles that one answers for; one more, or one less."""
    member: Any = request.member  # type: ignore[attr-defined]
    refusal, status = "", 200
    if request.method == "POST":
        try:
            _act(request, member)
            return redirect("portal:staff")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    members = list(appointing.of(member))
    alone = appointing.alone(members)
    context = {
        "member": member,
        "members": [
            (one, ROLE_NAMES[one.role], appointing.known_by(one), one.pk in alone) for one in members
        ],
        "roles": [(name, ROLE_NAMES[name]) for name in appointing.GIVES[member.role]],
        "agencies": [] if member.agency_id else agencies.agencies(member.mall),
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "portal/staff.html", context, status=status)


def _act(request: HttpRequest, member: Any) -> None:
    now = clock.now()
    if "take" in request.POST:
        taken = whole(request.POST["take"])
        appointing.dismiss(by=member, membership_id=taken or 0, now=now)
        messages.success(request, _("Peran sudah diakhiri. Tugasnya kembali ke daftar."))
        return
    given = appointing.appoint(
        by=member,
        contact=request.POST.get("contact", ""),
        role=request.POST.get("role", ""),
        agency_code=request.POST.get("agency", ""),
        now=now,
    )
    messages.success(request, _("Peran diberikan kepada %(name)s.") % {"name": given.person.name})
