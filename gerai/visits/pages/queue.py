"""Pages of the visit: queues now, take a number by phone, the live phone page."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import public
from gerai.ledger.rules import ActorRef
from gerai.visits import queries, services
from gerai.visits.models import Visit

PHONE = "B"


@public
def queues(request: HttpRequest) -> HttpResponse:
    """How long it takes now, agency by agency."""
    mall = agencies.the_mall()
    now = clock.now()
    context = {
        "queues": queries.queues(mall, now),
        "hits": queries.hits(mall, now),
        "open_now": agencies.calendar(mall).is_open(now),
    }
    return render(request, "visits/queues.html", context)


def _choices(request: HttpRequest) -> dict[str, Any]:
    """The agency being looked at and what has been chosen so far (kept in the form, not in a session)."""
    mall = agencies.the_mall()
    chosen = [c for c in request.GET.getlist("s") + request.POST.getlist("s") if "/" in c][:8]
    text = request.GET.get("agency", "")
    return {
        "agencies": agencies.agencies(mall),
        "agency": text,
        "services": catalogue.published(mall, text) if text else [],
        "chosen": [catalogue.find(mall, *c.split("/", 1)) for c in dict.fromkeys(chosen)],
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }


def _arrive(request: HttpRequest, actor: ActorRef) -> Visit:
    user = request.user
    return services.arrive(
        mall=agencies.the_mall(),
        chosen=_choices(request)["chosen"],
        entrance=PHONE,
        actor=actor,
        now=clock.now(),
        priority=request.POST.get("priority", ""),
        person=user if user.is_authenticated else None,
        language=(get_language() or "id")[:2],
        request_key=request.POST.get("key", "")[:64] or None,
    )


@public
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """A number from one's own phone."""
    if request.method == "POST":
        who = str(request.user.pk) if request.user.is_authenticated else "phone"
        return redirect("visits:show", secret=_arrive(request, ActorRef("person", who)).secret)
    return render(request, "visits/take.html", _choices(request))


def _view(visit: Visit) -> dict[str, Any]:
    now = clock.now()
    errands = queries.errands(visit)
    live = next((e for e in errands if e.state in ("waiting", "called", "serving")), None)
    before = None
    wait = None
    if live and live.state == "waiting" and live.rank_at:
        before = queries.waiting(visit.mall, [live.agency_id]).filter(rank_at__lt=live.rank_at).count()
        wait = queries.wait_for(visit.mall, live.agency_id, live.rank_at, now)
    return {
        "visit": visit,
        "errands": errands,
        "live": live,
        "before": before,
        "wait": wait,
        "closed": any(e.state == "closed" for e in errands),
        "closures": queries.closures(visit.mall, visit.day),
        "opens": agencies.calendar(visit.mall).next_opening(now),
        "hits": queries.hits(visit.mall, now),
        "over": visit.ended_at is not None or visit.day != agencies.calendar(visit.mall).local(now).date(),
    }


@public
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """When, where, what is missing: the phone page of a ticket. It shows no name."""
    return render(request, "visits/show.html", _view(queries.ticket(secret, clock.now())))


@public
def state(request: HttpRequest, secret: str) -> HttpResponse:
    """The part of the phone page that changes."""
    return render(request, "visits/_state.html", _view(queries.ticket(secret, clock.now())))


@public
@require_POST
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """Go home."""
    visit = queries.ticket(secret, clock.now())
    services.leave(visit=visit, actor=ActorRef("person", "ticket"), now=clock.now())
    return redirect("visits:show", secret=secret)
