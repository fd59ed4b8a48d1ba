"""Reading people."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gerai.accounts import rules
from gerai.accounts.models import BusinessInvite, BusinessMember, Person
from gerai.core import encryption
from gerai.core.errors import NotFound


def by_contact(text: str) -> Person | None:
    """The active person with this e-mail address or phone number."""
    text = text.strip()
    if "@" in text:
        return Person.objects.filter(email__iexact=text, is_active=True).first()
    try:
        return Person.objects.filter(phone=rules.check_phone(text), is_active=True).first()
    except rules.PhoneMalformed:
        return None


def _with_nik(nik: str) -> QuerySet[Person]:
    index = encryption.blind_index(nik, place="accounts.person.nik")
    return Person.objects.filter(nik_index=index, is_active=True)


def proven(nik: str) -> Person | None:
    """The person whose card with this (checked) NIK an officer has seen."""
    return _with_nik(nik).filter(proven_at__isnull=False).first()


def unproven_at_desk(nik: str) -> QuerySet[Person]:
    """The accounts that the desk made with this (checked) NIK without having seen the card."""
    return _with_nik(nik).filter(proven_at=None, email=None, phone=None)


def has_nik(person: Person, nik: str) -> bool:
    """Whether this (checked) NIK is the person's."""
    return _with_nik(nik).filter(pk=person.pk).exists()


def present(nik: str, contact: str, *, card_seen: bool, today: date) -> Person:
    """
    The account of somebody who stands at the desk.

    With the card in the officer's hand the NIK finds the account on which it was proven. Without it, or where none
    is proven yet, NIK and contact must both fit: a NIK alone fetches nothing, anybody could say it.

    :raises rules.NikMalformed, rules.NotPresent: as they say
    """
    nik = rules.check_nik(nik, today)
    found = proven(nik) if card_seen else None
    if found is None and contact.strip():
        reached = by_contact(contact)
        found = reached if reached is not None and has_nik(reached, nik) else None
    if found is None:
        raise rules.NotPresent
    return found


def name_of(ids: Iterable[UUID | str]) -> dict[Any, str]:
    """Names by person id."""
    return dict(Person.objects.filter(pk__in=[i for i in ids if i]).values_list("pk", "name"))


def memberships(person: Any) -> QuerySet[BusinessMember]:
    """For which businesses a person acts, also where that is not proven yet."""
    found = BusinessMember.objects.filter(person_id=person.pk, active=True).select_related("business")
    return found.order_by("since")


def acting_for(person: Any) -> QuerySet[BusinessMember]:
    """For which proven businesses a person acts: only these open anything."""
    return memberships(person).filter(business__proven_at__isnull=False)


def acts_for(person: Any, business_id: UUID | str) -> BusinessMember:
    """
    The person's membership of a proven business.

    :raises NotFound: if there is none
    """
    found = acting_for(person).filter(business_id=business_id).first()
    if found is None:
        raise NotFound
    return found


def colleagues(business_id: UUID) -> QuerySet[BusinessMember]:
    """Who acts for a business, the longest first."""
    found = BusinessMember.objects.filter(business_id=business_id, active=True).select_related("person")
    return found.order_by("since")


def contacts(person: Any) -> list[bytes]:
    """The blind indexes of a person's own contacts, each shown to be theirs by a code."""
    known = [person.email.lower() if person.email else None, person.phone if person.phone_verified else None]
    return [encryption.blind_index(contact, place="accounts.invite") for contact in known if contact]


def invited(person: Any) -> QuerySet[BusinessInvite]:
    """The open invitations to a person, by whatever contact they have."""
    found = BusinessInvite.objects.filter(contact_index__in=contacts(person), ended_at__isnull=True)
    return found.select_related("business").order_by("created_at")


def owner_of_contact(contact: str) -> Person | None:
    """The active person who has shown that this (checked) contact is theirs."""
    person = by_contact(contact)
    index = encryption.blind_index(contact, place="accounts.invite")
    return person if person is not None and index in contacts(person) else None


def contact_of_invite(invite: BusinessInvite) -> str:
    """Whom an invitation names."""
    return encryption.unseal(invite.contact_sealed, place=f"accounts.invite:{invite.pk}").decode()


def invites(business_id: UUID) -> list[dict[str, Any]]:
    """The open invitations of a business, for its owners: to which contact, as what."""
    found = BusinessInvite.objects.filter(business_id=business_id, ended_at__isnull=True)
    return [
        {
            "invite": invite,
            "contact": contact_of_invite(invite),
        }
        for invite in found.order_by("created_at")
    ]
