"""The information desk: for people without phone and e-mail, and for numbers that do not know their person yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.applications import helping
from gerai.applications import queries as applications
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.visits import desk as numbers
from gerai.visits import queries as visits
from gerai.visits import who
from gerai.visits.models import Visit
from gerai.visits.rules import LIVE, State

DESK = role("information_desk", "counter_officer")


@DESK
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What somebody at the desk may need: a number with a name, an application typed for them, one gone on with."""
    mall = agencies.the_mall()
    wrong = ""
    if request.method == "POST":
        try:
            act = _take_up if request.POST.get("act") == "take_up" else _begin
            return redirect("applications:show", pk=act(request, mall))
        except DomainError as error:
            wrong = error.sentence
    text = (request.GET.get("q") or request.POST.get("q") or "").strip()[:100]
    context = {
        "wrong": wrong,
        "sent": request.POST,
        "text": text,
        "found": [s for s in catalogue.search(mall, text) if s.online] if text else [],
        "helped": applications.helped(request.user, clock.now())[:20],
        "gives_numbers": _gives_numbers(request),
    }
    return render(request, "portal/desk.html", context, status=422 if wrong else 200)


def _gives_numbers(request: HttpRequest) -> bool:
    """The desk's own work; a counter's officer only helps people with their applications."""
    member: Any = request.member  # type: ignore[attr-defined]
    return bool(member.role == "information_desk")


def _begin(request: HttpRequest, mall: Any) -> Any:
    agency_code, _sep, code = request.POST.get("service", "").partition("/")
    return helping.begin_for(
        officer=request.user,
        mall=mall,
        name=request.POST.get("name", ""),
        nik=request.POST.get("nik", ""),
        nib=request.POST.get("nib", ""),
        card_seen=request.POST.get("seen") == "yes",
        consent=request.POST.get("consent") == "yes",
        service=catalogue.find(mall, agency_code, code),
        now=clock.now(),
    ).pk


def _take_up(request: HttpRequest, mall: Any) -> Any:
    return helping.take_up(
        officer=request.user,
        mall=mall,
        number=request.POST.get("number", ""),
        nik=request.POST.get("nik", ""),
        card_seen=request.POST.get("seen") == "yes",
        consent=request.POST.get("consent") == "yes",
        now=clock.now(),
    ).pk


@DESK
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """A number as it is typed: what it is for, and whose it is if the desk says so."""
    given = request.POST if request.method == "POST" else request.GET
    text, wrong = given.get("nomor", "")[:12], ""
    found: list[Visit] = []
    try:
        found = visits.typed(agencies.the_mall(), text, clock.now())
        if request.method == "POST":
            return _identify(request, found)
    except NotFound:
        raise
    except DomainError as error:
        wrong = error.sentence
    rows = []
    for visit in found:
        errands = visits.errands(visit)
        back = any(e.state in LIVE and e.calls for e in errands)  # called again, or brought back already
        missed = not back and any(e.state == State.ABSENT for e in errands)
        rows.append({"visit": visit, "errands": errands, "missed": missed})
    mall = agencies.the_mall()
    context = {
        "text": text,
        "wrong": wrong,
        "rows": rows,
        "sent": request.POST,
        "services": catalogue.published(mall) if rows else [],
        "groups": who.of(mall),
        "gives_numbers": _gives_numbers(request),
    }
    return render(request, "portal/desk_number.html", context, status=422 if wrong else 200)


def _identify(request: HttpRequest, found: list[Visit]) -> HttpResponse:
    chosen = next((v for v in found if str(v.pk) == request.POST.get("visit")), None)
    if chosen is None:
        raise NotFound
    seen, now = request.POST.get("seen") == "yes", clock.now()
    person = people.present(
        request.POST.get("nik", ""), request.POST.get("contact", ""), card_seen=seen, today=now.date()
    )
    numbers.identify(visit=chosen, person=person, card_seen=seen, officer=request.user, now=now)
    # The name is on the card in the officer's hand; without the card it is not told.
    said = (
        _("%(number)s sekarang atas nama %(name)s.")
        if seen
        else _("%(number)s sekarang terhubung dengan akunnya.")
    )
    messages.success(request, said % {"number": chosen, "name": person.name})
    return redirect(f"{request.path}?nomor={chosen.entrance}{chosen.number}")
