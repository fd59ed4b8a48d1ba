"""The pace of a line, learnt from its calls alone: for counters that several lines share, and services without a clock.

Who is n-th in a line waits for n calls. So the wait is n times the minutes per call: those of past days, drawn to what
today shows; then corrected by what such waits turned out to be (people leave, counters come and go).
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from statistics import median

from gerai.foresight.intervals import load_class
from gerai.foresight.waits import bounds, line

FIRST = 6.0  # calls that the pace of all lines weighs against a line's own past
TODAY = 20.0  # calls that the past weighs against today
HALF_LIFE = 30.0  # minutes after which a call of today weighs half
NIGHT = 0.87  # what a day weighs against the next: half in five days
RATIOS = 30.0  # waits that all lines' correction weighs against a line's own
KEPT = 300  # waits of a line and load class that its correction looks at
SMALL = 3.0  # minutes: a ratio of two short waits says little
VARIATION = 1.0  # of the time between calls; a Poisson stream has 1
DOUBT = 0.35  # standard deviation of the logarithm of the pace to come
RUNS = 150
LONGEST = 60  # people simulated one by one; a longer line is scaled


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes in which somebody waited and a counter was open, and the calls in them, older ones weighing less."""

    minutes: float = 0.0
    calls: float = 0.0

    def fade(self, weight: float) -> "Pace":
        """The same experience, older."""
        return Pace(self.minutes * weight, self.calls * weight)

    def plus(self, minutes: float, calls: float) -> "Pace":
        """With more experience."""
        return Pace(self.minutes + minutes, self.calls + calls)

    def per_call(self, prior: float, weight: float) -> float:
        """Minutes per call, drawn to a prior that weighs so many calls."""
        return (weight * prior + self.minutes) / (weight + self.calls)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Minutes, unrounded: bounds for 90 %, the middle, and the middle before correction (for `ended`)."""

    low: float
    middle: float
    high: float
    plain: float


class Lines:
    """
    The lines of one or several offices. Tell it calls and ended waits as they happen, and when a day is over.

    Keys of lines are the caller's. Minutes are minutes of the day.
    """

    def __init__(self, first_guess: float = 8.0) -> None:
        self._first_guess = first_guess
        self._all = Pace()
        self._usual: dict[str, Pace] = defaultdict(Pace)
        self._today: dict[str, tuple[Pace, float]] = {}
        self._new: list[tuple[str, int, float]] = []
        self._ratios: dict[tuple[str, int], deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._correct: dict[tuple[str, int], float] = {}
        self._common: dict[int, float] = {}

    def called(self, key: str, at: float, minutes: float, calls: int) -> None:
        """In the last `minutes` somebody waited in this line, and so many were called."""
        pace, last = self._today.get(key, (Pace(), at))
        self._today[key] = pace.fade(0.5 ** ((at - last) / HALF_LIFE)).plus(minutes, calls), at
        self._usual[key] = self._usual[key].plus(minutes, calls)
        self._all = self._all.plus(minutes, calls)

    def minutes_per_call(self, key: str) -> float:
        """What to expect of this line now."""
        every = self._all.per_call(self._first_guess, FIRST)
        usual = self._usual[key].per_call(every, FIRST)
        return self._today[key][0].per_call(usual, TODAY) if key in self._today else usual

    def forecast(self, key: str, waiting: int, seed: int = 1) -> Forecast:
        """The wait of the last of so many people (at least 1)."""
        each, people = self.minutes_per_call(key), min(waiting, LONGEST)
        waits = line(
            ahead=[each] * (people - 1),
            busy=[each],
            free=0,
            variation=VARIATION,
            doubt=DOUBT,
            runs=RUNS,
            seed=seed,
        )[:, -1]
        low, plain, high = (one * waiting / people for one in bounds(waits))
        load = load_class(waiting, 2)
        by = math.exp(self._correct.get((key, load), self._common.get(load, 0.0)))

        def corrected(minutes: float) -> float:
            return max(0.0, (minutes + SMALL) * by - SMALL)

        return Forecast(corrected(low), corrected(plain), corrected(high), plain)

    def ended(self, key: str, waiting: int, forecast: Forecast, actual: float) -> None:
        """A wait that we had forecast has ended."""
        ratio = math.log((actual + SMALL) / (forecast.plain + SMALL))
        self._new.append((key, load_class(waiting, 2), ratio))

    def next_day(self) -> None:
        """Corrections are taken over at night, so that no day corrects itself; what is old fades."""
        for key, load, ratio in self._new:
            self._ratios[key, load].append(ratio)
        by_class: dict[int, list[float]] = defaultdict(list)
        for (_, load), ratios in self._ratios.items():
            by_class[load] += ratios
        self._common = {load: median(ratios) for load, ratios in by_class.items()}
        for (key, load), own in self._ratios.items():
            shrunk = RATIOS * self._common[load] + len(own) * median(own)
            self._correct[key, load] = shrunk / (RATIOS + len(own))
        self._usual = defaultdict(Pace, {key: pace.fade(NIGHT) for key, pace in self._usual.items()})
        self._today, self._new = {}, []
