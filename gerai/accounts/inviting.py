"""Invitations to act for a business: sent to a contact, answered by whoever has it, taken back. Writes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.accounts import entering, queries
from gerai.accounts.businesses import OWNER, ROLES, note
from gerai.accounts.models import Business, BusinessInvite, BusinessMember
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound

INVITES = 30  # of a business within a day


class RoleUnknown(DomainError):
    """Owner, staff or consultant."""

    code = "business_role_unknown"
    text = "Pilih peran orang itu: pemilik, staf atau konsultan."


class TooManyInvites(DomainError):
    """Each sends a message to an address that somebody typed."""

    code = "business_too_many_invites"
    text = "Hari ini sudah banyak undangan dari usaha ini. Lanjutkan besok."
    status = 429


@transaction.atomic
def invite(
    *, mall: str, person: Any, business_id: UUID, contact: str, role: str, now: datetime
) -> BusinessInvite:
    """
    An owner lets somebody in, by a contact that is theirs; they must accept. The same contact once.

    :raises NotFound: if the person does not own the business
    :raises RoleUnknown, rules.ContactMissing, rules.ContactMalformed, rules.PhoneMalformed: nothing is made then
    :raises TooManyInvites: nothing is made then
    """
    business = _owned(person, business_id)
    if role not in ROLES:
        raise RoleUnknown
    contact = entering.check_contact(contact)
    index = encryption.blind_index(contact, place="accounts.invite")
    before = BusinessInvite.objects.filter(business=business, contact_index=index, ended_at=None).first()
    if before is not None:
        return before
    since = now - timedelta(days=1)
    if BusinessInvite.objects.filter(business=business, created_at__gt=since).count() >= INVITES:
        raise TooManyInvites
    made = BusinessInvite(business=business, role=role, contact_index=index, created_at=now)
    made.contact_sealed = encryption.seal(contact.encode(), place=f"accounts.invite:{made.pk}")
    made.save(force_insert=True)
    note(mall, "accounts.business_invited", business, person, now, role=role, invite=str(made.pk))
    return made


@transaction.atomic
def answer_invite(*, mall: str, person: Any, invite_id: UUID, accept: bool, now: datetime) -> None:
    """
    Who was invited comes in, or says no. Who is in already stays as they are.

    :raises NotFound: if the invitation is not to them, or over
    """
    found = queries.invited(person).filter(pk=invite_id).first()
    if found is None:
        raise NotFound
    business = Business.objects.select_for_update().get(pk=found.business_id)
    if not BusinessInvite.objects.filter(pk=invite_id, ended_at=None).update(ended_at=now):
        return  # the other click, or the owner, was faster
    inside = BusinessMember.objects.filter(business=business, person=person, active=True).exists()
    if not accept or inside:
        note(mall, "accounts.business_declined", business, person, now, invite=str(invite_id))
        return
    BusinessMember.objects.create(business=business, person=person, role=found.role, since=now)
    note(
        mall,
        "accounts.business_joined",
        business,
        person,
        now,
        person=str(person.pk),
        role=found.role,
        how="invite",
    )


@transaction.atomic
def take_back(*, mall: str, person: Any, business_id: UUID, invite_id: UUID, now: datetime) -> None:
    """
    An owner takes an invitation back before it was accepted. Again, it changes nothing.

    :raises NotFound: if the person does not own the business
    """
    business = _owned(person, business_id)
    found = BusinessInvite.objects.filter(pk=invite_id, business=business, ended_at=None)
    if found.update(ended_at=now):
        note(mall, "accounts.business_invite_ended", business, person, now, invite=str(invite_id))


def _owned(person: Any, business_id: UUID) -> Business:
    """The proven business of one of its owners, locked."""
    business = Business.objects.select_for_update().filter(pk=business_id).first()
    if business is None or queries.acts_for(person, business.pk).role != OWNER:
        raise NotFound
    return business
