"""Writing permits: number and content in the deciding transaction, then the signature, then the hand-over.

`issue` and `refuse_letter` are called by `reviews` only, inside the transaction that decides.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.applications import marks
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.permits import following, hands, paper, queries, rules, series, waiting, wording
from gerai.permits.models import Permit
from gerai.permits.ports import Checked, OfficeLeft, Official
from gerai.permits.rules import Kind, Status

PREVIEW = "PRATINJAU"
MAY_PREVIEW = ("decision", "signing")


def record(
    permit: Permit, kind: str, actor: ActorRef, now: datetime, *, cause: int | None = None, **data: Any
) -> None:
    """Append what happened to a permit; a step of a service's own transaction."""
    ledger.append(
        mall=permit.mall_id,
        kind=kind,
        subject=f"permit:{permit.pk}",
        actor=actor,
        now=now,
        data={
            "agency": permit.agency.code,
            "service": permit.service.code,
            "application": str(permit.application_id),
            "number": permit.number,
            "kind": permit.kind,
            **data,
        },
        cause=cause,
    )


def seal_content(permit: Permit, personal: dict[str, str]) -> bytes | None:
    """The personal values of a permit's content, sealed for its own row; None where there are none."""
    if not personal:
        return None
    return encryption.seal(json.dumps(personal).encode(), place=f"permits.content:{permit.pk}")


def _reserve(
    application: Application,
    content: dict[str, Any],
    sealed: dict[str, str],
    decided_by: Any,
    now: datetime,
    cause: int | None,
    capacity: str = "",
    old: Permit | None = None,
) -> Permit:
    until, place = content["valid_until"], content.pop("place", None)
    permit = Permit(
        mall=application.mall,
        agency=application.agency,
        service=application.service,
        edition=application.edition,
        application=application,
        holder=application.applicant,
        replaces=old,
        **(place or {}),
        kind=content["kind"],
        number=content["number"],
        content=content,
        decided_by=decided_by,
        decided_name=content["decided_name"],
        decided_title=content["decided_title"],
        decided_at=now,
        valid_from=date.fromisoformat(content["decided_on"]),
        valid_until=date.fromisoformat(until) if until else None,
    )
    permit.content_sealed = seal_content(permit, sealed)
    permit.save(force_insert=True)
    actor = applications.person_ref(decided_by) if decided_by else SYSTEM
    record(permit, "permits.reserved", actor, now, cause=cause, **({"form": capacity} if capacity else {}))
    # The job is a row of the same transaction: no decision without its job, no job without its decision.
    app.configure_task("permits.sign", allow_unknown=True).defer(permit_id=str(permit.pk))
    return permit


@transaction.atomic
def issue(
    *,
    application: Application,
    answers: dict[str, Any],
    decided_by: Any,
    now: datetime,
    cause: int | None = None,
    capacity: str = "",
) -> Permit:
    """
    Reserve number and content of a permit; a job signs it after commit. Nobody is told before.

    `decided_by` None: approved by law in silence, sealed by the institution; `capacity`: as whose substitute
    (`agencies.rules.FORMS`). A second call gives the first back.

    :raises change_rules.FollowedNotValid: if it is to change or renew a permit that does not hold any more
    """
    found = Permit.objects.filter(application=application).first()
    if found:
        return found
    old = following.lock_followed(application, now)
    day = agencies.calendar(application.mall).local(now).date()
    number = series.take_number(application.agency, application.service.code, day, Kind.PERMIT)
    content, sealed = wording.permit(application, answers, number, day, decided_by, capacity, old)
    return _reserve(application, content, sealed, decided_by, now, cause, capacity, old)


@transaction.atomic
def refuse_letter(
    *,
    application: Application,
    ground: str,
    text: str,
    decided_by: Any,
    now: datetime,
    cause: int | None = None,
    capacity: str = "",
) -> Permit:
    """Reserve number and content of a refusal letter, with the dates for objection and appeal."""
    found = Permit.objects.filter(application=application).first()
    if found:
        return found
    calendar = agencies.calendar(application.mall)
    day = calendar.local(now).date()
    number = series.take_number(application.agency, application.service.code, day, Kind.REFUSAL)
    content, sealed = wording.refusal(application, number, ground, text, decided_by, calendar, now, capacity)
    return _reserve(application, content, sealed, decided_by, now, cause, capacity)


def preview(
    *, application: Application, answers: dict[str, Any], decided_by: Any, now: datetime, capacity: str = ""
) -> bytes:
    """
    The PDF as it would be, for the signing official to read first: marked PRATINJAU, the number provisional.

    :raises rules.NotPrepared: if the application is not at the signing official
    :raises change_rules.FollowedNotValid: if it is to change or renew a permit that does not hold any more
    """
    if application.status not in MAY_PREVIEW:
        raise rules.NotPrepared
    day = agencies.calendar(application.mall).local(now).date()
    number = queries.next_number(application.agency, application.service.code, day)
    old = following.followed(application, now)
    content, sealed = wording.permit(application, answers, number, day, decided_by, capacity, old)
    content = wording.opened(content, sealed)
    return paper.render(content, link="", certified=hands.signer().certified, preview=PREVIEW)


def sign(*, permit_id: UUID | str, now: datetime, official: Official | None = None) -> Permit:
    """
    Render, sign and keep a reserved permit. Safe to repeat, also after a crash at any point.

    Rendering and signing take a second or more and hold no lock; whoever finishes first keeps the one file. Where
    officials sign in person, what one has decided waits until they do: `batches` hands them in.

    :raises NotFound: if there is no such permit
    :raises SignerFailed: with what went wrong; nothing is changed then
    """
    some = Permit.objects.select_related("agency", "service", "mall", "holder", "decided_by", "replaces")
    permit = some.filter(pk=permit_id).first()
    if permit is None:
        raise NotFound
    hand = hands.hand_of(permit.decided_by)
    if permit.status != Status.SIGNING or (hand.asks_passphrase and official is None):
        return permit
    if official is not None and waiting.left_behind().filter(pk=permit.pk).exists():
        raise OfficeLeft
    data = paper.render(
        queries.printed(permit), link=f"{settings.BASE_URL}/cek/{permit.secret}/", certified=hand.certified
    )
    reason = f"{permit.content['title']['id']} nomor {permit.number}"
    signed = hand.sign(data, reason=reason, place=permit.mall.city, official=official)
    in_person = hand.asks_passphrase and permit.decided_by
    actor = applications.person_ref(permit.decided_by) if in_person else SYSTEM
    return _keep_signed(permit, signed, hand.certified, actor, now)


@transaction.atomic
def _keep_signed(permit: Permit, data: bytes, certified: bool, actor: ActorRef, now: datetime) -> Permit:
    if permit.replaces:
        marks.lock_with_followers(permit.replaces.application_id)
    marks.lock(permit.application_id)  # application first, as everywhere
    locked = Permit.objects.select_for_update().get(pk=permit.pk)
    if locked.status != Status.SIGNING or locked.decided_at != permit.decided_at:  # decided anew meanwhile
        return locked
    locked.document = documents.keep(
        owner=permit.holder,
        kind="permit" if permit.kind == Kind.PERMIT else "refusal",
        name=f"{permit.content['title']['id']} {permit.number.replace('/', '-')}.pdf",
        data=data,
        media_type="application/pdf",
        now=now,
    )
    locked.status, locked.signed_at, locked.certified = Status.VALID, now, certified
    locked.held_until, locked.sign_failure = None, ""
    locked.save(update_fields=["document", "status", "signed_at", "certified", "held_until", "sign_failure"])
    record(permit, "permits.issued" if permit.kind == Kind.PERMIT else "permits.refused", actor, now)
    marks.mark_signed(application_id=permit.application_id, now=now)
    if permit.replaces_id:
        _end_replaced(permit.replaces_id, permit, now)
    return locked


def _end_replaced(old_id: UUID, by: Permit, now: datetime) -> None:
    """The old permit ends in the moment that the new one begins; a part of the transaction that keeps the new one."""
    old = (
        Permit.objects.select_for_update(of=("self",))
        .select_related("agency", "service", "mall")
        .get(pk=old_id)
    )
    old.status, old.replaced_at = Status.REPLACED, now
    old.save(update_fields=["status", "replaced_at"])
    marks.mark_picked_up(application_id=old.application_id)  # nobody shall fetch its paper any more
    marks.bar_followers(application_id=old.application_id, last=queries.today(old, now) - timedelta(days=1))
    record(old, "permits.replaced", SYSTEM, now, replaced_by=by.number)


def lock_valid(permit: Permit, *also: Status) -> Permit:
    """
    The permit's locked row, if it holds (or is in one of the other states named).

    :raises rules.NotValid: if not, or if it is no permit but a letter
    """
    locked = (
        Permit.objects.select_for_update(of=("self",))
        .select_related("agency", "service", "mall")
        .get(pk=permit.pk)
    )
    if locked.status not in (Status.VALID, *also) or locked.kind != Kind.PERMIT:
        raise rules.NotValid
    return locked


@transaction.atomic
def hand_over(*, permit: Permit, receiver: str, proof: str, actor: ActorRef, now: datetime) -> Permit:
    """
    Write down who took the paper and what proved it. Called in the transaction that finishes the errand.

    A second call leaves the first hand-over as it was.

    :raises rules.ReceiverMissing, rules.NotValid: nothing is changed then
    """
    locked = lock_valid(permit)
    if locked.handed_over_at:
        return locked
    receiver, proof = receiver.strip()[:120], proof.strip()[:200]
    if not receiver or not proof:
        raise rules.ReceiverMissing
    locked.handed_over_at, locked.receiver, locked.proof = now, receiver, proof
    locked.save(update_fields=["handed_over_at", "receiver", "proof"])
    record(locked, "permits.handed_over", actor, now)
    return locked


def check_file(data: bytes) -> tuple[str, Permit | None, Checked]:
    """
    What a PDF that somebody holds is worth: ours, changed, foreign or unsigned; the permit it is or claims to be.
    """
    found = queries.by_file(data)
    checked = hands.check(data, kept_at=found.signed_at if found else None)
    if found and checked.intact and checked.ours:
        return "ours", found, checked
    claimed = queries.by_secret(paper.claimed_secret(data))
    if claimed or (checked.signed and checked.ours):
        return "changed", claimed, checked
    return ("foreign" if checked.signed else "unsigned"), None, checked
