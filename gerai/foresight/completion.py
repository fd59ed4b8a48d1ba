"""The day a case will be done, with an interval, and the chance that it is late, by closed cases once in such a state.

Pure; times are days (floats) since any day, calendar or working days as the caller counts them. The days that were left
in like states (`likeness`), weighted by likeness and age, are the forecast's distribution (a kernel estimate, Nadaraya
1964), drawn to what is usual for the service where little is like. At which of its levels the interval ends is learnt
from what would have been told of the cases that closed last (distributional conformal prediction, Chernozhukov et al.
2021).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gerai.foresight.likeness import YEAR, Case, Floats, Found, Shelves, State, quantiles

HELD = 0.9  # of intervals
CHECKED = 500  # closed cases, the last, from which paces and levels are learnt
LOOKS = 8  # moments of each
WINDOW = 800  # looks that speak: those at the last hundred cases
FADE = 0.7  # years in which a look loses most of its weight
FEWEST = 40  # looks below which they do not speak: of a service, then of all
# Years in which a closed case loses most of its weight. The slow pace knows more, the quick one follows a mall that
# changes; which of them speaks is decided by their errors of late.
PACES = (0.7, 0.1)
BLUR = 0.3  # log-days by which each past case is blurred, so that a near miss of the due day counts too
SAME = 1e-6  # days: a tenth of a second is no difference


@dataclass(frozen=True, slots=True)
class Completion:
    """The day a case will be done: the middle, the ends of a 90 % interval; the chance that it is after the due day."""

    median_day: float
    low: float
    high: float
    breach: float | None = None


class Cases:
    """
    What closed cases tell of running ones. A value: whatever was added after `now` changes no forecast made for `now`.

    Build it at night, or when some cases have closed; `checked` bounds the time that takes.
    """

    def __init__(self, past: Sequence[Case], checked: int = CHECKED) -> None:
        """`past`: in any order; those that still run are left out, and what was written after a closing."""
        closed = sorted(_ended(past), key=lambda case: case.closed_at or 0.0)
        self._shelves = Shelves(closed)
        looks: dict[str | None, list[_Look]] = defaultdict(list)
        for case in closed[max(0, len(closed) - checked) :]:
            found = list(self._look_back(case))
            looks[case.sort] += found
            looks[None] += found
        self._looks = {sort: _Looks.of(some) for sort, some in looks.items()}  # of a service; None: of all

    def forecast(
        self, case: Case, now: float, *, due: float | None = None, stopped: float = 0.0
    ) -> Completion | None:
        """
        When a running case will be done, by what is known at `now`. None as long as no case has closed.

        `due`: its legal day, with the stops of the clock that are over. `stopped`: days of a stop that still runs.
        """
        found = self.found(case, now)
        if found is None:
            return None
        pace = self._pace(now)
        days, weights = found.weighted(PACES[pace])
        low, high = self._levels(case.sort, now, pace)
        first, middle, last = quantiles(days, weights, (low, 0.5, high))
        late = None if due is None else beyond(days, weights, due + stopped - now)
        return Completion(now + middle, now + first, now + last, late)

    def found(self, case: Case, now: float) -> Found | None:
        """The states like this one, of cases closed before `now`."""
        state = State.at(case, now)
        return None if state is None else self._shelves.like(state)

    def _known(self, sort: str | None, now: float) -> "_Looks | None":
        """The last looks of which the end was known before `now`; None if they are too few to speak."""
        looks = self._looks.get(sort)
        found = None if looks is None else looks.before(now)
        return found if found and len(found.at) >= FEWEST else None

    def _pace(self, now: float) -> int:
        """Which of `PACES` erred least of late; the first without experience."""
        looks = self._known(None, now)
        return 0 if looks is None else int(np.argmin(looks.errors.mean(axis=0)))

    def _levels(self, sort: str, now: float, pace: int) -> tuple[float, float]:
        """The levels of the distribution between which nine of ten would have lain of late."""
        looks = self._known(sort, now) or self._known(None, now)
        if looks is None:
            return 0.5 - HELD / 2, 0.5 + HELD / 2
        # By the age of the moment, not of the closing: what closed last may have been looked at years ago.
        weights = np.exp((looks.at - now) / YEAR / FADE)
        (reach,) = quantiles(looks.off[:, pace], weights, (HELD,))
        return 0.5 - reach, 0.5 + reach

    def _look_back(self, case: Case) -> "Iterator[_Look]":
        """What each pace would have told of a case that has closed, at some moments spread over its steps."""
        closed_at, last = case.closed_at or 0.0, len(case.events) - 1
        for place in np.unique(np.linspace(0, last, LOOKS).astype(int)):
            state = State.of(case, int(place) + 1)
            came = closed_at - state.now
            found = self._shelves.like(state)
            if found is None or (
                came == 0 and place == last
            ):  # with that it was over: nobody waited any more
                continue
            told = [found.weighted(pace) for pace in PACES]
            errors = [abs(quantiles(*one, (0.5,))[0] - came) for one in told]
            yield closed_at, state.now, errors, [off(*one, came) for one in told]


_Look = tuple[float, float, list[float], list[float]]


@dataclass(frozen=True, slots=True)
class _Looks:
    """
    Looks in the order in which it became known (`known_at`) how their cases ended.

    `at`: the moment looked at. `errors` in days and `off` have a column for each pace.
    """

    known_at: Floats
    at: Floats
    errors: Floats
    off: Floats

    @classmethod
    def of(cls, looks: Sequence[_Look]) -> "_Looks":
        """From rows in that order."""
        columns = list(zip(*looks, strict=True)) or [(), (), (), ()]
        return cls(*(np.array(column, float) for column in columns))

    def before(self, now: float) -> "_Looks":
        """The last of them known before `now`."""
        end = int(np.searchsorted(self.known_at, now))
        some = slice(max(0, end - WINDOW), end)
        return _Looks(self.known_at[some], self.at[some], self.errors[some], self.off[some])


def _ended(past: Sequence[Case]) -> Iterator[Case]:
    for case in past:
        closed_at = case.closed_at
        if closed_at is not None and case.events and case.events[0][1] <= closed_at:
            yield replace(case, events=tuple(event for event in case.events if event[1] <= closed_at))


def off(days: Floats, weights: Floats, came: float) -> float:
    """By which share of a distribution what came lies off its middle: 0 in it, 0.5 beyond its ends."""
    less, upto = weights[days < came - SAME].sum(), weights[days <= came + SAME].sum()
    return max(0.0, float(max(0.5 - upto / weights.sum(), less / weights.sum() - 0.5)))


def beyond(days: Floats, weights: Floats, left: float) -> float:
    """Which share of a distribution lies beyond the days that are left, a little blurred; all of it when none are."""
    if left <= 0:
        return 1.0
    over = (np.log1p(np.maximum(days, 0.0)) - np.log1p(left)) / BLUR
    return float(np.average(1 / (1 + np.exp(-np.clip(over, -30.0, 30.0))), weights=weights))
