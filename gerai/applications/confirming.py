"""What an officer typed is confirmed by the applicant: on their own phone, or by a signature at the counter. Writes.

The link is an unguessable secret that shows and confirms, nothing else. It belongs to the first device that opens it
and to what that device was shown: it ends with its answer, with the consent, and as soon as anything has changed.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gerai.accounts import tries
from gerai.applications import acting, beginning, bundle_queries, follow_queries, services, signature
from gerai.applications import confirm_queries as queries
from gerai.applications.confirm_models import Confirmation, Way
from gerai.applications.confirm_queries import index
from gerai.applications.models import Application
from gerai.applications.noting import person_ref, record
from gerai.applications.rules import MoveNotAllowed, Status
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger.rules import ActorRef
from gerai.notices import services as notices

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_LENGTH = 8
CODE_TRIES, CODE_WINDOW = 10, timedelta(minutes=15)  # from one address
CODE_TRIES_ALL = (
    10_000  # wrong ones, from everywhere: 31^8 codes stay out of reach, and nobody shuts others out
)
NOTE = 500


class ConfirmationOver(DomainError):
    """Answered, replaced, changed since, or the consent has ended."""

    code = "confirmation_over"
    text = "Tautan ini sudah tidak berlaku. Minta petugas menunjukkan yang baru."
    status = 410


class OpenedElsewhere(DomainError):
    """The first device that opens the link is the one that answers."""

    code = "confirmation_opened_elsewhere"
    text = "Isian ini sudah dibuka di ponsel lain. Kalau itu bukan Anda, beri tahu petugas sekarang."
    status = 409


class CodeUnknown(DomainError):
    """No open confirmation has this code."""

    code = "confirmation_code_unknown"
    text = "Kode itu tidak cocok. Periksa lagi hurufnya di layar petugas."


class TooManyCodes(DomainError):
    """Codes are not guessed here."""

    code = "confirmation_too_many_codes"
    text = "Terlalu banyak kode yang salah. Pindai kode QR di layar petugas, atau coba lagi 15 menit lagi."
    status = 429


class NothingMarked(DomainError):
    """Who says that something is wrong says what."""

    code = "confirmation_nothing_marked"
    text = "Tandai dulu bagian yang salah, atau tulis apa yang salah."


class MarkedYetRight(DomainError):
    """Marked as wrong and sent as right: which of the two?"""

    code = "confirmation_marked_yet_right"
    text = "Anda menandai bagian yang salah. Hapus tandanya, atau tekan tombol bahwa ada yang salah."


class ChangedSinceShown(DomainError):
    """What was signed is not what stands there now."""

    code = "confirmation_changed"
    text = "Isian berubah sejak ditunjukkan. Tunjukkan lagi, lalu minta tanda tangan."
    status = 409


def _at_desk(officer: Any, application_id: UUID, now: datetime) -> Application:
    """The application that this officer types for somebody at the desk, its row locked, ready to be sent."""
    application = services.mine(officer, application_id, now)
    if not acting.at_desk(officer, application):
        raise NotFound
    if application.status not in (Status.DRAFT, Status.RETURNED):
        raise MoveNotAllowed
    if application.status == Status.DRAFT:
        bundle_queries.check_free(application)
        if beginning.passed(application, now):
            raise services.NotYetComplete
    follow_queries.check(application, now)
    if services.missing(application):
        raise services.NotYetComplete
    return application


@transaction.atomic
def ask(*, officer: Any, application_id: UUID, now: datetime) -> Confirmation:
    """
    Let the applicant confirm on their own phone: a link and a short code.

    If we know where, they are sent the address where the code is typed; the link itself stands in no message.
    The same again while nobody has opened it is the same; else a new one takes the place of the old.

    :raises services.NotYetComplete, MoveNotAllowed, NothingChanged, FollowedEnded: nothing is made then
    """
    application = _at_desk(officer, application_id, now)
    before = Confirmation.objects.select_for_update().filter(application=application, ended_at=None).first()
    if before is not None:
        if before.claim_index is None and before.until > now and before.officer_id == officer.pk:
            return before
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    made = Confirmation(application=application, way=Way.PHONE, officer=officer, created_at=now)
    made.until = application.helped_until or now
    made.token_index, made.code_index = index(token, "token"), index(code, "code")
    plain = json.dumps({"token": token, "code": code}).encode()
    made.secret_sealed = encryption.seal(plain, place=f"applications.confirmation:{made.pk}")
    made.save(force_insert=True)
    record(application, "applications.shown", person_ref(officer), now, confirmation=str(made.pk))
    applicant = application.applicant
    if applicant.phone or applicant.email:
        notices.send(
            key=f"application_confirm:{made.pk}",
            mall=application.mall_id,
            person=applicant,
            template="application_confirm",
            data={"service": application.service.name, "path": queries.ENTER},
            now=now,
            by_text=True,
        )
    return made


@transaction.atomic
def open_link(*, token: str, device: str, now: datetime) -> Confirmation:
    """
    The first device that opens the link has it from now on, with what stands there at this moment. Twice is once.

    :raises NotFound, ConfirmationOver, OpenedElsewhere: as they say
    """
    confirmation, application = _locked(token)
    if queries.why_over(confirmation, application, now):
        raise ConfirmationOver
    if confirmation.claim_index is None:
        confirmation.claim_index = index(device, "device")
        confirmation.digest = queries.digest(application)
        confirmation.opened_at = now
        confirmation.save(update_fields=["claim_index", "digest", "opened_at"])
        record(application, "applications.shown_opened", _ref(confirmation), now)
    elif not queries.is_of(confirmation, device):
        raise OpenedElsewhere
    return confirmation


def token_of_code(*, code: str, address: str, now: datetime, device: str = "") -> str:
    """
    The link that a short code stands for. Tries are counted before they are looked at: many at once gain nothing.

    For the device that has opened it already too: its second click.

    :raises TooManyCodes, CodeUnknown: as they say
    """
    since, typed = now - CODE_WINDOW, "".join(code.split()).upper()
    many = tries.is_one_machine(address) and tries.count(f"confirm {address}", CODE_TRIES, since, now)
    if many or tries.count("confirm", CODE_TRIES_ALL, since, now):
        raise TooManyCodes
    its = Q(claim_index=None) | Q(claim_index=index(device, "device")) if device else Q(claim_index=None)
    of_code = Confirmation.objects.filter(code_index=index(typed, "code"), ended_at=None, until__gt=now)
    found = of_code.filter(its).first()
    if found is None:
        raise CodeUnknown
    tries.forget("confirm")
    return queries.secret(found)["token"]


def _ref(confirmation: Confirmation) -> ActorRef:
    """Whoever holds the device that opened the link: that is all we know."""
    return ActorRef("device", str(confirmation.pk))


def _locked(token: str) -> tuple[Confirmation, Application]:
    """Application and confirmation, both locked, in the order in which all lock them."""
    found = queries.by_token(token)
    application = queries.whole(found, lock=True)
    return Confirmation.objects.select_for_update().get(pk=found.pk), application


def _to_answer(
    token: str, device: str, outcome: str, now: datetime
) -> tuple[Confirmation, Application, bool]:
    """What this device may answer, locked; and whether it has answered just so already."""
    confirmation, application = _locked(token)
    own = queries.is_of(confirmation, device)
    if own and confirmation.outcome == outcome:
        return confirmation, application, True
    if queries.why_over(confirmation, application, now):
        raise ConfirmationOver
    if not own:
        raise OpenedElsewhere
    return confirmation, application, False


@transaction.atomic
def confirm(*, token: str, device: str, marked: list[str], now: datetime) -> Application:
    """
    The applicant says that it is right: it is sent. A second click finds it sent.

    :raises NotFound, ConfirmationOver, OpenedElsewhere, MarkedYetRight: nothing is sent then
    """
    confirmation, application, done = _to_answer(token, device, "right", now)
    if done:
        return application
    if marked:
        raise MarkedYetRight
    confirmation.outcome, confirmation.ended_at = "right", now
    confirmation.save(update_fields=["outcome", "ended_at"])
    return _send(application, Way.PHONE, now)


def _send(application: Application, way: Way, now: datetime) -> Application:
    """In the applicant's name: they have confirmed it."""
    again = application.status == Status.RETURNED
    send = services.resubmit if again else services.submit
    return send(person=application.applicant, application_id=application.pk, now=now, confirmed=way)


@transaction.atomic
def mark_wrong(*, token: str, device: str, marked: list[str], note: str, now: datetime) -> None:
    """
    The applicant says what is wrong; the officer's screen shows it, and nothing is sent. Twice is once.

    :raises NotFound, ConfirmationOver, OpenedElsewhere, NothingMarked: nothing is kept then
    """
    confirmation, application, done = _to_answer(token, device, "wrong", now)
    if done:
        return
    known = [what for what in queries.markable(application) if what in marked]
    if not known and not note.strip():
        raise NothingMarked
    plain = json.dumps({"marked": known, "note": note.strip()[:NOTE]}).encode()
    confirmation.said_sealed = encryption.seal(plain, place=f"applications.said:{confirmation.pk}")
    confirmation.outcome, confirmation.ended_at = "wrong", now
    confirmation.save(update_fields=["said_sealed", "outcome", "ended_at"])
    record(application, "applications.marked", _ref(confirmation), now, marks=len(known))


@transaction.atomic
def sign(*, officer: Any, application_id: UUID, seen: str, picture: str, now: datetime) -> Application:
    """
    The applicant has no phone, reads it on the counter's screen and signs there: it is sent. Twice is once.

    :raises services.NotYetComplete, signature.SignatureMissing, ChangedSinceShown: nothing is sent then
    """
    application = services.mine(officer, application_id, now)
    done = Confirmation.objects.filter(application=application, way=Way.SIGNATURE, round=application.round)
    if application.status in (Status.SUBMITTED, Status.REVIEW) and done.exists():
        return application
    application = _at_desk(officer, application_id, now)
    shown = queries.digest(application)
    if not secrets.compare_digest(shown.hex(), seen):
        raise ChangedSinceShown
    document = documents.upload(
        owner=application.applicant,
        kind="SIGNATURE",
        name="tanda-tangan.png",
        data=signature.check(picture),
        now=now,
    )
    Confirmation.objects.filter(application=application, ended_at=None).update(ended_at=now)
    made = Confirmation(
        application=application, way=Way.SIGNATURE, officer=officer, created_at=now, until=now
    )
    made.digest, made.signature, made.outcome, made.opened_at, made.ended_at = (
        shown,
        document,
        "right",
        now,
        now,
    )
    sent = _send(application, Way.SIGNATURE, now)
    made.round = sent.round
    made.save(force_insert=True)
    return sent
