"""No deadline passes in silence: warnings at half, at four fifths and at due, for tasks and for whole cases."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies.rules import level
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import Kind, Outcome

NAMES = {1: "half", 2: "four_fifths", 3: "late"}


def check(*, now: datetime) -> int:
    """Look at everything open once; write an entry for each new level reached. Returns how many."""
    written = 0
    for task in Task.objects.filter(done_at=None).select_related("agency", "case").order_by("due_at"):
        if level(task.opened_at, task.due_at, now) > task.warned:
            written += _warn_task(task.pk, now)
    running = Case.objects.filter(closed_at=None, due_at__isnull=False)
    for case in running.exclude(pk__in=Pause.objects.filter(ended_at=None).values("case_id")):
        if case.started_at and case.due_at and level(case.started_at, case.due_at, now) > case.warned:
            written += _warn_case(case.pk, now)
    for task_id in list(
        Task.objects.filter(done_at=None, kind=Kind.COMPLETENESS, due_at__lte=now).values_list(
            "pk", flat=True
        )
    ):
        complete_in_silence(task_id=task_id, now=now)
    return written


@transaction.atomic
def _warn_task(task_id: int, now: datetime) -> int:
    task = Task.objects.select_for_update(of=("self",)).select_related("agency", "case").get(pk=task_id)
    reached = level(task.opened_at, task.due_at, now)
    if task.done_at is not None or reached <= task.warned:
        return 0
    task.warned = reached
    task.save(update_fields=["warned"])
    kind = "reviews.task_late" if reached == 3 else "reviews.task_warned"
    cases.record(task.case, kind, SYSTEM, now, agency=task.agency.code, task=task.key, level=NAMES[reached])
    return 1


@transaction.atomic
def _warn_case(case_id: Any, now: datetime) -> int:
    case = cases.lock(case_id)
    if case.closed_at is not None or case.started_at is None or case.due_at is None:
        return 0
    reached = level(case.started_at, case.due_at, now)
    if reached <= case.warned:
        return 0
    case.warned = reached
    case.save(update_fields=["warned"])
    kind = "reviews.case_late" if reached == 3 else "reviews.case_warned"
    cases.record(case, kind, SYSTEM, now, level=NAMES[reached])
    return 1


@transaction.atomic
def complete_in_silence(*, task_id: int, now: datetime) -> None:
    """Nobody answered the completeness check in time: the file counts as complete (ruling "Clock")."""
    case = cases.lock(Task.objects.get(pk=task_id).case_id)
    task = Task.objects.select_for_update().select_related("agency").get(pk=task_id)
    task.case = case
    if task.done_at is None and task.kind == Kind.COMPLETENESS and task.due_at <= now:
        cases.finish(task, SYSTEM, Outcome.APPROVE, "", now)
        cases.completed(case, SYSTEM, now)
