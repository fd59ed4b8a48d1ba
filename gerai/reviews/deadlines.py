"""No deadline passes in silence: warnings at half, at four fifths and at due, for tasks and for whole cases.

Each open row keeps the instant of its next warning (`warn_at`), so that a look reads only what is due for a word.
Every row is dealt with in its own transaction: one that fails is logged, stops no other and is tried at the next look.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from gerai.agencies.rules import level, next_level_at
from gerai.applications.rules import Status
from gerai.ledger.rules import SYSTEM
from gerai.reviews import awaited, calling_off, cases, clocking, objecting, rules, stages, unpaid
from gerai.reviews.models import Case, Objection, Pause, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.stages import record

log = logging.getLogger(__name__)
NAMES = {1: "half", 2: "four_fifths", 3: "late"}
BATCH = 500


def check(*, now: datetime) -> int:
    """Say what is due to be said, an entry for each new level reached. Returns how many."""
    written = _each(Task.objects.filter(done_at=None, warn_at__lte=now).order_by("warn_at"), _warn_task, now)
    written += _each(
        Case.objects.filter(closed_at=None, warn_at__lte=now).order_by("warn_at"), _warn_case, now
    )
    silent = Task.objects.filter(done_at=None, kind=Kind.COMPLETENESS.value, due_at__lte=now)
    _each(silent.order_by("due_at"), complete_in_silence, now)
    granted = Case.objects.filter(
        closed_at=None, deemed_at=None, due_at__lte=now, application__status__in=rules.WITH_OFFICE
    ).filter(
        ~Exists(Pause.objects.filter(case=OuterRef("pk"), ended_at=None)),
        application__edition__content__deemed=True,
    )
    _each(granted.order_by("due_at"), cases.deem, now)
    over = Case.objects.filter(closed_at=None, pauses__ended_at=None, pauses__until_at__lte=now)
    _each(over.order_by("pk"), clocking.go_on_by_itself, now)
    unanswered = Objection.objects.filter(answered_at=None, due_at__lte=now)
    _each(unanswered.order_by("due_at"), objecting.grant_in_silence, now)
    unmended = Case.objects.filter(
        closed_at=None, application__status=Status.RETURNED, application__correct_by__lte=now
    )
    _each(unmended.order_by("application__correct_by"), calling_off.lapse, now)
    _each(unpaid.due(now), unpaid.lapse, now)
    _each(awaited.due(now), awaited.lapse, now)
    return written


def _each(rows: QuerySet[Any], act: Callable[..., int], now: datetime) -> int:
    """Act on every row, a batch of ids at a time. What fails stays due and is passed over until the next look."""
    done, seen, stuck = 0, set[Any](), list[Any]()
    while batch := list(rows.exclude(pk__in=stuck).values_list("pk", flat=True)[:BATCH]):
        for pk in batch:
            if pk in seen:  # acted on and still there: never again in this look
                stuck.append(pk)
                continue
            seen.add(pk)
            try:
                done += act(pk, now=now)
            except Exception:
                log.exception("%s %s failed", act.__name__, pk)
                stuck.append(pk)
    return done


@transaction.atomic
def _warn_task(pk: int, *, now: datetime) -> int:
    case = cases.lock(Task.objects.get(pk=pk).case_id)  # the case before its task, as everywhere
    task = Task.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
    task.case = case
    if task.done_at is not None or task.warn_at is None or task.warn_at > now:  # somebody was faster
        return 0
    task.warned = reached = level(task.opened_at, task.due_at, now)
    task.warn_at = next_level_at(task.opened_at, task.due_at, reached)
    task.save(update_fields=["warned", "warn_at"])
    kind = "reviews.task_late" if reached == 3 else "reviews.task_warned"
    record(case, kind, SYSTEM, now, agency=task.agency.code, task=task.key, level=NAMES[reached])
    if reached == 3 and task.kind == Kind.OPINION:
        record(case, "reviews.opinion_silent", SYSTEM, now, agency=task.agency.code, opinion=task.pk)
    if (
        reached == 3 and task.kind in rules.FROM_ROUTE
    ):  # a neighbour that wants something mended waits no longer
        stages.go_on(case, now)
    return 1


@transaction.atomic
def _warn_case(pk: UUID, *, now: datetime) -> int:
    case = cases.lock(pk)
    if case.closed_at is not None or case.warn_at is None or case.warn_at > now:  # closed or paused meanwhile
        return 0
    if case.started_at is None or case.due_at is None:
        return 0
    case.warned = reached = level(case.started_at, case.due_at, now)
    case.warn_at = next_level_at(case.started_at, case.due_at, reached)
    case.save(update_fields=["warned", "warn_at"])
    kind = "reviews.case_late" if reached == 3 else "reviews.case_warned"
    record(case, kind, SYSTEM, now, level=NAMES[reached])
    return 1


@transaction.atomic
def complete_in_silence(pk: int, *, now: datetime) -> int:
    """Nobody answered the completeness check in time: the file counts as complete (ruling "Clock")."""
    case = cases.lock(Task.objects.get(pk=pk).case_id)
    task = Task.objects.select_for_update().select_related("agency").get(pk=pk)
    task.case = case
    if task.done_at is not None or task.kind != Kind.COMPLETENESS or task.due_at > now:
        return 0
    stages.finish(task, SYSTEM, Outcome.APPROVE, "", now)
    cases.completed(case, SYSTEM, now)
    return 1
