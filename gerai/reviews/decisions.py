"""The signing official's part: decide and sign one or many, or reject with ground. Writes, like services."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import substituting
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.rules import Status, Why
from gerai.core.errors import DomainError, Sentence
from gerai.payments import services as payments
from gerai.payments.rules import Owed
from gerai.permits import services as permits
from gerai.permits import taking_over
from gerai.permits.models import Permit
from gerai.reviews import hands, inbox_queries, rules, statements
from gerai.reviews.cases import close, lock, withdrawn
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.services import assessed_by, take
from gerai.reviews.stages import finish, record


class NothingChosen(DomainError):
    """A batch needs at least one permit."""

    code = "nothing_chosen"
    text = "Tandai dulu izin yang akan ditandatangani."


class NotRecommended(DomainError):
    """Approval was not recommended; it would skip the fee."""

    code = "not_recommended"
    text = "Permohonan ini disarankan untuk ditolak. Tolak dengan dasar hukum, atau minta pemeriksa menilai ulang."


def recommended(case: Case) -> bool:
    """Whether the last assessment recommends approval."""
    last = statements.last_assessment(case.pk)
    return last is not None and last.outcome == Outcome.APPROVE


def recommended_of(some: list[Case]) -> set[UUID]:
    """Those of these cases whose last assessment recommends approval; one statement."""
    assessed = Task.objects.filter(case__in=some, kind=Kind.ASSESS, done_at__isnull=False)
    last = dict(assessed.order_by("done_at", "id").values_list("case_id", "outcome"))
    return {case for case, outcome in last.items() if outcome == Outcome.APPROVE}


def own_advice(person: Any, tasks: list[Task], now: datetime) -> set[UUID]:
    """Of these tasks the cases that the person does not decide: they, or for whom they stand in, advised on them."""
    absent = {(one.agency_id, one.role): one.absent_id for one in inbox_queries.standing_in(person, now)}
    assessed = Task.objects.filter(
        case__in=[task.case_id for task in tasks], kind=Kind.ASSESS, done_at__isnull=False
    )
    last = {
        case: {by, stood} - {None}
        for case, by, stood in assessed.order_by("done_at", "id").values_list(
            "case_id", "done_by_id", "done_for_id"
        )
    }
    return {
        task.case_id
        for task in tasks
        if last.get(task.case_id, set()) & {person.pk, absent.get((task.agency_id, task.role))}
    }


@transaction.atomic
def approve(*, person: Any, task_id: int, now: datetime) -> Case:
    """Decide one: number and content are reserved here; it is signed after commit; nobody is told before."""
    task = take(person, task_id, Outcome.APPROVE)
    if task.kind != Kind.DECIDE:
        raise rules.OutcomeNotAllowed
    actor = applications.person_ref(person)
    case = task.case
    if not recommended(case):  # the fee was assessed only for a recommended approval
        raise NotRecommended
    finish(task, actor, Outcome.APPROVE, "", now)
    marks.mark(application=case.application, status=Status.SIGNING, decided_at=now)
    permits.issue(
        application=case.application,
        answers=application_queries.answers_of(case.application),
        decided_by=person,
        capacity=task.done_as,
        now=now,
    )
    close(case, "approved", actor, now)
    return case


def approve_batch(*, person: Any, task_ids: list[int], now: datetime) -> tuple[list[Case], list[Sentence]]:
    """
    Decide many, each in its own transaction: one that fails stops no other.

    Returns what was decided, and a sentence for each that was not.

    :raises NothingChosen: if the list is empty
    """
    if not task_ids:
        raise NothingChosen
    decided, refused = list[Case](), list[Sentence]()
    for task_id in task_ids:
        try:
            decided.append(approve(person=person, task_id=task_id, now=now))
        except DomainError as error:
            refused.append(error.sentence)
    return decided, refused


def tasks_of(left: Iterable[Permit]) -> list[tuple[Permit, int]]:
    """Each of these permits with the task by which it was decided, from which the whole file is read."""
    some = {permit.application_id: permit for permit in left}
    ended = Task.objects.filter(case__in=some, kind=Kind.DECIDE, done_at__isnull=False).order_by("done_at")
    task_ids = dict(ended.values_list("case_id", "pk"))
    return [(permit, task_ids[pk]) for pk, permit in some.items() if pk in task_ids]


@transaction.atomic
def take_over(*, person: Any, permit_id: UUID, now: datetime) -> Permit:
    """
    Decide anew, under its number, what a former official of the agency decided and left unsigned.

    :raises NotFound: if it is not theirs to sign, or somebody was faster
    :raises rules.OwnCase, rules.TypedByYou, rules.AssessedByYou: if somebody else has to do it
    """
    permit = taking_over.find(person, permit_id)
    case = lock(permit.application_id)
    permit.application = case.application
    stand = substituting.running(person, permit.agency_id, "signer", now)
    eyes = [person] if stand is None else [person, stand.absent]
    hands.check(eyes, case.application)
    if assessed_by(case, {one.pk for one in eyes}):
        raise rules.AssessedByYou
    answers = application_queries.answers_of(case.application)
    capacity = stand.form if stand else ""
    return taking_over.take_over(permit=permit, answers=answers, person=person, capacity=capacity, now=now)


def check_rejection(ground: str, text: str) -> tuple[str, str]:
    """
    Ground and sentence as they will be kept.

    :raises rules.ReasonMissing: if either is empty
    """
    ground, text = ground.strip()[:300], text.strip()[:2000]
    if not ground or not text:
        raise rules.ReasonMissing
    return ground, text


@transaction.atomic
def reject(*, person: Any, task_id: int, ground: str, text: str, now: datetime) -> Case:
    """
    Reject with the legal ground and a sentence; the refusal letter names the dates for objection.

    What the office itself wanted to correct ends without a letter, and its permit stays as it is.

    :raises rules.ReasonMissing: if either is empty
    """
    ground, text = check_rejection(ground, text)
    task = take(person, task_id, Outcome.REJECT)
    if task.kind != Kind.DECIDE:
        raise rules.OutcomeNotAllowed
    actor = applications.person_ref(person)
    case = task.case
    finish(task, actor, Outcome.REJECT, text, now)
    if case.application.why == Why.CORRECT:
        marks.drop(application=case.application)
        record(case, "reviews.correction_dropped", actor, now)
        withdrawn(application_id=case.pk, now=now)
        return lock(case.pk)
    marks.mark(
        application=case.application,
        status=Status.SIGNING,  # nobody is told before the letter is signed
        decided_at=now,
        rejection={"ground": ground, "text": text},
    )
    payments.owe_back(application=case.application, reason=Owed.REJECTED, actor=actor, now=now)
    permits.refuse_letter(
        application=case.application,
        ground=ground,
        text=text,
        decided_by=person,
        capacity=task.done_as,
        now=now,
    )
    record(case, "reviews.rejected", actor, now)
    close(case, "rejected", actor, now)
    return case
