"""Accounts, proving who one is, passwords. Personal data is sealed; the ledger knows only ids."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gerai.accounts import registers, rules
from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


def _set_nik(person: Person, nik: str) -> None:
    person.nik_sealed = encryption.seal(nik.encode(), place=f"accounts.person.nik:{person.pk}")
    person.nik_index = encryption.blind_index(nik, place="accounts.person.nik")
    person.nik_masked = rules.mask_nik(nik)


@transaction.atomic
def register(
    *,
    mall: str,
    name: str,
    nik: str,
    now: datetime,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    language: str = "id",
    by: ActorRef | None = None,
) -> Person:
    """
    Make an account. It starts unproven: its NIK is not unique, fetches nothing and opens nothing.

    Without a contact it is a desk account: an officer types for somebody without phone and e-mail.

    :raises rules.NikMalformed: if the NIK cannot be one
    """
    person = Person(name=name.strip()[:120], email=email or None, phone=phone or None, created_at=now)
    person.language = language
    person.phone_verified = bool(phone)
    _set_nik(person, rules.check_nik(nik, now.date()))
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.save(force_insert=True)
    ledger.append(
        mall=mall,
        kind="accounts.registered",
        subject=f"person:{person.pk}",
        actor=by or ActorRef("person", str(person.pk)),
        now=now,
        data={"desk": by is not None},
    )
    return person


@transaction.atomic
def prove(*, mall: str, person: Person, officer: Any, now: datetime) -> None:
    """
    An officer has seen the KTP-el: only now does the NIK open anything, and a job asks the civil registry.

    :raises rules.AlreadyProven: if another account holds it
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.proven_at:
        return
    locked.proven_at = now
    try:
        with transaction.atomic():
            locked.save(update_fields=["proven_at"])
    except IntegrityError as error:
        raise rules.AlreadyProven from error
    ledger.append(
        mall=mall,
        kind="accounts.proven",
        subject=f"person:{person.pk}",
        actor=ActorRef("person", str(officer.pk)),
        now=now,
    )
    registers.ask_later(mall=mall, person=person)


@transaction.atomic
def open_nik(*, mall: str, person: Person, actor: ActorRef, now: datetime, agency: str = "") -> str:
    """
    The whole NIK, after an entry that its owner can see. Whether the actor may is checked by who calls.

    :raises rules.NikMissing: if there is none
    """
    if person.nik_sealed is None:
        raise rules.NikMissing
    if actor.id != str(person.pk):
        ledger.append(
            mall=mall,
            kind="accounts.nik_opened",
            subject=f"person:{person.pk}",
            actor=actor,
            now=now,
            data={"agency": agency} if agency else {},
        )
    return encryption.unseal(person.nik_sealed, place=f"accounts.person.nik:{person.pk}").decode()


@transaction.atomic
def set_passwords(*, given: Sequence[tuple[Person, str]]) -> None:
    """Set the passwords of many: each takes a fifth of a second of work, which all processors share."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(make_password, [password for _, password in given]))
    for (person, _), hashed in zip(given, made, strict=True):
        person.password = hashed
    Person.objects.bulk_update([person for person, _ in given], ["password"])


@transaction.atomic
def set_password(*, person: Person, password: str) -> None:
    """Give a new password; every session of the old one ends."""
    person.set_password(password)
    person.save(update_fields=["password"])


def check_password_strength(password: str) -> None:
    """
    Let a password be chosen.

    :raises rules.PasswordWeak: if it is short or common
    """
    try:
        validate_password(password)
    except ValidationError as error:
        raise rules.PasswordWeak from error


@transaction.atomic
def change_password(*, mall: str, person: Person, old: str, new: str, now: datetime) -> None:
    """
    The person gives themselves a new password.

    :raises rules.PasswordWrong, rules.PasswordWeak: and nothing changes
    """
    if not person.check_password(old):
        raise rules.PasswordWrong
    check_password_strength(new)
    set_password(person=person, password=new)
    note_password(mall=mall, person=person, now=now)


def note_password(*, mall: str, person: Person, now: datetime) -> None:
    """Write down that a person changed their password."""
    subject = f"person:{person.pk}"
    actor = ActorRef("person", str(person.pk))
    ledger.append(mall=mall, kind="accounts.password_changed", subject=subject, actor=actor, now=now)


@transaction.atomic
def set_language(*, person: Person, language: str) -> None:
    """
    Keep the language in which the person reads and is written to.

    :raises rules.LanguageUnknown: if we do not have it
    """
    if language not in dict(settings.LANGUAGES):
        raise rules.LanguageUnknown
    Person.objects.filter(pk=person.pk).update(language=language)


@transaction.atomic
def deactivate(*, mall: str, person: Person, actor: ActorRef, now: datetime) -> None:
    """Close an account: its sessions end with the next request."""
    Person.objects.filter(pk=person.pk).update(is_active=False)
    ledger.append(mall=mall, kind="accounts.deactivated", subject=f"person:{person.pk}", actor=actor, now=now)
