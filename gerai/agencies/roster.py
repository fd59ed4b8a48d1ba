"""Rosters: counters to be open, who is on call, counters lent for a day. Reads, and writes like services.

What a forecast proposes never overwrites what the agency has decided.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from gerai.agencies import queries, rules
from gerai.agencies.models import Agency, Counter, CounterLoan, Mall, Membership, OnCall, RosterDay
from gerai.agencies.rules import DAYS
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


def _record(agency: Agency, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    ledger.append(
        mall=agency.mall_id,
        kind=kind,
        subject=f"agency:{agency.code}",
        actor=actor,
        now=now,
        data={"agency": agency.code, **data},
    )


# -- counters per half hour ---------------------------------------------------------------------------------


def slots_of(agency: Agency, weekday: int) -> list[str]:
    """The half hours in which the agency serves on that weekday; none on a closed day."""
    hours = queries.calendar_of(agency).opening.get(DAYS[weekday])
    return rules.half_hours(*hours) if hours else []


def of(agency: Agency) -> dict[int, dict[str, int]]:
    """The agency's roster: weekday -> half hour -> counters."""
    return dict(RosterDay.objects.filter(agency=agency).values_list("weekday", "counters"))


def today(mall: Mall, now: datetime) -> dict[int, RosterDay]:
    """Today's roster of every agency of the mall by agency id; one statement for the whole floor."""
    weekday = now.astimezone(ZoneInfo(mall.timezone)).weekday()
    return {row.agency_id: row for row in RosterDay.objects.filter(agency__mall=mall, weekday=weekday)}


def at(day: dict[str, Any], local: datetime) -> Any:
    """What a day says of the half hour that holds a moment of the mall's clock; None outside it."""
    return day.get(rules.half_hour(local, min(day))) if day else None


@transaction.atomic
def put_day(
    *,
    agency: Agency,
    weekday: int,
    counters: dict[str, int],
    actor: ActorRef,
    now: datetime,
) -> bool:
    """
    The agency decides how many counters are open in each half hour of a weekday.

    Tells whether anything changed; the same again changes nothing.

    :raises rules.RosterWrong: for other half hours than the opening's, or more counters than the agency has
    """
    most = agency.counters.count()
    if sorted(counters) != slots_of(agency, weekday) or not all(0 <= n <= most for n in counters.values()):
        raise rules.RosterWrong(most=most)
    row = _day(agency, weekday)
    if row.counters == counters and not row.proposed:
        return False
    row.counters, row.proposed = counters, False
    row.save(update_fields=["counters", "proposed"])
    _record(agency, "agencies.roster_changed", actor, now, weekday=DAYS[weekday], counters=counters)
    return True


def _day(agency: Agency, weekday: int) -> RosterDay:
    Agency.objects.select_for_update().get(pk=agency.pk)
    return RosterDay.objects.get_or_create(agency=agency, weekday=weekday)[0]


@transaction.atomic
def propose_day(
    *,
    agency: Agency,
    weekday: int,
    counters: dict[str, int],
    expected: dict[str, float],
    could_book: dict[str, int] | None = None,
    actor: ActorRef,
    now: datetime,
) -> bool:
    """
    Note who is expected on a weekday, how many counters that takes, and how many minutes could be booked.

    What the agency decided stays as it is.

    Tells whether the counters changed; only that is an event.
    """
    row = _day(agency, weekday)
    changed = row.proposed and row.counters != counters
    row.expected, row.could_book = expected, could_book or {}
    if row.proposed:
        row.counters = counters
    row.save(update_fields=["counters", "expected", "could_book"])
    if changed:
        _record(agency, "agencies.roster_proposed", actor, now, weekday=DAYS[weekday], counters=counters)
    return changed


@transaction.atomic
def put_bookable(
    *, agency: Agency, weekday: int, minutes: dict[str, int], actor: ActorRef, now: datetime
) -> bool:
    """
    The agency decides how many minutes of each half hour of a weekday can be booked; {} is the mall's share again.

    Tells whether anything changed; the same again changes nothing. What is booked already stays booked.

    :raises rules.BookableWrong: for other half hours than the opening's, or more than its counters can do
    """
    most = most_bookable(agency)
    if minutes and (
        sorted(minutes) != slots_of(agency, weekday) or not all(0 <= n <= most for n in minutes.values())
    ):
        raise rules.BookableWrong(most=most)
    row = _day(agency, weekday)
    if row.bookable == minutes:
        return False
    row.bookable = minutes
    row.save(update_fields=["bookable"])
    _record(agency, "agencies.bookable_changed", actor, now, weekday=DAYS[weekday], minutes=minutes)
    return True


def most_bookable(agency: Agency) -> int:
    """Minutes that all counters of the agency can do in half an hour; a shared counter counts by its share."""
    return int(queries.counters_at(agency) * 30)


def bookable(agencies_of: Iterable[int]) -> dict[tuple[int, int], dict[str, int]]:
    """What agencies decided on bookings: (agency id, weekday) -> half hour -> minutes; only where they did."""
    rows = RosterDay.objects.filter(agency__in=agencies_of).exclude(bookable={})
    return {
        (agency, day): minutes
        for agency, day, minutes in rows.values_list("agency_id", "weekday", "bookable")
    }


# -- on call ------------------------------------------------------------------------------------------------


def on_call_of(agency_ids: list[int]) -> list[OnCall]:
    """Who waits for a call at these agencies."""
    found = OnCall.objects.filter(agency__in=agency_ids, removed_at=None, person__phone__isnull=False)
    return list(found)


def on_call(agency: Agency) -> list[OnCall]:
    """Who can be called to a counter, in the order of calling, while they still may work there."""
    able = Membership.objects.filter(
        agency=agency,
        role="counter_officer",
        active=True,
        person__is_active=True,
        person__phone__isnull=False,
    )
    found = OnCall.objects.filter(agency=agency, removed_at=None, person__in=able.values("person"))
    return list(found.select_related("person").order_by("place", "id"))


def officers(agency: Agency) -> list[Membership]:
    """The agency's counter officers by name."""
    found = Membership.objects.filter(
        agency=agency, role="counter_officer", active=True, person__is_active=True
    )
    return list(found.select_related("person").order_by("person__name"))


@transaction.atomic
def put_on_call(*, agency: Agency, person: Any, actor: ActorRef, now: datetime) -> OnCall:
    """
    Put an officer at the end of the list of those on call. Twice is once.

    :raises rules.NotAnOfficer: without the role at this agency, or without a phone
    """
    able = Membership.objects.filter(agency=agency, person=person, role="counter_officer", active=True)
    if not person.phone or not able.exists():
        raise rules.NotAnOfficer
    present = OnCall.objects.filter(agency=agency, person=person, removed_at=None).first()
    if present:
        return present
    last = OnCall.objects.filter(agency=agency, removed_at=None).aggregate(n=Max("place"))["n"] or 0
    try:
        with transaction.atomic():
            row = OnCall.objects.create(agency=agency, person=person, place=last + 1, added_at=now)
    except IntegrityError:
        return OnCall.objects.get(agency=agency, person=person, removed_at=None)
    _record(agency, "agencies.on_call_added", actor, now, person=str(person.pk))
    return row


@transaction.atomic
def remove_on_call(*, agency: Agency, person_id: Any, actor: ActorRef, now: datetime) -> bool:
    """Take somebody off the list. Tells whether they were on it."""
    removed = OnCall.objects.filter(agency=agency, person_id=person_id, removed_at=None).update(
        removed_at=now
    )
    if removed:
        _record(agency, "agencies.on_call_removed", actor, now, person=str(person_id))
    return bool(removed)


# -- counters lent for a day --------------------------------------------------------------------------------


def loans(mall: Mall) -> list[CounterLoan]:
    """The counters that serve a further agency at present."""
    found = CounterLoan.objects.filter(mall=mall, returned_at=None)
    return list(found.select_related("counter", "agency").order_by("counter__number"))


@transaction.atomic
def lend(*, counter: Counter, agency: Agency, reason: str, actor: ActorRef, now: datetime) -> CounterLoan:
    """
    Let a counter serve a further agency until the end of the day: its officer calls from both queues. Twice is once.

    :raises rules.LoanReasonMissing, rules.NotLendable: nothing is changed then
    """
    if len(reason.strip()) < 5:
        raise rules.LoanReasonMissing
    Mall.objects.select_for_update().get(pk=counter.mall_id)
    present = CounterLoan.objects.filter(counter=counter, agency=agency, returned_at=None).first()
    if present:
        return present
    if counter.agencies.filter(pk=agency.pk).exists():
        raise rules.NotLendable(number=counter.number, agency=agency.short)
    loan = CounterLoan.objects.create(
        mall_id=counter.mall_id, counter=counter, agency=agency, reason=reason.strip()[:200], lent_at=now
    )
    counter.agencies.add(agency)
    _record(agency, "agencies.counter_lent", actor, now, counter=counter.number, reason=loan.reason)
    return loan


@transaction.atomic
def give_back(*, loan: CounterLoan, actor: ActorRef, now: datetime) -> None:
    """The counter serves its own agencies again. Twice is once."""
    locked = (
        CounterLoan.objects.select_for_update(of=("self",))
        .select_related("counter", "agency")
        .get(pk=loan.pk)
    )
    if locked.returned_at:
        return
    locked.returned_at = now
    locked.save(update_fields=["returned_at"])
    locked.counter.agencies.remove(locked.agency)
    _record(locked.agency, "agencies.counter_given_back", actor, now, counter=locked.counter.number)


def give_back_yesterdays(*, mall: Mall, actor: ActorRef, now: datetime) -> int:
    """End the loans of days that are over; each is a transaction of its own."""
    here = queries.calendar(mall).local(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    old = [loan for loan in loans(mall) if loan.lent_at < midnight]
    for loan in old:
        give_back(loan=loan, actor=actor, now=now)
    return len(old)
