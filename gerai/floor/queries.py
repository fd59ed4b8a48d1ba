"""Reading the floor: who is at a counter, what a board shows."""

from datetime import datetime, timedelta
from typing import Any

from gerai.agencies.models import Counter, Mall, Membership
from gerai.floor.models import Duty
from gerai.visits import queries as visits
from gerai.visits.models import Errand
from gerai.visits.rules import State


def duty(person: Any) -> Duty | None:
    """Where the officer works now."""
    found = Duty.objects.select_related("counter", "mall").filter(person_id=person.pk, closed_at=None)
    return found.first()


def counters_for(member: Membership) -> list[Counter]:
    """The counters that this officer can sign on to and that nobody holds."""
    found = Counter.objects.filter(mall=member.mall).exclude(duty__in=Duty.objects.filter(closed_at=None))
    if member.agency_id:
        found = found.filter(agencies=member.agency_id)
    return list(found.prefetch_related("agencies").order_by("number"))


def agency_ids(counter: Counter) -> list[int]:
    """The agencies whose errands this counter serves."""
    return list(counter.agencies.values_list("id", flat=True))


def at_counter(counter: Counter) -> Errand | None:
    """Who is called to or served at this counter."""
    found = Errand.objects.filter(counter=counter, state__in=[State.CALLED, State.SERVING])
    return found.select_related("visit__person", "service", "agency", "application", "permit").first()


def absent_at(counter: Counter, now: datetime) -> list[Errand]:
    """Who was called here in the last hours and did not come: they may come back."""
    found = Errand.objects.filter(counter=counter, state=State.ABSENT, ended_at__gt=now - timedelta(hours=4))
    return list(found.select_related("visit", "service").order_by("-ended_at")[:5])


def board(mall: Mall, now: datetime) -> dict[str, Any]:
    """The last call, five before it, and the waits."""
    called = list(
        Errand.objects.filter(mall=mall, called_at__gt=now - timedelta(hours=2))
        .exclude(counter=None)
        .select_related("visit", "counter", "service", "agency")
        .order_by("-called_at")[:6]
    )
    return {
        "last": called[0] if called else None,
        "before": called[1:],
        "state": visits.now(mall, now),
        "queues": visits.queues(mall, now)[:4],
    }
