"""Appointments in a person's own calendar: a file of one, or all by an address that the person makes and ends."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.visits import calendars, queries
from gerai.visits.models import Visit


@signed_in
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The address of one's own feed: made, made anew, or ended."""
    person: Any = request.user
    if request.method == "POST":
        given: dict[str, Any] = {"person": person, "mall": settings.MALL_CODE, "now": clock.now()}
        if "end" in request.POST:
            calendars.end_address(**given)
            messages.success(
                request, _("Alamat kalender dihentikan. Yang memegangnya tidak melihat apa-apa lagi.")
            )
        else:
            was = request.POST.get("was", "")
            calendars.make_address(was=was, **given)
            messages.success(
                request,
                _("Alamat baru siap. Alamat lama tidak berlaku lagi.") if was else _("Alamat kalender siap."),
            )
        return redirect("visits:calendar")
    nonce = calendars.nonce_of(person)
    path = reverse("visits:calendar_feed", args=[calendars.token(person.pk, nonce)])
    address = settings.BASE_URL + path if nonce else ""
    context = {"nonce": nonce, "address": address, "app": "webcal" + address[address.find("://") :]}
    return render(request, "visits/calendar.html", context)


@signed_in
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One appointment for one's own calendar."""
    return _ics([queries.own(request.user, pk)])


@public
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All appointments of the owner of this address, for a calendar that subscribes to it."""
    return _ics(calendars.feed(calendars.person_of(token)))


def _ics(visits: list[Visit]) -> HttpResponse:
    data = calendars.write(visits, language=(get_language() or "id")[:2], now=clock.now())
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="janji-temu.ics"'
    return answer
