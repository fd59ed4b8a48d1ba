"""Signing up, signing in and new passwords, by codes. Nothing here tells who has an account."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string

from gerai.accounts import authenticator, queries, rules, services, tries
from gerai.accounts.models import Code, Person, Try
from gerai.core import encryption
from gerai.core.errors import DomainError, FormInvalid, NotFound


def check_contact(text: str) -> str:
    """The e-mail address or phone number as it is kept, or the refusal that fits."""
    text = text.strip()
    if not text:
        raise rules.ContactMissing
    if "@" not in text:
        return rules.check_phone(text)
    try:
        validate_email(text)
    except ValidationError as error:
        raise rules.ContactMalformed from error
    return text.lower()


def _check_sign_up(data: dict[str, str], now: datetime) -> dict[str, str]:
    """The parsed sign-up. :raises FormInvalid: with a sentence for each field."""
    wrong: dict[str, str] = {}
    parsed = {
        "name": data.get("name", "").strip(),
        "nik": "",
        "contact": "",
        "password": data.get("password", ""),
    }
    if len(parsed["name"]) < 2:
        wrong["name"] = "Tulis nama lengkap seperti pada KTP."
    try:
        parsed["nik"] = rules.check_nik(data.get("nik", ""), now.date())
    except rules.NikMalformed as error:
        wrong["nik"] = error.sentence
    try:
        parsed["contact"] = check_contact(data.get("contact", ""))
    except DomainError as error:
        wrong["contact"] = error.sentence
    try:
        services.check_password_strength(parsed["password"])
    except rules.PasswordWeak as error:
        wrong["password"] = error.sentence
    if data.get("privacy") != "yes":
        wrong["privacy"] = "Baca pemberitahuan privasi, lalu tandai kotak ini."
    if wrong:
        raise FormInvalid(wrong)
    return parsed


def new_code(
    *, purpose: str, contact: str, person: Person | None, payload: bytes | None, now: datetime
) -> tuple[Code, str]:
    """
    A code and its digits; "" if the very same one is on its way already, or the person's own app makes them.

    :raises rules.TooManyCodes: if too many were asked for
    """
    for kept in (Code, Try):  # a sign-up nobody finished is not ours to keep
        kept.objects.filter(created_at__lt=now - timedelta(days=1)).delete()
    index = encryption.blind_index(contact, place="accounts.code")
    with connection.cursor() as cursor:  # the second of two clicks waits here for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code {index.hex()}"])
    again = _just_made(purpose, index, person, payload, now)
    if again is not None:
        return again, ""
    # A code that was used shows that its reader wanted it: only the others count.
    unused = Code.objects.filter(contact_index=index, used_at=None)
    recent = unused.filter(created_at__gt=now - timedelta(hours=1)).count()
    if recent >= rules.CODES_PER_HOUR:
        raise rules.TooManyCodes
    code = Code(purpose=purpose, contact_index=index, person=person, created_at=now)
    app = (
        purpose != "reset" and person is not None and authenticator.of(person)
    )  # a new password comes by mail
    digits = "" if app else f"{secrets.randbelow(1_000_000):06d}"
    code.hashed = _hash(code.pk, digits) if digits else ""
    if payload is not None:
        code.payload = encryption.seal(payload, place=f"accounts.code:{code.pk}")
    code.save(force_insert=True)
    return code, digits


def _just_made(
    purpose: str, index: bytes, person: Person | None, payload: bytes | None, now: datetime
) -> Code | None:
    """The code of the very same request a moment ago: a double click sends one code, and that one works."""
    found = Code.objects.filter(contact_index=index, purpose=purpose, person=person, used_at=None)
    code = found.filter(created_at__gt=now - rules.DOUBLE_CLICK).order_by("-created_at").first()
    if code is None:
        return None
    # Only the same sign-up: somebody else's must not slip into a code that its reader trusts.
    return code if carried(code) == payload else None


def carried(code: Code) -> bytes | None:
    """What a code was made for."""
    return encryption.unseal(code.payload, place=f"accounts.code:{code.pk}") if code.payload else None


@transaction.atomic
def forget(*, code_id: UUID) -> None:
    """A code that could not be sent: the next click makes another."""
    Code.objects.filter(pk=code_id, used_at=None).delete()


def _hash(code_id: UUID, digits: str) -> str:
    return hmac.new(encryption.key("index"), f"{code_id}:{digits}".encode(), hashlib.sha256).hexdigest()


def use(code_id: UUID, purpose: str, digits: str, now: datetime) -> Code | None:
    """The code, used up, if the digits fit; None (with the try counted) if not."""
    code = Code.objects.select_for_update().filter(pk=code_id, purpose=purpose).first()
    if code is None:
        raise NotFound
    spent = now > code.created_at + timedelta(minutes=rules.CODE_MINUTES) or code.tries >= rules.CODE_TRIES
    used = code.used_at is not None and now > code.used_at + rules.DOUBLE_CLICK
    if used or spent:
        raise rules.CodeSpent
    code.tries += 1
    if code.hashed:
        fits = hmac.compare_digest(code.hashed, _hash(code.pk, digits.strip().replace(" ", "")))
    else:
        fits = authenticator.fits(code.person, digits, now, again=code.used_at is not None)
    if fits:
        code.used_at = code.used_at or now  # the second of two clicks finds it used, and opens the same door
    code.save(update_fields=["tries", "used_at"])
    return code if fits else None


def _opened(code: Code) -> dict[str, str]:
    """What the code carried; it carries it once."""
    data: dict[str, str] = json.loads(
        encryption.unseal(code.payload or b"", place=f"accounts.code:{code.pk}")
    )
    code.payload = None
    code.save(update_fields=["payload"])
    return data


@transaction.atomic
def begin_sign_up(
    *, data: dict[str, str], language: str, now: datetime, address: str = ""
) -> tuple[UUID, str, str]:
    """
    Check a sign-up and make its code. Nothing is told about whether the contact is known already.

    Returns the id of the code, the contact and the digits to send ("" if they are on their way already).

    :raises FormInvalid, rules.TooManyCodes: with sentences
    """
    parsed = _check_sign_up(data, now)
    _limit_codes(address, now)
    payload = json.dumps({**parsed, "language": language}).encode()
    code, digits = new_code(
        purpose="sign_up", contact=parsed["contact"], person=None, payload=payload, now=now
    )
    return code.pk, parsed["contact"], digits


def _limit_codes(address: str, now: datetime) -> None:
    """One machine does not send codes to the whole city. :raises rules.TooManyCodes"""
    since = now - timedelta(hours=1)
    if tries.is_one_machine(address) and tries.count(f"code {address}", rules.CODES_PER_ADDRESS, since, now):
        raise rules.TooManyCodes


def finish_sign_up(*, mall: str, code_id: UUID, digits: str, now: datetime) -> Person:
    """
    Make the account when the code fits. A second click gets the account that the first one made.

    :raises rules.CodeWrong, rules.CodeSpent: the try is counted
    :raises rules.AlreadyRegistered: told only now, to whoever reads the contact's messages
    """
    with transaction.atomic():
        code = use(code_id, "sign_up", digits, now)
        if code is not None and code.person is not None:
            return code.person
        if code is not None and code.payload is not None:
            data = _opened(code)
            contact = data["contact"]
            try:
                with transaction.atomic():
                    code.person = services.register(
                        mall=mall,
                        name=data["name"],
                        nik=data["nik"],
                        email=contact if "@" in contact else None,
                        phone=None if "@" in contact else contact,
                        password=data["password"],
                        language=data["language"],
                        now=now,
                    )
                    code.save(update_fields=["person"])
                    return code.person
            except IntegrityError:
                pass
    if code is None:
        raise rules.CodeWrong
    raise rules.AlreadyRegistered


def sign_in(*, contact: str, password: str, address: str, now: datetime) -> Person:
    """
    The person, if contact and password fit.

    :raises rules.SignInWrong, rules.TooManyTries: the same whether the contact is known or not
    """
    since = now - timedelta(minutes=rules.TRY_MINUTES)
    known = contact.strip().lower()
    # A number is one number, however it is written.
    known = known if "@" in known else "".join(c for c in known if c.isdigit()).removeprefix("62").lstrip("0")
    here = f"contact {known} from {address}"
    if (
        tries.count(here, rules.TRIES_CONTACT_FROM_ADDRESS, since, now)
        or tries.count(f"contact {known}", rules.TRIES_CONTACT, since, now)
        or (tries.is_one_machine(address) and tries.count(f"from {address}", rules.TRIES_ADDRESS, since, now))
    ):
        raise rules.TooManyTries
    person = authenticate(username=contact, password=password)
    if not isinstance(person, Person):
        raise rules.SignInWrong
    for subject in (here, f"contact {known}"):
        Try.objects.filter(subject_index=encryption.blind_index(subject, place="accounts.try")).delete()
    return person


def needs_second_factor(*, person: Person) -> bool:
    """Whether this person has an app for it, or their roles ask for it (settings.SECOND_FACTOR_CHECK)."""
    return authenticator.of(person) is not None or bool(import_string(settings.SECOND_FACTOR_CHECK)(person))


@transaction.atomic
def begin_second_factor(*, person: Person, now: datetime) -> tuple[UUID, str, str]:
    """Make a sign-in code for somebody whose password was right. No contact is told if their app makes it."""
    contact = person.email or person.phone or ""
    code, digits = new_code(purpose="sign_in", contact=contact, person=person, payload=None, now=now)
    return code.pk, contact if code.hashed else "", digits


def finish_second_factor(*, code_id: UUID, digits: str, now: datetime) -> Person:
    """
    The person, when the code fits.

    :raises rules.CodeWrong, rules.CodeSpent: the try is counted
    """
    with transaction.atomic():
        code = use(code_id, "sign_in", digits, now)
        if code is not None and code.person is not None and code.person.is_active:
            return code.person
    raise rules.CodeWrong


@transaction.atomic
def begin_reset(*, contact: str, now: datetime, address: str = "") -> tuple[UUID, str, str]:
    """
    Make a code for a new password. A contact without an account gets one as well: nobody learns which.

    :raises rules.ContactMissing, rules.PhoneMalformed, rules.ContactMalformed, rules.TooManyCodes
    """
    contact = check_contact(contact)
    _limit_codes(address, now)
    person = queries.by_contact(contact)
    code, digits = new_code(purpose="reset", contact=contact, person=person, payload=None, now=now)
    return code.pk, contact, digits


def finish_reset(*, mall: str, code_id: UUID, digits: str, password: str, now: datetime) -> Person:
    """
    Give the new password when the code fits; all old sessions end. It does not sign in.

    :raises rules.PasswordWeak: before the code is looked at
    :raises rules.CodeWrong, rules.CodeSpent, rules.NotRegistered: the try is counted
    """
    services.check_password_strength(password)
    with transaction.atomic():
        code = use(code_id, "reset", digits, now)
        if code is not None and code.person is not None and code.person.is_active:
            services.set_password(person=code.person, password=password)
            services.note_password(mall=mall, person=code.person, now=now)
            return code.person
    raise rules.CodeWrong if code is None else rules.NotRegistered
