"""A case and its stages: opened, moved from stage to stage, and what other rooms tell it (paid, withdrawn).

What officers do is in `services` and `decisions`; time is in `deadlines`. Order of a case (design.md, section 9):
completeness, the route's stages, assessment with the fee, payment (the clock pauses), then the signing official
decides.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency
from gerai.agencies.rules import WorkCalendar, level, next_level_at
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import expressions
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.payments import services as payments
from gerai.reviews import rules
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind, Outcome


def record(
    case: Case, kind: str, actor: ActorRef, now: datetime, *, cause: int | None = None, **data: Any
) -> None:
    """One ledger entry about a case; `cause` is the entry it follows from."""
    application = case.application
    ledger.append(
        mall=case.mall_id,
        kind=kind,
        subject=f"application:{case.pk}",
        actor=actor,
        now=now,
        cause=cause,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
            **data,
        },
    )


def lock(application_id: UUID) -> Case:
    """The case and its application, rows locked in that order everywhere (application first)."""
    application = marks.lock(application_id)
    case = Case.objects.select_for_update().get(pk=application.pk)
    case.application = application
    return case


@transaction.atomic
def open_case(*, application_id: UUID, now: datetime) -> Case:
    """Take up a submitted application: its first task is the completeness check. Harmless when repeated."""
    application = marks.lock(application_id)
    case, _ = Case.objects.get_or_create(
        application=application, defaults={"mall": application.mall, "agency": application.agency}
    )
    case.application = application
    if application.status == Status.SUBMITTED:
        open_task(
            case=case,
            kind=Kind.COMPLETENESS,
            key="completeness",
            agency=application.agency,
            role="verifier",
            days=rules.COMPLETENESS_DAYS,
            title=rules.TITLES[Kind.COMPLETENESS],
            now=now,
        )
    elif application.status == Status.REVIEW:  # mended after a later return: its stage goes on
        open_stage(case, now)
    return case


def open_task(
    *, case: Case, kind: str, key: str, agency: Agency, role: str, days: int, title: Any, now: datetime
) -> Task:
    """Put a task on the agency's list. Opening the same one again leaves one."""
    due_at = agencies.calendar(case.mall).due(now, days)
    found, _ = Task.objects.get_or_create(
        case=case,
        key=key,
        round=case.application.round,
        defaults={
            "agency": agency,
            "role": role,
            "kind": kind,
            "title": title,
            "days": days,
            "opened_at": now,
            "due_at": due_at,
            "warn_at": next_level_at(now, due_at, 0),
        },
    )
    return found


def finish(task: Task, actor: ActorRef, outcome: str, note: str, now: datetime) -> None:
    """Close a locked task and write it down."""
    task.done_at, task.outcome, task.note = now, outcome, note
    task.done_by_id = actor.id if actor.kind == "person" else None
    task.save(update_fields=["done_at", "done_by", "outcome", "note"])
    record(
        task.case,
        "reviews.task_done",
        actor,
        now,
        task=task.key,
        agency=task.agency.code,
        agency_name=task.agency.short,
        outcome=outcome,
        on_time=now <= task.due_at,
    )


def due_of(case: Case, started: datetime, calendar: WorkCalendar) -> datetime:
    """When a case is due, by its ended pauses. One that still runs is counted when it ends."""
    days = int(case.application.edition.content["standard"]["time"]["days"])
    pauses = [(p.began_at, p.ended_at) for p in case.pauses.all() if p.ended_at is not None]
    return calendar.due(started, max(days, 1), pauses)


def set_due(row: Case | Task, started: datetime, due: datetime, now: datetime) -> list[str]:
    """
    Give a case or a task its due date and the instant of its next warning; the names of the fields to save.

    With more time than before, what was said at a level that is not reached any more will be said again.
    """
    row.due_at = due
    row.warned = min(row.warned, level(started, due, now))
    row.warn_at = next_level_at(started, due, row.warned)
    return ["due_at", "warned", "warn_at"]


def completed(case: Case, actor: ActorRef, now: datetime) -> None:
    """Start the legal clock, once, and the route."""
    case.started_at = now
    case.stage = 0
    due = due_of(case, now, agencies.calendar(case.mall))
    case.save(update_fields=["started_at", "stage", *set_due(case, now, due, now)])
    marks.mark(application=case.application, status=Status.REVIEW, complete_at=now, promised_at=due)
    record(case, "reviews.completed", actor, now, due_at=due.isoformat())
    open_stage(case, now)


def open_stage(case: Case, now: datetime) -> None:
    """Open the tasks of the present stage side by side; skip stages whose conditions do not hold."""
    application = case.application
    answers = application_queries.answers_of(application)
    route = application.edition.content["route"]
    while case.stage < len(route):
        wanted = [t for t in route[case.stage]["tasks"] if expressions.holds(t.get("when"), answers)]
        done = set(
            case.tasks.filter(outcome=Outcome.APPROVE).values_list("key", flat=True)
        )  # after a later return only what was not yet approved is asked again
        wanted = [t for t in wanted if f"{route[case.stage]['key']}.{t['key']}" not in done]
        for step in wanted:
            open_task(
                case=case,
                kind=step["kind"],
                key=f"{route[case.stage]['key']}.{step['key']}",
                agency=agencies.agency(case.mall, step["agency"]),
                role=step["role"],
                days=int(step["days"]),
                title=step["title"],
                now=now,
            )
        if wanted:
            return
        case.stage += 1
        case.save(update_fields=["stage"])
    open_assess(case, now)


def open_assess(case: Case, now: datetime) -> None:
    open_task(
        case=case,
        kind=Kind.ASSESS,
        key="assess",
        agency=case.agency,
        role="verifier",
        days=rules.ASSESS_DAYS,
        title=rules.TITLES[Kind.ASSESS],
        now=now,
    )


def open_decision(case: Case, now: datetime) -> Task:
    """Put the case on the signing official's list."""
    return open_task(
        case=case,
        kind=Kind.DECIDE,
        key="decide",
        agency=case.agency,
        role="signer",
        days=rules.DECIDE_DAYS,
        title=rules.TITLES[Kind.DECIDE],
        now=now,
    )


def cancel_open(case: Case, now: datetime) -> None:
    """The other tasks of a stage stop when the file goes back; they open anew when it returns."""
    case.tasks.filter(done_at=None).update(done_at=now, outcome="cancelled")


def fee_of(application: Application) -> int:
    """The fee by the edition's rule from the answers, in rupiah."""
    return expressions.fee(application.edition.content, application_queries.answers_of(application))


@transaction.atomic
def paid(*, application_id: UUID, now: datetime) -> None:
    """The invoice is settled: the clock runs again and the signing official is next. Harmless when repeated."""
    case = lock(application_id)
    if case.application.status != Status.PAYMENT:
        return
    case.pauses.filter(ended_at=None).update(ended_at=now)
    if case.started_at:
        due = due_of(case, case.started_at, agencies.calendar(case.mall))
        case.save(update_fields=set_due(case, case.started_at, due, now))
    marks.mark(application=case.application, status=Status.DECISION, promised_at=case.due_at)
    record(case, "reviews.paid", SYSTEM, now)
    open_decision(case, now)


@transaction.atomic
def withdrawn(*, application_id: UUID, now: datetime) -> None:
    """The applicant took it back: nothing stays on anybody's list."""
    case = Case.objects.filter(pk=application_id).first()
    if case is not None:
        case = lock(application_id)
        cancel_open(case, now)
        case.closed_at = now
        case.save(update_fields=["closed_at"])
        payments.cancel(application=case.application, actor=SYSTEM, now=now)


@transaction.atomic
def picked_up(*, application_id: UUID) -> None:
    """The permit is in its owner's hands: nothing waits for pick-up any more. Harmless when repeated."""
    marks.mark_picked_up(application_id=application_id)
