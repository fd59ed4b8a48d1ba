"""Pages about businesses: their applications, and the desk that sees their papers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gerai.accounts import businesses, registers
from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.applications import helping, queries
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import DomainError

DESK = role("information_desk", "counter_officer")


@signed_in
def of_business(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a business has asked for, for all who act for it."""
    member = people.acts_for(request.user, pk)
    context = {"business": member.business, "applications": queries.of_business(request.user, pk)}
    return render(request, "applications/business.html", context)


@DESK
@never_cache
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """An officer has seen the card and the papers: the claim to a business holds."""
    wrong, sent = "", request.POST
    if request.method == "POST":
        try:
            _prove(request)
            return redirect("applications:desk_business")
        except DomainError as error:
            wrong = error.sentence
    context = {"wrong": wrong, "sent": sent, "connected": registers.connected()}
    return render(request, "applications/desk_business.html", context, status=422 if wrong else 200)


def _prove(request: HttpRequest) -> None:
    sent: Any = request.POST
    now, seen = clock.now(), sent.get("seen") == "yes"
    if not seen:
        raise businesses.PapersUnseen
    mall, nik, name = agencies.the_mall(), sent.get("nik", ""), sent.get("name", "").strip()
    if sent.get("papers") != "yes":
        raise businesses.PapersUnseen
    if name and not sent.get("contact", "").strip():  # who has no account gets one, by the card
        person = helping.account_for(officer=request.user, mall=mall, name=name, nik=nik, now=now)
    else:
        person = people.present(nik, sent.get("contact", ""), card_seen=True, today=now.date())
    member = businesses.prove(
        mall=mall.code,
        nib=sent.get("nib", ""),
        name=sent.get("business", ""),
        person=person,
        papers_seen=True,
        officer=request.user,
        now=now,
    )
    said = _("%(business)s sekarang terbukti atas nama %(name)s.")
    messages.success(request, said % {"business": member.business.name, "name": person.name})
    if warning := registers.warning(person.pk):
        messages.warning(request, _(warning))
