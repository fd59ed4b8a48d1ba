"""Calling and serving. `call_next` takes the lowest rank, and each errand goes to exactly one officer."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from gerai.agencies.models import Counter, Membership
from gerai.core.errors import NotFound
from gerai.floor import queries, rules, statements
from gerai.floor.models import Duty
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.permits import services as permits
from gerai.visits import services as visits
from gerai.visits.models import Errand
from gerai.visits.rules import LIVE, Stage, State


def ref(person: Any) -> ActorRef:
    """An officer as an actor of the ledger."""
    return ActorRef("person", str(person.pk))


def hint(mall: str) -> None:
    """Wake the boards and phones; they read the current state themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('floor', %s)", [mall])


def _record(errand: Errand, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    ledger.append(
        mall=errand.mall_id,
        kind=kind,
        subject=f"visit:{errand.visit_id}",
        actor=actor,
        now=now,
        data={"errand": errand.pk, "agency": errand.agency.code, "service": errand.service.code, **data},
    )


@transaction.atomic
def sign_on(*, member: Membership, counter_number: int, now: datetime) -> Duty:
    """
    Begin work at a counter. A second click finds the duty that is open.

    :raises rules.CounterTaken: if another officer is there
    """
    present = queries.duty(member.person)
    if present:
        return present
    counter = next((c for c in queries.counters_for(member) if c.number == counter_number), None)
    if counter is None:
        raise rules.CounterTaken
    try:
        with transaction.atomic():
            duty = Duty.objects.create(mall=member.mall, counter=counter, person=member.person, opened_at=now)
    except IntegrityError as error:
        raise rules.CounterTaken from error
    _duty_entry(duty, "floor.opened", now)
    return duty


def _duty_entry(duty: Duty, kind: str, now: datetime) -> None:
    agencies = list(duty.counter.agencies.values_list("code", flat=True))
    ledger.append(
        mall=duty.mall_id,
        kind=kind,
        subject=f"counter:{duty.counter.number}",
        actor=ref(duty.person),
        now=now,
        data={
            "counter": duty.counter.number,
            "agencies": agencies,
            "agency": agencies[0] if agencies else None,
        },
    )
    hint(duty.mall_id)


@transaction.atomic
def sign_off(*, person: Any, now: datetime) -> None:
    """
    End work at the counter.

    :raises rules.FinishFirst: while somebody is there
    """
    duty = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("counter")
        .filter(person=person, closed_at=None)
        .first()
    )
    if duty is None:
        return
    if queries.at_counter(duty.counter):
        raise rules.FinishFirst
    duty.closed_at = now
    duty.save(update_fields=["closed_at"])
    _duty_entry(duty, "floor.closed", now)


@transaction.atomic
def pause(*, person: Any, now: datetime) -> None:
    """Pause, or go on."""
    duty = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("counter")
        .filter(person=person, closed_at=None)
        .first()
    )
    if duty is None:
        raise rules.NotOnDuty
    duty.paused_at = None if duty.paused_at else now
    duty.save(update_fields=["paused_at"])
    _duty_entry(duty, "floor.paused" if duty.paused_at else "floor.resumed", now)


@transaction.atomic
def call_next(*, person: Any, now: datetime, counter_number: int | None = None) -> Errand | None:
    """
    Call whoever is next at the officer's counter; None when nobody waits.

    Pressed again while somebody is at the counter it gives that one: a double click calls one person.

    :raises rules.NotOnDuty: without a counter, or at another one than `counter_number`
    :raises rules.Paused: during a pause
    """
    duty = statements.lock_duty(person)
    if duty is None:
        raise rules.NotOnDuty
    counter, mall, number, agencies, paused = duty
    if counter_number not in (None, number):
        raise rules.NotOnDuty
    if paused:
        raise rules.Paused
    errand = statements.call(person, counter, mall, agencies, now)
    if errand is None:
        return queries.at_counter(Counter(pk=counter))
    waited = (now - errand.joined_at).total_seconds() if errand.joined_at else 0
    _record(errand, "floor.called", ref(person), now, counter=number, wait_s=round(waited))
    hint(mall)
    return errand


def _take(person: Any, errand_id: int, *states: State) -> Errand:
    """The errand at this officer's counter, row locked."""
    duty = queries.duty(person)
    if duty is None:
        raise rules.NotOnDuty
    found = Errand.objects.select_for_update(of=("self",)).select_related(
        "visit", "service", "agency", "permit"
    )
    errand = found.filter(pk=errand_id, counter=duty.counter).first()
    if errand is None:
        raise NotFound
    if errand.state not in states:
        raise rules.NotHere
    return errand


@transaction.atomic
def recall(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Call the same person again, on the boards and by voice."""
    errand = _take(person, errand_id, State.CALLED)
    errand.calls += 1
    errand.called_at = now
    errand.save(update_fields=["calls", "called_at"])
    _record(errand, "floor.recalled", ref(person), now, calls=errand.calls)
    hint(errand.mall_id)
    return errand


@transaction.atomic
def start(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """The visitor sits down. Pressed twice it changes nothing."""
    errand = statements.start(person, errand_id, now)
    if errand is None:
        return _take(person, errand_id, State.SERVING)
    _record(errand, "floor.started", ref(person), now)
    return errand


@transaction.atomic
def finish(*, person: Any, errand_id: int, now: datetime, handed_over: bool = False) -> Errand:
    """
    The errand is done; the visitor's next one joins its queue. A permit is handed over in the same act.

    Pressed twice it changes nothing.
    """
    errand = statements.finish(person, errand_id, now)
    if errand is None:
        return _take(person, errand_id, State.DONE)
    if handed_over and errand.permit is not None:
        permits.hand_over(permit=errand.permit, receiver="holder", proof="KTP-el", actor=ref(person), now=now)
    serve = round((now - (errand.started_at or now)).total_seconds())
    _record(errand, "floor.finished", ref(person), now, serve_s=serve, handed_over=handed_over)
    visits.join_next(visit_id=errand.visit_id, now=now)
    hint(errand.mall_id)
    return errand


@transaction.atomic
def absent(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Nobody came. The place is lost for this errand only; the next errand goes on."""
    errand = _take(person, errand_id, State.CALLED, State.ABSENT)
    if errand.state == State.CALLED:
        errand.state, errand.ended_at = State.ABSENT, now
        errand.save(update_fields=["state", "ended_at"])
        _record(errand, "floor.absent", ref(person), now)
        visits.join_next(visit_id=errand.visit_id, now=now)
        hint(errand.mall_id)
    return errand


@transaction.atomic
def come_back(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Somebody marked absent came after all: they wait again with the time they had."""
    errand = _take(person, errand_id, State.ABSENT)
    if errand.visit.errands.filter(state__in=LIVE).exists():
        raise rules.NotHere
    errand.state, errand.ended_at, errand.counter = State.WAITING, None, None
    errand.save(update_fields=["state", "ended_at", "counter"])
    errand.visit.ended_at, errand.visit.stage = None, Stage.ARRIVED
    errand.visit.save(update_fields=["ended_at", "stage"])
    _record(errand, "floor.came_back", ref(person), now)
    hint(errand.mall_id)
    return errand


def counter_of(person: Any) -> Counter:
    """
    The officer's counter.

    :raises rules.NotOnDuty: without one
    """
    duty = queries.duty(person)
    if duty is None:
        raise rules.NotOnDuty
    return duty.counter
