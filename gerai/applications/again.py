"""Nothing is asked twice: a new application from an earlier one, a document sent once and used again. Writes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.accounts import queries as people
from gerai.applications import answers as form
from gerai.applications import follow_queries, queries, services
from gerai.applications.follow_queries import Following
from gerai.applications.models import Application, Attachment
from gerai.applications.rules import Why
from gerai.catalogue import asking
from gerai.core.errors import NotFound
from gerai.documents import queries as documents
from gerai.documents.models import Document
from gerai.documents.services import check_lasts
from gerai.ledger import services as ledger

NOTHING: Mapping[str, Any] = {}


@transaction.atomic
def start_like(*, person: Any, earlier_id: UUID, now: datetime) -> Application:
    """
    Begin anew with the answers and files of an earlier application of one's own: to renew, or after one that ended.

    What the present edition asks otherwise is left open. A draft in which something stands already stays as it is.

    :raises NotFound: if the earlier one is not theirs, or was never sent
    :raises services.NotOnline: if the service cannot be applied for here any more
    """
    earlier = queries.get(person, earlier_id, now)
    if earlier.applicant_id != person.pk or earlier.submitted_at is None:
        raise NotFound
    draft = services.start(person=person, service=earlier.service, now=now, business_id=earlier.business_id)
    if queries.kept_answers(draft) or draft.attachments.exists():
        return draft
    return _filled(draft, earlier, person, now)


@transaction.atomic
def start_following(
    *, person: Any, earlier: Application, why: Why, number: str, last: date | None, now: datetime
) -> Application:
    """
    Begin a change or a renewal of what an application brought, everything filled in. For `permits`, whose permit it is.

    A renewal answers what the questions say of one ("is this a renewal?"), not what the first application said.
    `number` is the permit's. `earlier` is locked by the caller.
    What is under way already is given back, whoever of the same business began it.

    :raises NotFound: if it is somebody else's
    :raises services.NotOnline: if the service cannot be applied for here any more
    """
    if earlier.business_id is None and earlier.applicant_id != person.pk:
        raise NotFound
    if earlier.business_id is not None:
        people.acts_for(person, earlier.business_id)
    if found := follow_queries.under_way(earlier.pk):
        return found
    draft = services.start(
        person=person,
        service=earlier.service,
        now=now,
        business_id=earlier.business_id,
        following=Following(earlier, why, last),
    )
    said = _renewing(draft.edition.content, number) if why == Why.RENEW else NOTHING
    return _filled(draft, earlier, person, now, said)


def _renewing(content: dict[str, Any], number: str) -> dict[str, Any]:
    """
    What a renewal of the permit of this number answers, as the questions say.

    None for the days from or until which the permit holds: those of the old one are over, so they are asked anew.
    """
    said = {f["key"]: f["renewing"] for f in form.fields(content) if "renewing" in f}
    said = {key: number if value == asking.OLD_NUMBER else value for key, value in said.items()}
    lasts = content.get("permit", {}).get("lasts", {})
    return {lasts[name]: None for name in ("from", "until") if name in lasts} | said


def _filled(
    draft: Application, earlier: Application, person: Any, now: datetime, said: Mapping[str, Any] = NOTHING
) -> Application:
    """The draft with the answers and files of an earlier application; what is `said` goes before them."""
    services.keep_answers(draft, _fitting(draft.edition.content, earlier, said))
    there = {a.requirement: a.document for a in earlier.attachments.select_related("document")}
    wanted = [r["code"] for r in queries.files_required(draft)]
    wanted += [f["key"] for f in queries.file_questions(draft)]
    today = queries.today(draft, now)
    for name in wanted:
        if name in there and lasts(there[name], today):
            use(draft, name, there[name], now)
    services.record(draft, "applications.prefilled", services.person_ref(person), now, earlier=earlier.number)
    return draft


def _fitting(content: dict[str, Any], earlier: Application, said: Mapping[str, Any]) -> dict[str, Any]:
    """The earlier answers, and what is `said` instead, that the present form would accept."""
    types = {f["key"]: f["type"] for f in form.fields(earlier.edition.content)}
    asked = {f["key"] for f in form.fields(content) if f["type"] == types.get(f["key"]) != asking.COMPUTED}
    kept = {key: value for key, value in queries.kept_answers(earlier).items() if key in asked} | dict(said)
    kept = {key: value for key, value in kept.items() if value is not None}
    wrong = form.recheck(content, asking.settle(content, kept), queries.places_of(earlier))
    return {key: value for key, value in kept.items() if key not in wrong}


@transaction.atomic
def reuse(*, person: Any, application_id: UUID, requirement: str, now: datetime) -> Attachment:
    """
    Show a document that the applicant sent before, by their own press: that is the consent. Twice is once.

    :raises NotFound: if it is not their own application, not asked for, or they never sent one
    :raises services.NotOpenForChange: if the application is not with the applicant
    :raises DocumentOver: if it is not valid any more
    """
    application = services.mine(person, application_id, now)
    if application.applicant_id != person.pk:  # who types for somebody does not go through their wallet
        raise NotFound
    what = queries.asked_files(application).get(requirement)
    if what is None:
        raise NotFound
    if not services.may_change(application, what):
        raise services.NotOpenForChange
    found = documents.latest(person.pk, [requirement]).get(requirement)
    if found is None:
        raise NotFound
    check_lasts(found.valid_until, queries.today(application, now))
    return use(application, requirement, found, now)


def sent_before(application: Application, person: Any, now: datetime) -> dict[str, dict[str, Any]]:
    """
    What a person sent before of what their own application asks, by requirement or file question.

    Each as {"before": document, "over": whether it is not valid any more and cannot be used again}. Nothing for who
    types for somebody.
    """
    if application.applicant_id != person.pk:
        return {}
    today = queries.today(application, now)
    found = documents.latest(person.pk, queries.asked_files(application))
    return {name: {"before": one, "over": not lasts(one, today)} for name, one in found.items()}


def lasts(document: Document, today: date) -> bool:
    """Whether a document is valid on a day; one without an end always is."""
    return document.valid_until is None or document.valid_until >= today


def use(application: Application, requirement: str, document: Document, now: datetime) -> Attachment:
    """Attach it; the owner finds each use among the entries about their data."""
    attachment, made = Attachment.objects.update_or_create(
        application=application,
        requirement=requirement,
        defaults={"document": document, "round": application.round},
    )
    if made or attachment.document_id != document.pk:
        ledger.append(
            mall=application.mall_id,
            kind="documents.reused",
            subject=f"person:{document.owner_id}",
            actor=services.person_ref(application.applicant),
            now=now,
            data={"document": str(document.pk), "what": requirement, "application": str(application.pk)},
        )
    return attachment
