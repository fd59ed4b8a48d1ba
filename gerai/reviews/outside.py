"""Where another system decides (SIMBG, OSS): its result is recorded with its proof; Gerai issues nothing. Writes.

A wrong record is corrected by a further row with a reason; the first stays. Where the edition says that the proof is
optional (handed over at the counter, done in the agency's own system), number and document may be left out.
"""

import hashlib
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import filetype
from django.db import transaction
from django.db.models import QuerySet

from gerai.agencies import substituting
from gerai.applications import marks
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.catalogue import generic
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.rules import ActorRef
from gerai.payments import services as payments
from gerai.payments.rules import Owed
from gerai.reviews import cases, hands, rules, stages, statements
from gerai.reviews.calling_off import TELL
from gerai.reviews.models import Case, OutsideResult, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.services import eyes, take, to_mend
from gerai.reviews.stages import finish, record

OUTCOMES = {"granted": Outcome.APPROVE, "rejected": Outcome.REJECT, "returned": Outcome.RETURN}
# Where people see the result for themselves, of systems that the pilot's services name.
WHERE = {"SIMBG": "https://simbg.pu.go.id/", "OSS": "https://oss.go.id/"}


class ReferenceMissing(DomainError):
    """The outside system's own number."""

    code = "outside_reference_missing"
    text = "Tulis nomor dari sistem itu persis seperti tertulis di dokumennya, 3 sampai 80 huruf."


class OutsideDateWrong(DomainError):
    """The day of the result: not to come, and not before the application was sent."""

    code = "outside_date_wrong"
    text = "Tulis tanggal hasilnya: tidak sebelum permohonan dikirim dan tidak sesudah hari ini."


class OutsideAddressWrong(DomainError):
    """An address of the web, or none."""

    code = "outside_address_wrong"
    text = "Alamat untuk melihat hasilnya harus dimulai dengan https://. Kosongkan bila tidak ada."


class ProofMissing(DomainError):
    """A final result has its document."""

    code = "outside_proof_missing"
    text = "Lampirkan dokumen hasilnya sebagai PDF. Pemohon menyimpannya di dompet berkasnya."


class OutsideReasonMissing(DomainError):
    """A rejection says why; a correction says what was wrong."""

    code = "outside_reason_missing"
    text = "Tulis alasannya dengan kalimat yang dipahami pemohon, paling sedikit 5 huruf."


class NothingToCorrect(DomainError):
    """Only a recorded result can be corrected, and what is the same already is not."""

    code = "outside_nothing_to_correct"
    text = "Belum ada hasil yang dicatat, atau permohonannya sudah berjalan lagi. Muat ulang halaman ini."
    status = 409


def where_of(system: str) -> str:
    """The address of a known system; the officer may write another."""
    return WHERE.get(system, "")


def of_case(case: Case) -> QuerySet[OutsideResult]:
    """Every record of a case whose reader has been checked, oldest first, the corrected ones too."""
    found = OutsideResult.objects.filter(task__case=case).select_related("recorded_by")
    return found.order_by("recorded_at", "pk")


def _reference(task: Task, text: str) -> str:
    """The other system's number; what is handed over or said at the counter may have none."""
    text = " ".join(text.split())
    if not text and not _needs_proof(task):
        return ""
    if not 3 <= len(text) <= 80:
        raise ReferenceMissing
    return text


def _needs_proof(task: Task) -> bool:
    return generic.needs_proof(task.case.application.edition.content)


def _day(task: Task, day: date | None, now: datetime) -> date:
    zone, sent = ZoneInfo(task.case.mall.timezone), task.case.application.submitted_at or now
    if day is None or not sent.astimezone(zone).date() <= day <= now.astimezone(zone).date():
        raise OutsideDateWrong
    return day


def _address(text: str) -> str:
    text = text.strip()
    parts = urlsplit(text) if text.isprintable() and len(text) <= 300 else None
    if text and (parts is None or parts.scheme not in ("http", "https") or not parts.hostname):
        raise OutsideAddressWrong
    return text


def _reason(text: str) -> str:
    text = text.strip()[:2000]
    if len(text) < 5:
        raise OutsideReasonMissing
    return text


def _proof(task: Task, system: str, data: bytes | None, now: datetime) -> Document | None:
    """The document into the applicant's wallet, sealed; a PDF only, for it is what the outside system gave out."""
    if not data:
        return None
    if filetype.guess_mime(data) != "application/pdf":
        raise ProofMissing
    number, owner = task.case.application.number, task.case.application.applicant
    name = f"Hasil {system} {number}.pdf"
    return documents.upload(owner=owner, kind="outside", name=name, data=data, now=now)


def _told(row: OutsideResult) -> dict[str, Any]:
    """What the application keeps of a result, for its applicant."""
    return {
        "system": row.system,
        "result": row.result,
        "reference": row.reference,
        "on": row.decided_on.isoformat(),
        "where": row.where,
        "document": str(row.document_id) if row.document_id else None,
    }


@transaction.atomic
def record_result(
    *,
    person: Any,
    task_id: int,
    result: str,
    reference: str,
    decided_on: date | None,
    where: str,
    proof: bytes | None,
    reason: str,
    corrections: list[dict[str, str]],
    now: datetime,
) -> OutsideResult:
    """
    Record what the outside system decided, and end the case so; or give back to the applicant what it gave back.

    :raises NotFound, rules.TaskDone, rules.OutcomeNotAllowed, rules.OwnCase, rules.TakenByOther: not theirs to record
    :raises ReferenceMissing, OutsideDateWrong, OutsideAddressWrong, ProofMissing: nothing is changed then
    :raises OutsideReasonMissing, rules.CorrectionEmpty: of a rejection, of a return
    """
    if result not in OUTCOMES:
        raise rules.OutcomeNotAllowed
    task = take(person, task_id, OUTCOMES[result])
    if task.kind != Kind.OUTSIDE or task.key == TELL:
        raise rules.OutcomeNotAllowed
    case, application = task.case, task.case.application
    system = application.edition.content["system_of_record"]
    reference, day = _reference(task, reference), _day(task, decided_on, now)
    where = _address(where)
    said = _reason(reason) if result == "rejected" else ""
    named = to_mend(application, corrections) if result == "returned" else []
    document = _proof(task, system, proof, now)
    if document is None and result != "returned" and _needs_proof(task):
        raise ProofMissing
    row = OutsideResult.objects.create(
        task=task, system=system, result=result, reference=reference, decided_on=day, where=where,
        document=document, recorded_by_id=person.pk, recorded_at=now,
    )  # fmt: skip
    actor = applications.person_ref(person)
    finish(task, actor, OUTCOMES[result], said, now, named)
    case.pauses.filter(reason=rules.VISIT, ended_at=None).update(ended_at=now)  # they have come
    told = {"system": system, "result": result, "outside": row.pk}
    entry: dict[str, Any] = {"agency": task.agency.code, **told, **substituting.told(task.stand_in)}
    if result == "returned":
        application.outside = _told(row)
        application.save(update_fields=["outside"])
        record(case, "reviews.outside_recorded", actor, now, **entry)
        stages.give_back(case, [task], now, actor)
        return row
    _end(task, row, said, actor, now)
    record(case, "reviews.outside_recorded", actor, now, **entry)
    return row


def _ground(row: OutsideResult) -> str:
    return f"{row.system} {row.reference}".strip()


def _end(task: Task, row: OutsideResult, said: str, actor: ActorRef, now: datetime) -> None:
    case, application = task.case, task.case.application
    changes: dict[str, Any] = {"decided_at": now, "outside": _told(row)}
    if row.result == "granted":
        marks.mark(application=application, status=Status.APPROVED, **changes)
        cases.close(case, "approved", actor, now)
        return
    changes["rejection"] = {"ground": _ground(row), "text": said}
    marks.mark(application=application, status=Status.REJECTED, **changes)
    payments.owe_back(application=application, reason=Owed.REJECTED, actor=actor, now=now)
    cases.close(case, "rejected", actor, now)


@transaction.atomic
def correct(
    *,
    person: Any,
    task_id: int,
    reference: str,
    decided_on: date | None,
    where: str,
    proof: bytes | None,
    reason: str,
    now: datetime,
) -> OutsideResult:
    """
    Mend what was recorded, with a reason: reference, day, address, proof; never the result. The first record stays.

    The same again gives the last back.

    :raises NotFound, rules.OwnCase, rules.TypedByYou: if the task is not theirs
    :raises NothingToCorrect, ReferenceMissing, OutsideDateWrong, OutsideAddressWrong, OutsideReasonMissing: as they say
    """
    task = statements.lock_task(person, task_id)
    if task is None or task.kind != Kind.OUTSIDE:
        raise NotFound
    hands.check(eyes(person, task), task.case.application)
    last = task.results.filter(replaced_by=None).first()
    if last is None or last.result == "returned":
        raise NothingToCorrect
    reference, day = _reference(task, reference), _day(task, decided_on, now)
    where = _address(where)
    same = (reference, day, where) == (last.reference, last.decided_on, last.where)
    if same and (not proof or (last.document and last.document.sha256 == hashlib.sha256(proof).hexdigest())):
        return last
    why = _reason(reason)[:300]
    document = _proof(task, last.system, proof, now)
    row = OutsideResult.objects.create(
        task=task, system=last.system, result=last.result, reference=reference, decided_on=day, where=where,
        document_id=document.pk if document else last.document_id, recorded_by_id=person.pk, recorded_at=now,
        replaces=last, reason=why,
    )  # fmt: skip
    application = task.case.application
    application.outside = _told(row)
    if application.rejection:
        application.rejection = {**application.rejection, "ground": _ground(row)}
    application.save(update_fields=["outside", "rejection"])
    told: dict[str, Any] = {"system": row.system, "result": row.result, "outside": row.pk}
    told |= substituting.told(task.stand_in)
    actor = applications.person_ref(person)
    record(task.case, "reviews.outside_corrected", actor, now, agency=task.agency.code, **told)
    return row
