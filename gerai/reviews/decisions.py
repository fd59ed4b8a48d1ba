"""The signing official's part: decide and sign one or many, or reject with ground. Writes, like services."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.core.errors import DomainError, Sentence
from gerai.permits import services as permits
from gerai.reviews import rules
from gerai.reviews.cases import finish, record
from gerai.reviews.models import Case
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.services import take


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
    last = case.tasks.filter(kind=Kind.ASSESS, done_at__isnull=False).order_by("-done_at").first()
    return last is not None and last.outcome == Outcome.APPROVE


def _close(case: Case, outcome: str, actor: Any, now: datetime) -> None:
    """Close the case and write down how long it took, in working and in calendar days."""
    calendar = agencies.calendar(case.mall)
    started = case.started_at or now
    first = case.application.submitted_at or now
    case.closed_at = now
    case.save(update_fields=["closed_at"])
    record(
        case,
        "reviews.decided",
        actor,
        now,
        outcome=outcome,
        on_time=case.due_at is None or now <= case.due_at,
        working_days=calendar.working_days_between(
            calendar.local(started).date(), calendar.local(now).date()
        ),
        calendar_days=(calendar.local(now).date() - calendar.local(first).date()).days,
    )


@transaction.atomic
def approve(*, person: Any, task_id: int, now: datetime) -> Case:
    """Decide one: number and content are reserved here; a job signs; nobody is told before."""
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
        now=now,
    )
    _close(case, "approved", actor, now)
    return case


def approve_batch(*, person: Any, task_ids: list[int], now: datetime) -> tuple[int, list[Sentence]]:
    """
    Decide many, each in its own transaction: one that fails stops no other.

    Returns how many were decided, and a sentence for each that was not.

    :raises NothingChosen: if the list is empty
    """
    if not task_ids:
        raise NothingChosen
    decided, refused = 0, list[Sentence]()
    for task_id in task_ids:
        try:
            approve(person=person, task_id=task_id, now=now)
            decided += 1
        except DomainError as error:
            refused.append(error.sentence)
    return decided, refused


@transaction.atomic
def reject(*, person: Any, task_id: int, ground: str, text: str, now: datetime) -> Case:
    """
    Reject with the legal ground and a sentence; the refusal letter names the dates for objection.

    :raises rules.ReasonMissing: if either is empty
    """
    ground, text = ground.strip()[:300], text.strip()[:2000]
    if not ground or not text:
        raise rules.ReasonMissing
    task = take(person, task_id, Outcome.REJECT)
    if task.kind != Kind.DECIDE:
        raise rules.OutcomeNotAllowed
    actor = applications.person_ref(person)
    case = task.case
    finish(task, actor, Outcome.REJECT, text, now)
    marks.mark(
        application=case.application,
        status=Status.REJECTED,
        decided_at=now,
        rejection={"ground": ground, "text": text},
    )
    permits.refuse_letter(application=case.application, ground=ground, text=text, decided_by=person, now=now)
    record(case, "reviews.rejected", actor, now)
    _close(case, "rejected", actor, now)
    return case
