"""What an applicant does: draft, answers, files, submission, correction, withdrawal. Rooms above use `marks`."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gerai.agencies import queries as agencies
from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.models import Application, Attachment, NumberSeries
from gerai.applications.rules import MoveNotAllowed, Status, check_move
from gerai.catalogue.models import Service
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


class NotOnline(DomainError):
    """This service cannot be applied for online here."""

    code = "service_not_online"
    text = "Layanan ini belum bisa diajukan dari rumah. Silakan datang ke mal dan ambil nomor."


class NotOpenForChange(DomainError):
    """Only what the officer asked to mend may change, and only while it is with the applicant."""

    code = "answer_not_open"
    text = "Bagian ini tidak dapat diubah sekarang."
    status = 409


class NotYetComplete(DomainError):
    """Something is still missing before it can be sent."""

    code = "application_incomplete"
    text = "Permohonan belum lengkap. Lengkapi bagian yang ditandai, lalu kirim lagi."


@transaction.atomic
def start(*, person: Any, service: Service, now: datetime, helper: Any = None) -> Application:
    """
    Begin a draft, or come back to the one that is open: a second click makes no second draft.

    :raises NotOnline: if the service cannot be applied for here
    """
    edition = service.editions.filter(status="published").first()
    if edition is None or not service.online or not service.active:
        raise NotOnline
    mine = Application.objects.filter(applicant=person, service=service, status=Status.DRAFT)
    found = mine.first()
    if found:
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
                created_at=now,
            )
    except IntegrityError:  # the other click was faster
        return mine.get()
    # Who types for somebody has asked them first (helping.begin_for).
    consent = {"consent": True} if helper else {}
    _record(application, "applications.started", person_ref(helper or person), now, **consent)
    return application


def person_ref(person: Any) -> ActorRef:
    """A person as an actor of the ledger."""
    return ActorRef("person", str(person.pk))


def _record(application: Application, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    ledger.append(
        mall=application.mall_id,
        kind=kind,
        subject=f"application:{application.pk}",
        actor=actor,
        now=now,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
            "channel": "desk" if application.helper_id else "online",
            **data,
        },
    )


def _mine(person: Any, application_id: UUID) -> Application:
    """The person's application, its row locked."""
    locked = Application.objects.select_for_update(of=("self",))
    found = locked.filter(pk__in=queries.owned_by(person).filter(pk=application_id).values("pk"))
    application = found.select_related("edition", "agency", "service", "mall").first()
    if application is None:
        raise NotFound
    return application


def may_change(application: Application, what: str) -> bool:
    """
    Whether "answer:<key>" or "file:<code>" is open: all of a draft; of a return the parts named, and what is
    newly asked because one of them was mended.
    """
    if application.status == Status.DRAFT:
        return True
    if application.status != Status.RETURNED:
        return False
    return what in {c["what"] for c in application.corrections} or what in missing(application)


@transaction.atomic
def save_answers(
    *, person: Any, application_id: UUID, section: str, raw: dict[str, str], now: datetime
) -> dict[str, str]:
    """
    Check and keep the answers of one section. What is right is kept even when something else is wrong.

    Returns a sentence for each field that is wrong.

    :raises NotOpenForChange: if the application is not with the applicant
    """
    application = _mine(person, application_id)
    asked = queries.to_fill_in(application, section)["fields"]
    seen = {f["key"] for f in asked}
    tried: set[str] = set()
    wrong: dict[str, str] = {}
    opened = False
    # An answer can make the page ask more: what came with it is checked too, what did not is asked on the next page.
    while todo := [f for f in asked if f["key"] not in tried and (f["key"] in seen or raw.get(f["key"]))]:
        tried |= {f["key"] for f in todo}
        todo = [f for f in todo if may_change(application, f"answer:{f['key']}")]
        opened = opened or bool(todo)
        good, bad = form.check(todo, raw)
        kept = {
            k: v for k, v in queries.kept_answers(application).items() if k not in {f["key"] for f in todo}
        }
        _keep_answers(application, {**kept, **good})
        wrong |= bad
        asked = queries.to_fill_in(application, section)["fields"]
    if not opened:
        raise NotOpenForChange
    still = {f["key"] for f in asked}
    return {key: sentence for key, sentence in wrong.items() if key in still}


def _keep_answers(application: Application, everything: dict[str, Any]) -> None:
    personal = {f["key"] for f in form.fields(application.edition.content) if f.get("personal")}
    application.answers = {k: v for k, v in everything.items() if k not in personal}
    sealed = {k: v for k, v in everything.items() if k in personal}
    application.answers_sealed = (
        encryption.seal(json.dumps(sealed).encode(), place=f"applications.answers:{application.pk}")
        if sealed
        else None
    )
    application.save(update_fields=["answers", "answers_sealed"])


@transaction.atomic
def attach(
    *, person: Any, application_id: UUID, requirement: str, name: str, data: bytes, now: datetime
) -> Attachment:
    """
    Take in the file for one requirement; a newer one takes the place of the older.

    :raises documents.FileTooBig, documents.FileTypeRefused, documents.FileBroken: nothing is changed then
    """
    application = _mine(person, application_id)
    if requirement not in {r["code"] for r in queries.files_required(application)}:
        raise NotFound
    if not may_change(application, f"file:{requirement}"):
        raise NotOpenForChange
    document = documents.upload(owner=application.applicant, kind=requirement, name=name, data=data, now=now)
    attachment, _ = Attachment.objects.update_or_create(
        application=application,
        requirement=requirement,
        defaults={"document": document, "round": application.round},
    )
    return attachment


def missing(application: Application) -> dict[str, str]:
    """What is still wrong or missing: "answer:<key>" or "file:<code>" -> sentence."""
    wrong = form.recheck(application.edition.content, queries.answers_of(application))
    found = {f"answer:{key}": sentence for key, sentence in wrong.items()}
    have = set(application.attachments.values_list("requirement", flat=True))
    for requirement in queries.files_required(application):
        if requirement.get("required", True) and requirement["code"] not in have:
            found[f"file:{requirement['code']}"] = "Berkas ini belum dikirim."
    return found


def _drop_uncalled(application: Application) -> None:
    """
    What the form does not ask for in the end goes with the sending: nobody shall read it.

    Later, in a return, everything stays: officers have seen it.
    """
    _keep_answers(application, queries.answers_of(application))
    needed = [r["code"] for r in queries.files_required(application)]
    application.attachments.exclude(requirement__in=needed).delete()


def _next_number(application: Application, now: datetime) -> str:
    year = agencies.calendar(application.mall).local(now).year
    NumberSeries.objects.get_or_create(mall=application.mall, year=year)
    series = NumberSeries.objects.select_for_update().get(mall=application.mall, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{application.mall_id}-{year}-{series.last:06d}"


@transaction.atomic
def submit(*, person: Any, application_id: UUID, now: datetime) -> Application:
    """
    Hand a complete draft in. It gets its number here, once.

    A second click finds it submitted and gives it back unchanged.

    :raises NotYetComplete: if answers or files are missing
    :raises rules.MoveNotAllowed: if it is no draft any more
    """
    application = _mine(person, application_id)
    if application.status == Status.SUBMITTED:
        return application
    if application.status != Status.DRAFT:  # a return is mended by `resubmit`: it has its number
        raise MoveNotAllowed
    if missing(application):
        raise NotYetComplete
    _drop_uncalled(application)
    application.number = _next_number(application, now)
    application.submitted_at = now
    application.status = Status.SUBMITTED
    application.save(update_fields=["number", "submitted_at", "status"])
    _record(application, "applications.submitted", person_ref(person), now, round=1)
    return application


@transaction.atomic
def resubmit(*, person: Any, application_id: UUID, now: datetime) -> Application:
    """
    Send a returned application again: the same number, the next round.

    A second click finds it sent and gives it back unchanged.

    :raises NotYetComplete: if answers or files are missing
    :raises rules.MoveNotAllowed: if it was not returned
    """
    application = _mine(person, application_id)
    target = Status.SUBMITTED if application.complete_at is None else Status.REVIEW
    if application.status == target and application.round > 1:
        return application
    if application.status != Status.RETURNED:
        raise MoveNotAllowed
    if missing(application):
        raise NotYetComplete
    application.round += 1
    application.status = target
    application.corrections = []
    application.save(update_fields=["round", "status", "corrections"])
    _record(application, "applications.resubmitted", person_ref(person), now, round=application.round)
    return application


@transaction.atomic
def withdraw(*, person: Any, application_id: UUID, now: datetime) -> Application:
    """
    Take an application back.

    :raises rules.MoveNotAllowed: if it has been decided
    """
    application = _mine(person, application_id)
    if application.status == Status.WITHDRAWN:
        return application
    check_move(application.status, Status.WITHDRAWN)
    application.status = Status.WITHDRAWN
    application.save(update_fields=["status"])
    _record(application, "applications.withdrawn", person_ref(person), now)
    return application
