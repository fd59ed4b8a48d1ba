"""Synthetic days of a mall: who comes when, with which errands, and how long each will take. Not a real mall's log.

Assumptions, to be replaced by a mall's own ledger: 25 agencies, 60 counters, 08:00 to 15:00, a morning peak at 09:15;
70/18/8/4 % of visitors have 1/2/3/4 errands; service times lognormal (Brown et al. 2005); days differ by 10 %,
an agency's pace by 8 %; one counter in twenty stays empty; half of each team eats between 12 and 13.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

SLOT = 30  # minutes
SLOTS = 14
LAST_NUMBER, CLOSES = 390.0, 420.0  # minutes after opening
LUNCH = range(8, 10)  # slots
ERRANDS = (0.70, 0.18, 0.08, 0.04)
PRIORITY = 0.12
DAY_TO_DAY, PACE, ABSENT = 0.10, 0.08, 0.05
SIZES = (6, 5, 5, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Service:
    """Expected minutes, coefficient of variation, share of the agency's errands."""

    minutes: float
    variation: float
    share: float


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency: its usual counters, its services, and its share of all errands."""

    name: str
    counters: int
    services: tuple[Service, ...]
    popularity: float

    @property
    def minutes(self) -> float:
        """Mean minutes of an errand here."""
        return sum(one.minutes * one.share for one in self.services)

    @property
    def on_call(self) -> int:
        """People in the back office who can open a further counter."""
        return 2 if self.counters >= 4 else 1

    def at_lunch(self, slot: int) -> int:
        """How many of the team eat in this slot."""
        return self.counters // 2 if slot in LUNCH else 0


@dataclass(frozen=True, slots=True)
class Errand:
    """One errand of a visitor: agency and service by place, the minutes it will take, its appointment."""

    agency: int
    service: int
    minutes: float
    slot: float | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Minute of arrival, errands in the order the visitor would take them, priority by right."""

    arrives: float
    errands: tuple[Errand, ...]
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A mall, the visitors of one day, and how many of each agency's team are absent."""

    agencies: tuple[Agency, ...]
    visitors: tuple[Visitor, ...]
    absent: tuple[int, ...]


def mall(seed: int = 0, sizes: Sequence[int] = SIZES) -> tuple[Agency, ...]:
    """A mall, by default of 25 agencies and 60 counters; the larger are the busier (80 to 85 % on average)."""
    random = np.random.default_rng([seed, 1])
    rough = []
    for place, counters in enumerate(sizes):
        means = random.uniform(5, 20, 3) if counters < 4 else random.uniform(6, 14, 3)
        shares = random.dirichlet((4, 2, 2))
        services = tuple(
            Service(round(float(m), 1), round(float(v), 2), float(s))
            for m, v, s in zip(means, random.uniform(0.5, 0.8, 3), shares, strict=True)
        )
        load = random.uniform(0.80, 0.85) if counters >= 4 else random.uniform(0.56, 0.76)
        agency = Agency(f"A{place + 1:02}", counters, services, 0.0)
        rough.append(replace(agency, popularity=load * counters / agency.minutes))
    total = sum(agency.popularity for agency in rough)
    mean = sum(agency.popularity / total * agency.minutes for agency in rough)
    return tuple(
        replace(
            agency,
            popularity=agency.popularity / total,
            services=tuple(replace(s, minutes=s.minutes * MEAN_SERVICE / mean) for s in agency.services),
        )
        for agency in rough
    )


MEAN_SERVICE = 9.6  # minutes per errand, so that a visit without any wait takes 14.5


def crowd(minute: float) -> float:
    """Relative density of arrivals at a minute after opening: a morning peak at 09:15, a small one after lunch."""
    if not 0 <= minute < LAST_NUMBER:
        return 0.0
    peak = math.exp(-(((minute - 75) / 55) ** 2) / 2)
    return 0.55 + peak + 0.25 * math.exp(-(((minute - 315) / 40) ** 2) / 2) - 0.2 * (240 <= minute < 300)


_MINUTES = np.array([crowd(m + 0.5) for m in range(int(LAST_NUMBER))])
_DENSITY = _MINUTES / _MINUTES.sum()


def draw(agencies: tuple[Agency, ...], seed: int, visitors: int = 1200) -> Day:
    """One day: about so many visitors (a Poisson number with a factor for the day), none booked."""
    random = np.random.default_rng([seed, 2])
    factor = max(0.6, 1 + DAY_TO_DAY * random.standard_normal())
    number = int(random.poisson(visitors * factor))
    arrives = np.sort(random.choice(len(_DENSITY), number, p=_DENSITY) + random.random(number))
    pace = np.exp(PACE * random.standard_normal(len(agencies)))
    priority = random.random(number) < PRIORITY
    many = random.choice(len(ERRANDS), number, p=ERRANDS) + 1
    # The largest of log weight + Gumbel noise are a sample without replacement (Kool et al. 2019), for all at once.
    weight = np.log([agency.popularity for agency in agencies])
    where = np.argsort(-(weight + random.gumbel(size=(number, len(agencies)))), axis=1)
    chance, normal = random.random((number, len(ERRANDS))), random.standard_normal((number, len(ERRANDS)))
    people = []
    for n in range(number):
        errands = tuple(
            _errand(agencies[a], int(a), float(chance[n, k]), float(normal[n, k]), float(pace[a]))
            for k, a in enumerate(where[n, : many[n]])
        )
        people.append(Visitor(float(arrives[n]), errands, bool(priority[n])))
    absent = tuple(int(random.binomial(a.counters, ABSENT)) for a in agencies)
    return Day(agencies, tuple(people), absent)


def _errand(agency: Agency, place: int, chance: float, normal: float, pace: float) -> Errand:
    """One errand: `chance` in 0..1 chooses the service, `normal` its minutes."""
    kind = 0
    while kind < len(agency.services) - 1 and chance >= agency.services[kind].share:
        chance -= agency.services[kind].share
        kind += 1
    service = agency.services[kind]
    sigma = math.sqrt(math.log(1 + service.variation**2))
    minutes = service.minutes * pace * math.exp(sigma * normal - sigma**2 / 2)
    return Errand(place, kind, max(0.5, minutes))


def usual_roster(day: Day) -> list[list[int]]:
    """What malls do today: everybody who is there sits from opening to closing, half at lunch. Agencies x slots."""
    return [
        [max(1, a.counters - gone - a.at_lunch(slot)) for slot in range(SLOTS)]
        for a, gone in zip(day.agencies, day.absent, strict=True)
    ]


def pooled(day: Day) -> Day:
    """The bound of a single line: every counter serves every errand, one errand after another without a walk."""
    counters = sum(a.counters for a in day.agencies)
    services = (Service(MEAN_SERVICE, 0.8, 1.0),)
    one = Agency("all", counters, services, 1.0)
    people = tuple(
        replace(v, errands=(Errand(0, 0, sum(e.minutes for e in v.errands)),)) for v in day.visitors
    )
    return Day((one,), people, (sum(day.absent),))


def booked(day: Day, share: float, capacity: Sequence[Sequence[float]], seed: int) -> Day:
    """
    The same day when a share of the visitors had booked a slot of their first errand's agency.

    `capacity`: errands each agency can still take per half hour beside its walk-ins, shape (agencies, slots). A slot
    is taken at random in proportion to what is left of it. Who booked comes 6 minutes early to 4 late; the later
    errands of a booking follow at a distance that four of five services keep.
    """
    random = np.random.default_rng([seed, 3])
    left = [np.maximum(np.asarray(row, float), 0.0) for row in capacity]
    people = []
    for visitor in day.visitors:
        first = visitor.errands[0]
        room = left[first.agency]
        if random.random() >= share or room.sum() <= 0:
            people.append(visitor)
            continue
        slot = int(random.choice(len(room), p=room / room.sum()))
        room[slot] = max(0.0, room[slot] - 1)
        at = slot * SLOT + float(random.integers(6)) * 5
        arrives = max(0.0, at + float(random.uniform(-6, 4)))
        people.append(replace(visitor, arrives=arrives, errands=_chained(day, visitor.errands, at)))
    return replace(day, visitors=tuple(sorted(people, key=lambda v: v.arrives)))


def _chained(day: Day, errands: tuple[Errand, ...], at: float) -> tuple[Errand, ...]:
    chain = []
    for errand in errands:
        chain.append(replace(errand, slot=at))
        service = day.agencies[errand.agency].services[errand.service]
        at += max(5.0, service.minutes * 1.4) + 1
    return tuple(chain)


def rebooked(day: Day, capacity: Sequence[Sequence[float]], seed: int) -> Day:
    """
    The same day when the part kept for bookings is full: what was booked stays while it fits and else walks in at
    the same minute; of the others so many book as there is room for. `capacity` as in `booked`, all of it.
    """
    left = [list(row) for row in capacity]
    kept, others = [], []
    for visitor in day.visitors:
        first = visitor.errands[0]
        row = left[first.agency]
        slot = -1 if first.slot is None else min(int(first.slot // SLOT), len(row) - 1)
        if slot >= 0 and row[slot] >= 1:
            row[slot] -= 1
            kept.append(visitor)
        else:
            walks = tuple(replace(errand, slot=None) for errand in visitor.errands)
            others.append(replace(visitor, errands=walks))
    share = min(1.0, sum(map(sum, left)) / max(1, len(others)))
    moved = booked(replace(day, visitors=tuple(others)), share, left, seed)
    return replace(day, visitors=tuple(sorted([*kept, *moved.visitors], key=lambda v: v.arrives)))


def stretched(day: Day, factor: float) -> Day:
    """The same people over hours `factor` times as long: who came at a third of the day comes at a third of it."""
    people = tuple(
        replace(
            visitor,
            arrives=visitor.arrives * factor,
            errands=tuple(
                replace(e, slot=None if e.slot is None else e.slot * factor) for e in visitor.errands
            ),
        )
        for visitor in day.visitors
    )
    return replace(day, visitors=people)
