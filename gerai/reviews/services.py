"""Moving a case: open, complete, return, recommend, assess. Deciding is in `decisions`, time in `deadlines`.

Order of a case (design.md, section 9): completeness, the route's stages, assessment with the fee, payment
(the clock pauses), then the signing official decides.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import expressions
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.payments import services as payments
from gerai.reviews import queries, rules
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import Kind, Outcome


def record(case: Case, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    """One ledger entry about a case."""
    application = case.application
    ledger.append(
        mall=case.mall_id,
        kind=kind,
        subject=f"application:{case.pk}",
        actor=actor,
        now=now,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
            **data,
        },
    )


def lock(application_id: UUID) -> Case:
    """The case and its application, rows locked in that order everywhere (application first)."""
    application = applications.lock(application_id)
    case = Case.objects.select_for_update().get(pk=application.pk)
    case.application = application
    return case


def open_task(
    *, case: Case, kind: str, key: str, agency: Agency, role: str, days: int, title: Any, now: datetime
) -> Task:
    """Put a task on the agency's list. Opening the same one again leaves one."""
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
            "due_at": agencies.calendar(case.mall).due(now, days),
        },
    )
    return found


@transaction.atomic
def open_case(*, application_id: UUID, now: datetime) -> Case:
    """Take up a submitted application: its first task is the completeness check. Harmless when repeated."""
    application = applications.lock(application_id)
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
        _open_stage(case, now)
    return case


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


def take(person: Any, task_id: int, outcome: str) -> Task:
    """
    The person's task with its case locked, ready to be ended this way.

    :raises NotFound, rules.TaskDone, rules.OutcomeNotAllowed: as they say
    """
    case_id = queries.task(person, task_id).case_id
    case = lock(case_id)
    task = Task.objects.select_for_update().select_related("agency").get(pk=task_id)
    task.case = case
    if task.done_at is not None:
        raise rules.TaskDone
    rules.check_outcome(task.kind, outcome)
    return task


@transaction.atomic
def complete(*, person: Any, task_id: int, note: str, now: datetime) -> Case:
    """The file is complete: the legal clock starts, once, and the route begins."""
    task = take(person, task_id, Outcome.APPROVE)
    if task.kind != Kind.COMPLETENESS:
        raise rules.OutcomeNotAllowed
    actor = applications.person_ref(person)
    finish(task, actor, Outcome.APPROVE, note, now)
    _completed(task.case, actor, now)
    return task.case


def _completed(case: Case, actor: ActorRef, now: datetime) -> None:
    application = case.application
    days = int(application.edition.content["standard"]["time"]["days"])
    case.started_at = now
    case.due_at = agencies.calendar(case.mall).due(now, max(days, 1))
    case.stage = 0
    case.save(update_fields=["started_at", "due_at", "stage"])
    applications.mark(application=application, status=Status.REVIEW, complete_at=now, promised_at=case.due_at)
    record(case, "reviews.completed", actor, now, due_at=case.due_at.isoformat())
    _open_stage(case, now)


@transaction.atomic
def complete_in_silence(*, task_id: int, now: datetime) -> None:
    """Nobody answered the completeness check in time: the file counts as complete (ruling "Clock")."""
    case = lock(Task.objects.get(pk=task_id).case_id)
    task = Task.objects.select_for_update().select_related("agency").get(pk=task_id)
    task.case = case
    if task.done_at is None and task.kind == Kind.COMPLETENESS and task.due_at <= now:
        finish(task, SYSTEM, Outcome.APPROVE, "", now)
        _completed(case, SYSTEM, now)


@transaction.atomic
def give_back(*, person: Any, task_id: int, corrections: list[dict[str, str]], now: datetime) -> Case:
    """
    Return the application to the applicant with everything there is to mend, at once.

    Before completeness no clock runs; afterwards it keeps running.

    :raises rules.CorrectionEmpty: if nothing is named, or a thing without a sentence
    """
    task = take(person, task_id, Outcome.RETURN)
    application = task.case.application
    content = application.edition.content
    known = {f"file:{r['code']}" for r in application_queries.files_required(application)}
    known |= {f"answer:{f['key']}" for s in content["questions"] for f in s["fields"]}
    named = [
        {"what": c["what"], "text": c["text"].strip()[:500]}
        for c in corrections
        if c["what"] in known and c["text"].strip()
    ]
    if not named:
        raise rules.CorrectionEmpty
    actor = applications.person_ref(person)
    finish(task, actor, Outcome.RETURN, "", now)
    _cancel_open(task.case, now)
    applications.mark(application=application, status=Status.RETURNED, corrections=named)
    record(task.case, "reviews.returned", actor, now, count=len(named), returned_by=task.agency.code)
    return task.case


def _cancel_open(case: Case, now: datetime) -> None:
    """The other tasks of a stage stop when the file goes back; they open anew when it returns."""
    case.tasks.filter(done_at=None).update(done_at=now, outcome="cancelled")


@transaction.atomic
def recommend(*, person: Any, task_id: int, outcome: str, note: str, now: datetime) -> Case:
    """
    An agency's word on the application. When the last of the stage has spoken, the case moves on.

    :raises rules.NoteMissing: if a rejection or an inspection has no note
    """
    task = take(person, task_id, outcome)
    if task.kind not in rules.FROM_ROUTE or outcome == Outcome.RETURN:
        raise rules.OutcomeNotAllowed
    note = note.strip()[:4000]
    if not note and (outcome == Outcome.REJECT or task.kind == Kind.INSPECT):
        raise rules.NoteMissing
    finish(task, applications.person_ref(person), outcome, note, now)
    case = task.case
    if outcome == Outcome.REJECT:
        _cancel_open(case, now)
        _open_assess(case, now)
    elif not case.tasks.filter(done_at=None).exists():
        case.stage += 1
        case.save(update_fields=["stage"])
        _open_stage(case, now)
    return case


def _open_stage(case: Case, now: datetime) -> None:
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
    _open_assess(case, now)


def _open_assess(case: Case, now: datetime) -> None:
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


def fee_of(application: Application) -> int:
    """The fee by the edition's rule from the answers, in rupiah."""
    return expressions.fee(application.edition.content, application_queries.answers_of(application))


@transaction.atomic
def assess(*, person: Any, task_id: int, outcome: str, note: str, now: datetime) -> Case:
    """
    Sum up: recommend approval, with the fee computed here and nowhere else, or rejection.

    A fee makes an invoice and the clock pauses; without one the signing official is next.
    """
    task = take(person, task_id, outcome)
    if task.kind != Kind.ASSESS or outcome == Outcome.RETURN:
        raise rules.OutcomeNotAllowed
    if outcome == Outcome.REJECT and not note.strip():
        raise rules.NoteMissing
    actor = applications.person_ref(person)
    case = task.case
    finish(task, actor, outcome, note.strip()[:4000], now)
    amount = fee_of(case.application) if outcome == Outcome.APPROVE else 0
    case.fee_amount = amount
    case.save(update_fields=["fee_amount"])
    if amount == 0:
        applications.mark(application=case.application, status=Status.DECISION)
        open_decision(case, now)
        return case
    payments.invoice(
        application=case.application,
        amount=amount,
        lines=[{"label": case.application.service.name, "amount": amount}],
        actor=actor,
        now=now,
    )
    applications.mark(application=case.application, status=Status.PAYMENT)
    Pause.objects.create(case=case, reason="payment", began_at=now)
    record(case, "reviews.recommended", actor, now, amount=amount)
    return case


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


@transaction.atomic
def paid(*, application_id: UUID, now: datetime) -> None:
    """The invoice is settled: the clock runs again and the signing official is next. Harmless when repeated."""
    case = lock(application_id)
    if case.application.status != Status.PAYMENT:
        return
    case.pauses.filter(ended_at=None).update(ended_at=now)
    if case.started_at:
        days = int(case.application.edition.content["standard"]["time"]["days"])
        stretches = [(p.began_at, p.ended_at or now) for p in case.pauses.all()]
        case.due_at = agencies.calendar(case.mall).due(case.started_at, max(days, 1), stretches)
        case.save(update_fields=["due_at"])
    applications.mark(application=case.application, status=Status.DECISION, promised_at=case.due_at)
    record(case, "reviews.paid", SYSTEM, now)
    open_decision(case, now)


@transaction.atomic
def withdrawn(*, application_id: UUID, now: datetime) -> None:
    """The applicant took it back: nothing stays on anybody's list."""
    case = Case.objects.filter(pk=application_id).first()
    if case is not None:
        case = lock(application_id)
        _cancel_open(case, now)
        case.closed_at = now
        case.save(update_fields=["closed_at"])
        payments.cancel(application=case.application, actor=SYSTEM, now=now)


@transaction.atomic
def picked_up(*, application_id: UUID) -> None:
    """The permit is in its owner's hands: nothing waits for pick-up any more. Harmless when repeated."""
    applications.mark_picked_up(application_id=application_id)
