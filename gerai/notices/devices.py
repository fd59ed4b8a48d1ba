"""Browsers in which somebody switched on pushed messages. Gone with the sign-out there, or another person. Writes."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.notices import subscribing
from gerai.notices.models import Device

MOST = 10  # of one person; the oldest makes room
PLACE = "notices.device"


def _index(value: str, what: str) -> bytes:
    return encryption.blind_index(value, place=f"{PLACE}.{what}")


def password_index(person: Person) -> bytes:
    """What changes with the person's password."""
    return _index(person.get_session_auth_hash(), "password")


@transaction.atomic
def switch_on(
    *, mall: str, person: Person, subscription: Any, browser: str, now: datetime
) -> tuple[Device, str]:
    """
    Push to this browser from now on. Returns the device, and the word by which the browser is known later.

    A browser has one person: who switched it on there before gets nothing there any more. Twice is once.

    :raises subscribing.SubscriptionMalformed, subscribing.EndpointRefused: nothing is changed then
    """
    endpoint, keys = subscribing.check_subscription(subscription, local=settings.PUSH_LOCAL)
    browser = browser or secrets.token_urlsafe(32)
    index, known = _index(endpoint, "endpoint"), _index(browser, "browser")
    Person.objects.select_for_update().get(pk=person.pk)  # the second of two clicks waits here
    Device.objects.filter(browser_index=known).exclude(endpoint_index=index).delete()
    before = Device.objects.select_for_update().filter(endpoint_index=index).first()
    if before is not None and before.person_id != person.pk:
        before.delete()
        before = None
    made = before or Device(person=person, endpoint_index=index, since=now)
    plain = json.dumps({"endpoint": endpoint, **keys}).encode()
    made.subscription_sealed = encryption.seal(plain, place=f"{PLACE}:{index.hex()}")
    made.browser_index, made.password_index = known, password_index(person)
    made.save()
    for old in Device.objects.filter(person=person).order_by("-since", "-pk")[MOST:]:
        old.delete()
    if before is None:
        _record(mall, "notices.device_on", person, now)
    return made, browser


def subscription(device: Device) -> dict[str, str]:
    """Address and keys of a device."""
    place = f"{PLACE}:{bytes(device.endpoint_index).hex()}"
    found: dict[str, str] = json.loads(encryption.unseal(device.subscription_sealed, place=place))
    return found


def of_browser(person: Person, browser: str) -> Device | None:
    """The person's device that this browser is, if it is switched on."""
    if not browser:
        return None
    return Device.objects.filter(person=person, browser_index=_index(browser, "browser")).first()


@transaction.atomic
def switch_off(*, mall: str, person: Person, browser: str | None, now: datetime) -> bool:
    """Push to this browser no longer; without one, to none of the person's. Whether anything was switched off."""
    found = Device.objects.filter(person=person)
    if browser is not None:
        found = found.filter(browser_index=_index(browser, "browser"))
    off = bool(found.delete()[0])
    if off:
        _record(mall, "notices.device_off", person, now)
    return off


def drop_stale(*, person_id: str) -> None:
    """The devices of a closed account, and those that were switched on under an older password."""
    person = Person.objects.filter(pk=person_id).first()
    if person is not None:
        found = Device.objects.filter(person=person)
        (found.exclude(password_index=password_index(person)) if person.is_active else found).delete()


def browser_used(*, browser: str, person: Person | None) -> None:
    """Somebody signed in or (None) out in a browser: nobody else's messages come there from now on."""
    if browser:
        there = Device.objects.filter(browser_index=_index(browser, "browser"))
        (there.exclude(person=person) if person else there).delete()


def _record(mall: str, kind: str, person: Person, now: datetime) -> None:
    actor = ActorRef("person", str(person.pk))
    ledger.append(mall=mall, kind=kind, subject=f"person:{person.pk}", actor=actor, now=now)
