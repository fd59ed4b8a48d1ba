"""An authenticator app as second factor (TOTP, RFC 6238), instead of codes by mail: set up, used, taken away. Writes.

The secret is sealed for its own row. A step of 30 seconds counts once; the one before and the one after are good too,
because phones go wrong by seconds. Whoever loses the phone has recovery codes, each good once.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import pyotp
from django.db import transaction

from gerai.accounts import rules, tries
from gerai.accounts.models import Authenticator, Person, RecoveryCode
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef

RECOVERY_CODES = 8
RECOVERY_DIGITS = 10
STEPS_BESIDE = 1


def of(person: Any) -> Authenticator | None:
    """The app that a person has set up, if any."""
    return Authenticator.objects.filter(person_id=person.pk, confirmed_at__isnull=False).first()


def pending(person: Any, issuer: str) -> tuple[str, str] | None:
    """The secret that waits for its first code, and the address that an app reads from the picture."""
    found = Authenticator.objects.filter(person_id=person.pk, confirmed_at=None).first()
    if found is None:
        return None
    totp = _totp(found)
    return totp.secret, totp.provisioning_uri(name=person.email or person.phone, issuer_name=issuer)


def left(found: Authenticator) -> int:
    """How many recovery codes are left."""
    return found.recovery_codes.filter(used_at=None).count()


def begin(*, person: Person, password: str, now: datetime) -> None:
    """
    Make a secret that waits for its first code. A second click finds the same one.

    The password is asked, so that an open screen alone is not enough to become its signer.

    :raises rules.PasswordWrong, rules.TooManyTries: the try is counted
    :raises rules.AuthenticatorThere: if one is set up already
    """
    _count(person, now)
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not locked.check_password(password):
            raise rules.PasswordWrong
        there = Authenticator.objects.filter(person=locked).first()
        if there is not None and there.confirmed_at is not None:
            raise rules.AuthenticatorThere
        if there is None:
            made = Authenticator(person=locked, created_at=now)
            made.secret_sealed = encryption.seal(pyotp.random_base32().encode(), place=_place(made))
            made.save(force_insert=True)


def confirm(*, mall: str, person: Person, digits: str, now: datetime) -> list[str]:
    """
    Set the app up by its first code. Returns the recovery codes; they are shown once.

    The second of two clicks gets new ones, which hold: its answer is the one that is seen.

    :raises rules.CodeWrong, rules.TooManyTries: the try is counted
    :raises rules.AuthenticatorThere, NotFound: if it is set up already, or was not begun
    """
    _count(person, now)
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(person_id=person.pk).first()
        if found is None:
            raise NotFound
        twice = found.confirmed_at is not None
        if found.confirmed_at is not None and now > found.confirmed_at + rules.DOUBLE_CLICK:
            raise rules.AuthenticatorThere
        if not _fits_app(found, _plain(digits), now, twice):
            raise rules.CodeWrong
        if not twice:
            found.confirmed_at = now
            found.save(update_fields=["confirmed_at"])
            _record(mall, person, "accounts.authenticator_added", now)
        return _new_recovery_codes(found)


def fits(person: Any, typed: str, now: datetime, *, again: bool) -> bool:
    """
    Use up a code of the app, or a recovery code. In the caller's transaction, which counts the tries.

    `again`: the second of two clicks, for which the last one is still good.

    :raises rules.CodeSeen: if it is right, but was used before
    """
    found = Authenticator.objects.select_for_update().filter(person_id=person.pk).first()
    if found is None or found.confirmed_at is None:
        return False
    digits = _plain(typed)
    if len(digits) == RECOVERY_DIGITS:
        return _fits_recovery(found, digits, now, again)
    return _fits_app(found, digits, now, again)


def remove(*, mall: str, person: Person, password: str, digits: str, now: datetime) -> None:
    """
    Take the app away, with its recovery codes: codes come by mail again. Asks for both factors.

    A second click finds nothing, and changes nothing.

    :raises rules.PasswordWrong, rules.CodeWrong, rules.TooManyTries: the try is counted
    """
    _count(person, now)
    with transaction.atomic():
        if of(person) is None:
            return
        if not person.check_password(password):
            raise rules.PasswordWrong
        if not fits(person, digits, now, again=False):
            raise rules.CodeWrong
        Authenticator.objects.filter(person_id=person.pk).delete()
        _record(mall, person, "accounts.authenticator_removed", now)


@transaction.atomic
def lost(*, mall: str, person: Person, now: datetime) -> bool:
    """Phone and recovery codes are lost: who runs the system takes the app away. Whether there was one."""
    there = bool(Authenticator.objects.filter(person_id=person.pk).delete()[0])
    if there:
        _record(mall, person, "accounts.authenticator_removed", now, SYSTEM)
    return there


def _count(person: Any, now: datetime) -> None:
    since = now - timedelta(minutes=rules.TRY_MINUTES)
    if tries.count(f"authenticator {person.pk}", rules.TRIES_CONTACT_FROM_ADDRESS, since, now):
        raise rules.TooManyTries


def _place(found: Authenticator) -> str:
    return f"accounts.authenticator:{found.pk}"


def _totp(found: Authenticator) -> pyotp.TOTP:
    return pyotp.TOTP(encryption.unseal(found.secret_sealed, place=_place(found)).decode())


def _plain(typed: str) -> str:
    return typed.replace(" ", "").replace("-", "").strip()


def _fits_app(found: Authenticator, digits: str, now: datetime, again: bool) -> bool:
    try:
        step = _totp(found).verify_and_get_timecode(digits, for_time=now, valid_window=STEPS_BESIDE)
    except pyotp.OTPVerificationError:
        return False
    if step == found.last_step and again:
        return True
    if step <= found.last_step:
        raise rules.CodeSeen
    found.last_step = step
    found.save(update_fields=["last_step"])
    return True


def _fits_recovery(found: Authenticator, digits: str, now: datetime, again: bool) -> bool:
    one = found.recovery_codes.filter(hashed=_hash(found, digits)).first()
    if one is None:
        return False
    if one.used_at is not None and not (again and now <= one.used_at + rules.DOUBLE_CLICK):
        raise rules.CodeSeen
    one.used_at = one.used_at or now
    one.save(update_fields=["used_at"])
    return True


def _hash(found: Authenticator, digits: str) -> str:
    return hmac.new(
        encryption.key("index"), f"recovery {found.pk}:{digits}".encode(), hashlib.sha256
    ).hexdigest()


def _new_recovery_codes(found: Authenticator) -> list[str]:
    found.recovery_codes.all().delete()
    codes = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}" for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(authenticator=found, hashed=_hash(found, code)) for code in codes
    )
    return [f"{code[:5]} {code[5:]}" for code in codes]


def _record(mall: str, person: Any, kind: str, now: datetime, by: ActorRef | None = None) -> None:
    actor = by or ActorRef("person", str(person.pk))
    ledger.append(mall=mall, kind=kind, subject=f"person:{person.pk}", actor=actor, now=now)
