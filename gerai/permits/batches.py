"""An official signs in person, one or many: the passphrase stays in this process's memory until the batch is done.

What is held is in the hands of a running batch. A hold that nobody renews ends by itself, so a process that died
leaves nothing behind but permits that are offered to their official again.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Thread
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from gerai.accounts import services as accounts
from gerai.accounts.rules import NikMissing
from gerai.applications import services as applications
from gerai.permits import hands, noting, rules, services, waiting
from gerai.permits.models import Permit
from gerai.permits.ports import NotEnrolled, Official, PassphraseMissing, SignerFailed
from gerai.permits.rules import Status

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
PATIENCE = 6.0  # seconds that a page waits for a batch; a longer one goes on behind it


def asks_passphrase() -> bool:
    """Whether officials sign in person here, with a passphrase of their own."""
    return hands.signer().asks_passphrase


def official(person: Any, passphrase: str, now: datetime) -> Official:
    """
    The person as the signer knows them.

    :raises NotEnrolled: if their account holds no NIK
    """
    actor = applications.person_ref(person)
    try:
        nik = accounts.open_nik(mall="", person=person, actor=actor, now=now)  # their own: no entry
    except NikMissing as error:
        raise NotEnrolled from error
    return Official(person.name, nik, passphrase)


def check_passphrase(passphrase: str) -> None:
    """
    Before the code is used up: there must be something to sign with.

    :raises PassphraseMissing: if officials sign in person and nothing was typed
    """
    if asks_passphrase() and not passphrase:
        raise PassphraseMissing


def trouble(person: Any, now: datetime) -> str:
    """What would keep this official from signing now, as the signer says; empty if nothing would."""
    if not asks_passphrase():
        return ""
    try:
        hands.signer().ready(official(person, "", now))
    except SignerFailed as error:
        return error.text
    return ""


@transaction.atomic
def hold(*, person: Any, permit_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    """Take the person's own unsigned permits that no other batch holds. A second click finds none."""
    found = waiting.free(now).filter(pk__in=list(permit_ids), decided_by=person)
    taken = list(found.order_by("decided_at", "id").select_for_update().values_list("pk", flat=True))
    Permit.objects.filter(pk__in=taken).update(held_until=now + rules.HELD)
    return taken


@transaction.atomic
def _hold_on(permit_ids: list[UUID], since: datetime, now: datetime) -> list[UUID]:
    """Renew what this batch took at `since`. What another one took meanwhile, as ours had run out, is theirs."""
    ours = Permit.objects.filter(pk__in=permit_ids, status=Status.SIGNING, held_until=since + rules.HELD)
    held = set(ours.order_by("id").select_for_update().values_list("pk", flat=True))
    Permit.objects.filter(pk__in=held).update(held_until=now + rules.HELD)
    return [one for one in permit_ids if one in held]


def sign_held(*, permit_ids: list[UUID], since: datetime, hand: Official, tell_time: Clock) -> None:
    """Sign what was held at `since`, each by itself. What would befall every other one too ends the batch."""
    left = list(permit_ids)
    while left:
        now = tell_time()
        left, since = _hold_on(left, since, now), now
        if not left:
            return
        try:
            services.sign(permit_id=left[0], now=now, official=hand)
        except SignerFailed as error:
            log.warning("permit %s could not be signed: %s", left[0], error.code)
            struck = left if error.of_all else left[:1]
            for permit_id in struck:
                noting.failure(permit_id=permit_id, now=now, code=error.code)
            if error.of_all:
                return
        except Exception:  # one that cannot be signed must not keep the others from it
            log.exception("permit %s could not be signed", left[0])
            noting.failure(permit_id=left[0], now=now)
        left = left[1:]


def start(*, person: Any, permit_ids: Iterable[UUID], passphrase: str, tell_time: Clock) -> None:
    """
    Sign in a thread of this process and wait a moment for it. What goes wrong is kept with each permit.

    A service that takes seconds for each would else keep the page, and a proxy before it, waiting for minutes.
    """
    since = tell_time()
    taken = hold(person=person, permit_ids=permit_ids, now=since)
    if not taken:
        return
    try:
        hand = official(person, passphrase, tell_time())
    except NotEnrolled as error:
        for permit_id in taken:
            noting.failure(permit_id=permit_id, now=tell_time(), code=error.code)
        return

    def run() -> None:
        try:
            sign_held(permit_ids=taken, since=since, hand=hand, tell_time=tell_time)
        finally:
            connection.close()

    batch = Thread(target=run, name="signing", daemon=True)
    batch.start()
    batch.join(PATIENCE)
