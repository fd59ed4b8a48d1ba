"""A supervisor extends a promise once, or stops the clock, with the legal ground; the applicant is told. Writes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gerai.applications import acting
from gerai.applications import services as applications
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, grounds, queries, rules, stages
from gerai.reviews.models import Case, Pause


def _led(person: Any, case_id: UUID) -> Case:
    """A case of the agency that the person answers for, locked."""
    case = cases.lock(queries.led_by(person, case_id).pk)
    if acting.is_own(person, case.application):
        raise rules.OwnCase
    return case


def _ground(case: Case, text: str) -> str:
    """The ground as it will be kept: a law of the service, however short its name, or words of ten letters."""
    text = text.strip()[:300]
    offered = [row["law"] for row in grounds.offered(case.application.edition.content)]
    if text not in offered and len(text) < 10:
        raise rules.GroundMissing
    return text


@transaction.atomic
def extend(*, person: Any, case_id: UUID, days: int, ground: str, now: datetime) -> Case:
    """
    So many days (or hours, as was promised) more for the whole case: once, told with its ground before time is up.

    :raises NotFound: if the case is not of an agency that the person answers for
    :raises rules.GroundMissing, rules.NotExtendable: nothing is changed then
    """
    case = _led(person, case_id)
    ground = _ground(case, ground)
    _, most = rules.promise(case.application.edition.content["standard"]["time"], case.promise_days)
    late = case.due_at is None or now > case.due_at
    if (
        case.application.status not in rules.WITH_OFFICE
        or case.extra_days
        or late
        or not 0 < days <= max(most, 1)
    ):
        raise rules.NotExtendable(days=max(most, 1))
    case.extra_days = days
    case.save(update_fields=["extra_days"])
    actor = applications.person_ref(person)
    told = queries.told_as(person, case.agency_id, now)
    stages.record(case, "reviews.extended", actor, now, days=days, ground=ground, **told)
    cases.refit(case, stages.calendar_of(case), now)
    return case


@transaction.atomic
def stop(*, person: Any, case_id: UUID, days: int, ground: str, now: datetime) -> Case:
    """
    The clock stands still once, before it is over, for at most so many working days, by law. It never resets.

    :raises NotFound: if the case is not of an agency that the person answers for
    :raises rules.GroundMissing, rules.NotStoppable: nothing is changed then
    """
    case = _led(person, case_id)
    ground = _ground(case, ground)
    running = case.application.status in rules.WITH_OFFICE and case.started_at is not None
    stopped = case.pauses.filter(
        Q(reason=cases.STOPPED) | Q(ended_at=None)
    )  # once: it would hold back the law for ever
    late = case.due_at is not None and now > case.due_at
    if not running or late or stopped.exists() or not 0 < days <= rules.STOP_DAYS:
        raise rules.NotStoppable(days=rules.STOP_DAYS)
    until = stages.calendar_of(case).due(now, days)
    Pause.objects.create(
        case=case, reason=cases.STOPPED, began_at=now, ground=ground, until_at=until, days=days
    )
    actor, told = applications.person_ref(person), queries.told_as(person, case.agency_id, now)
    stages.record(case, "reviews.stopped", actor, now, ground=ground, until=until.isoformat(), **told)
    cases.refit(case, stages.calendar_of(case), now)
    return case


@transaction.atomic
def go_on(*, person: Any, case_id: UUID, now: datetime) -> Case:
    """The clock runs again. Twice is once."""
    case = _led(person, case_id)
    cases.end_stop(case, applications.person_ref(person), now)
    return case


@transaction.atomic
def go_on_by_itself(case_id: UUID, *, now: datetime) -> int:
    """A stop is over on the day that was told. Returns 1 if it ended here."""
    case = cases.lock(case_id)
    over = case.pauses.filter(reason=cases.STOPPED, ended_at=None, until_at__lte=now)
    return cases.end_stop(case, SYSTEM, now) if over.exists() else 0
