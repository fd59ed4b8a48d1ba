"""Letting a machine in by a code: the box shows it, the manager types it, the box fetches its token.

The code is made from the box's own secret, so nobody else can claim what the manager confirmed for it.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies.models import Mall
from gerai.core import encryption
from gerai.core.ids import uuid7
from gerai.floor import devices, hall
from gerai.floor.models import Device, Pairing, WrongCode
from gerai.ledger.rules import ActorRef


def code_of(pairing_id: UUID | str, secret: str) -> str:
    """The code of a box's secret: the same each time the box asks."""
    made = hmac.new(encryption.key("index"), f"pairing:{pairing_id}:{secret}".encode(), hashlib.sha256)
    number = int.from_bytes(made.digest()[:16], "big")
    letters = []
    for _ in range(hall.CODE_LENGTH):
        number, place = divmod(number, len(hall.LETTERS))
        letters.append(hall.LETTERS[place])
    return "".join(letters)


def _index(code: str) -> bytes:
    return encryption.blind_index(code, place="floor.pairing")


@transaction.atomic
def ask(*, mall: Mall, kind: str, place: str, now: datetime, address: str = "") -> tuple[Pairing, str]:
    """
    A code for a box that is not let in yet. Returns it with the secret that claims it; neither is stored.

    `place` is the network address that asks, or "" where it does not tell machines apart.

    :raises hall.DeviceWrong: for a machine that shows no code
    :raises hall.TooManyBoxes: if too many codes are open already
    """
    if (kind == "printer") != bool(address) or kind not in hall.BOXES | {"printer"}:
        raise hall.DeviceWrong
    Mall.objects.select_for_update().get(pk=mall.pk)  # many at once are counted one by one
    since = now - hall.CODE_LIFE
    Pairing.objects.filter(mall=mall, created_at__lt=since, device=None).delete()
    where = encryption.blind_index(place, place="floor.pairing_place") if place else b""
    recent = Pairing.objects.filter(mall=mall, created_at__gte=since, confirmed_at=None)
    if recent.count() >= hall.CODES_OPEN:
        raise hall.TooManyBoxes
    if place and recent.filter(place_index=where).count() >= hall.CODES_OPEN_AT_ONE_PLACE:
        raise hall.TooManyBoxes
    secret, own = secrets.token_urlsafe(24), uuid7()
    made = Pairing.objects.create(
        id=own,
        mall=mall,
        kind=kind,
        code_index=_index(code_of(own, secret)),
        claim_hash=devices.hash_of(secret),
        place_index=where,
        address=address,
        created_at=now,
    )
    return made, secret


def waiting(pairing_id: str, secret: str, kind: str, now: datetime) -> Pairing | None:
    """The box's own request, while its code is good or its token can still be fetched."""
    found = Pairing.objects.select_related("device").filter(pk=pairing_id, kind=kind).first()
    if found is None or not hmac.compare_digest(found.claim_hash, devices.hash_of(secret)):
        return None
    begun = found.confirmed_at or found.created_at
    life = hall.CLAIM_LIFE if found.confirmed_at else hall.CODE_LIFE
    return found if now < begun + life else None


def confirm(*, mall: Mall, code: str, name: str, actor: ActorRef, now: datetime, **place: Any) -> Device:
    """
    Let in the machine that shows this code.

    A wrong code is written down before it is refused: guessing ends after ten.

    :raises hall.TooManyWrongCodes, hall.CodeWrong, hall.CodeOver: nobody is let in then
    """
    with transaction.atomic():
        Mall.objects.select_for_update().get(pk=mall.pk)
        since = now - hall.CODE_LIFE
        WrongCode.objects.filter(mall=mall, created_at__lt=since).delete()
        if WrongCode.objects.filter(mall=mall, created_at__gte=since).count() >= hall.WRONG_CODES:
            raise hall.TooManyWrongCodes
        index = _index(hall.clean_code(code))
        asked = Pairing.objects.select_for_update().filter(mall=mall, code_index=index).first()
        if asked is not None:
            return _let_in(asked, name, actor, now, place)
        WrongCode.objects.create(mall=mall, created_at=now)
    raise hall.CodeWrong


def _let_in(asked: Pairing, name: str, actor: ActorRef, now: datetime, place: dict[str, Any]) -> Device:
    if asked.confirmed_at or now >= asked.created_at + hall.CODE_LIFE:
        raise hall.CodeOver
    if asked.kind != "kiosk":
        place = {name: value for name, value in place.items() if name not in ("entrance", "printer")}
    if asked.kind == "printer":
        place["address"] = asked.address
    number = Device.objects.filter(mall=asked.mall, kind=asked.kind).count() + 1
    called = name.strip() or f"{hall.NAMES[asked.kind]} {number}"
    device, _ = devices.pair(mall=asked.mall, kind=asked.kind, name=called, actor=actor, now=now, **place)
    asked.confirmed_at, asked.device = now, device
    asked.save(update_fields=["confirmed_at", "device"])
    return device


@transaction.atomic
def claim(*, pairing_id: str, secret: str, kind: str, now: datetime) -> str | None:
    """
    The token for the box that showed the code; None until the manager has confirmed.

    A box that lost the answer asks again and gets another token, until it has used one.

    :raises hall.CodeOver: when the code has run out, or its machine already works or was shut out
    """
    found = waiting(pairing_id, secret, kind, now)
    if found is None:
        raise hall.CodeOver
    if found.device_id is None:
        return None
    device = Device.objects.select_for_update().get(pk=found.device_id)
    if device.seen_at is not None or device.revoked_at is not None:
        raise hall.CodeOver
    return devices.new_token(device)
