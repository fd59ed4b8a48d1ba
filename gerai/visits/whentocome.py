"""When to come: the waits of the next days by half hour, for the services somebody chose. Reads only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, RosterDay
from gerai.catalogue.models import Service
from gerai.foresight import staffing, waits
from gerai.visits import past

DAYS = 5
BEST = 3
PACE = 0.15  # how much more or less work than forecast a day may bring (standard deviation of its logarithm)


@dataclass(frozen=True, slots=True)
class Half:
    """One half hour: waits of all services together, in minutes, of nine visitors in ten; rounded outward to 5."""

    starts_at: datetime
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """One open day."""

    day: date
    halves: tuple[Half, ...]


@lru_cache(maxsize=256)
def _day(
    arrivals: tuple[float, ...], minutes: float, counters: tuple[int, ...]
) -> tuple[tuple[float, float], ...]:
    """Per half hour the wait that one in twenty falls short of, and the one that one in twenty exceeds."""
    waited, slot = staffing.simulated_waits(
        arrivals, minutes, counters, variation=waits.VARIATION, doubt=PACE, seed=1
    )
    found = []
    for place in range(len(arrivals)):
        here = waited[slot == place]
        found.append(
            (float(np.quantile(here, 0.05)), float(np.quantile(here, 0.95))) if len(here) else (0.0, 0.0)
        )
    return tuple(found)


def _together(parts: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """Waits of several queues one after the other, rounded outward to five minutes."""
    low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
    return int(low // 5 * 5), max(5, int(-(-high // 5) * 5))


def of(*, mall: Mall, chosen: Sequence[Service], now: datetime) -> list[Outlook]:
    """
    The next five days on which all agencies of these services are open, half hour by half hour, from now on.

    From the roster and the arrivals it expects; a day or agency without a roster is left out: we do not guess.
    """
    calendar = agencies.calendar(mall)
    wanted = Counter(s.agency_id for s in chosen)  # so many waits at each
    rows = {(r.agency_id, r.weekday): r for r in RosterDay.objects.filter(agency__in=wanted)}
    # Who waits there came for any of its services: a queue is forecast by what its services take together.
    usual = {s.agency_id: past.usual_minutes(s.agency) for s in chosen}
    found: list[Outlook] = []
    day = calendar.local(now).date()
    for _ in range(14):
        hours = calendar.hours(day)
        ours = [rows.get((agency, day.weekday())) for agency in wanted]
        if hours and ours and all(row is not None and row.expected and row.counters for row in ours):
            halves = _halves([row for row in ours if row is not None], wanted, usual, hours[0], now)
            if halves:
                found.append(Outlook(day, halves))
        if len(found) == DAYS:
            break
        day += timedelta(days=1)
    return found


def _halves(
    rows: Sequence[RosterDay], wanted: Counter[int], usual: dict[int, float], opens: datetime, now: datetime
) -> tuple[Half, ...]:
    by_half: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        halves = sorted(row.expected)
        counters = tuple(max(1, int(row.counters.get(half, 1))) for half in halves)
        arrivals = tuple(round(float(row.expected[half]), 2) for half in halves)
        bounds = _day(arrivals, round(usual[row.agency_id], 1), counters)
        for half, waits_here in zip(halves, bounds, strict=True):
            by_half.setdefault(half, []).extend([waits_here] * wanted[row.agency_id])
    found = []
    for half, parts in sorted(by_half.items()):
        hour, minute = half.split(":")
        at = opens.replace(hour=int(hour), minute=int(minute))
        if len(parts) == wanted.total() and at > now:
            found.append(Half(at, *_together(parts)))
    return tuple(found)


def best(outlooks: Sequence[Outlook]) -> list[Half]:
    """The half hours with the shortest waits, the soonest first among equals."""
    every = [half for outlook in outlooks for half in outlook.halves]
    return sorted(sorted(every, key=lambda h: (h.high, h.low, h.starts_at))[:BEST], key=lambda h: h.starts_at)
