"""Objections to a rejection: filed in time, answered by the agency, or granted by law in silence. Writes.

UU 30/2014 pasal 77: 21 working days to object, 10 to answer, silence grants; then the decision is made anew within 5.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.applications import acting, marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.permits import queries as permits
from gerai.permits.rules import Kind as PermitKind
from gerai.reviews import cases, reissuing, rules, stages
from gerai.reviews.models import Case, Objection, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.services import take
from gerai.reviews.stages import record


def until(case: Case) -> datetime | None:
    """The last moment to object: with the working days from the day on which the letter was signed. None: no letter."""
    letter = permits.for_application(case.pk)
    if letter is None or letter.kind != PermitKind.REFUSAL or letter.signed_at is None:
        return None
    return stages.calendar_of(case).due(letter.signed_at, rules.OBJECTION_DAYS)


def said(objection: Objection) -> str:
    """What the applicant wrote."""
    return encryption.unseal(bytes(objection.text_sealed), place=f"reviews.objection:{objection.pk}").decode()


@transaction.atomic
def file(*, person: Any, application_id: UUID, text: str, now: datetime) -> Objection:
    """
    Object to the rejection of one's own application. A second click gives the first back.

    :raises NotFound: if it is not theirs
    :raises rules.ObjectionEmpty: without a reason
    :raises rules.NothingToObject: if nothing was rejected, it was objected to before, or it is too late
    """
    application = application_queries.get(person, application_id, now)
    if not acting.is_own(person, application):
        raise NotFound
    case = cases.lock(application_id)
    acting.check_may_decide(person, case.application)
    text = text.strip()[:4000]
    found = Objection.objects.filter(case=case).first()
    if found is not None and found.answered_at is None:
        return found
    last = until(case) if case.application.status == Status.REJECTED else None
    if found is not None or last is None or now > last:
        raise rules.NothingToObject(days=rules.OBJECTION_DAYS)
    if len(text) < 10:
        raise rules.ObjectionEmpty
    due = stages.calendar_of(case).due(now, rules.OBJECTION_ANSWER_DAYS)
    sealed = encryption.seal(text.encode(), place=f"reviews.objection:{case.pk}")
    objection = Objection.objects.create(case=case, filed_at=now, due_at=due, text_sealed=sealed)
    record(case, "reviews.objected", applications.person_ref(person), now, due_at=due.isoformat())
    stages.open_objection(case, now)
    return objection


@transaction.atomic
def answer(*, person: Any, task_id: int, outcome: str, ground: str, text: str, now: datetime) -> Objection:
    """
    Answer it: granted, and the application is decided anew; or refused with ground and reason.

    :raises rules.ReasonMissing: if it is refused without either
    """
    task = take(person, task_id, outcome)
    if task.kind != Kind.OBJECTION:
        raise rules.OutcomeNotAllowed
    ground, text = ground.strip()[:300], text.strip()[:2000]
    if outcome == Outcome.REJECT and not (ground and text):
        raise rules.ReasonMissing
    actor = applications.person_ref(person)
    stages.finish(task, actor, outcome, text, now)
    stages.cancel_open(task.case, now)  # a question to another agency about it
    granted = outcome == Outcome.APPROVE
    return _end(task.case, granted, {"ground": ground, "text": text} if not granted else None, actor, now)


@transaction.atomic
def grant_in_silence(application_id: UUID, *, now: datetime) -> int:
    """Nobody answered in time: the law grants the objection. Returns 1 if it was granted here."""
    case = cases.lock(application_id)
    objection = Objection.objects.get(case=case)
    if objection.answered_at is not None or objection.due_at > now:
        return 0
    stages.cancel_open(case, now)
    _end(case, True, None, SYSTEM, now)
    return 1


def _end(case: Case, granted: bool, said_: Any, actor: ActorRef, now: datetime) -> Objection:
    objection = Objection.objects.select_for_update().get(case=case)
    objection.answered_at, objection.granted, objection.answer = now, granted, said_
    data: dict[str, Any] = {"granted": granted, "by_law": actor == SYSTEM}
    if granted:
        successor = _decide_anew(case, now)
        objection.successor = successor.application
        data["successor"] = str(successor.pk)
    objection.save()
    record(case, "reviews.objection_answered", actor, now, **data)
    return objection


def _decide_anew(case: Case, now: datetime) -> Case:
    """The application goes on under a new number, straight to the assessment: its examination stands."""
    made = marks.succeed(application=case.application, now=now)
    anew = reissuing.examined(made, now)
    due = anew.due_at.isoformat() if anew.due_at else ""
    record(anew, "reviews.reopened", SYSTEM, now, before=case.application.number or "", due_at=due)
    stages.open_assess(anew, now)
    return anew


def of_task(task: Task) -> Objection | None:
    """The objection that a task is about."""
    return Objection.objects.filter(case_id=task.case_id).first() if task.kind == Kind.OBJECTION else None
