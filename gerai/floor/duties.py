"""Officers at counters: sign on, pause, hand over to a colleague, sign off."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from gerai.agencies.models import Membership
from gerai.floor import queries, rules
from gerai.floor.acting import hint, ref
from gerai.floor.models import Answer, Duty
from gerai.ledger import services as ledger
from gerai.visits.models import Errand
from gerai.visits.rules import State

KEEP_ANSWERS = timedelta(days=1)


def _record(duty: Duty, kind: str, now: datetime, **data: Any) -> None:
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
            **data,
        },
    )
    hint(duty.mall_id)


def _locked(person: Any) -> Duty | None:
    found = Duty.objects.select_for_update(of=("self",)).select_related("counter", "mall")
    return found.filter(person_id=person.pk, closed_at=None).first()


@transaction.atomic
def sign_on(*, member: Membership, counter_number: int, now: datetime, only: list[int] | None = None) -> Duty:
    """
    Begin work at a counter, for all that it serves or `only` for some services. A second click finds the open duty.

    :raises rules.CounterTaken: if another officer is there
    :raises rules.ServicesWrong: if a service is not one of the counter's agencies
    """
    present = queries.duty(member.person)
    if present:
        return present
    counter = next((c for c in queries.counters_for(member) if c.number == counter_number), None)
    if counter is None:
        raise rules.CounterTaken
    served = {s.pk: s for services in queries.services_at([counter]).values() for s in services}
    wanted = sorted(set(only or []))
    if not set(wanted) <= set(served):
        raise rules.ServicesWrong
    if len(wanted) == len(served):
        wanted = []  # all of them: also those that will be added today
    try:
        with transaction.atomic():
            duty = Duty.objects.create(mall=member.mall, counter=counter, person=member.person, opened_at=now)
    except IntegrityError as error:
        raise rules.CounterTaken from error
    duty.services.set(wanted)
    Answer.objects.filter(at__lt=now - KEEP_ANSWERS).delete()
    _record(duty, "floor.opened", now, services=[served[pk].code for pk in wanted])
    return duty


@transaction.atomic
def sign_off(*, person: Any, now: datetime) -> None:
    """
    End work at the counter. Twice is once.

    :raises rules.FinishFirst, rules.HeldHere: while somebody is there, or parked there
    """
    duty = _locked(person)
    if duty is None:
        return
    if queries.at_counter(duty.counter):
        raise rules.FinishFirst
    if queries.held_at(duty.counter):
        raise rules.HeldHere
    paused = _end_pause(duty, now)
    duty.closed_at = now
    duty.save()
    _record(duty, "floor.closed", now, pauses=duty.pauses, paused_s=duty.paused_seconds, in_pause=paused > 0)


def _end_pause(duty: Duty, now: datetime) -> int:
    """The seconds of the pause that ends here; none if there was none."""
    if duty.paused_at is None:
        return 0
    lasted = round((now - duty.paused_at).total_seconds())
    duty.paused_at, duty.paused_seconds = None, duty.paused_seconds + lasted
    return lasted


@transaction.atomic
def pause(*, person: Any, now: datetime, reason: str = "other") -> Duty:
    """
    Call nobody for a while, and say why. Pressed again it changes nothing.

    :raises rules.PauseReasonMissing: for a reason that is none
    """
    duty = _locked(person)
    if duty is None:
        raise rules.NotOnDuty
    if reason not in rules.PAUSES:
        raise rules.PauseReasonMissing
    if duty.paused_at is None:
        duty.paused_at, duty.pause_reason, duty.pauses = now, reason, duty.pauses + 1
        duty.save(update_fields=["paused_at", "pause_reason", "pauses"])
        _record(duty, "floor.paused", now, reason=reason, nth=duty.pauses)
    return duty


@transaction.atomic
def go_on(*, person: Any, now: datetime) -> Duty:
    """The pause is over. Pressed again it changes nothing."""
    duty = _locked(person)
    if duty is None:
        raise rules.NotOnDuty
    if duty.paused_at is not None:
        lasted = _end_pause(duty, now)
        duty.save(update_fields=["paused_at", "paused_seconds"])
        _record(duty, "floor.resumed", now, reason=duty.pause_reason, paused_s=lasted)
    return duty


@transaction.atomic
def hand_over(*, person: Any, to: str, now: datetime) -> Duty:
    """
    A colleague takes the counter over, with whoever is there and whoever is parked there.

    `to` is the colleague's id. Pressed again it finds the officer without a counter.

    :raises rules.ColleagueBusy: if they may not work here or work elsewhere
    """
    duty = _locked(person)
    if duty is None:
        raise rules.NotOnDuty
    colleague = next((c for c in queries.colleagues(duty) if str(c.pk) == to), None)
    if colleague is None:
        raise rules.ColleagueBusy
    _end_pause(duty, now)
    duty.closed_at = now
    duty.save()
    try:
        with transaction.atomic():
            fresh = Duty.objects.create(mall=duty.mall, counter=duty.counter, person=colleague, opened_at=now)
    except IntegrityError as error:
        raise rules.ColleagueBusy from error
    fresh.services.set(duty.services.all())
    here = Errand.objects.filter(counter=duty.counter, state__in=[State.CALLED, State.SERVING, State.HELD])
    visitors = list(here.values_list("id", flat=True))
    here.update(officer=colleague)
    _record(duty, "floor.handed_over", now, to=str(colleague.pk), errands=visitors)
    return fresh
