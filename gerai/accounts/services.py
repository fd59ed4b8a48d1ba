"""Signing up, proving who one is, second factors. Personal data is sealed; the ledger knows only ids."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from gerai.accounts import queries, rules
from gerai.accounts.models import Code, Person
from gerai.core import encryption
from gerai.core.errors import FormInvalid, NotFound
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


def _check_sign_up(data: dict[str, str], now: datetime) -> dict[str, str]:
    """The parsed sign-up. :raises FormInvalid: with a sentence for each field."""
    wrong: dict[str, str] = {}
    parsed = {"name": data.get("name", "").strip(), "email": "", "phone": "", "nik": ""}
    if len(parsed["name"]) < 2:
        wrong["name"] = "Tulis nama lengkap seperti pada KTP."
    try:
        parsed["nik"] = rules.check_nik(data.get("nik", ""), now.date())
    except rules.NikMalformed as error:
        wrong["nik"] = error.text
    contact = data.get("contact", "").strip()
    try:
        if not contact:
            raise rules.ContactMissing
        if "@" in contact:
            validate_email(contact)
            parsed["email"] = contact.lower()
        else:
            parsed["phone"] = rules.check_phone(contact)
    except (rules.ContactMissing, rules.PhoneMalformed) as refusal:
        wrong["contact"] = refusal.text
    except ValidationError:
        wrong["contact"] = "Alamat surel ini belum benar. Contoh: nama@contoh.id"
    parsed["password"] = data.get("password", "")
    try:
        validate_password(parsed["password"])
    except ValidationError:
        wrong["password"] = "Kata sandi paling sedikit 10 huruf atau angka, dan jangan yang mudah ditebak."  # noqa: S105
    if data.get("privacy") != "yes":
        wrong["privacy"] = "Baca pemberitahuan privasi, lalu tandai kotak ini."
    if wrong:
        raise FormInvalid(wrong)
    return parsed


def _new_code(*, purpose: str, contact: str, person: Person | None, payload: bytes | None, now: datetime) -> tuple[Code, str]:
    index = encryption.blind_index(contact, place="accounts.code")
    recent = Code.objects.filter(contact_index=index, created_at__gt=now - timedelta(hours=1)).count()
    if recent >= rules.CODES_PER_HOUR:
        raise rules.TooManyCodes
    digits = f"{secrets.randbelow(1_000_000):06d}"
    code = Code(purpose=purpose, contact_index=index, person=person, created_at=now)
    code.hashed = _hash(code.pk, digits)
    if payload is not None:
        code.payload = encryption.seal(payload, place=f"accounts.code:{code.pk}")
    code.save(force_insert=True)
    return code, digits


def _hash(code_id: UUID, digits: str) -> str:
    return hmac.new(encryption.key("index"), f"{code_id}:{digits}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def begin_sign_up(*, data: dict[str, str], language: str, now: datetime) -> tuple[UUID, str, str]:
    """
    Check a sign-up and make its code. Nothing is told about whether the contact is known already.

    Returns the id of the code, the contact and the digits to send.

    :raises FormInvalid, rules.TooManyCodes: with sentences
    """
    parsed = _check_sign_up(data, now)
    contact = parsed["email"] or parsed["phone"]
    payload = json.dumps({**parsed, "language": language}).encode()
    code, digits = _new_code(purpose="sign_up", contact=contact, person=None, payload=payload, now=now)
    return code.pk, contact, digits


def _use(code_id: UUID, purpose: str, digits: str, now: datetime) -> Code | None:
    """The code, used up, if the digits fit; None (with the try counted) if not."""
    code = Code.objects.select_for_update().filter(pk=code_id, purpose=purpose).first()
    if code is None:
        raise NotFound
    spent = now > code.created_at + timedelta(minutes=rules.CODE_MINUTES) or code.tries >= rules.CODE_TRIES
    if code.used_at or spent:
        raise rules.CodeSpent
    code.tries += 1
    fits = hmac.compare_digest(code.hashed, _hash(code.pk, digits.strip().replace(" ", "")))
    if fits:
        code.used_at = now
    code.save(update_fields=["tries", "used_at"])
    return code if fits else None


def finish_sign_up(*, mall: str, code_id: UUID, digits: str, now: datetime) -> Person:
    """
    Make the account when the code fits. A second click finds the code spent: one account.

    :raises rules.CodeWrong, rules.CodeSpent: the try is counted
    """
    with transaction.atomic():
        code = _use(code_id, "sign_up", digits, now)
        if code is not None:
            data = json.loads(encryption.unseal(code.payload or b"", place=f"accounts.code:{code.pk}"))
            code.payload = None
            code.save(update_fields=["payload"])
            # The contact belongs to whoever reads its messages: a known one gets the account it has.
            known = queries.by_contact(data["email"] or data["phone"])
            if known is not None:
                return known
            try:
                return register(mall=mall, now=now, **data)
            except IntegrityError as error:
                raise rules.CodeSpent from error
    raise rules.CodeWrong


def needs_second_factor(*, person: Person) -> bool:
    """Whether this person's roles ask for a code besides the password (settings.SECOND_FACTOR_CHECK)."""
    return bool(import_string(settings.SECOND_FACTOR_CHECK)(person))


@transaction.atomic
def begin_second_factor(*, person: Person, now: datetime) -> tuple[UUID, str, str]:
    """Make a sign-in code for somebody whose password was right."""
    contact = person.email or person.phone or ""
    code, digits = _new_code(purpose="sign_in", contact=contact, person=person, payload=None, now=now)
    return code.pk, contact, digits


def finish_second_factor(*, code_id: UUID, digits: str, now: datetime) -> Person:
    """
    The person, when the code fits.

    :raises rules.CodeWrong, rules.CodeSpent: the try is counted
    """
    with transaction.atomic():
        code = _use(code_id, "sign_in", digits, now)
        if code is not None and code.person is not None and code.person.is_active:
            return code.person
    raise rules.CodeWrong


@transaction.atomic
def prove(*, mall: str, person: Person, officer: Any, now: datetime) -> None:
    """
    An officer has seen the KTP-el: only now does the NIK open anything.

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


@transaction.atomic
def set_password(*, person: Person, password: str) -> None:
    """Give a new password; every session of the old one ends."""
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def deactivate(*, mall: str, person: Person, actor: ActorRef, now: datetime) -> None:
    """Close an account: its sessions end with the next request."""
    Person.objects.filter(pk=person.pk).update(is_active=False)
    ledger.append(mall=mall, kind="accounts.deactivated", subject=f"person:{person.pk}", actor=actor, now=now)
