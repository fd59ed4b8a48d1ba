"""The office puts a mistake of its own in a permit right: signed anew, at no cost, under a new number. Writes.

The owner's verifier says what was wrong and what is right; the signing official, somebody else, reads and signs. The
old permit holds until the new one is signed, and ends as replaced.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.applications import acting, follow_queries, marks
from gerai.applications import answers as form
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.catalogue import asking
from gerai.core.errors import DomainError, NotFound
from gerai.permits import following
from gerai.permits import queries as permits
from gerai.permits.models import Permit
from gerai.permits.rules import Kind as PermitKind
from gerai.reviews import cases, rules, services, stages
from gerai.reviews.models import Case
from gerai.reviews.rules import Outcome
from gerai.reviews.stages import record

KINDS = ("text", "textarea", "integer", "date", "choice", "yes_no")  # the rest is the applicant's to change


class CorrectionReasonMissing(DomainError):
    """The holder reads why their permit is made anew."""

    code = "correction_reason_missing"
    text = "Tulis apa yang salah dan apa yang dibetulkan, dengan kalimat yang dipahami pemegang izin."


class CorrectionWrong(DomainError):
    """What is put in the place of the mistake is wrong itself."""

    code = "correction_wrong"
    text = "Isian yang ditandai belum benar. Perbaiki, lalu kirim lagi."


class CorrectionUnderWay(DomainError):
    """One thing at a time replaces a permit."""

    code = "correction_under_way"
    text = "Izin ini sedang diubah, diperpanjang atau dibetulkan. Tunggu sampai itu selesai."
    status = 409


def examined(application: Application, now: datetime) -> Case:
    """A case whose examination stands: the summing up comes next, and a decision within five working days."""
    application = marks.lock(application.pk)
    case = Case(application=application, mall=application.mall, agency=application.agency)
    case.stage, case.started_at = len(application.edition.content["route"]), now
    due = stages.calendar_of(case).due(now, rules.DECIDE_ANEW_DAYS)
    cases.set_due(case, now, due, now)
    case.promise_days = rules.DECIDE_ANEW_DAYS
    case.save(force_insert=True)
    marks.promise(application=application, by=due)
    return case


def permit_of(person: Any, permit_id: UUID, now: datetime) -> Permit:
    """
    The permit, for the owner's verifier.

    :raises NotFound: for everybody else, and of a letter
    :raises rules.OwnCase: if it is their own
    """
    permit = permits.get(person, permit_id, now)
    mine = agencies.has_role(person.pk, "verifier", agency_id=permit.agency_id)
    if not mine or permit.kind != PermitKind.PERMIT:
        raise NotFound
    if acting.is_own(person, permit.application):
        raise rules.OwnCase
    return permit


def correctable(application: Application, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions that an officer can put right: what these answers are asked, of the plain kinds."""
    asked = asking.fields(application.edition.content, answers)
    return [field for field in asked if field["type"] in KINDS]


def corrected(
    application: Application, raw: dict[str, str]
) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, str]]:
    """
    The questions, the answers with what was typed in the place of the mistake, and a sentence for each wrong one.

    An answer that is put right may ask for another one, which is read and checked too.
    """
    places, content = application_queries.places_of(application), application.edition.content
    answers = application_queries.kept_answers(application)
    fields, wrong = list[dict[str, Any]](), dict[str, str]()
    while more := [f for f in correctable(application, answers) if f not in fields]:
        good, bad = form.check(more, raw, places)
        fields, wrong = fields + more, wrong | bad
        answers = {k: v for k, v in answers.items() if k not in {f["key"] for f in more}} | good
    return fields, answers, wrong or form.recheck(content, answers, places)


@transaction.atomic
def begin(*, person: Any, permit_id: UUID, reason: str, raw: dict[str, str], now: datetime) -> Application:
    """
    Put it before the signing official. `raw`: what the form says now; the same as before means a new paper only.

    :raises NotFound, rules.OwnCase: if it is not theirs to correct
    :raises change_rules.NotToBeChanged, CorrectionUnderWay: if it does not hold, or something replaces it already
    :raises CorrectionReasonMissing, CorrectionWrong: nothing is changed then
    """
    permit = permit_of(person, permit_id, now)
    earlier = marks.lock(permit.application_id)  # a second click, and a colleague, wait here
    following.check_holds(following.locked(permit), now)
    if follow_queries.is_being_replaced(earlier.pk):
        raise CorrectionUnderWay
    reason = reason.strip()[:1000]
    if len(reason) < 10:
        raise CorrectionReasonMissing
    _, answers, wrong = corrected(earlier, raw)
    if wrong:
        raise CorrectionWrong
    case = examined(marks.correct(application=earlier, answers=answers, now=now), now)
    actor = applications.person_ref(person)
    due = case.due_at.isoformat() if case.due_at else ""
    stages.open_assess(case, now)
    task = case.tasks.get(key="assess")
    services.assess(person=person, task_id=task.pk, outcome=Outcome.APPROVE, note=reason, now=now)
    record(case, "reviews.correcting", actor, now, permit=str(permit.pk), before=permit.number, due_at=due)
    return marks.lock(case.pk)
