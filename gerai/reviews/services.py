"""What officers do with a task: complete, give back, recommend, assess. The signing official is in `decisions`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from gerai.agencies import substituting
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.catalogue.asking import COMPUTED, GROUP
from gerai.core import sql
from gerai.core.errors import NotFound
from gerai.reviews import cases, handing, hands, inspecting, rules, stages, statements
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.stages import finish, record

GIVEN = ("given_by", "given_at", "given_reason")  # of a task: by a head, to whom has it now


def take(person: Any, task_id: int, outcome: str) -> Task:
    """
    The person's task with its case locked, ready to be ended this way.

    :raises NotFound, rules.TaskDone, rules.OutcomeNotAllowed: as they say
    :raises rules.OwnCase, rules.TypedByYou, rules.AssessedByYou, rules.TakenByOther: if somebody else has to do it
    """
    task = _locked(person, task_id)
    rules.check_outcome(task.kind, outcome)
    _check_hands(person, task)
    if task.kind == Kind.DECIDE and assessed_by(task.case, {one.pk for one in eyes(person, task)}):
        raise rules.AssessedByYou
    return task


def mine(person: Any, task_id: int) -> Task:
    """
    The person's task with its case locked, whatever its kind.

    :raises NotFound, rules.TaskDone, rules.OwnCase, rules.TypedByYou, rules.TakenByOther: as they say
    """
    task = _locked(person, task_id)
    _check_hands(person, task)
    return task


def inspection(person: Any, task_id: int) -> Task:
    """
    The person's inspection with its case locked, open and not a colleague's.

    :raises rules.OutcomeNotAllowed: if the task is no inspection; NotFound and others as from `take`
    """
    task = take(person, task_id, Outcome.APPROVE)
    if task.kind != Kind.INSPECT:
        raise rules.OutcomeNotAllowed
    return task


def _check_hands(person: Any, task: Task) -> None:
    hands.check(eyes(person, task), task.case.application)
    if task.taken_by_id not in (None, person.pk):
        raise rules.TakenByOther(name=task.taken_by.name if task.taken_by else "")


def _locked(person: Any, task_id: int) -> Task:
    task = statements.lock_task(person, task_id)
    if task is None:
        raise NotFound
    if task.done_at is not None:
        raise rules.TaskDone
    return task


def eyes(person: Any, task: Task) -> list[Any]:
    """Whose eyes look at a task in hand: the officer's, and of the one for whom they stand in."""
    return [person] if task.stand_in is None else [person, task.stand_in.absent]


def assessed_by(case: Case, people: set[Any]) -> bool:
    """Whether the recommendation to be decided on is of one of these, themselves or by a substitute."""
    last = statements.last_assessment(case.pk)
    return last is not None and bool({last.done_by_id, last.done_for_id} & people)


@transaction.atomic
def claim(*, person: Any, task_id: int, now: datetime) -> Task:
    """
    Work on this task, so that no colleague does too; from a colleague it is taken over. Twice is once.

    :raises NotFound, rules.TaskDone, rules.OwnCase, rules.TypedByYou: nothing is changed then
    """
    task = _locked(person, task_id)
    if task.taken_by_id == person.pk:
        return task
    hands.check(eyes(person, task), task.case.application)
    before, task.taken_by = task.taken_by_id, person
    task.given_by, task.given_at, task.given_reason = None, None, ""
    task.save(update_fields=["taken_by", *GIVEN])
    actor = applications.person_ref(person)
    was: dict[str, Any] = {"was": str(before)} if before else {}
    was |= substituting.told(task.stand_in)
    record(task.case, "reviews.task_taken", actor, now, task=task.key, agency=task.agency.code, **was)
    handing.pass_on(task, actor, now)
    return task


@transaction.atomic
def let_go(*, person: Any, task_id: int, now: datetime) -> Task:
    """Whoever comes first may do it again. Only one's own; otherwise nothing changes."""
    task = _locked(person, task_id)
    if task.taken_by_id == person.pk:
        task.taken_by = task.given_by = task.given_at = None
        task.given_reason = ""
        task.save(update_fields=["taken_by", *GIVEN])
        actor = applications.person_ref(person)
        told = substituting.told(task.stand_in)
        record(task.case, "reviews.task_let_go", actor, now, task=task.key, agency=task.agency.code, **told)
    return task


@transaction.atomic
def let_go_own(*, person: Any, task_id: int, now: datetime) -> Task:
    """
    The same for one of several that were ticked.

    :raises rules.NotYours: if they do not work on it
    """
    if _locked(person, task_id).taken_by_id != person.pk:
        raise rules.NotYours
    return let_go(person=person, task_id=task_id, now=now)


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


def to_mend(application: Any, corrections: list[dict[str, str]]) -> list[dict[str, str]]:
    """
    What an applicant can mend, of what somebody wants mended.

    :raises rules.CorrectionEmpty: if nothing is named, or a thing without a sentence
    """
    known = {f"file:{r['code']}" for r in application_queries.files_required(application)}
    asked = [f for s in application_queries.sections(application) for f in s["fields"]]
    # Of what is computed its sources are what can be mended.
    known |= {f"answer:{f['key']}" for f in asked if f["type"] != COMPUTED}
    values = application_queries.answers_of(application)
    groups = [f["key"] for f in asked if f["type"] == GROUP]
    known |= {f"answer:{key}.{number}" for key in groups for number in range(len(values.get(key, ())))}
    named = [
        {"what": c["what"], "text": c["text"].strip()[:500]}
        for c in corrections
        if c["what"] in known and c["text"].strip()
    ]
    if not named:
        raise rules.CorrectionEmpty
    return named


@transaction.atomic
def give_back(*, person: Any, task_id: int, corrections: list[dict[str, str]], now: datetime) -> Case:
    """
    Return the application to the applicant with everything there is to mend, at once.

    An agency in a stage waits for its neighbours, so that the applicant is told once (`stages.go_on`). Before
    completeness no clock runs; afterwards it keeps running.

    :raises rules.CorrectionEmpty: if nothing is named, or a thing without a sentence
    """
    task = take(person, task_id, Outcome.RETURN)
    if task.kind == Kind.OUTSIDE:  # with its reference (`outside`)
        raise rules.OutcomeNotAllowed
    named = to_mend(task.case.application, corrections)
    actor = applications.person_ref(person)
    finish(task, actor, Outcome.RETURN, "", now, named)
    if task.kind in rules.FROM_ROUTE:
        stages.go_on(task.case, now)
    else:
        stages.give_back(task.case, [task], now, actor)
    return task.case


def _kept_out(task: Task) -> bool:
    """Whether the applicant declined a visit to the place, or was not there."""
    absent = Q(state=inspecting.State.MISSED, absent=inspecting.APPLICANT)
    return bool(task.visits.filter(absent | Q(state=inspecting.State.DECLINED)).exists())


@transaction.atomic
def recommend(*, person: Any, task_id: int, outcome: str, note: str, now: datetime) -> Case:
    """
    An agency's word on the application. When the last of the stage has spoken, the case moves on.

    :raises rules.NoteMissing: if a rejection or an inspection has no note
    :raises inspecting.ReportMissing: if an inspection with a checklist has no report; a rejection needs none where
        the applicant declined a visit or was not there, for else they could wait for the law's silence
    """
    task = take(person, task_id, outcome)
    if task.kind not in rules.FROM_ROUTE or outcome == Outcome.RETURN:
        raise rules.OutcomeNotAllowed
    note = note.strip()[:4000]
    listed = inspecting.step_of(task.case.application.edition.content, task.key).get("checklist")
    unseen = task.kind == Kind.INSPECT and listed and not task.reports.exists()
    if unseen and (outcome != Outcome.REJECT or not _kept_out(task)):
        raise inspecting.ReportMissing
    if not note and (outcome == Outcome.REJECT or task.kind == Kind.INSPECT):
        raise rules.NoteMissing
    finish(task, applications.person_ref(person), outcome, note, now)
    stages.go_on(task.case, now)
    return task.case


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
    case = task.case
    refused = stages.rejected_by(case) if outcome == Outcome.APPROVE else []
    if refused:
        raise rules.RejectedByAgency(names=", ".join(t.agency.short for t in refused))
    actor = applications.person_ref(person)
    finish(task, actor, outcome, note.strip()[:4000], now)
    amount = application_queries.fee_of(case.application) if outcome == Outcome.APPROVE else 0
    if amount == 0:
        case.fee_amount = 0
        sql.put(case, "fee_amount")
        marks.mark(application=case.application, status=Status.DECISION)
        stages.open_decision(case, now)
    else:
        told = cases.ask_to_pay(case, amount, actor, now)
        record(case, "reviews.recommended", actor, now, amount=amount, **told)
    return case


@transaction.atomic
def ask_again(*, person: Any, task_id: int, note: str, now: datetime) -> Case:
    """
    Have a rejection looked at once more: the assessor asks the agencies, the signing official asks the assessor.

    What was paid stays decided: after the payment only approval or rejection is left.

    :raises rules.NoteMissing: without a reason
    :raises rules.NothingToAskAgain: if no rejection stands, or the fee has been paid
    """
    task = take(person, task_id, Outcome.REJECT)
    case, note = task.case, note.strip()[:4000]
    if not note:
        raise rules.NoteMissing
    refused = stages.rejected_by(case) if task.kind == Kind.ASSESS else []
    if (
        task.kind not in (Kind.ASSESS, Kind.DECIDE)
        or (task.kind == Kind.ASSESS and not refused)
        or case.fee_amount
    ):
        raise rules.NothingToAskAgain
    actor = applications.person_ref(person)
    finish(task, actor, rules.ASKED_AGAIN, note, now)
    if task.kind == Kind.DECIDE:
        marks.mark(application=case.application, status=Status.REVIEW)
        stages.open_assess(case, now)
    else:
        stages.ask_again(case, refused, now)
    return case
