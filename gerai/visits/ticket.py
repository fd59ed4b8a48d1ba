"""What a visitor changes about their own visit: break, order, one more errand, one less. Writes, like services.

Rows are locked in one order: the visit, then only errands that wait or are planned; an officer who ends an errand
holds that errand and then wants the visit, so the two never wait for each other.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from gerai.catalogue.models import Service
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits import forecasts, hours, rules, services, telling
from gerai.visits.lines import line_at
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import Stage, State

OPEN = (State.PLANNED, State.WAITING)


def hashed(token: str) -> str:
    """What is kept of the secret of the device that holds a ticket."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(visit: Visit) -> Visit:
    """
    The visit, locked, while it is in the mall.

    :raises rules.NothingToChange: before it arrived, or when it is over
    """
    locked = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit.pk)
    if locked.stage != Stage.ARRIVED:
        raise rules.NothingToChange
    return locked


def _open(visit: Visit) -> list[Errand]:
    found = visit.errands.select_for_update(of=("self",)).filter(state__in=OPEN)
    return list(found.select_related("service", "agency").order_by("sequence", "id"))


def _record(visit: Visit, kind: str, actor: ActorRef, now: datetime, **data: object) -> None:
    ledger.append(
        mall=visit.mall_id, kind=kind, subject=f"visit:{visit.pk}", actor=actor, now=now, data=dict(data)
    )
    services.hint(visit.mall_id)


@transaction.atomic
def claim(*, visit: Visit, token: str, actor: ActorRef, now: datetime) -> None:
    """
    Let one device change the ticket; the QR alone only shows it. The same device again changes nothing.

    :raises rules.NotYourDevice: if another one holds it
    """
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    if locked.claim_hash == hashed(token):
        return
    if locked.claim_hash:
        raise rules.NotYourDevice
    locked.claim_hash = hashed(token)
    locked.save(update_fields=["claim_hash"])
    _record(locked, "visits.claimed", actor, now)


@transaction.atomic
def pause(*, visit: Visit, minutes: int, actor: ActorRef, now: datetime) -> Visit:
    """
    "I go and pray, back in 20 minutes": not called before; the place in the queue stays. 0 ends the break.

    :raises rules.BreakTooLong: over 45 minutes
    :raises rules.NothingToChange: while nobody waits
    """
    length = timedelta(minutes=minutes)
    if not timedelta(0) <= length <= rules.LONGEST_BREAK:
        raise rules.BreakTooLong
    locked = _lock(visit)
    if not any(e.state == State.WAITING for e in _open(locked)):
        raise rules.NothingToChange
    locked.away_until = now + length if minutes else None
    locked.save(update_fields=["away_until"])
    _record(locked, "visits.paused" if minutes else "visits.resumed", actor, now, minutes=minutes)
    return locked


@transaction.atomic
def call_by_text(*, visit: Visit, on: bool, actor: ActorRef, now: datetime) -> Visit:
    """
    Tell the visit's person by text when they are nearly next and called, or no longer. Twice is once.

    :raises rules.NoPhoneProven: if nobody is known, or no phone of theirs
    :raises rules.NothingToChange: before it arrived, or when it is over
    """
    locked = _lock(visit)
    if on and not telling.can_text(locked.person):
        raise rules.NoPhoneProven
    if locked.call_by_text != on:
        locked.call_by_text = on
        locked.save(update_fields=["call_by_text"])
        _record(locked, "visits.texts_on" if on else "visits.texts_off", actor, now)
    return locked


@transaction.atomic
def go_first(*, visit: Visit, errand_id: int, actor: ActorRef, now: datetime) -> Visit:
    """
    The visitor wants this errand next: it joins its queue now, the one that waits is planned after it.

    :raises rules.NothingToChange: if it is being served, over, or not theirs
    """
    locked = _lock(visit)
    left = _open(locked)
    wanted = next((e for e in left if e.pk == errand_id), None)
    if wanted is None:
        raise rules.NothingToChange
    waiting = next((e for e in left if e.state == State.WAITING), None)
    changes = not locked.own_order or left[0].pk != wanted.pk
    locked.own_order = True
    locked.save(update_fields=["own_order"])
    if waiting is None or waiting.pk == wanted.pk:
        _renumber([wanted, *(e for e in left if e.pk != wanted.pk)])
        if changes:
            _record(locked, "visits.reordered", actor, now, errand=wanted.pk, agency=wanted.agency.code)
        return locked
    waiting.state, waiting.rank_at, waiting.joined_at = State.PLANNED, None, None
    forecasts.put(waiting, None)
    waiting.forecast_low_at = waiting.forecast_high_at = (
        None  # what was told was for a place that it has left
    )
    waiting.save(update_fields=["state", "rank_at", "joined_at", *forecasts.TOLD_FIELDS])
    services.join(locked, wanted, hours.since(locked.mall, [wanted.agency_id], now)[wanted.agency_id])
    rank = wanted.rank_at or now
    line = line_at(locked.mall_id, wanted.agency_id, rank, now, wanted.service_id)
    forecasts.put(wanted, forecasts.tell(line))
    wanted.save(update_fields=["state", "rank_at", "joined_at", *forecasts.TOLD_FIELDS])
    _renumber([wanted, *(e for e in left if e.pk != wanted.pk)])
    _record(locked, "visits.reordered", actor, now, errand=wanted.pk, agency=wanted.agency.code)
    return locked


def _renumber(errands: list[Errand]) -> None:
    """Keep the places these errands have, in their new order."""
    for errand, sequence in zip(errands, sorted(e.sequence for e in errands), strict=True):
        if errand.sequence != sequence:
            errand.sequence = sequence
            errand.save(update_fields=["sequence"])


@transaction.atomic
def add(*, visit: Visit, service: Service, actor: ActorRef, now: datetime) -> Errand:
    """
    One more errand under the same number, after the others. The same service twice is once.

    :raises rules.TooManyErrands, rules.NothingToChange: as they say
    :raises rules.ClosedToday, rules.NotYet, rules.ClosedNow, rules.NotOpenToday: as for a new number
    """
    locked = _lock(visit)
    present = list(locked.errands.order_by("sequence"))
    again = next((e for e in present if e.service_id == service.pk and e.state in rules.ACTIVE), None)
    if again is not None:
        return again
    if len(present) >= rules.MAX_ERRANDS:
        raise rules.TooManyErrands
    hours.check(locked.mall, [service], now)
    locked.revision += 1  # an end of the visit that is under way must see it
    locked.save(update_fields=["revision"])
    errand = Errand.objects.create(
        visit=locked,
        mall=locked.mall,
        agency=service.agency,
        service=service,
        sequence=max((e.sequence for e in present), default=-1) + 1,
        party=locked.party,
        **services.what_it_is_about(locked, service),
    )
    _record(locked, "visits.errand_added", actor, now, errand=errand.pk, agency=service.agency.code)
    services.join_next(visit_id=locked.pk, now=now)
    errand.refresh_from_db()
    return errand


@transaction.atomic
def drop(*, visit: Visit, errand_id: int, actor: ActorRef, now: datetime) -> Visit:
    """
    One errand less; with none left the visit ends.

    :raises rules.NothingToChange: if it is being served, over, or not theirs
    """
    locked = _lock(visit)
    errand = next((e for e in _open(locked) if e.pk == errand_id), None)
    if errand is None:
        raise rules.NothingToChange
    errand.state, errand.ended_at = State.LEFT, now
    errand.save(update_fields=["state", "ended_at"])
    _record(locked, "visits.errand_dropped", actor, now, errand=errand.pk, agency=errand.agency.code)
    services.join_next(visit_id=locked.pk, now=now)
    locked.refresh_from_db()
    return locked
