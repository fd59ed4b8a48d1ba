"""The page of mandates: whom I let apply for me, and for whom I may."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.applications import mandates
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import clock, ids
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What I have given, what I hold, what is offered to me, and a further one."""
    refusal, status, now = "", 200, clock.now()
    if request.method == "POST":
        try:
            _act(request)
            return redirect("applications:mandates")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {
        "given": mandates.given(request.user, now),
        "held": mandates.held(request.user, now),
        "offered": mandates.offered(request.user, now),
        "services": [s for s in catalogue.published(agencies.the_mall()) if s.online],
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "applications/mandates.html", context, status=status)


def _act(request: HttpRequest) -> None:
    sent, now = request.POST, clock.now()
    act: Any = {"take": mandates.take, "end": mandates.end}.get(sent.get("act", ""))
    if act is not None:
        act(person=request.user, mandate_id=ids.named(sent.get("mandate", "")), now=now)
        return
    if sent.get("act") != "give":
        raise NotFound
    mandates.give(
        mall=agencies.the_mall(),
        person=request.user,
        contact=sent.get("contact", ""),
        service=_service(sent.get("service", "")),
        last_day=_day(sent.get("until", "")),
        now=now,
    )
    messages.success(request, _("Kuasa tersimpan. Kami mengirim pesan ke alamat itu."))


def _service(wanted: str) -> Service | None:
    """The one service, or None for all of them."""
    agency, _sep, code = wanted.partition("/")
    return catalogue.find(agencies.the_mall(), agency, code) if wanted else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise mandates.MandateDayWrong from error
