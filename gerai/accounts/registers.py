"""Asking the state's registers, and keeping what they said. Nothing here asks inside a database transaction."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from gerai.accounts import comparing
from gerai.accounts.models import Person, RegisterCheck
from gerai.accounts.ports import BusinessRecord, CivilRecord, RegisterDown, Registers
from gerai.core import encryption
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM

JOB = "accounts.ask_register"
MATCH, MISMATCH, UNREACHABLE = "match", "mismatch", "unreachable"
SILENT = gettext_noop("Data kependudukan belum menjawab. Cocokkan sendiri dengan KTP dan berkasnya.")


def connected() -> bool:
    """Whether this city is connected to the registers; if not, everything goes on by hand."""
    return bool(settings.REGISTERS)


def _register() -> Registers:
    made: Registers = import_string(settings.REGISTERS)()
    return made


def ask_later(*, mall: str, person: Person) -> None:
    """A job asks the civil registry about a proven person; it is kept or lost with the caller's transaction."""
    if connected():
        app.configure_task(JOB, allow_unknown=True).defer(mall=mall, person_id=str(person.pk))


def business(nib: str) -> BusinessRecord | None:
    """
    What the licensing system says of a NIB.

    :raises RegisterDown: if it cannot be asked, or this city is not connected
    """
    if not connected():
        raise RegisterDown
    return _register().business(nib)


def ask(*, mall: str, person_id: UUID | str, now: datetime) -> None:
    """
    Ask the civil registry about a proven person and keep what it says. An unproven NIK fetches nothing.

    :raises RegisterDown: after that was noted, so that the job tries again
    """
    person = Person.objects.filter(pk=person_id, proven_at__isnull=False, is_active=True).first()
    if person is None or person.nik_sealed is None or not connected():
        return
    nik = encryption.unseal(person.nik_sealed, place=f"accounts.person.nik:{person.pk}").decode()
    try:
        record = _register().civil(nik)
    except RegisterDown:
        _note(mall=mall, person=person, now=now, outcome=UNREACHABLE)
        raise
    differs = comparing.differences(name=person.name, nik=nik, record=record)
    outcome = MISMATCH if differs else MATCH
    _note(mall=mall, person=person, now=now, outcome=outcome, differs=differs, record=record)


@transaction.atomic
def _note(
    *,
    mall: str,
    person: Person,
    now: datetime,
    outcome: str,
    differs: list[str] | None = None,
    record: CivilRecord | None = None,
) -> None:
    """Keep the answer. Silence takes nothing away from what was said before, and is told once."""
    Person.objects.select_for_update().get(pk=person.pk)
    before = RegisterCheck.objects.filter(person=person).first()
    if outcome == UNREACHABLE and before is not None:
        return
    sealed = None
    if record is not None:
        plain = json.dumps(asdict(record), default=date.isoformat).encode()
        sealed = encryption.seal(plain, place=f"accounts.register:{person.pk}")
    kept = {"outcome": outcome, "differs": differs or [], "record_sealed": sealed, "asked_at": now}
    RegisterCheck.objects.update_or_create(person=person, defaults=kept)
    ledger.append(
        mall=mall,
        kind="accounts.register_checked",
        subject=f"person:{person.pk}",
        actor=SYSTEM,
        now=now,
        data={"register": "civil", "outcome": outcome},
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What the civil registry said of somebody, and when."""

    asked_at: datetime
    outcome: str
    warning: str
    record: CivilRecord | None


def said(person: Any) -> Said | None:
    """What the civil registry said of a proven person: for nobody but them. None if it was not asked."""
    check = RegisterCheck.objects.filter(person_id=person.pk, person__proven_at__isnull=False).first()
    if check is None:
        return None
    record = None
    if check.record_sealed is not None:
        kept = json.loads(encryption.unseal(check.record_sealed, place=f"accounts.register:{person.pk}"))
        record = CivilRecord(**{**kept, "born": date.fromisoformat(kept["born"])})
    return Said(check.asked_at, check.outcome, comparing.warning(check.differs), record)


def warning(person_id: UUID | str) -> str:
    """What an officer who checks the person's file should look at, without personal data; else empty."""
    check = RegisterCheck.objects.filter(person_id=person_id).only("differs", "outcome").first()
    if check is None:
        return ""
    return SILENT if check.outcome == UNREACHABLE else comparing.warning(check.differs)
