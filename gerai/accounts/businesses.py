"""Businesses: claimed by NIB, proven by the licensing register or at the desk; who acts for them. Writes."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from gerai.accounts import comparing, queries, registers, rules, services
from gerai.accounts.models import Business, BusinessMember, Person
from gerai.accounts.ports import BusinessRecord, RegisterDown
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

OWNER, STAFF, CONSULTANT = "owner", "staff", "consultant"
ROLES = (OWNER, STAFF, CONSULTANT)
CLAIMS = 10  # unproven at a time
# What the licensing register answered last. Without its word a business is proven by its papers.
MATCH, NO_MATCH, UNREACHABLE, NOT_ASKED = "match", "no_match", "unreachable", "not_asked"
UNKNOWN = "unknown"  # there is no such NIB: mistyped, or too new
ANSWERS = (MATCH, NO_MATCH, UNKNOWN, UNREACHABLE, NOT_ASKED)
WARNINGS = {
    UNKNOWN: gettext_noop("OSS tidak mengenal NIB ini. Usaha dibuktikan dengan dokumennya."),
    NO_MATCH: gettext_noop("OSS tidak menyebut pemohon pada NIB ini. Usaha dibuktikan dengan dokumennya."),
    UNREACHABLE: gettext_noop(
        "OSS tidak menjawab saat usaha ini dibuktikan. Cocokkan NIB dengan dokumennya."
    ),
}


class BusinessNameMissing(DomainError):
    """A business has a name."""

    code = "business_name_missing"
    text = "Tulis nama usaha seperti pada dokumen NIB."


class LastOwner(DomainError):
    """Somebody must be able to let others in and out."""

    code = "business_last_owner"
    text = "Ini pemilik terakhir yang tercatat. Undang pemilik lain dulu."
    status = 409


class PapersUnseen(DomainError):
    """The officer proves what the officer has seen."""

    code = "business_papers_unseen"
    text = "Lihat dulu KTP-el asli dan dokumen NIB, lalu tandai kedua kotaknya."


class TooManyClaims(DomainError):
    """Claims that nobody proves are not collected."""

    code = "business_too_many_claims"
    text = "Anda punya banyak usaha yang belum terbukti. Buktikan atau keluar dari salah satunya dulu."


class ClaimUnknown(DomainError):
    """This person has not claimed that NIB, or stands on both sides of the desk."""

    code = "business_claim_unknown"
    text = "Usaha dengan NIB itu belum didaftarkan pada akun orang ini. Minta ia mendaftarkannya di halaman Usaha saya."


def note(mall: str, kind: str, business: Business, actor: Any, now: datetime, **data: Any) -> None:
    """One ledger entry about a business."""
    ledger.append(
        mall=mall,
        kind=kind,
        subject=f"business:{business.pk}",
        actor=ActorRef("person", str(actor.pk)),
        now=now,
        data=data,
    )


def claim(*, mall: str, person: Any, nib: str, name: str, now: datetime) -> BusinessMember:
    """
    A person says that a business is theirs. Proven at once where the licensing register names them.

    The register is asked before the transaction, and only for somebody whose card was seen: a name alone anybody
    could type. No match, no answer or no connection: it waits for the desk. Twice is once; later it asks again.

    :raises rules.NibMalformed, BusinessNameMissing, TooManyClaims: nothing is made then
    """
    nib = rules.check_nib(nib)
    record, answer = _asked(nib, person) if person.proven_at is not None else (None, NOT_ASKED)
    return _claim(mall=mall, person=person, nib=nib, name=name, record=record, answer=answer, now=now)


def _asked(nib: str, person: Any) -> tuple[BusinessRecord | None, str]:
    """What the licensing register says of a NIB and this person; never inside a transaction."""
    if not registers.connected():
        return None, NOT_ASKED
    try:
        record = registers.business(nib)
    except RegisterDown:
        return None, UNREACHABLE
    if record is None:
        return None, UNKNOWN
    return record, MATCH if _names(record, person) else NO_MATCH


def warning(business: Business | None) -> str:
    """What an officer should look at where a business was proven without the register's word; else empty."""
    return WARNINGS.get(business.register, "") if business is not None and business.proven_at else ""


def _names(record: BusinessRecord, person: Any) -> bool:
    return any(comparing.same_name(person.name, one) for one in record.responsible)


@transaction.atomic
def _claim(
    *,
    mall: str,
    person: Any,
    nib: str,
    name: str,
    record: BusinessRecord | None,
    answer: str,
    now: datetime,
) -> BusinessMember:
    Person.objects.select_for_update().get(pk=person.pk)  # the second of two clicks waits here
    inside = queries.acting_for(person).filter(business__nib=nib).first()
    if inside is not None:
        return inside
    mine = queries.memberships(person).filter(business__nib=nib).first()
    if mine is None:
        if record is not None and answer == MATCH:
            name = record.name
        if len(name.strip()) < 2:
            raise BusinessNameMissing
        if queries.memberships(person).filter(business__proven_at=None).count() >= CLAIMS:
            raise TooManyClaims
        mine = _claimed(mall, person, nib, name.strip(), answer, person, now)
    if mine.business.register != answer:
        mine.business.register = answer
        mine.business.save(update_fields=["register"])
    if record is not None and answer == MATCH:
        return _proven(mall=mall, member=mine, record=record, by=person, how="register", now=now)
    return mine


def _claimed(
    mall: str, person: Any, nib: str, name: str, answer: str, by: Any, now: datetime
) -> BusinessMember:
    """The claim, not proven yet."""
    business = Business.objects.create(nib=nib, name=name[:200], created_at=now)
    member = BusinessMember.objects.create(business=business, person=person, role=OWNER, since=now)
    note(mall, "accounts.business_claimed", business, by, now, register=answer)
    return member


def _proven(
    *, mall: str, member: BusinessMember, record: BusinessRecord | None, by: Any, how: str, now: datetime
) -> BusinessMember:
    """The claim holds. Where the NIB is proven already, the person joins those who act for it."""
    claimed = member.business
    claimed.proven_at = now
    if record is not None:
        claimed.name, claimed.legal_form = record.name[:200], record.legal_form[:60]
        plain = json.dumps(asdict(record)).encode()
        claimed.record_sealed = encryption.seal(plain, place=f"accounts.business:{claimed.pk}")
    try:
        with transaction.atomic():
            claimed.save(update_fields=["proven_at", "name", "legal_form", "record_sealed"])
    except IntegrityError:
        business = Business.objects.get(nib=claimed.nib, proven_at__isnull=False)
        claimed.delete()
        joined = BusinessMember.objects.create(business=business, person=member.person, role=OWNER, since=now)
        note(
            mall,
            "accounts.business_joined",
            business,
            by,
            now,
            person=str(member.person_id),
            role=OWNER,
            how=how,
        )
        return joined
    note(mall, "accounts.business_proven", claimed, by, now, person=str(member.person_id), how=how)
    return member


def prove(
    *, mall: str, nib: str, person: Any, papers_seen: bool, officer: Any, now: datetime, name: str = ""
) -> BusinessMember:
    """
    An officer has seen the card of a person and the papers of their business: the claim holds. Twice is once.

    With `name` (as on the papers) the officer also makes the claim, for who has no phone to make it themself.

    The register is asked too, before the transaction. The papers count, but who examines an application later is told
    where it contradicts them or did not answer (`warning`).

    :raises PapersUnseen, ClaimUnknown, rules.NibMalformed, rules.AlreadyProven: nothing is changed then
    """
    if not papers_seen:
        raise PapersUnseen
    nib = rules.check_nib(nib)
    if person.pk == officer.pk:
        raise ClaimUnknown
    record, answer = _asked(nib, person)
    record = record if answer == MATCH else None
    given = {"mall": mall, "nib": nib, "person": person, "officer": officer, "now": now}
    return _prove(record=record, answer=answer, name=name.strip(), **given)


@transaction.atomic
def _prove(
    *,
    mall: str,
    nib: str,
    person: Any,
    officer: Any,
    record: BusinessRecord | None,
    answer: str,
    name: str,
    now: datetime,
) -> BusinessMember:
    services.prove(mall=mall, person=person, officer=officer, now=now)
    Person.objects.select_for_update().get(pk=person.pk)
    inside = queries.acting_for(person).filter(business__nib=nib).first()
    if inside is not None:
        return inside
    member = queries.memberships(person).filter(business__nib=nib).first()
    if member is None and len(name) < 2:
        raise ClaimUnknown
    if member is None:
        member = _claimed(mall, person, nib, name, answer, officer, now)
    member.business.register = answer
    member.business.save(update_fields=["register"])
    return _proven(mall=mall, member=member, record=record, by=officer, how="papers", now=now)


@transaction.atomic
def remove(*, mall: str, person: Any, business_id: UUID, member_id: UUID, now: datetime) -> None:
    """
    An owner ends somebody's acting for the business, or a member leaves: nothing of it is visible to them any more.

    :raises NotFound: if the person may not
    :raises LastOwner: if nobody would be left who can let others in
    """
    business = Business.objects.select_for_update().filter(pk=business_id).first()
    mine = queries.memberships(person).filter(business=business).first() if business else None
    if business is None or mine is None or (mine.pk != member_id and mine.role != OWNER):
        raise NotFound
    member = BusinessMember.objects.filter(pk=member_id, business=business).first()
    if member is None:
        raise NotFound
    if not member.active:
        return
    owners = BusinessMember.objects.filter(business=business, role=OWNER, active=True)
    if business.proven_at and member.role == OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner
    member.active, member.ended_at = False, now
    member.save(update_fields=["active", "ended_at"])
    note(
        mall, "accounts.business_left", business, person, now, person=str(member.person_id), role=member.role
    )


def record_of(business: Business) -> BusinessRecord | None:
    """What the licensing system said when it was proven; None if the papers proved it."""
    if business.record_sealed is None:
        return None
    kept = json.loads(encryption.unseal(business.record_sealed, place=f"accounts.business:{business.pk}"))
    kept["responsible"], kept["kbli"] = tuple(kept["responsible"]), tuple(kept["kbli"])
    return BusinessRecord(**kept)
