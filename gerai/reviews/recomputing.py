"""The calendar changed: every open due date anew, an entry for each that moved (design.md, section 9, "Clock")."""

import logging
from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.agencies.rules import WorkCalendar
from gerai.applications import marks
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.ledger import queries as history
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, rules, stages
from gerai.reviews.models import Case, Pause, Task

log = logging.getLogger(__name__)
CHUNK = 1000


class NotAllMoved(Exception):
    """Some due dates could not be computed anew; the job comes again."""


def recompute(*, mall: str, cause: int, now: datetime) -> int:
    """
    Compute the open due dates of a mall anew, each case in its own transaction. Returns how many cases moved.

    Harmless when repeated: what fits the calendar already is left alone, without an entry.

    :raises NotAllMoved: if a case failed; the others have moved
    """
    calendar = agencies.calendar(Mall.objects.get(pk=mall))
    moved, failed = 0, []
    for case_id in sorted(_stale(mall, calendar)):
        try:
            _move(case_id, calendar, cause, now)
            moved += 1
        except Exception:
            log.exception("due dates of %s failed", case_id)
            failed.append(case_id)
    if failed:
        raise NotAllMoved(failed)
    return moved


def _stale(mall: str, calendar: WorkCalendar) -> set[UUID]:
    """The open cases whose own due date, or that of an open task, does not fit the calendar."""
    pauses: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for pause in Pause.objects.filter(case__mall=mall, case__closed_at=None):
        if pause.ended_at is not None:
            pauses[pause.case_id].append((pause.began_at, pause.ended_at))
    stale, promised = set[UUID](), dict[UUID, datetime]()
    running = Case.objects.filter(mall=mall, closed_at=None, started_at__isnull=False)
    timed = running.annotate(time=F("application__edition__content__standard__time"))
    wanted = timed.values_list("pk", "started_at", "due_at", "time", "promise_days", "extra_days")
    for pk, started, due, time, own, extra in wanted.iterator(CHUNK):
        if started is not None:
            kind, count = rules.promise(time, own)
            promised[pk] = calendar.due_in(kind, started, count + extra, pauses[pk])
            if promised[pk] != due:
                stale.add(pk)
    tasks = Task.objects.filter(case__mall=mall, done_at=None)
    for task in tasks.only("case_id", "opened_at", "days", "due_at").iterator(CHUNK):
        alone = calendar.due(task.opened_at, task.days, pauses[task.case_id])
        if rules.task_due(task.opened_at, alone, promised.get(task.case_id)) != task.due_at:
            stale.add(task.case_id)
    stale |= {pause.case_id for pause in _stops(mall) if _stop_ends(pause, calendar) != pause.until_at}
    returned = Case.objects.filter(mall=mall, closed_at=None, application__status=Status.RETURNED)
    for case in returned.select_related("application").iterator(CHUNK):
        if _later(case.application, calendar) is not None:
            stale.add(case.pk)
    return stale


def _stops(mall: str) -> QuerySet[Pause]:
    """The stops that heads ordered and that still last."""
    return Pause.objects.filter(
        case__mall=mall, case__closed_at=None, reason=cases.STOPPED, ended_at=None, days__isnull=False
    )


def _stop_ends(pause: Pause, calendar: WorkCalendar) -> datetime:
    return calendar.due(pause.began_at, pause.days or 0).astimezone(UTC)


def _later(application: Application, calendar: WorkCalendar) -> datetime | None:
    """
    The last day to mend what was returned, where this calendar makes it a later one; else None.

    Never an earlier one: the applicant was told a day, and plans by it.
    """
    entries = history.history(application.mall_id, f"application:{application.pk}")
    returned = entries.filter(kind="reviews.returned").order_by("-id").first()
    if returned is None or application.correct_by is None:
        return None
    by = calendar.due(returned.at, rules.CORRECTION_DAYS).astimezone(UTC)
    return by if by > application.correct_by else None


@transaction.atomic
def _move(case_id: UUID, calendar: WorkCalendar, cause: int, now: datetime) -> None:
    case = cases.lock(case_id)
    cases.refit(case, calendar, now, cause)
    for pause in _stops(case.mall_id).filter(case=case):
        until, was = _stop_ends(pause, calendar), pause.until_at
        if until != was:
            Pause.objects.filter(pk=pause.pk).update(until_at=until)
            told = {"before": was.isoformat() if was else "", "until": until.isoformat()}
            stages.record(case, "reviews.stop_moved", SYSTEM, now, cause=cause, **told)
    application = case.application
    if case.closed_at is None and application.status == Status.RETURNED:
        by = _later(application, calendar)
        if by is not None and application.correct_by is not None:
            told = {"before": application.correct_by.isoformat(), "by": by.isoformat()}
            marks.mend_by(application=application, by=by)
            stages.record(case, "reviews.mending_moved", SYSTEM, now, cause=cause, **told)
