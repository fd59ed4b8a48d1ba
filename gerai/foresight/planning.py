"""From past days to the way a mall is run: what to expect, counters within the hours there are, room for bookings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gerai.foresight.days import CLOSES, LAST_NUMBER, SLOT, SLOTS, Agency, Day, booked, usual_roster
from gerai.foresight.engine import Mall, Outcome, Policy
from gerai.foresight.staffing import CLOSE_AT, OPEN_AT, offered_load
from gerai.foresight.waits import CREDIT, Floats

BOOKABLE = 0.5  # share of the visitors who book
SHOWS = 0.95  # part of the counters that bookings may count on: one in twenty is absent


def status_quo(day: Day) -> Policy:
    """What malls do today: everybody in their own order, first come first served, one roster from eight to three."""
    return Policy(usual_roster(day))


def expected(outcomes: Sequence[Outcome]) -> Floats:
    """People who join each agency per half hour, mean of past days: shape (agencies, slots)."""
    come = np.zeros((len(outcomes[0].day.agencies), SLOTS))
    for outcome in outcomes:
        for ticket in outcome.tickets:
            come[ticket.agency, min(int(ticket.joined // SLOT), SLOTS - 1)] += 1
    return come / len(outcomes)


def most_open(agencies: Sequence[Agency], absent: Sequence[int]) -> list[list[int]]:
    """Counters that can be open with everybody who is there and those on call, lunch kept: agencies x slots."""
    return [
        [max(1, one.counters + one.on_call - gone - one.at_lunch(slot)) for slot in range(SLOTS)]
        for one, gone in zip(agencies, absent, strict=True)
    ]


def bookable_minutes(
    counters: Sequence[float], minutes: float, walk_ins: Sequence[float], *, last_slots: int = 2
) -> Floats:
    """
    Minutes of each half hour that appointments can take: what the counters do, less the walk-ins to expect.

    One counter in twenty counts as absent; half in the last slots, so that the day ends in time. `minutes`: of a
    service; `counters`, `walk_ins`: per slot, and the result too.
    """
    ends = np.ones(len(counters))
    ends[len(counters) - last_slots :] = 0.5
    able = ends * np.asarray(counters, float) * SHOWS * SLOT
    room: Floats = np.maximum(0.0, able - np.asarray(walk_ins, float) * minutes)
    return room


def bookable(agencies: Sequence[Agency], arrivals: Floats, share: float) -> Floats:
    """
    Bookings each agency can take per half hour before the last numbers are given. Shapes (agencies, slots).
    """
    room = np.zeros((len(agencies), SLOTS))
    last = int(LAST_NUMBER) // SLOT
    for place, agency in enumerate(agencies):
        counters = [agency.counters - agency.at_lunch(slot) for slot in range(SLOTS)]
        minutes = bookable_minutes(counters, agency.minutes, (1 - share) * arrivals[place])
        room[place, :last] = minutes[:last] / agency.minutes
    return room


def roster_for(
    agencies: Sequence[Agency], arrivals: Floats, most: Sequence[Sequence[int]], hours: float
) -> list[list[int]]:
    """
    Share out counter-hours: r + beta sqrt(r) everywhere with one beta, found by bisection.

    Equal beta is equal quality for all, and asymptotically optimal (Borst, Mandelbaum and Reiman 2004).
    """
    loads = [offered_load(row, one.minutes) for row, one in zip(arrivals, agencies, strict=True)]

    def at(beta: float) -> list[list[int]]:
        return [
            [min(cap, max(1, round(r + beta * math.sqrt(r)))) for r, cap in zip(load, caps, strict=True)]
            for load, caps in zip(loads, most, strict=True)
        ]

    low, high = -3.0, 5.0
    for _ in range(30):
        middle = (low + high) / 2
        total = sum(map(sum, at(middle))) * SLOT / 60
        low, high = (low, middle) if total > hours else (middle, high)
    return at(low)


@dataclass(frozen=True)
class Plan:
    """How Gerai runs a mall: forecasts, a roster, room for bookings, and the limits of the live rule."""

    agencies: tuple[Agency, ...]
    arrivals: Floats
    room: Floats
    share: float
    roster: Sequence[Sequence[int]]
    open_at: float = OPEN_AT
    close_at: float = CLOSE_AT

    def book(self, day: Day, seed: int) -> Day:
        """The day if its visitors could book."""
        return booked(day, self.share, self.room.tolist(), seed) if self.share else day

    def policy(self, day: Day) -> Policy:
        """Roster less the absent, credit rule, advice, live rule."""
        there = [[max(1, c - gone) for c in row] for row, gone in zip(self.roster, day.absent, strict=True)]
        most = most_open(self.agencies, day.absent)
        return Policy(there, CREDIT, (self.arrivals / SLOT).tolist(), most, self.open_at, self.close_at)

    def run(self, day: Day, seed: int) -> Outcome:
        """The day as Gerai would run it."""
        day = self.book(day, seed)
        return Mall(day, self.policy(day)).run()


def learn(
    past: Sequence[Day],
    *,
    ratio: float = 1.0,
    share: float = BOOKABLE,
    open_at: float = OPEN_AT,
    close_at: float = CLOSE_AT,
) -> Plan:
    """
    A plan from past days that takes `ratio` times the counter-hours that those days took as they were run.

    The roster leaves hours for the live rule; how many is found by bisection over the same past days.
    """
    agencies = past[0].agencies
    before = [Mall(day, status_quo(day)).run() for day in past]
    budget = ratio * sum(outcome.counter_hours for outcome in before) / len(before)
    arrivals = expected(before)
    room = bookable(agencies, arrivals, share)
    if share:
        days = [booked(day, share, room.tolist(), seed) for seed, day in enumerate(past)]
        arrivals = expected([Mall(day, status_quo(day)).run() for day in days])
    most = most_open(agencies, [0] * len(agencies))
    low, high = len(agencies) * CLOSES / 60, budget
    plan = Plan(agencies, arrivals, room, share, roster_for(agencies, arrivals, most, low), open_at, close_at)
    for _ in range(7):
        middle = (low + high) / 2
        other = replace(plan, roster=roster_for(agencies, arrivals, most, middle))
        took = sum(other.run(day, seed).counter_hours for seed, day in enumerate(past)) / len(past)
        if took > budget:
            high = middle
        else:
            low, plan = middle, other
    return plan
