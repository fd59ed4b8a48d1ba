"""Reading people."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gerai.accounts import rules
from gerai.accounts.models import Person
from gerai.core import encryption


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
