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
from gerai.foresight.order import come_back_at
from gerai.ledger.rules import ActorRef
from gerai.visits import queries, readiness, services
from gerai.visits import ticket as changing
from gerai.visits.models import Visit
from gerai.visits.pages import holding
from gerai.visits.rules import LIVE, Stage

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
        "away": visit.away_until is not None and visit.away_until > now,
        "back": _back(visit, wait.low, now) if wait else None,
        "closed": any(e.state == "closed" for e in errands),
        "closures": queries.closures(visit.mall, visit.day),
        "opens": agencies.calendar(visit.mall).next_opening(now),
        "hits": queries.hits(visit.mall, now),
        "over": visit.stage != Stage.ARRIVED,
        "mine": mine,
        "claimable": not visit.claim_hash,
        "breaks": BREAKS,
        "planned": [e for e in errands if e.state == "planned"],
        # Whose papers are missing is for its holder alone, not for everybody with the QR.
        "ready": readiness.of_visit(visit) if mine and visit.person_id else {},
    }


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
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else -1


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
    text = request.GET.get("agency", "")
    context = {
        "visit": visit,
        "agency": text,
        "agencies": agencies.agencies(visit.mall),
        "services": catalogue.published(visit.mall, text) if text else [],
    }
    return render(request, "visits/add.html", context)
