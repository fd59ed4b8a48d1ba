"""The calendar changed: every open due date anew, an entry for each that moved (design.md, section 9, "Clock")."""

import logging
from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.agencies.rules import WorkCalendar
from gerai.applications import marks
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases
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
    stale = set()
    tasks = Task.objects.filter(case__mall=mall, done_at=None)
    for task in tasks.only("case_id", "opened_at", "days", "due_at").iterator(CHUNK):
        if calendar.due(task.opened_at, task.days) != task.due_at:
            stale.add(task.case_id)
    pauses: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for pause in Pause.objects.filter(case__mall=mall, case__closed_at=None):
        if pause.ended_at is not None:
            pauses[pause.case_id].append((pause.began_at, pause.ended_at))
    running = Case.objects.filter(mall=mall, closed_at=None, started_at__isnull=False)
    promised = running.annotate(days=F("application__edition__content__standard__time__days"))
    for pk, started, due, days in promised.values_list("pk", "started_at", "due_at", "days").iterator(CHUNK):
        if started and calendar.due(started, max(int(days), 1), pauses[pk]) != due:
            stale.add(pk)
    return stale


@transaction.atomic
def _move(case_id: UUID, calendar: WorkCalendar, cause: int, now: datetime) -> None:
    case = cases.lock(case_id)
    for task in case.tasks.select_for_update(of=("self",)).filter(done_at=None).select_related("agency"):
        before, due = task.due_at, calendar.due(task.opened_at, task.days).astimezone(UTC)
        if due != before:
            task.save(update_fields=cases.set_due(task, task.opened_at, due, now))
            told = {"before": before.isoformat(), "due_at": due.isoformat(), "task": task.key}
            cases.record(
                case, "reviews.task_due_moved", SYSTEM, now, cause=cause, agency=task.agency.code, **told
            )
    if case.closed_at is not None or case.started_at is None or case.due_at is None:
        return
    before, due = case.due_at, cases.due_of(case, case.started_at, calendar).astimezone(UTC)
    if due == before:
        return
    paused = case.pauses.filter(ended_at=None).exists()
    changed = cases.set_due(case, case.started_at, due, now)
    if paused:  # no warning while the clock stands still
        case.warn_at = None
    case.save(update_fields=changed)
    marks.promise(application=case.application, by=due)
    cases.record(
        case, "reviews.due_moved", SYSTEM, now, cause=cause, before=before.isoformat(), due_at=due.isoformat()
    )
