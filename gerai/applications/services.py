"""What an applicant does: draft, answers, files, submission, correction, withdrawal. Rooms above use `marks`."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gerai.accounts import queries as people
from gerai.applications import acting, beginning, bundle_queries, follow_queries, queries, statements
from gerai.applications import answers as form
from gerai.applications.follow_queries import Following
from gerai.applications.mending import may_change as may_change
from gerai.applications.mending import open_rows as open_rows
from gerai.applications.models import Application, Attachment, Mandate
from gerai.applications.noting import person_ref as person_ref
from gerai.applications.noting import record as record
from gerai.applications.numbers import next_number as next_number
from gerai.applications.queries import missing as missing
from gerai.applications.rules import MoveNotAllowed, Status, check_move
from gerai.applications.rules import NotOnline as NotOnline
from gerai.applications.rules import NotOpenForChange as NotOpenForChange
from gerai.applications.rules import NotYetComplete as NotYetComplete
from gerai.catalogue import asking
from gerai.catalogue.models import Service
from gerai.catalogue.rules import OURS, is_outside
from gerai.core import encryption, sql
from gerai.core.errors import NotFound
from gerai.documents import services as documents


@transaction.atomic
def start(
    *,
    person: Any,
    service: Service,
    now: datetime,
    helper: Any = None,
    business_id: UUID | None = None,
    mandate: Mandate | None = None,
    following: Following = follow_queries.NOTHING,
) -> Application:
    """
    Begin a draft, or come back to the one that is open: a second click makes no second draft.

    `following`: whose permit it asks to change or renew (`again.start_following` sees to it).

    :raises NotOnline: if the service cannot be applied for here
    :raises NotFound: if the person does not act for the business
    """
    business = people.acts_for(person, business_id).business if business_id else None
    edition = service.editions.filter(status="published").first()
    if edition is None or not service.online or not service.active:
        raise NotOnline
    mine = Application.objects.filter(
        applicant=person, service=service, business=business, follows=following.follows, status=Status.DRAFT
    )
    if found := mine.first():
        return found
    try:
        with transaction.atomic():
            application = Application.objects.create(
                mall=service.agency.mall,
                agency=service.agency,
                service=service,
                edition=edition,
                applicant=person,
                helper=helper,
                helped_until=acting.helping_until(service.agency.mall, helper, mandate, now),
                mandate=mandate,
                business=business,
                follows=following.follows,
                why=following.why,
                follow_by=following.follow_by,
                created_at=now,
            )
    except IntegrityError:  # the other click was faster
        return mine.get()
    # Who types for somebody has asked them first (helping.begin_for), or has their mandate (mandates.begin).
    consent: dict[str, Any] = {"consent": True} if helper else {}
    if mandate:
        consent = {"mandate": str(mandate.pk)}
    if following.why:
        consent["why"] = following.why.value
    record(application, "applications.started", person_ref(helper or person), now, **consent)
    return application


def mine(person: Any, application_id: UUID, now: datetime) -> Application:
    """
    The person's application, its row locked.

    :raises NotFound: if it is not theirs
    """
    application = statements.locked(application_id)
    if application is None:
        raise NotFound
    plain = application.applicant_id == person.pk and application.business_id is None
    if not plain and not queries.owned_by(person, now).filter(pk=application_id).exists():
        raise NotFound
    return application


@transaction.atomic
def save_answers(
    *, person: Any, application_id: UUID, section: str, raw: dict[str, str], now: datetime
) -> dict[str, str]:
    """
    Check and keep the answers of one section. What is right is kept even when something else is wrong.

    Returns a sentence for each input that is wrong; files come by `attach`.

    :raises NotOpenForChange: if the application is not with the applicant
    """
    application = mine(person, application_id, now)
    seen = {f["key"] for f in queries.to_fill_in(application, section)["fields"]}
    tried: set[str] = set()
    wrong: dict[str, str] = {}
    opened = False
    # An answer can make the page ask more: what came with it is checked too, what did not is asked on the next page.
    while field := _next(application, section, tried, lambda key: key in seen or bool(raw.get(key))):
        key = field["key"]
        tried.add(key)
        if not may_change(application, f"answer:{key}"):
            continue
        opened = True
        value, bad = beginning.check(application, key, _read(application, field, raw), now)
        kept = queries.kept_answers(application)
        _put(application, {k: v for k, v in {**kept, key: value}.items() if v is not None})
        wrong |= bad
    if not opened:
        raise NotOpenForChange
    sql.put(application, "answers", "answers_sealed")
    still = {f["key"] for f in queries.to_fill_in(application, section)["fields"]}
    return {name: sentence for name, sentence in wrong.items() if name.partition(".")[0] in still}


def _next(
    application: Application, section: str, tried: set[str], came: Callable[[str], bool]
) -> dict[str, Any] | None:
    """The next question of the section that is asked by now."""
    asked = queries.to_fill_in(application, section)["fields"]
    return next((f for f in asked if f["key"] not in tried and came(f["key"])), None)


def _read(application: Application, field: dict[str, Any], raw: dict[str, str]) -> form.Read:
    """One answer; of a group that was returned for some of its rows the others stay as they are."""
    known, places = queries.answers_of(application), queries.places_of(application)
    rows = open_rows(application, field) if field["type"] == asking.GROUP else None
    if rows is not None:
        return form.check_rows(field, known.get(field["key"], []), rows, raw, places, known)
    good, wrong = form.check([field], raw, places, known)
    return good.get(field["key"]), wrong


def _put(application: Application, everything: dict[str, Any]) -> None:
    """The personal answers sealed, the others as they are; not stored yet."""
    personal = {f["key"] for f in form.fields(application.edition.content) if f.get("personal")}
    application.answers = {k: v for k, v in everything.items() if k not in personal}
    sealed = {k: v for k, v in everything.items() if k in personal}
    place = f"applications.answers:{application.pk}"
    application.answers_sealed = encryption.seal(json.dumps(sealed).encode(), place=place) if sealed else None


def keep_answers(application: Application, everything: dict[str, Any]) -> None:
    """Store checked answers, the personal ones sealed."""
    _put(application, everything)
    sql.put(application, "answers", "answers_sealed")


@transaction.atomic
def attach(
    *,
    person: Any,
    application_id: UUID,
    requirement: str,
    name: str,
    data: bytes,
    now: datetime,
    valid_until: date | None = None,
) -> Attachment:
    """
    Take in the file for a requirement or a question; a newer one takes the place of the older.

    :raises documents.FileTooBig, documents.FileTypeRefused, documents.FileBroken, documents.DocumentOver: as they say
    """
    application = mine(person, application_id, now)
    what = queries.asked_files(application).get(requirement)
    if what is None:
        raise NotFound
    if not may_change(application, what):
        raise NotOpenForChange
    owner = acting.owner_of_files(person, application)
    documents.check_lasts(valid_until, queries.today(application, now))
    file = {"owner": owner, "kind": requirement, "name": name, "data": data, "valid_until": valid_until}
    document = documents.upload(now=now, **file)
    attachment, _ = Attachment.objects.update_or_create(
        application=application,
        requirement=requirement,
        defaults={"document": document, "round": application.round},
    )
    return attachment


def _drop_uncalled(application: Application) -> None:
    """
    What the form does not ask for in the end goes with the sending: nobody shall read it.

    Later, in a return, everything stays: officers have seen it.
    """
    counting = queries.answers_of(application)
    if counting != queries.kept_answers(application):
        keep_answers(application, counting)
    uncalled = application.attachments.exclude(requirement__in=queries.asked_files(application)).values_list(
        "pk", flat=True
    )
    if gone := list(uncalled):
        application.attachments.filter(pk__in=gone).delete()


@transaction.atomic
def submit(*, person: Any, application_id: UUID, now: datetime, confirmed: str = "") -> Application:
    """
    Hand a complete draft in. It gets its number here, once.

    A second click finds it submitted and gives it back unchanged.

    :raises NotYetComplete, acting.ConsultantOnlyFills: if something is missing, or they may only fill in
    :raises rules.FollowedEnded, rules.NothingChanged: if the permit to change ended, or nothing is changed
    :raises bundle_queries.WaitsForAnother: if a permit that it needs first is still applied for
    :raises rules.MoveNotAllowed: if it is no draft any more
    """
    application = mine(person, application_id, now)
    if application.status == Status.SUBMITTED:
        return application
    acting.check_may_decide(person, application)
    if application.status != Status.DRAFT:  # a return is mended by `resubmit`: it has its number
        raise MoveNotAllowed
    bundle_queries.check_free(application)
    follow_queries.check(application, now)
    if missing(application) or beginning.passed(application, now):
        raise NotYetComplete
    _drop_uncalled(application)
    application.number = next_number(application, now)
    application.submitted_at = now
    application.status = Status.SUBMITTED
    sql.put(application, "number", "submitted_at", "status")
    told = acting.how_confirmed(person, application, confirmed)
    record(application, "applications.submitted", person_ref(person), now, round=1, **told)
    return application


@transaction.atomic
def resubmit(*, person: Any, application_id: UUID, now: datetime, confirmed: str = "") -> Application:
    """
    Send a returned application again: the same number, the next round.

    A second click finds it sent and gives it back unchanged.

    :raises NotYetComplete, acting.ConsultantOnlyFills: if something is missing, or they may only fill in
    :raises rules.MoveNotAllowed: if it was not returned
    """
    application = mine(person, application_id, now)
    target = Status.SUBMITTED if application.complete_at is None else Status.REVIEW
    if application.status == target and application.round > 1:
        return application
    acting.check_may_decide(person, application)
    if application.status != Status.RETURNED:
        raise MoveNotAllowed
    follow_queries.check(application, now)
    if missing(application):
        raise NotYetComplete
    application.round += 1
    application.status = target
    application.corrections, application.correct_by = [], None
    sql.put(application, "round", "status", "corrections", "correct_by")
    told = acting.how_confirmed(person, application, confirmed)
    record(application, "applications.resubmitted", person_ref(person), now, round=application.round, **told)
    return application


@transaction.atomic
def withdraw(*, person: Any, application_id: UUID, now: datetime) -> Application:
    """
    Take an application back.

    :raises rules.MoveNotAllowed: if it has been decided
    """
    application = mine(person, application_id, now)
    if application.status == Status.WITHDRAWN:
        return application
    acting.check_may_decide(person, application)
    outside = is_outside(str(application.edition.content.get("system_of_record", OURS)))
    check_move(application.status, Status.WITHDRAWN, outside=outside)
    application.status = Status.WITHDRAWN
    application.save(update_fields=["status"])
    record(application, "applications.withdrawn", person_ref(person), now)
    return application
