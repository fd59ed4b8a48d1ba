"""Back into the queue: who was absent and came after all, and who has no proof for being called earlier. Writes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies.models import Mall
from gerai.core.errors import NotFound
from gerai.floor import queries, rules
from gerai.floor.acting import hint, place_of, record, ref, take
from gerai.visits.forecasts import TOLD_FIELDS
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import LIVE, Stage, State
from gerai.visits.services import rank_of

_BESIDE = ("service", "agency", "mall")


@transaction.atomic
def come_back(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """
    Somebody marked absent came after all: they wait again with the time they had. Pressed again it changes nothing.

    Another errand of theirs that waits meanwhile steps back: they stand here, and one place is live at a time.

    :raises NotFound: if no counter of this kind called them
    :raises rules.ReturnOver: on another day
    :raises rules.CalledElsewhere: while they are at another counter
    """
    place = place_of(person)
    found = Errand.objects.select_related(*_BESIDE).filter(
        pk=errand_id, mall=place.mall, agency__counters=place.counter
    )
    errand = found.select_for_update(of=("self",)).first()
    if errand is None:
        raise NotFound
    return _take_back(errand, person, now)


@transaction.atomic
def come_back_by_number(*, person: Any, number: str, now: datetime) -> Errand:
    """
    The same by the number on the ticket: of all who were absent today, not only the last ones.

    :raises rules.NumberMalformed, rules.NumberNotAbsent: if it is none, or was not called in vain for this counter
    :raises rules.CalledElsewhere: while they are at another counter
    """
    place = place_of(person)
    errand = _absent(Mall.objects.get(pk=place.mall), number, now, agency__counters=place.counter)
    return _take_back(errand, person, now)


@transaction.atomic
def come_back_at_desk(*, mall: Mall, person: Any, number: str, now: datetime) -> Errand:
    """
    The same at the information desk, for any agency: what was missed last comes first.

    :raises rules.NumberMalformed, rules.NumberNotAbsent, rules.CalledElsewhere: as at a counter
    """
    return _take_back(_absent(mall, number, now), person, now)


def _absent(mall: Mall, number: str, now: datetime, **where: Any) -> Errand:
    """Today's errand of a number that was called in vain, locked; again, the one that waits since."""
    entrance, digits = rules.parse_number(number)
    day = queries.today(mall, now)
    found = Errand.objects.select_related(*_BESIDE).filter(
        mall=mall, visit__day=day, visit__entrance=entrance, visit__number=digits, **where
    )
    found = found.select_for_update(of=("self",)).order_by("-called_at", "-id")
    # What waits again first: a second press must not put it back for another one that was missed as well.
    errand = (
        found.filter(state=State.WAITING, calls__gt=0).first() or found.filter(state=State.ABSENT).first()
    )
    if errand is None:
        raise rules.NumberNotAbsent
    return errand


def _take_back(errand: Errand, person: Any, now: datetime) -> Errand:
    if errand.state == State.WAITING:
        return errand
    if errand.state != State.ABSENT:
        raise rules.NotHere
    visit = Visit.objects.select_for_update().get(pk=errand.visit_id)
    if visit.day != queries.today(errand.mall, now):
        raise rules.ReturnOver
    waiting = list(visit.errands.select_for_update().filter(state=State.WAITING))
    if visit.errands.filter(state__in=LIVE).exclude(state=State.WAITING).exists():
        raise rules.CalledElsewhere
    for other in waiting:
        for name in ("rank_at", "joined_at", *TOLD_FIELDS):
            setattr(other, name, None)
        other.state = State.PLANNED
        other.save(update_fields=["state", "rank_at", "joined_at", *TOLD_FIELDS])
    errand.state, errand.ended_at, errand.counter = State.WAITING, None, None
    errand.rank_at = rank_of(visit, errand)  # by the time it had, and by the priority that holds now
    errand.save(update_fields=["state", "ended_at", "counter", "rank_at"])
    visit.ended_at, visit.stage = None, Stage.ARRIVED
    visit.save(update_fields=["ended_at", "stage"])
    record(errand, "floor.came_back", ref(person), now)
    hint(errand.mall_id)
    return errand


@transaction.atomic
def no_proof(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """
    Whom the officer called has no proof for being called earlier: they wait on by the time they came.

    So the mall's word at the kiosk is kept: without proof, numbers are called by time of arrival.

    :raises NotFound, rules.NotOnDuty, rules.NotHere: if they are not called to this officer's counter
    :raises rules.NoPriority: if nothing was to be proven
    """
    errand = take(person, errand_id, State.CALLED)
    visit = Visit.objects.select_for_update().get(pk=errand.visit_id)
    if not visit.priority:
        raise rules.NoPriority
    visit.priority = ""
    visit.save(update_fields=["priority"])
    errand.rank_at = rank_of(visit, errand)
    errand.state, errand.called_at, errand.counter, errand.officer = State.WAITING, None, None, None
    errand.calls = 0
    errand.save(update_fields=["state", "rank_at", "called_at", "counter", "officer", "calls"])
    record(errand, "floor.proof_missing", ref(person), now)
    hint(errand.mall_id)
    return errand
