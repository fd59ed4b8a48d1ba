"""What a line was like on former days, by half hours: the part of `hall` that outlives the night. Older days fade."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from statistics import fmean, median

from gerai.foresight.pace import FIRST, NIGHT, Pace

SLOT = 30.0  # minutes of the day that are remembered together
RATIO = 5.0  # ended waits that "as forecast" weighs against those seen
FARTHEST = 240.0  # minutes that a walk over the usual half hours goes
KEPT = 200  # waits behind so many people that a median looks at
DAYS = 8  # ends of days that are kept

Sum = tuple[float, float]  # total, number


@dataclass(slots=True)
class Ratios:
    """How waits turned out against their forecast: logarithms, and how many."""

    total: float = 0.0
    number: float = 0.0

    def plus(self, ratio: float) -> None:
        """One more."""
        self.total += ratio
        self.number += 1

    def mean(self, prior: float = 0.0) -> float:
        """Their mean, drawn to a prior."""
        return (self.total + RATIO * prior) / (self.number + RATIO)


def as_many(waiting: int) -> int:
    """The class of a line's length: each about 1.4 times as long as the one before."""
    return min(int(math.log2(max(waiting, 1)) * 2), 12)


def _sums() -> defaultdict[int, Sum]:
    return defaultdict(lambda: (0.0, 0.0))


def _plus(sums: dict[int, Sum], key: int, value: float) -> None:
    total, number = sums[key]
    sums[key] = total + value, number + 1


def _mean(sums: dict[int, Sum], key: int) -> float:
    total, number = sums.get(key, (0.0, 0.0))
    return total / number if number else math.nan


@dataclass(slots=True)
class Former:
    """One line on former days. What today adds is answered from tomorrow on."""

    pace: dict[int, Pace] = field(default_factory=lambda: defaultdict(Pace))
    waits_of: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=KEPT)))
    medians: dict[int, float] = field(default_factory=dict)
    _waits: dict[int, Sum] = field(default_factory=_sums)
    _people: dict[int, Sum] = field(default_factory=_sums)
    _ratios: dict[int, Ratios] = field(default_factory=lambda: defaultdict(Ratios))
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=DAYS))
    _seen_today: list[tuple[int, float, int, int]] = field(default_factory=list)
    _ended_today: list[tuple[int, int, float, float]] = field(default_factory=list)

    def seen(self, at: float, minutes: float, calls: int, waiting: int) -> None:
        """So many waited at this minute; in the minutes before it, with somebody waiting, so many were called."""
        self._seen_today.append((int(at // SLOT), minutes, calls, waiting))

    def ended(self, at: float, waiting: int, ratio: float, wait: float) -> None:
        """The last of so many at this minute waited so long: `ratio` against the forecast, as a logarithm."""
        self._ended_today.append((int(at // SLOT), as_many(waiting), ratio, wait))

    def next_day(self, last_call: float) -> None:
        """Today becomes a former day; `last_call` is its minute, or NaN."""
        self.pace = defaultdict(Pace, {slot: pace.fade(NIGHT) for slot, pace in self.pace.items()})
        for sums in (self._waits, self._people):
            for slot, (total, number) in sums.items():
                sums[slot] = total * NIGHT, number * NIGHT
        for ratios in self._ratios.values():
            ratios.total *= NIGHT
            ratios.number *= NIGHT
        for slot, minutes, calls, waiting in self._seen_today:
            self.pace[slot] = self.pace[slot].plus(minutes, calls)
            _plus(self._people, slot, waiting)
        for slot, many, ratio, wait in self._ended_today:
            _plus(self._waits, slot, wait)
            self._ratios[slot].plus(ratio)
            self.waits_of[many].append(wait)
        self.medians = {many: median(waits) for many, waits in self.waits_of.items()}
        if not math.isnan(last_call):
            self._ends.append(last_call)
        self._seen_today, self._ended_today = [], []

    def wait(self, slot: int | None = None) -> float:
        """The mean wait in minutes, of one slot or of all."""
        if slot is not None:
            return _mean(self._waits, slot)
        number = sum(number for _, number in self._waits.values())
        return sum(total for total, _ in self._waits.values()) / number if number else math.nan

    def people(self, slot: int) -> float:
        """How many usually wait."""
        return _mean(self._people, slot)

    def ratio(self, slot: int) -> float:
        """How waits usually turn out against their forecast."""
        return self._ratios[slot].mean() if slot in self._ratios else 0.0

    def end(self) -> float:
        """The minute of the last call of a day, on average."""
        return fmean(self._ends) if self._ends else math.nan

    def walk(self, at: float, waiting: int, per_call: float) -> float:
        """Minutes until so many are called, at the usual pace of each half hour from now, drawn to `per_call`."""
        spent, left = 0.0, float(waiting)
        while spent < FARTHEST:
            each = self.pace.get(int((at + spent) // SLOT), Pace()).per_call(per_call, FIRST)
            until = SLOT - (at + spent) % SLOT
            if left * each <= until:
                return spent + left * each
            left -= until / each
            spent += until
        return spent
