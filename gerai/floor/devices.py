"""Pairing machines with the mall: kiosks, boards, counter programs. Their token is shown once."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from gerai.accounts.models import Person
from gerai.agencies.models import Mall, Membership
from gerai.core.errors import DomainError
from gerai.floor.models import Device
from gerai.floor.queries import OFFICERS
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


class DeviceWrong(DomainError):
    """A kind of machine that there is not, or a counter program of nobody."""

    code = "device_wrong"
    text = "Perangkat harus kiosk, board, atau counter_api dengan petugas loket."


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def officer(person_id: Any, mall: Mall | None = None) -> Membership | None:
    """The role by which somebody works at counters or the desk (of this mall), or None."""
    held = Membership.objects.filter(
        person_id=person_id, role__in=OFFICERS, active=True, person__is_active=True
    )
    if mall is not None:
        held = held.filter(mall=mall)
    return held.select_related("mall", "person").order_by("id").first()


@transaction.atomic
def pair(
    *, mall: Mall, kind: str, name: str, actor: ActorRef, now: datetime, person: Any = None
) -> tuple[Device, str]:
    """
    Let a machine in. Returns it and its token, which is stored nowhere.

    :raises DeviceWrong: for an unknown kind, or a counter program without an officer
    """
    if kind not in ("kiosk", "board", "counter_api") or (kind == "counter_api") != (person is not None):
        raise DeviceWrong
    if person is not None and officer(person.pk, mall) is None:
        raise DeviceWrong
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        mall=mall, kind=kind, name=name[:60], token_hash=_hash(token), person=person, paired_at=now
    )
    _record(device, "floor.device_paired", actor, now)
    return device, token


@transaction.atomic
def revoke(*, device: Device, actor: ActorRef, now: datetime) -> None:
    """Shut a machine out at once. A second call changes nothing."""
    locked = Device.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    _record(locked, "floor.device_revoked", actor, now)


def _record(device: Device, kind: str, actor: ActorRef, now: datetime) -> None:
    subject = f"device:{device.pk}"
    ledger.append(
        mall=device.mall_id, kind=kind, subject=subject, actor=actor, now=now, data={"kind": device.kind}
    )


_FIND = """
SELECT d.id, d.kind, d.name, d.person_id, m.code, m.name, m.city, m.timezone
FROM floor_device d JOIN agencies_mall m ON m.code = d.mall_id
WHERE d.token_hash = %s AND d.revoked_at IS NULL AND (d.person_id IS NULL OR EXISTS (
    SELECT 1 FROM agencies_membership r JOIN accounts_person p ON p.id = r.person_id
    WHERE r.person_id = d.person_id AND r.mall_id = d.mall_id AND r.role = ANY(%s) AND r.active AND p.is_active
))
"""


def by_token(token: str) -> Device | None:
    """The machine behind a token, while it and its officer may still enter. One statement: every call needs it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [_hash(token), list(OFFICERS)])
        row = cursor.fetchone()
    if row is None:
        return None
    mall = Mall(code=row[4], name=row[5], city=row[6], timezone=row[7])
    person = Person(pk=row[3]) if row[3] else None
    return Device(id=row[0], kind=row[1], name=row[2], person=person, mall=mall)


def named(mall: Mall, name: str) -> Device | None:
    """A machine of the mall that is still let in, by its name."""
    return Device.objects.filter(mall=mall, name=name, revoked_at=None).first()
