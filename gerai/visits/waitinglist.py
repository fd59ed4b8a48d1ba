"""The waiting list of a full day: who asked first is offered what becomes free, for half an hour. Writes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.accounts.models import Person
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.visits import booking, rules, slots
from gerai.visits.models import Visit, WaitingListEntry
from gerai.visits.rules import Stage


def _record(entry: WaitingListEntry, kind: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=entry.mall_id,
        kind=kind,
        subject=f"waiting_list:{entry.pk}",
        actor=actor,
        now=now,
        data={"day": entry.day.isoformat()},
    )


@transaction.atomic
def join(
    *,
    person: Person,
    mall: Mall,
    chosen: Sequence[Service],
    day: date,
    actor: ActorRef,
    now: datetime,
    party: int = 1,
) -> WaitingListEntry:
    """
    Ask to be offered a time on a full day. Twice is once, with the services of the last time.

    :raises rules.NothingChosen, rules.TooFarAhead, rules.TooManyAppointments, rules.BookedAlready: as for booking
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    booking.check(person=person, mall=mall, chosen=chosen, day=day, party=party, now=now)
    entry = WaitingListEntry.objects.filter(person=person, day=day, closed_at=None).first()
    if entry is None:
        entry = WaitingListEntry.objects.create(mall=mall, person=person, day=day, party=party, joined_at=now)
        _record(entry, "visits.waiting_list_joined", actor, now)
    elif entry.party != party:
        entry.party = party
        entry.save(update_fields=["party"])
    entry.services.set(chosen)
    return entry


@transaction.atomic
def withdraw(*, entry: WaitingListEntry, actor: ActorRef, now: datetime) -> None:
    """Ask no longer. Twice is once."""
    locked = WaitingListEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if locked.closed_at is None:
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        _record(locked, "visits.waiting_list_left", actor, now)


def of(person: Any, today: date) -> list[WaitingListEntry]:
    """The days somebody still waits for, the next first; what was offered them stands among their appointments."""
    found = WaitingListEntry.objects.filter(person=person, day__gte=today, closed_at=None, offered=None)
    return list(found.prefetch_related("services").order_by("day"))


def own(person: Person, pk: int) -> WaitingListEntry:
    """
    One's own place on a waiting list.

    :raises NotFound: if it is another's, or there is none
    """
    found = WaitingListEntry.objects.filter(person=person, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def offer(*, mall: Mall, day: date, now: datetime) -> list[Visit]:
    """Hold what is free on a day for those who wait for it, in the order they asked. Returns what was held."""
    held = []
    waiting = WaitingListEntry.objects.filter(mall=mall, day=day, closed_at=None, offered=None)
    for pk in list(waiting.order_by("joined_at").values_list("pk", flat=True)):
        visit = _offer_one(pk, now)
        if visit:
            held.append(visit)
    return held


@transaction.atomic
def _offer_one(pk: int, now: datetime) -> Visit | None:
    entry = (
        WaitingListEntry.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("person", "mall")
        .filter(pk=pk, closed_at=None, offered=None)
        .first()
    )
    if entry is None:  # somebody else is at it
        return None
    chosen = list(entry.services.select_related("agency__mall"))
    for option in slots.options(chosen, entry.day, entry.party, now):
        try:
            with transaction.atomic():
                visit = booking.book(
                    person=entry.person,
                    mall=entry.mall,
                    chosen=chosen,
                    starts_at=option.starts_at,
                    actor=SYSTEM,
                    now=now,
                    party=entry.party,
                    language=entry.person.language,
                    reserved_until=min(now + rules.OFFER, option.starts_at),
                )
        except rules.SlotTaken:
            continue
        except DomainError:  # booked elsewhere meanwhile: they need it no longer
            entry.closed_at = now
            entry.save(update_fields=["closed_at"])
            _record(entry, "visits.waiting_list_left", SYSTEM, now)
            return None
        entry.offered = visit
        entry.save(update_fields=["offered"])
        return visit
    return None


def expire(*, mall: Mall, now: datetime) -> int:
    """Let go what was held too long. Each in its own transaction. Returns how many."""
    over = Visit.objects.filter(mall=mall, stage=Stage.RESERVED, reserved_until__lte=now)
    return sum(_expire_one(pk, now) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _expire_one(pk: UUID, now: datetime) -> bool:
    visit = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=pk)
    if visit.stage != Stage.RESERVED or visit.reserved_until is None or visit.reserved_until > now:
        return False
    booking.release(visit, Stage.EXPIRED, now)
    WaitingListEntry.objects.filter(offered=visit, closed_at=None).update(closed_at=now)
    booking.record(visit, "visits.expired", SYSTEM, now)
    return True


def settle(*, visit: Visit, now: datetime) -> None:
    """An offer was taken or turned down: its place on the waiting list is closed. Harmless when repeated."""
    WaitingListEntry.objects.filter(offered=visit, closed_at=None).update(closed_at=now)
