"""The roster that the forecast proposes: counters that each half hour needs, and minutes that can be booked.

From the people of past days of the same weekday; on the first day from the counters, the catalogue's minutes and how
many visitors the mall expects a day (`details.expected_visitors`).
"""

from datetime import date, datetime, timedelta

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Mall
from gerai.foresight import learning, planning, staffing
from gerai.ledger.rules import SYSTEM
from gerai.visits import past as visits
from gerai.visits import slots

WEEKS = 8
# A first guess for an agency without a past: so much of its counters' time is asked for, in this shape over a day
# (a peak in the second hour, quiet at noon). It weighs as two days and is soon replaced by what the mall sees.
LOAD = 0.6
MOST_BOOKED = 0.85  # of the counters' time, where hardly anybody walks in
IN_TIME, ENOUGH = 0.9, 20  # of so many appointments, the share called within 15 minutes
ERRANDS = 1.3  # of one visitor, where nobody has counted yet
SHAPE = (0.8, 1.2, 1.6, 1.6, 1.3, 1.1, 0.9, 0.8, 0.7, 0.7, 0.9, 1.0, 0.8, 0.6)


def first_guess(slots: int, counters: int, minutes: float, share: float = 1.0) -> list[float]:
    """People per half hour of an agency that nobody has visited yet; `share` of what its counters could do."""
    shape = [SHAPE[n * len(SHAPE) // slots] for n in range(slots)]
    mean = sum(shape) / slots
    return [share * LOAD * counters * staffing.SLOT / minutes * one / mean for one in shape]


def share_of_expected(mall: Mall, live: list[Agency]) -> float:
    """By how much first guesses shrink to be the visitors a day that the mall expects; 1 where it does not say."""
    expected = mall.details.get("expected_visitors")
    if not expected:
        return 1.0
    guessed = 0.0
    for agency in live:
        slots = max(len(roster.slots_of(agency, weekday)) for weekday in range(7))
        if slots:
            guessed += sum(first_guess(slots, agency.counters.count(), visits.usual_minutes(agency)))
    return min(1.0, expected * ERRANDS / guessed) if guessed else 1.0


def propose(*, agency: Agency, now: datetime, share: float = 1.0) -> int:
    """Propose every weekday of the agency; how many changed. Each day is a transaction of its own."""
    counters, minutes = agency.counters.count(), visits.usual_minutes(agency)
    if not counters:
        return 0
    today = agencies.calendar(agency.mall).local(now).date()
    changed = 0
    for weekday in range(7):
        halves = roster.slots_of(agency, weekday)
        if not halves:
            continue
        days = _days(weekday, today)
        guess = first_guess(len(halves), counters, minutes, share)
        expected = learning.arrivals(_past(agency, days, halves), guess)
        plan = staffing.plan(expected, minutes, most=counters)
        changed += roster.propose_day(
            agency=agency,
            weekday=weekday,
            counters=dict(zip(halves, plan, strict=True)),
            expected={half: round(n, 1) for half, n in zip(halves, expected, strict=True)},
            could_book=_could_book(agency, days, halves, guess, minutes),
            actor=SYSTEM,
            now=now,
        )
    return changed


def _could_book(
    agency: Agency, days: list[date], halves: list[str], guess: list[float], minutes: float
) -> dict[str, int]:
    """
    The minutes of each half hour that appointments could take, in steps of 5.

    No more than now while appointments are not called in time: ruling "Queue" caps them so that they are.
    """
    most = roster.most_bookable(agency)
    usual = slots.share(agency.mall)
    walk_ins = learning.arrivals(
        _past(agency, days, halves, walk_in=True), [(1 - usual) * people for people in guess]
    )
    room = planning.bookable_minutes([most / staffing.SLOT] * len(halves), minutes, walk_ins)
    kept, all_of_them = visits.appointments_in_time(agency, days)
    late = all_of_them >= ENOUGH and kept < IN_TIME * all_of_them
    limit = most * (usual if late else MOST_BOOKED)
    return {half: int(min(limit, float(n)) // 5 * 5) for half, n in zip(halves, room, strict=True)}


def _days(weekday: int, today: date) -> list[date]:
    """The last weeks' days of this weekday. Today is not over and does not count."""
    last = today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    return [last - timedelta(weeks=n) for n in range(WEEKS)]


def _past(agency: Agency, days: list[date], halves: list[str], *, walk_in: bool = False) -> list[list[float]]:
    """The people per half hour of the days on which anybody came."""
    hour, minute = halves[0].split(":")
    found = visits.joined_by_half_hour(agency, days, int(hour) * 60 + int(minute), walk_in=walk_in)
    return [[float(one.get(n, 0)) for n in range(len(halves))] for one in found.values()]


def propose_all(*, mall: Mall, now: datetime) -> int:
    """Propose for every live agency of the mall; how many days changed."""
    live = list(agencies.agencies(mall).select_related("mall"))
    share = share_of_expected(mall, live)
    return sum(propose(agency=agency, now=now, share=share) for agency in live)
