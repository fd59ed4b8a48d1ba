"""A case from its opening to its end, its clock, and what other rooms tell it (paid, withdrawn, silent).

What officers do is in `services` and `decisions`, the stages are in `stages`; time is in `deadlines`. Order of a case
(design.md, section 9): completeness, the route's stages, assessment with the fee, payment (the clock pauses), then the
signing official decides.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies.rules import WorkCalendar, level, next_level_at
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.applications.rules import Status, Why
from gerai.core import sql
from gerai.core.errors import NotFound
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.payments import services as payments
from gerai.payments.rules import Owed
from gerai.permits import following
from gerai.permits import services as permits
from gerai.reviews import rules, stages, statements
from gerai.reviews.models import Case, Objection, Pause, Task
from gerai.reviews.rules import Kind
from gerai.reviews.stages import record

_OPENED = sql.insertion(Case) + " ON CONFLICT DO NOTHING"


def lock(application_id: UUID) -> Case:
    """The case and its application, rows locked in that order everywhere (application first)."""
    return _with(marks.lock(application_id), _locked(application_id))


def _locked(application_id: UUID) -> Case:
    found = sql.objects(Case, "WHERE x.application_id = %s FOR UPDATE", [application_id])
    if not found:  # a draft, or not taken up yet
        raise NotFound
    return found[0]


def _with(application: Application, case: Case) -> Case:
    """The case with what has been read of its application: it is asked for at every step."""
    case.application, case.mall, case.agency = application, application.mall, application.agency
    return case


@transaction.atomic
def open_case(*, application_id: UUID, now: datetime) -> Case:
    """
    Take up a submitted application: its first task is the completeness check. Harmless when repeated.

    `now` is when it was sent: the office's time runs from there, also where the worker comes later.
    """
    application = marks.lock(application_id)
    sql.act(
        _OPENED,
        sql.values_of(Case(application=application, mall=application.mall, agency=application.agency)),
    )
    case = _with(application, _locked(application_id))
    if statements.asked(case.pk, application.round):
        return case
    if application.status == Status.SUBMITTED:
        stages.open_completeness(case, now)
    elif application.status == Status.REVIEW:  # mended after a later return: from the first stage on
        case.stage = 0
        sql.put(case, "stage")
        stages.open_stage(case, now)
    return case


def due_of(case: Case, started: datetime, calendar: WorkCalendar) -> datetime:
    """When a case is due, by its ended pauses. One that still runs is counted when it ends."""
    pauses = [(p.began_at, p.ended_at) for p in case.pauses.all() if p.ended_at is not None]
    kind, count = rules.promise(case.application.edition.content["standard"]["time"], case.promise_days)
    return calendar.due_in(kind, started, count + case.extra_days, pauses)


def refit(case: Case, calendar: WorkCalendar, now: datetime, cause: int | None = None) -> None:
    """Every open due date of a locked case anew after calendar, pauses or promise changed; an entry for each."""
    promised = None
    if case.closed_at is None and case.started_at is not None and case.due_at is not None:
        promised = due_of(case, case.started_at, calendar).astimezone(UTC)
    pauses = [(p.began_at, p.ended_at) for p in case.pauses.all() if p.ended_at is not None]
    stopped = case.pauses.filter(ended_at=None).exists()
    for task in case.tasks.select_for_update(of=("self",)).filter(done_at=None).select_related("agency"):
        own = calendar.due(task.opened_at, task.days, pauses)
        before, due = task.due_at, rules.task_due(task.opened_at, own, promised).astimezone(UTC)
        changed = set_due(task, task.opened_at, due, now)
        if stopped:  # no warning while the clock stands still
            task.warn_at = None
        sql.put(task, *changed)
        if due != before:
            if task.kind == Kind.OBJECTION:  # silence grants it on the day that is shown
                Objection.objects.filter(case=case, answered_at=None).update(due_at=due)
            told = {"before": before.isoformat(), "due_at": due.isoformat(), "task": task.key}
            record(case, "reviews.task_due_moved", SYSTEM, now, cause=cause, agency=task.agency.code, **told)
    was = case.due_at
    if promised is None or was is None or case.started_at is None:
        return
    changed = set_due(case, case.started_at, promised, now)
    if stopped:
        case.warn_at = None
    sql.put(case, *changed)
    if promised != was:
        marks.promise(application=case.application, by=promised)
        told = {"before": was.isoformat(), "due_at": promised.isoformat()}
        record(case, "reviews.due_moved", SYSTEM, now, cause=cause, **told)


STOPPED = "ground"  # the reason of a pause that a supervisor began


def end_stop(case: Case, actor: ActorRef, now: datetime) -> int:
    """The clock of a locked case runs again, if a supervisor stopped it. Returns 1 if it did not run."""
    if not case.pauses.filter(reason=STOPPED, ended_at=None).update(ended_at=now):
        return 0
    record(case, "reviews.went_on", actor, now)
    refit(case, stages.calendar_of(case), now)
    return 1


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
    due = due_of(case, now, stages.calendar_of(case))
    sql.put(case, "started_at", "stage", *set_due(case, now, due, now))
    marks.mark(application=case.application, status=Status.REVIEW, complete_at=now, promised_at=due)
    record(case, "reviews.completed", actor, now, due_at=due.isoformat())
    stages.open_stage(case, now)


def close(case: Case, outcome: str, actor: ActorRef, now: datetime) -> None:
    """Close the case and write down how long it took, in working and in calendar days."""
    calendar = stages.calendar_of(case)
    stages.cancel_open(case, now)  # questions to other agencies: an answer comes too late
    started = case.started_at or now
    first = case.application.submitted_at or now
    case.closed_at = now
    case.pauses.filter(ended_at=None).update(ended_at=now)  # an ended case has no clock to go on
    if case.said_low and case.said_high:
        case.hit = case.said_low <= calendar.local(now).date() <= case.said_high
    sql.put(case, "closed_at", "hit")
    record(
        case,
        "reviews.decided",
        actor,
        now,
        outcome=outcome,
        on_time=case.due_at is None or now <= case.due_at,
        working_days=rules.on_the_clock(calendar, started, now, case.pauses.all()),
        calendar_days=(calendar.local(now).date() - calendar.local(first).date()).days,
    )


@transaction.atomic
def paid(*, application_id: UUID, now: datetime, paid_at: datetime | None = None) -> None:
    """
    The invoice is settled: the clock runs again from the payment, the signing official is next. Harmless when repeated.

    What was granted by law in silence waited for the payment alone: it is issued.
    """
    case = lock(application_id)
    if case.application.status != Status.PAYMENT:
        return
    began = case.pauses.filter(ended_at=None).values_list("began_at", flat=True).first()
    if began:
        case.pauses.filter(ended_at=None).update(ended_at=max(began, min(paid_at or now, now)))
    if case.started_at and not case.deemed_at:
        due = due_of(case, case.started_at, stages.calendar_of(case))
        sql.put(case, *set_due(case, case.started_at, due, now))
    marks.mark(application=case.application, status=Status.DECISION, promised_at=case.due_at)
    record(case, "reviews.paid", SYSTEM, now)
    if case.deemed_at and not following.is_barred(case.application, now):
        issue_deemed(case, now)
    else:
        stages.open_decision(case, now)


def stop(case: Case, now: datetime, owed: Owed = Owed.CANCELLED) -> None:
    """A locked case ends undecided: nothing stays on anybody's list, and nobody is asked to pay."""
    stages.cancel_open(case, now)
    case.closed_at = now
    case.pauses.filter(ended_at=None).update(ended_at=now)  # an ended case has no clock to go on
    sql.put(case, "closed_at")
    payments.cancel(application=case.application, actor=SYSTEM, now=now, reason=owed)


@transaction.atomic
def withdrawn(*, application_id: UUID, now: datetime) -> None:
    """The applicant took it back."""
    if Case.objects.filter(pk=application_id, closed_at=None).exists():
        stop(lock(application_id), now)


@transaction.atomic
def lapse(application_id: UUID, *, now: datetime) -> int:
    """The applicant mended nothing by the day they were told: the file ends unfinished. Returns 1 if it did."""
    case = lock(application_id)
    application = case.application
    by = application.correct_by
    if application.status != Status.RETURNED or by is None or by > now:
        return 0
    marks.mark(application=application, status=Status.LAPSED)
    record(case, "reviews.lapsed", SYSTEM, now, by=by.isoformat())
    stop(case, now)
    return 1


@transaction.atomic
def deem(application_id: UUID, *, now: datetime) -> int:
    """
    The office was silent to the end of the limit: a service marked for it counts as granted (UU 30/2014 pasal 53).

    Sealed by the institution, never signed by an official, and still subject to payment. It waits while the file is
    with the applicant. Returns 1 if it was granted here.
    """
    case = lock(application_id)
    application = case.application
    if not rules.is_deemed(application.edition.content, application.status, case.due_at, now):
        return 0
    if application.why == Why.CORRECT:  # the office's own mistake: silence puts nothing right
        return 0
    if case.closed_at is not None or case.deemed_at is not None or case.pauses.filter(ended_at=None).exists():
        return 0
    if following.is_barred(
        application, now
    ):  # silence gives no change of what has ended: an official must say so
        return 0
    stages.cancel_open(case, now)
    case.deemed_at, case.warn_at = now, None
    sql.put(case, "deemed_at", "warn_at")
    has_paid = application.status == Status.DECISION and case.fee_amount
    amount = 0 if has_paid else application_queries.fee_of(application)
    pay_by = ask_to_pay(case, amount, SYSTEM, now) if amount else {}
    record(
        case,
        "reviews.deemed",
        SYSTEM,
        now,
        due_at=case.due_at.isoformat() if case.due_at else "",
        amount=amount,
        **pay_by,
    )
    if amount:
        return 1
    if application.status != Status.DECISION:
        marks.mark(application=application, status=Status.DECISION)
    issue_deemed(case, now)
    return 1


def issue_deemed(case: Case, now: datetime) -> None:
    """The permit that the law gives, by nobody's hand."""
    application = case.application
    marks.mark(application=application, status=Status.SIGNING, decided_at=now)
    answers = application_queries.answers_of(application)
    permits.issue(application=application, answers=answers, decided_by=None, now=now)
    close(case, "deemed", SYSTEM, now)


def ask_to_pay(case: Case, amount: int, actor: ActorRef, now: datetime) -> dict[str, Any]:
    """The invoice; while it waits the clock stands still. Returns its last day, to be told."""
    end_stop(case, actor, now)
    case.fee_amount = amount
    sql.put(case, "fee_amount")
    line = {"label": case.application.service.name, "amount": amount}
    made = payments.invoice(application=case.application, amount=amount, lines=[line], actor=actor, now=now)
    marks.mark(application=case.application, status=Status.PAYMENT)
    Pause.objects.create(case=case, reason="payment", began_at=now)
    case.warn_at = None  # nobody is warned of a clock that stands still; `paid` sets it again
    sql.put(case, "warn_at")
    return {"pay_by": made.pay_by.isoformat()} if made.pay_by else {}


@transaction.atomic
def picked_up(*, application_id: UUID) -> None:
    """The permit is in its owner's hands: nothing waits for pick-up any more. Harmless when repeated."""
    marks.mark_picked_up(application_id=application_id)
