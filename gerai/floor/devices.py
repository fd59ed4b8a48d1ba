"""Machines of the hall: kiosks, boards, printers, counter programs. A token is shown once, its hash is kept."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from gerai.accounts.models import Person
from gerai.agencies.models import Mall, Membership
from gerai.core import sql
from gerai.core.errors import NotFound
from gerai.floor.hall import KINDS, DeviceWrong, PlaceWrong
from gerai.floor.models import Device
from gerai.floor.queries import OFFICERS
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits.blocks import PAPER


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def officer(person_id: Any, mall: Mall | None = None) -> Membership | None:
    """The role by which somebody works at counters or the desk (of this mall), or None."""
    held = Membership.objects.filter(
        person_id=person_id, role__in=OFFICERS, active=True, person__is_active=True
    )
    if mall is not None:
        held = held.filter(mall=mall)
    return held.select_related("mall", "person").order_by("id").first()


def _place(mall: Mall, given: dict[str, Any]) -> dict[str, Any]:
    """
    Where a machine stands, checked against the mall.

    :raises PlaceWrong: for a zone, entrance or printer that the mall does not have
    """
    zones = {z["code"] for z in mall.details.get("zones", [])}
    entrances = {e["letter"] for e in mall.details.get("entrances", [])} or {"A"}
    if not set(given.get("zones", [])) <= zones or given.get("entrance", "") not in entrances - {PAPER} | {
        ""
    }:
        raise PlaceWrong
    printer = given.get("printer")
    if printer is not None and (printer.mall_id != mall.pk or printer.kind != "printer"):
        raise PlaceWrong
    return given


@transaction.atomic
def pair(
    *, mall: Mall, kind: str, name: str, actor: ActorRef, now: datetime, person: Any = None, **place: Any
) -> tuple[Device, str]:
    """
    Let a machine in. Returns it and its token, which is stored nowhere.

    :raises DeviceWrong: for an unknown kind, or a counter program without an officer
    :raises PlaceWrong: for a zone, entrance or printer that the mall does not have
    """
    if kind not in KINDS or (kind == "counter_api") != (person is not None):
        raise DeviceWrong
    if person is not None and officer(person.pk, mall) is None:
        raise DeviceWrong
    if kind == "kiosk" and not place.get("entrance"):
        entrances = mall.details.get("entrances") or [{"letter": "A"}]
        place["entrance"] = entrances[0]["letter"]
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        mall=mall,
        kind=kind,
        name=name.strip()[:60],
        token_hash=hash_of(token),
        person=person,
        paired_at=now,
        **_place(mall, place),
    )
    _record(device, "floor.device_paired", actor, now)
    return device, token


def new_token(device: Device) -> str:
    """Another token instead of the one before: the box has lost the answer that held it."""
    token = secrets.token_urlsafe(32)
    Device.objects.filter(pk=device.pk).update(token_hash=hash_of(token))
    return token


@transaction.atomic
def change(*, device: Device, actor: ActorRef, now: datetime, name: str, **place: Any) -> None:
    """
    Move a machine, name it anew, let it speak or be silent. Its screen follows at once.

    :raises PlaceWrong: for a zone, entrance or printer that the mall does not have
    """
    locked = Device.objects.select_for_update(of=("self",)).select_related("mall").get(pk=device.pk)
    given = {"name": name.strip()[:60] or locked.name, **_place(locked.mall, place)}
    changed = [field for field, value in given.items() if getattr(locked, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(locked, field, given[field])
    locked.save(update_fields=changed)
    _record(locked, "floor.device_changed", actor, now, changed=changed)
    _wake(locked, "reload")


@transaction.atomic
def revoke(*, device: Device, actor: ActorRef, now: datetime) -> None:
    """Shut a machine out at once. A second call changes nothing."""
    locked = Device.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    _record(locked, "floor.device_revoked", actor, now)
    _wake(locked, "revoked")


@transaction.atomic
def report(*, device: Device, trouble: str, now: datetime) -> None:
    """What is wrong with a machine, or "" when all is well again. The same again changes nothing."""
    changed = Device.objects.filter(pk=device.pk).exclude(trouble=trouble)
    if changed.update(trouble=trouble, trouble_at=now if trouble else None):
        me = ActorRef("device", str(device.pk))
        _record(device, "floor.device_trouble", me, now, trouble=trouble)


def seen(device: Device, now: datetime) -> None:
    """Note that the machine is alive, at most twice a minute."""
    older = Q(seen_at=None) | Q(seen_at__lt=now - timedelta(seconds=30))
    Device.objects.filter(older, pk=device.pk).update(seen_at=now)


def _record(device: Device, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    subject = f"device:{device.pk}"
    data = {"kind": device.kind, **data}
    ledger.append(mall=device.mall_id, kind=kind, subject=subject, actor=actor, now=now, data=data)


def _wake(device: Device, word: str) -> None:
    """Tell the machine's own stream, at commit; on "revoked" the stream ends there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('floor', %s)", [f"{device.mall_id}/{device.pk}/{word}"])


_FOUND = ["id", "kind", "name", "person_id", "hall", "zones", "entrance", "speaks", "flash", "printer_id"]
_MALL = ["code", "name", "city", "timezone", "details", "priorities"]
_FIND = """
SELECT d.id, d.kind, d.name, d.person_id, d.hall, d.zones::text, d.entrance, d.speaks, d.flash, d.printer_id,
    m.code, m.name, m.city, m.timezone, m.details::text, m.priorities::text
FROM floor_device d JOIN agencies_mall m ON m.code = d.mall_id
WHERE d.token_hash = %s AND d.revoked_at IS NULL AND (d.person_id IS NULL OR EXISTS (
    SELECT 1 FROM agencies_membership r JOIN accounts_person p ON p.id = r.person_id
    WHERE r.person_id = d.person_id AND r.mall_id = d.mall_id AND r.role = ANY(%s) AND r.active AND p.is_active
))
"""


def by_token(token: str) -> Device | None:
    """The machine behind a token, while it and its officer may still enter. One statement: every call needs it."""
    row = sql.row(_FIND, [hash_of(token), list(OFFICERS)])
    if row is None:
        return None
    mall = Mall.from_db("default", _MALL, [*row[10:14], json.loads(row[14]), json.loads(row[15])])
    here = [*row[:5], json.loads(row[5]), *row[6:10]]
    device = Device.from_db("default", _FOUND, here)
    device.mall = mall
    device.person = Person.from_db("default", ["id"], [row[3]]) if row[3] else None
    return device


def named(mall: Mall, name: str) -> Device | None:
    """A machine of the mall that is still let in, by its name."""
    return Device.objects.filter(mall=mall, name=name, revoked_at=None).first()


def of(mall: Mall) -> list[Device]:
    """All machines of the mall that are let in."""
    found = Device.objects.filter(mall=mall, revoked_at=None).select_related("printer", "person")
    return list(found.order_by("kind", "name", "paired_at"))


def one(mall: Mall, device_id: Any) -> Device:
    """
    A machine of the mall.

    :raises NotFound: if there is none, or it was shut out
    """
    found = Device.objects.filter(mall=mall, pk=device_id, revoked_at=None).select_related("mall").first()
    if found is None:
        raise NotFound
    return found
