"""The live page of a ticket: everybody with the QR sees it, the device that holds it changes it."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import public
from gerai.core.typed import whole
from gerai.foresight.order import come_back_at
from gerai.ledger.rules import ActorRef
from gerai.notices.rules import masked
from gerai.visits import longer, overrun, queries, readiness, services, telling
from gerai.visits import ticket as changing
from gerai.visits.models import Errand, Visit
from gerai.visits.pages import holding
from gerai.visits.pages.choosing import offered
from gerai.visits.rules import LIVE, NotYourDevice, Stage, State

ACTOR = ActorRef("person", "ticket")
BREAKS = (10, 20, 30, 45)


def _view(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    now = clock.now()
    errands = queries.errands(visit)
    live = next((e for e in errands if e.state in LIVE), None)
    before, wait = queries.place_of(live, now) if live else (None, None)
    mine = holding.holds(request, visit)
    return {
        "visit": visit,
        "errands": errands,
        "live": live,
        "before": before,
        "wait": wait,
        "overrun": overrun.of_errand(live, wait, now),
        "longer": longer.than_told(live, now) if live and wait else None,
        "away": visit.away_until is not None and visit.away_until > now,
        "back": _back(visit, wait.low, now) if wait else None,
        "closed": any(e.state == "closed" for e in errands),
        **_where(visit, live, errands),
        "missed": next((e for e in errands if e.state == "absent"), None),
        "served": any(e.started_at for e in errands),
        "closures": queries.closures(visit.mall, visit.day),
        "opens": agencies.calendar(visit.mall).next_opening(now),
        "hits": queries.hits(visit.mall, now),
        "over": visit.stage != Stage.ARRIVED,
        "mine": mine,
        "claimable": not visit.claim_hash,
        "breaks": BREAKS,
        "phone": _phone(request, visit),
        "planned": [e for e in errands if e.state == "planned"],
        # Whose papers are missing is for its holder alone, not for everybody with the QR.
        "ready": readiness.of_visit(visit) if mine and visit.person_id else {},
    }


def _phone(request: HttpRequest, visit: Visit) -> str:
    """The end of the proven phone of whoever looks at their own number; else nothing is offered."""
    person = visit.person if _is_theirs(request, visit) else None
    return masked(person.phone or "") if person is not None and telling.can_text(person) else ""


def _where(visit: Visit, live: Errand | None, errands: list[Errand]) -> dict[str, str]:
    """At which open counters one will be called, and why there first, where there is something to choose."""
    if live is None or live.state != State.WAITING:
        return {}
    called_by = queries.open_counters(visit.mall, live.agency_id, live.service_id)
    numbers = sorted(counter.number for counter in called_by)
    several = any(errand.state == State.PLANNED for errand in errands)
    why = "appointment" if live.slot_at else "own" if visit.own_order else "quickest"
    return {"counters": ", ".join(map(str, numbers)), "why": why if several else ""}


def _back(visit: Visit, low: int, now: datetime) -> datetime | None:
    """When to be back if one goes out: before the earliest likely call, at a full five minutes."""
    here = agencies.calendar(visit.mall).local(now)
    minutes = come_back_at(here.hour * 60 + here.minute, low)
    if minutes is None:
        return None
    return here.replace(hour=int(minutes) // 60 % 24, minute=int(minutes) % 60, second=0, microsecond=0)


@public
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """When, where, what is missing. It shows no name."""
    return render(request, "visits/show.html", _view(request, queries.ticket(secret, clock.now())))


@public
def state(request: HttpRequest, secret: str) -> HttpResponse:
    """The part of the page that changes."""
    return render(request, "visits/_state.html", _view(request, queries.ticket(secret, clock.now())))


@public
@require_POST
def claim(request: HttpRequest, secret: str) -> HttpResponse:
    """Follow a paper ticket on this phone; from then on this phone can change it."""
    visit = queries.ticket(secret, clock.now())
    answer = redirect("visits:show", secret=secret)
    if holding.holds(request, visit):
        return answer
    token = secrets.token_urlsafe(24)
    changing.claim(visit=visit, token=token, actor=ACTOR, now=clock.now())
    return holding.remember(answer, visit, token)


def _held(request: HttpRequest, secret: str) -> Visit:
    visit = queries.ticket(secret, clock.now())
    holding.check(request, visit)
    return visit


def _number(request: HttpRequest, name: str) -> int:
    found = whole(request.POST.get(name))
    return -1 if found is None else found


@public
@require_POST
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """Go home."""
    services.leave(visit=_held(request, secret), actor=ACTOR, now=clock.now())
    return redirect("visits:show", secret=secret)


@public
@require_POST
def pause(request: HttpRequest, secret: str) -> HttpResponse:
    """Back in so many minutes; 0: I am back."""
    changing.pause(
        visit=_held(request, secret), minutes=_number(request, "minutes"), actor=ACTOR, now=clock.now()
    )
    return redirect("visits:show", secret=secret)


@public
@require_POST
def texts(request: HttpRequest, secret: str) -> HttpResponse:
    """Call me by text, too, or no longer: for the person whose number it is."""
    visit = _held(request, secret)
    if not _is_theirs(request, visit):
        raise NotYourDevice
    actor = ActorRef("person", str(visit.person_id))
    changing.call_by_text(visit=visit, on="on" in request.POST, actor=actor, now=clock.now())
    return redirect("visits:show", secret=secret)


def _is_theirs(request: HttpRequest, visit: Visit) -> bool:
    return visit.person_id is not None and request.user.pk == visit.person_id


@public
@require_POST
def go_first(request: HttpRequest, secret: str) -> HttpResponse:
    """This errand next."""
    changing.go_first(
        visit=_held(request, secret), errand_id=_number(request, "errand"), actor=ACTOR, now=clock.now()
    )
    return redirect("visits:show", secret=secret)


@public
@require_POST
def drop(request: HttpRequest, secret: str) -> HttpResponse:
    """One errand less."""
    changing.drop(
        visit=_held(request, secret), errand_id=_number(request, "errand"), actor=ACTOR, now=clock.now()
    )
    return redirect("visits:show", secret=secret)


@public
def add(request: HttpRequest, secret: str) -> HttpResponse:
    """One errand more: choose it, then it stands behind the others."""
    visit = _held(request, secret)
    if request.method == "POST":
        agency, _, code = request.POST.get("s", "").partition("/")
        service = catalogue.find(visit.mall, agency, code)
        changing.add(visit=visit, service=service, actor=ACTOR, now=clock.now())
        return redirect("visits:show", secret=secret)
    return render(request, "visits/add.html", {"visit": visit, **offered(request, visit.mall)})
