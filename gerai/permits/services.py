"""Writing permits: number and content in the deciding transaction, then the signature, then revocation and hand-over.

`issue` and `refuse_letter` are called by `reviews` only, inside the transaction that decides.
"""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency
from gerai.applications import marks
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.permits import paper, queries, rules, wording
from gerai.permits.models import Permit, PermitSeries
from gerai.permits.ports import Checked, Signer
from gerai.permits.rules import Kind, Status

MAY_PREVIEW = ("decision", "signing")


def signer() -> Signer:
    """The signer of this installation (setting SIGNER)."""
    made: Signer = import_string(settings.SIGNER)()
    return made


def _record(
    permit: Permit, kind: str, actor: ActorRef, now: datetime, *, cause: int | None = None, **data: Any
) -> None:
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


def _next_number(agency: Agency, service: str, day: date, kind: str) -> str:
    """Take the next number. The row stays locked until the decision commits, so none is skipped or doubled."""
    PermitSeries.objects.get_or_create(agency=agency, kind=kind, year=day.year)
    series = PermitSeries.objects.select_for_update().get(agency=agency, kind=kind, year=day.year)
    series.last += 1
    series.save(update_fields=["last"])
    return rules.number(
        agency.permit_pattern, running=series.last, agency=agency.code, service=service, day=day, kind=kind
    )


def _reserve(
    application: Application,
    content: dict[str, Any],
    sealed: dict[str, str],
    decided_by: Any,
    now: datetime,
    cause: int | None,
) -> Permit:
    name, title = wording.decider(application, decided_by)
    until = content["valid_until"]
    permit = Permit(
        mall=application.mall,
        agency=application.agency,
        service=application.service,
        edition=application.edition,
        application=application,
        holder=application.applicant,
        kind=content["kind"],
        number=content["number"],
        content=content,
        decided_by=decided_by,
        decided_name=name,
        decided_title=title,
        decided_at=now,
        valid_from=date.fromisoformat(content["decided_on"]),
        valid_until=date.fromisoformat(until) if until else None,
    )
    if sealed:
        place = f"permits.content:{permit.pk}"
        permit.content_sealed = encryption.seal(json.dumps(sealed).encode(), place=place)
    permit.save(force_insert=True)
    actor = applications.person_ref(decided_by) if decided_by else SYSTEM
    _record(permit, "permits.reserved", actor, now, cause=cause)
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
) -> Permit:
    """
    Reserve number and content of a permit; a job signs it after commit. Nobody is told before.

    `decided_by` None: approved by law in silence, sealed by the institution. A second call gives the first back.
    """
    found = Permit.objects.filter(application=application).first()
    if found:
        return found
    day = agencies.calendar(application.mall).local(now).date()
    number = _next_number(application.agency, application.service.code, day, Kind.PERMIT)
    content, sealed = wording.permit(application, answers, number, day, decided_by)
    return _reserve(application, content, sealed, decided_by, now, cause)


@transaction.atomic
def refuse_letter(
    *,
    application: Application,
    ground: str,
    text: str,
    decided_by: Any,
    now: datetime,
    cause: int | None = None,
) -> Permit:
    """Reserve number and content of a refusal letter, with the dates for objection and appeal."""
    found = Permit.objects.filter(application=application).first()
    if found:
        return found
    calendar = agencies.calendar(application.mall)
    day = calendar.local(now).date()
    number = _next_number(application.agency, application.service.code, day, Kind.REFUSAL)
    content, sealed = wording.refusal(application, number, ground, text, decided_by, calendar, now)
    return _reserve(application, content, sealed, decided_by, now, cause)


def preview(*, application: Application, answers: dict[str, Any], decided_by: Any, now: datetime) -> bytes:
    """
    The PDF as it would be, for the signing official to read first: marked PRATINJAU, the number provisional.

    :raises rules.NotPrepared: if the application is not at the signing official
    """
    if application.status not in MAY_PREVIEW:
        raise rules.NotPrepared
    day = agencies.calendar(application.mall).local(now).date()
    number = queries.next_number(application.agency, application.service.code, day)
    content, sealed = wording.permit(application, answers, number, day, decided_by)
    for index, value in sealed.items():
        content["rows"][int(index)]["value"] = value
    return paper.render(content, link="", certified=signer().certified, preview=True)


def sign(*, permit_id: UUID | str, now: datetime) -> Permit:
    """
    Render, sign and keep a reserved permit. Safe to repeat, also after a crash at any point.

    Rendering and signing take a second and hold no lock; whoever finishes first keeps the one file.

    :raises NotFound: if there is no such permit
    """
    permit = Permit.objects.select_related("agency", "service", "mall", "holder").filter(pk=permit_id).first()
    if permit is None:
        raise NotFound
    if permit.status != Status.SIGNING:
        return permit
    hand = signer()
    data = paper.render(
        queries.printed(permit), link=f"{settings.BASE_URL}/cek/{permit.secret}/", certified=hand.certified
    )
    reason = f"{permit.content['title']['id']} nomor {permit.number}"
    signed = hand.sign(data, reason=reason, place=permit.mall.city)
    return _keep_signed(permit, signed, hand.certified, now)


@transaction.atomic
def _keep_signed(permit: Permit, data: bytes, certified: bool, now: datetime) -> Permit:
    marks.lock(permit.application_id)  # application first, as everywhere
    locked = Permit.objects.select_for_update().get(pk=permit.pk)
    if locked.status != Status.SIGNING:
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
    locked.save(update_fields=["document", "status", "signed_at", "certified"])
    if permit.kind == Kind.PERMIT:
        _record(permit, "permits.issued", SYSTEM, now)
        marks.mark_issued(application_id=permit.application_id, now=now)
    else:
        _record(permit, "permits.refused", SYSTEM, now)
    return locked


def _lock_valid(permit: Permit) -> Permit:
    locked = (
        Permit.objects.select_for_update(of=("self",)).select_related("agency", "service").get(pk=permit.pk)
    )
    if locked.status != Status.VALID or locked.kind != Kind.PERMIT:
        raise rules.NotValid
    return locked


@transaction.atomic
def revoke(*, permit: Permit, reason: str, actor: Any, now: datetime) -> Permit:
    """
    Withdraw a permit for good. `actor` is the signing official, a person.

    :raises NotFound: if the actor is no signing official of the agency
    :raises rules.ReasonMissing, rules.NotValid: nothing is changed then
    """
    if not queries.may_revoke(actor, permit):
        raise NotFound
    reason = reason.strip()[:1000]
    if len(reason) < 10:
        raise rules.ReasonMissing
    locked = _lock_valid(permit)
    locked.status, locked.revoked_at, locked.revoke_reason = Status.REVOKED, now, reason
    locked.save(update_fields=["status", "revoked_at", "revoke_reason"])
    _record(locked, "permits.revoked", applications.person_ref(actor), now)
    return locked


@transaction.atomic
def hand_over(*, permit: Permit, receiver: str, proof: str, actor: ActorRef, now: datetime) -> Permit:
    """
    Write down who took the paper and what proved it. Called in the transaction that finishes the errand.

    A second call leaves the first hand-over as it was.

    :raises rules.ReceiverMissing, rules.NotValid: nothing is changed then
    """
    locked = _lock_valid(permit)
    if locked.handed_over_at:
        return locked
    receiver, proof = receiver.strip()[:120], proof.strip()[:200]
    if not receiver or not proof:
        raise rules.ReceiverMissing
    locked.handed_over_at, locked.receiver, locked.proof = now, receiver, proof
    locked.save(update_fields=["handed_over_at", "receiver", "proof"])
    _record(locked, "permits.handed_over", actor, now)
    return locked


def check_file(data: bytes) -> tuple[str, Permit | None, Checked]:
    """
    What a PDF that somebody holds is worth: ours, changed, foreign or unsigned; the permit it is or claims to be.
    """
    found = queries.by_file(data)
    checked = signer().check(data)
    if found and checked.intact and checked.ours:
        return "ours", found, checked
    claimed = queries.by_secret(paper.claimed_secret(data))
    if claimed or (checked.signed and checked.ours):
        return "changed", claimed, checked
    return ("foreign" if checked.signed else "unsigned"), None, checked
