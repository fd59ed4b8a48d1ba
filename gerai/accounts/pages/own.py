"""Pages of what is known about me: what the civil registry said, and the businesses I act for."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gerai.accounts import businesses, inviting, queries, registers
from gerai.core import clock, ids
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound


@signed_in
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """What the civil registry said about me, and when it was asked."""
    context = {"said": registers.said(request.user), "connected": registers.connected()}
    return render(request, "accounts/register.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def my_businesses(request: HttpRequest) -> HttpResponse:
    """The businesses I act for, those that invite me, and a further one."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            _act(request)
            return redirect("accounts:businesses")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {
        "rows": [_row(member) for member in queries.memberships(request.user)],
        "invited": queries.invited(request.user),
        "refusal": refusal,
        "sent": request.POST,
        "person": request.user,
        "connected": registers.connected(),
    }
    return render(request, "accounts/businesses.html", context, status=status)


def _row(member: Any) -> dict[str, Any]:
    """A business with what its owner may see of the others."""
    owns = member.role == businesses.OWNER and member.business.proven_at is not None
    return {
        "member": member,
        "business": member.business,
        "owns": owns,
        "colleagues": queries.colleagues(member.business_id) if owns else [],
        "invites": queries.invites(member.business_id) if owns else [],
    }


def _act(request: HttpRequest) -> None:
    """One press on the page."""
    act, sent = request.POST.get("act", ""), request.POST
    given: dict[str, Any] = {"mall": settings.MALL_CODE, "person": request.user, "now": clock.now()}
    if act == "claim":
        member = businesses.claim(nib=sent.get("nib", ""), name=sent.get("name", ""), **given)
        if member.business.proven_at:
            messages.success(request, _("Usaha terbukti milik Anda. Anda dapat mengajukan atas namanya."))
        else:
            messages.info(request, _("Usaha tersimpan, tetapi belum terbukti."))
    elif act == "invite":
        contact, role = sent.get("contact", ""), sent.get("role", "")
        inviting.invite(business_id=ids.named(sent.get("business")), contact=contact, role=role, **given)
        messages.success(request, _("Undangan tersimpan. Kami mengirim pesan ke alamat itu."))
    elif act in ("accept", "decline"):
        inviting.answer_invite(invite_id=ids.named(sent.get("invite")), accept=act == "accept", **given)
    elif act == "take_back":
        given |= {"business_id": ids.named(sent.get("business")), "invite_id": ids.named(sent.get("invite"))}
        inviting.take_back(**given)
    elif act == "remove":
        given |= {"business_id": ids.named(sent.get("business")), "member_id": ids.named(sent.get("member"))}
        businesses.remove(**given)
    else:
        raise NotFound
