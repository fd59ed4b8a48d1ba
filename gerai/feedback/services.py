"""Rating and complaining."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.core import encryption
from gerai.feedback import queries, rules
from gerai.feedback.models import Complaint, ComplaintSeries, Survey
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

VISITOR = ActorRef("person", "visitor")


def invite_token(kind: str, pk: Any) -> str:
    """A signed token for /survei/<token>/; `kind` is visit or application."""
    return signing.dumps([kind, str(pk)], salt=queries.SALT)


@transaction.atomic
def rate(
    *,
    mall: Mall,
    agency: Agency,
    subject: str,
    score: int,
    elements: dict[str, int],
    now: datetime,
    service: str = "",
) -> Survey:
    """
    One tap, and nine elements if given. One rating per subject and agency: the first stays.

    :raises rules.ScoreUnknown: if a score is not 1 to 4
    """
    rules.check_score(score)
    rules.check_elements(elements)
    made, new = Survey.objects.get_or_create(
        subject=subject,
        agency=agency,
        defaults={"mall": mall, "service": service, "score": score, "elements": elements, "at": now},
    )
    if new:
        ledger.append(
            mall=mall.pk,
            kind="feedback.rated",
            subject=subject,
            actor=VISITOR,
            now=now,
            data={"agency": agency.code, "service": service, "score": score, "elements": elements},
        )
    return made


@transaction.atomic
def rate_all(
    *, invitation: queries.Invitation, score: int, elements: dict[str, int], now: datetime
) -> list[Survey]:
    """
    Rate every agency that served; what was rated before stays.

    :raises rules.ScoreUnknown: if a score is not 1 to 4
    """
    return [
        rate(
            mall=invitation.mall, agency=agency, service=service, subject=invitation.subject,
            score=score, elements=elements, now=now,
        )
        for agency, service in invitation.served
    ]  # fmt: skip


@transaction.atomic
def detail(*, invitation: queries.Invitation, elements: dict[str, int], now: datetime) -> None:
    """
    Add the nine elements to a rating given before. What was said stays.

    :raises rules.ElementsMissing: without a single answer
    :raises rules.ScoreUnknown: if a score is not 1 to 4
    """
    rules.check_elements(elements)
    if not elements:
        raise rules.ElementsMissing
    for rating in (
        invitation.ratings().select_for_update(of=("self",)).select_related("agency").filter(elements={})
    ):
        rating.elements = elements
        rating.save(update_fields=["elements"])
        ledger.append(
            mall=rating.mall_id,
            kind="feedback.detailed",
            subject=rating.subject,
            actor=VISITOR,
            now=now,
            data={"agency": rating.agency.code, "service": rating.service, "elements": elements},
        )


@transaction.atomic
def complain(
    *, mall: Mall, agency: Agency | None, kind: str, text: str, contact: str, now: datetime
) -> Complaint:
    """
    Take in a complaint. An illegal-fee report reaches the inspectorate only: its entry names no agency.

    :raises rules.ComplaintEmpty: without words
    """
    text = text.strip()[:8000]
    if len(text) < 10 or kind not in rules.KINDS:
        raise rules.ComplaintEmpty
    made = Complaint(mall=mall, agency=agency, kind=kind, created_at=now)
    place = f"feedback.complaint:{made.pk}"
    made.text_sealed = encryption.seal(text.encode(), place=place)
    made.contact_sealed = (
        encryption.seal(contact.strip()[:200].encode(), place=place) if contact.strip() else None
    )
    calendar = agencies.calendar(mall)
    made.check_due_at = calendar.due(now, rules.CHECK_DAYS)
    made.due_at = calendar.due(now, rules.ANSWER_DAYS)
    made.number = _next_number(mall, "INS" if kind == "illegal_fee" else "ADU", calendar.local(now).year)
    made.save(force_insert=True)
    _record(made, "feedback.complained", VISITOR, now)
    return made


def _next_number(mall: Mall, prefix: str, year: int) -> str:
    ComplaintSeries.objects.get_or_create(mall=mall, prefix=prefix, year=year)
    series = ComplaintSeries.objects.select_for_update().get(mall=mall, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{mall.pk}-{year}-{series.last:05d}"


def _record(complaint: Complaint, kind: str, actor: ActorRef, now: datetime) -> None:
    open_data = {"agency": complaint.agency.code if complaint.agency else None, "kind": complaint.kind}
    ledger.append(
        mall=complaint.mall_id,
        kind=kind if complaint.kind != "illegal_fee" else kind.replace("feedback.", "feedback.integrity_"),
        subject=f"complaint:{complaint.pk}",
        actor=actor,
        now=now,
        data={} if complaint.kind == "illegal_fee" else open_data,
    )


def _locked(person: Any, complaint_id: Any) -> Complaint:
    found = queries.get(person, complaint_id)
    return Complaint.objects.select_for_update(of=("self",)).select_related("agency").get(pk=found.pk)


@transaction.atomic
def take_up(*, person: Any, complaint_id: Any, now: datetime) -> Complaint:
    """
    Tell the reporter that their complaint has been read and is being looked into.

    :raises NotFound: if the person's roles do not see it
    """
    locked = _locked(person, complaint_id)
    if locked.checked_at is None:
        locked.checked_at = now
        locked.save(update_fields=["checked_at"])
        _record(locked, "feedback.checked", ActorRef("person", str(person.pk)), now)
    return locked


@transaction.atomic
def answer(*, person: Any, complaint_id: Any, text: str, now: datetime) -> Complaint:
    """
    Answer a complaint. The first answer stays.

    :raises NotFound: if the person's roles do not see it
    :raises rules.AnswerEmpty: without words
    """
    locked = _locked(person, complaint_id)
    if not text.strip():
        raise rules.AnswerEmpty
    if locked.answered_at is None:
        locked.answer, locked.answered_at = text.strip()[:4000], now
        locked.checked_at = locked.checked_at or now
        locked.save(update_fields=["answer", "answered_at", "checked_at"])
        _record(locked, "feedback.answered", ActorRef("person", str(person.pk)), now)
    return locked
