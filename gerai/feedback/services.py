"""Rating and complaining."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.core import encryption
from gerai.feedback import queries, rules
from gerai.feedback.models import Complaint, Survey
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

VISITOR = ActorRef("person", "visitor")


@transaction.atomic
def rate(
    *, mall: Mall, agency: Agency, subject: str, score: int, elements: dict[str, int], now: datetime
) -> Survey:
    """
    One tap, and the nine elements beside it if the visitor likes. One rating per visit and agency: the first stays.

    :raises rules.ScoreUnknown: if a score is not 1 to 4
    """
    rules.check_score(score)
    for key, value in elements.items():
        if key not in rules.ELEMENTS:
            raise rules.ScoreUnknown
        rules.check_score(value)
    made, new = Survey.objects.get_or_create(
        subject=subject,
        agency=agency,
        defaults={"mall": mall, "score": score, "elements": elements, "at": now},
    )
    if new:
        ledger.append(
            mall=mall.pk,
            kind="feedback.rated",
            subject=subject,
            actor=VISITOR,
            now=now,
            data={"agency": agency.code, "score": score, "elements": elements},
        )
    return made


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
    made.due_at = agencies.calendar(mall).due(now, rules.ANSWER_DAYS)
    made.save(force_insert=True)
    _record(made, "feedback.complained", VISITOR, now)
    return made


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


@transaction.atomic
def answer(*, person: Any, complaint_id: Any, text: str, now: datetime) -> Complaint:
    """
    Answer a complaint. The first answer stays.

    :raises NotFound: if the person's roles do not see it
    :raises rules.AnswerEmpty: without words
    """
    found = queries.get(person, complaint_id)
    if not text.strip():
        raise rules.AnswerEmpty
    locked = Complaint.objects.select_for_update(of=("self",)).select_related("agency").get(pk=found.pk)
    if locked.answered_at is None:
        locked.answer, locked.answered_at = text.strip()[:4000], now
        locked.save(update_fields=["answer", "answered_at"])
        _record(locked, "feedback.answered", ActorRef("person", str(person.pk)), now)
    return locked
