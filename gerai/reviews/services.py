"""What officers do with a task: complete, give back, recommend, assess. The signing official is in `decisions`."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.catalogue.asking import COMPUTED
from gerai.payments import services as payments
from gerai.reviews import cases, queries, rules
from gerai.reviews.cases import finish, record
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import Kind, Outcome


def take(person: Any, task_id: int, outcome: str) -> Task:
    """
    The person's task with its case locked, ready to be ended this way.

    :raises NotFound, rules.TaskDone, rules.OutcomeNotAllowed: as they say
    """
    case_id = queries.task(person, task_id).case_id
    case = cases.lock(case_id)
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
    cases.completed(task.case, actor, now)
    return task.case


@transaction.atomic
def give_back(*, person: Any, task_id: int, corrections: list[dict[str, str]], now: datetime) -> Case:
    """
    Return the application to the applicant with everything there is to mend, at once.

    Before completeness no clock runs; afterwards it keeps running.

    :raises rules.CorrectionEmpty: if nothing is named, or a thing without a sentence
    """
    task = take(person, task_id, Outcome.RETURN)
    application = task.case.application
    known = {f"file:{r['code']}" for r in application_queries.files_required(application)}
    asked = [f for s in application_queries.sections(application) for f in s["fields"]]
    known |= {
        f"answer:{f['key']}" for f in asked if f["type"] != COMPUTED
    }  # its sources are what can be mended
    named = [
        {"what": c["what"], "text": c["text"].strip()[:500]}
        for c in corrections
        if c["what"] in known and c["text"].strip()
    ]
    if not named:
        raise rules.CorrectionEmpty
    actor = applications.person_ref(person)
    finish(task, actor, Outcome.RETURN, "", now)
    cases.cancel_open(task.case, now)
    marks.mark(application=application, status=Status.RETURNED, corrections=named)
    record(task.case, "reviews.returned", actor, now, count=len(named), returned_by=task.agency.code)
    return task.case


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
        cases.cancel_open(case, now)
        cases.open_assess(case, now)
    elif not case.tasks.filter(done_at=None).exists():
        case.stage += 1
        case.save(update_fields=["stage"])
        cases.open_stage(case, now)
    return case


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
    amount = cases.fee_of(case.application) if outcome == Outcome.APPROVE else 0
    case.fee_amount = amount
    case.save(update_fields=["fee_amount"])
    if amount == 0:
        marks.mark(application=case.application, status=Status.DECISION)
        cases.open_decision(case, now)
        return case
    payments.invoice(
        application=case.application,
        amount=amount,
        lines=[{"label": case.application.service.name, "amount": amount}],
        actor=actor,
        now=now,
    )
    marks.mark(application=case.application, status=Status.PAYMENT)
    Pause.objects.create(case=case, reason="payment", began_at=now)
    case.warn_at = None  # nobody is warned of a clock that stands still; `paid` sets it again
    case.save(update_fields=["warn_at"])
    record(case, "reviews.recommended", actor, now, amount=amount)
    return case
