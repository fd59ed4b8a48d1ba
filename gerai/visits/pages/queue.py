"""Queues now, and a number from one's own phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public
from gerai.ledger.rules import ActorRef
from gerai.visits import overrun, queries, services, whentocome
from gerai.visits.pages import holding
from gerai.visits.pages.choosing import choices, party_of

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


@public
def when(request: HttpRequest) -> HttpResponse:
    """When to come: the waits of the next days for the services chosen, and the best times."""
    mall, now = agencies.the_mall(), clock.now()
    chosen = choices(request)
    outlooks = whentocome.of(mall=mall, chosen=chosen["chosen"], now=now) if chosen["chosen"] else []
    context = {
        **chosen,
        "outlooks": outlooks,
        "best": whentocome.best(outlooks),
        "hits": queries.hits(mall, now),
    }
    return render(request, "visits/when.html", context)


@public
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """A number from one's own phone; that phone then holds the ticket."""
    chosen = choices(request)
    if request.method == "GET":
        late = overrun.of_services(agencies.the_mall(), chosen["chosen"], clock.now())
        return render(request, "visits/take.html", {**chosen, "overruns": late})
    user = request.user
    key = request.POST.get("key", "")[:64]
    visit = services.arrive(
        mall=agencies.the_mall(),
        chosen=chosen["chosen"],
        entrance=PHONE,
        actor=ActorRef("person", str(user.pk) if user.is_authenticated else "phone"),
        now=clock.now(),
        priority=request.POST.get("priority", ""),
        party=party_of(request),
        company=request.POST.get("company", ""),
        person=user if user.is_authenticated else None,
        language=(get_language() or "id")[:2],
        request_key=key or None,
        claim=key,
    )
    answer = redirect("visits:show", secret=visit.secret)
    return holding.remember(answer, visit, key) if key else answer
