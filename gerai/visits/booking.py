"""Appointments: book, move, cancel, say "I am coming", check in. Writes, like services."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits import hours, minutes, rules, services, slots, who
from gerai.visits.models import Errand, SlotShare, Visit
from gerai.visits.rules import AHEAD, Stage, State

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"  # none that is read as another


def _day(mall: Mall, moment: datetime) -> date:
    return agencies.calendar(mall).local(moment).date()


def record(visit: Visit, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    """One ledger entry about an appointment."""
    codes = visit.errands.values_list("agency__code", flat=True).distinct().order_by("agency__code")
    ledger.append(
        mall=visit.mall_id,
        kind=kind,
        subject=f"visit:{visit.pk}",
        actor=actor,
        now=now,
        data={
            "agencies": list(codes),
            "slot_at": visit.slot_at.isoformat() if visit.slot_at else None,
            **data,
        },
    )


def check(
    *,
    person: Person,
    mall: Mall,
    chosen: Sequence[Service],
    day: date,
    party: int,
    now: datetime,
    but: Any = None,
) -> None:
    """
    Let a person book these services for a day; `but` is the visit that is being moved.

    :raises rules.NothingChosen, rules.TooManyErrands, who.PartyWrong, rules.TooFarAhead: as they say
    :raises rules.ClosedToday, rules.TooManyAppointments, rules.BookedAlready: as they say
    """
    if not chosen:
        raise rules.NothingChosen
    if len(chosen) > rules.MAX_ERRANDS:
        raise rules.TooManyErrands
    if not 1 <= party <= who.MAX_PARTY:
        raise who.PartyWrong
    last = slots.horizon(person.pk, mall, now)
    if day > last:
        raise rules.TooFarAhead(last=last)
    hours.check_closures(mall, chosen, day)
    ahead = Visit.objects.filter(mall=mall, person=person, stage__in=AHEAD).exclude(pk=but)
    if ahead.count() >= rules.MAX_AHEAD:
        raise rules.TooManyAppointments
    if Errand.objects.filter(visit__in=ahead.filter(day=day), service__in=chosen).exists():
        raise rules.BookedAlready


def _code(mall: Mall, day: date) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(6))
        if not Visit.objects.filter(mall=mall, day=day, code=code).exists():
            return code


@transaction.atomic
def book(
    *,
    person: Person,
    mall: Mall,
    chosen: Sequence[Service],
    starts_at: datetime,
    actor: ActorRef,
    now: datetime,
    party: int = 1,
    priority: str = "",
    company: str = "",
    language: str = "id",
    request_key: str | None = None,
    reserved_until: datetime | None = None,
) -> Visit:
    """
    Book all errands back to back from `starts_at`. With `reserved_until` they are only held until then.

    The same `request_key` again gives the same appointment.

    :raises rules.SlotTaken: if it does not fit any more; and whatever `check` refuses. Nothing is made then
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one booking of a person at a time
    if request_key and (found := Visit.objects.filter(request_key=request_key).first()):
        return found
    who.check(mall.priorities, priority, company, party)
    day = _day(mall, starts_at)
    check(person=person, mall=mall, chosen=chosen, day=day, party=party, now=now)
    visit = Visit(
        mall=mall, day=day, stage=Stage.RESERVED if reserved_until else Stage.CONFIRMED, person=person,
        party=party, company=company, priority=priority, language=language, request_key=request_key,
        code=_code(mall, day), slot_at=starts_at, booked_at=now, reserved_until=reserved_until,
    )  # fmt: skip
    diary = minutes.lock(chosen, day)
    places = minutes.place(visit, chosen, diary, starts_at, now)
    visit.save(force_insert=True)
    _write_errands(visit, places, diary)
    kind = "visits.reserved" if reserved_until else "visits.booked"
    record(visit, kind, actor, now, errands=len(places), party=party)
    return visit


def _write_errands(visit: Visit, places: Sequence[slots.Place], diary: slots.Diary) -> None:
    for sequence, place in enumerate(places):
        errand = Errand.objects.create(
            visit=visit,
            mall=visit.mall,
            agency=place.service.agency,
            service=place.service,
            sequence=sequence,
            party=visit.party,
            state=State.BOOKED,
            slot_at=place.at,
        )
        minutes.take(errand, place.at, diary, visit.party)


def _lock(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).select_related("mall", "person").get(pk=visit.pk)


@transaction.atomic
def move(*, visit: Visit, starts_at: datetime, actor: ActorRef, now: datetime) -> Visit:
    """
    Put an appointment on another time. The old one is kept if the new one does not fit.

    :raises rules.NotAhead, rules.SlotTaken: and whatever `check` refuses
    """
    locked = _lock(visit)
    if locked.stage not in AHEAD or locked.person is None:
        raise rules.NotAhead
    if locked.slot_at == starts_at:
        return locked
    chosen = [e.service for e in locked.errands.select_related("service__agency__mall").order_by("sequence")]
    day = _day(locked.mall, starts_at)
    check(
        person=locked.person,
        mall=locked.mall,
        chosen=chosen,
        day=day,
        party=locked.party,
        now=now,
        but=locked.pk,
    )
    old = locked.slot_at
    held = list(SlotShare.objects.filter(errand__visit=locked).values_list("slot_id", flat=True))
    minutes.lock(
        chosen, day, also=held
    )  # old and new together: two who change places do not wait for each other
    minutes.give_back(locked)
    if day != locked.day:
        locked.code = _code(locked.mall, day)
    locked.day, locked.slot_at, locked.coming_at = day, starts_at, None
    locked.revision += 1
    diary = minutes.lock(chosen, day)
    places = minutes.place(locked, chosen, diary, starts_at, now)
    locked.errands.all().delete()
    locked.save(update_fields=["day", "code", "slot_at", "coming_at", "revision"])
    _write_errands(locked, places, diary)
    record(locked, "visits.moved", actor, now, was=old.isoformat() if old else None)
    return locked


def release(visit: Visit, stage: Stage, now: datetime) -> None:
    """End a locked appointment in `stage` without anybody having come; its minutes are free again."""
    minutes.give_back(visit)
    visit.errands.filter(state=State.BOOKED).update(state=State.LEFT, ended_at=now)
    visit.stage, visit.ended_at = stage, now
    visit.revision += 1
    visit.save(update_fields=["stage", "ended_at", "revision"])


@transaction.atomic
def cancel(*, visit: Visit, actor: ActorRef, now: datetime) -> Visit:
    """
    Cancel an appointment that lies ahead. Twice is once.

    :raises rules.NotAhead: if it was used or is over
    """
    locked = _lock(visit)
    if locked.stage == Stage.CANCELLED:
        return locked
    if locked.stage not in AHEAD:
        raise rules.NotAhead
    release(locked, Stage.CANCELLED, now)
    record(locked, "visits.cancelled", actor, now)
    return locked


@transaction.atomic
def confirm(*, visit: Visit, actor: ActorRef, now: datetime) -> Visit:
    """
    "I am coming": keeps a reminder's appointment, or takes an offered slot. Twice is once.

    :raises rules.OfferOver: if the held slot was let go
    :raises rules.NotAhead: if it was cancelled, used or is over
    """
    locked = _lock(visit)
    if locked.stage == Stage.EXPIRED or (
        locked.stage == Stage.RESERVED and locked.reserved_until is not None and locked.reserved_until <= now
    ):
        raise rules.OfferOver
    if locked.stage not in AHEAD:
        raise rules.NotAhead
    if locked.coming_at is None or locked.stage == Stage.RESERVED:
        locked.stage, locked.coming_at, locked.reserved_until = Stage.CONFIRMED, now, None
        locked.save(update_fields=["stage", "coming_at", "reserved_until"])
        record(locked, "visits.confirmed", actor, now)
    return locked


@transaction.atomic
def check_in(*, mall: Mall, code: str, entrance: str, actor: ActorRef, now: datetime) -> Visit:
    """
    The holder of an appointment is here: the number is given and the first errand joins its queue. Twice is once.

    :raises NotFound: if no appointment has this code
    :raises rules.NotToday: if it is for another day
    :raises rules.NotAhead: if it was cancelled or is over
    """
    code = "".join(code.upper().split())
    today = _day(mall, now)
    found = Visit.objects.select_for_update(of=("self",)).select_related("mall", "person")
    visit = found.filter(mall=mall, day=today, code=code).first() if code else None
    if visit is None:
        other = Visit.objects.filter(mall=mall, day__gt=today, code=code, stage__in=AHEAD).first()
        if other is None:
            raise NotFound
        raise rules.NotToday(day=other.day)
    if visit.stage in (Stage.ARRIVED, Stage.ENDED):
        return visit
    if visit.stage not in AHEAD:
        raise rules.NotAhead
    visit.entrance, visit.number = entrance, services.next_number(mall, today, entrance)
    visit.stage, visit.arrived_at, visit.reserved_until = Stage.ARRIVED, now, None
    visit.save(update_fields=["entrance", "number", "stage", "arrived_at", "reserved_until"])
    visit.errands.filter(state=State.BOOKED).update(state=State.PLANNED)
    services.join_next(visit_id=visit.pk, now=now)
    late = max(0.0, (now - visit.slot_at).total_seconds()) if visit.slot_at else 0.0
    services.hint(mall.pk)
    record(
        visit, "visits.arrived", actor, now,
        errands=visit.errands.count(), entrance=entrance, appointment=True, late_s=round(late),
    )  # fmt: skip
    return visit
