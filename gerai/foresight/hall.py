"""What is known of the lines of several offices at a minute, told as it happens: the features of a trained forecast.

Nothing here can look ahead: a line is told of with `seen`, a forecast with `told`, an ended wait with `ended`, a night
with `next_day`, and `features` answers from that alone. Keys are the caller's; minutes are minutes of the day.
"""

import math
from bisect import bisect_left
from collections import defaultdict, deque
from dataclasses import dataclass, field
from statistics import fmean

from gerai.foresight.former import FARTHEST, SLOT, Former, Ratios, as_many
from gerai.foresight.pace import FIRST, SMALL, Forecast, Pace

HALF_LIVES = (10.0, 30.0, 90.0)  # minutes: just now, lately, today
LATELY = 5  # calls and ended waits that count as the last ones
LAST_CALLS = 100  # calls of a line whose time is kept

NAMES = (
    # what the plain engine says
    "plain", "minutes_per_call",
    # the line now; `number` is the last number called, `odd` by how much it is not the count of calls
    "waiting", "counters", "minute", "weekday", "open_for", "slot_part", "line", "office", "number", "odd",
    # its last calls: waits in minutes, minutes since, minutes per call
    "last_wait", "last_waits", "last_waits_spread", "last_wait_each", "waits_20", "head_since", "joined_since", "left",
    "since_call", "since_2", "since_3", "since_5", "since_as_many", "per_call_10", "per_call_30", "per_call_90",
    "joined_30", "joined_90",
    # the office around it
    "office_waiting", "office_ahead", "office_counters", "office_lines", "office_per_call_10", "office_per_call_30",
    "office_per_call_90", "office_by_pace", "office_joined", "office_since_call", "share_of_calls",
    # how today's forecasts turned out (logarithms of ratios)
    "ratio", "ratio_last", "ratio_number", "ratio_office", "ratio_office_last", "ratio_open",
    # former days
    "usual_wait", "usual_wait_slot", "usual_wait_part", "usual_as_many", "usual_as_many_number", "usual_ratio_slot",
    "usual_per_call_slot", "usual_walk", "usual_waiting_slot", "until_usual_end", "pace_to_usual",
)  # fmt: skip


@dataclass(slots=True)
class _Faded:
    """Minutes, calls and people who joined, fading with a half-life."""

    half_life: float
    at: float
    minutes: float = 0.0
    calls: float = 0.0
    joined: float = 0.0

    def plus(self, at: float, minutes: float, calls: float, joined: float) -> None:
        weight = 0.5 ** ((at - self.at) / self.half_life)
        self.at = at
        self.minutes = self.minutes * weight + minutes
        self.calls = self.calls * weight + calls
        self.joined = self.joined * weight + joined

    def per_call(self) -> float:
        return (self.minutes + 1.0) / (self.calls + 0.5)


def _lately(kept: int) -> "deque[float]":
    return deque(maxlen=kept)


@dataclass(slots=True)
class _Today:
    """One line, or one office, today."""

    since: float
    at: float
    paces: list[_Faded]
    waiting: int = 0
    counters: int = 0
    number: int = 0
    calls: int = 0
    left: int = 0
    joined_at: deque[float] = field(default_factory=deque)
    calls_at: deque[float] = field(default_factory=lambda: _lately(LAST_CALLS))
    called_at: float = math.nan
    waits: deque[float] = field(default_factory=lambda: _lately(4 * LATELY))
    ratios: Ratios = field(default_factory=Ratios)
    last_ratios: deque[float] = field(default_factory=lambda: _lately(LATELY))
    open: dict[int, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def begun(cls, at: float) -> "_Today":
        return cls(at, at, [_Faded(half_life, at) for half_life in HALF_LIVES])

    def since_call(self, back: int, now: float) -> float:
        """Minutes since the last call but so many."""
        return now - self.calls_at[-back] if 0 < back <= len(self.calls_at) else math.nan


class Hall:
    """The lines of several offices."""

    def __init__(self) -> None:
        self._former: dict[str, Former] = defaultdict(Former)
        self._codes: dict[str, int] = {}
        self._begin()

    def _begin(self) -> None:
        self._lines: dict[str, _Today] = {}
        self._offices: dict[str, _Today] = {}
        self._in: dict[str, dict[str, _Today]] = defaultdict(dict)

    def seen(
        self, office: str, line: str, at: float, *, waiting: int, counters: int, calls: int, number: int
    ) -> None:
        """
        At this minute so many wait at so many open counters, and this number was the last called.

        `calls`: since the line was last seen. They are taken to have come evenly, people to have joined half-way.
        """
        if office not in self._offices:
            self._offices[office] = _Today.begun(at)
        if line not in self._lines:
            self._lines[line] = self._in[office][line] = _Today.begun(at)
        here, own = self._offices[office], self._lines[line]
        halfway, minutes = (own.at + at) / 2, at - own.at
        for _ in range(min(calls, len(own.joined_at))):
            own.waits.append(halfway - own.joined_at.popleft())
        own.left += max(0, len(own.joined_at) - waiting)
        while len(own.joined_at) > waiting:
            own.joined_at.popleft()
        joined = waiting - len(own.joined_at)
        own.joined_at.extend([halfway] * joined)
        if calls:
            own.called_at = here.called_at = halfway
            own.calls_at.extend(own.at + minutes * (n + 0.5) / calls for n in range(calls))
        busy = minutes if own.waiting and own.counters else 0.0
        for pace in own.paces:
            pace.plus(at, busy, calls, joined)
        for pace in here.paces:
            pace.plus(at, at - here.at, calls, joined)
        self._former[line].seen(at, busy, calls if busy else 0, waiting)
        here.waiting += waiting - own.waiting
        here.counters += counters - own.counters
        own.calls += calls
        here.at = own.at = at
        own.waiting, own.counters, own.number = waiting, counters, number

    def told(self, line: str, person: int, at: float, forecast: Forecast) -> None:
        """Somebody in this line was forecast at this minute; `person` is a number to find them again by."""
        self._lines[line].open[person] = at, forecast.plain

    def ended(
        self, office: str, line: str, person: int, at: float, waiting: int, forecast: Forecast, wait: float
    ) -> None:
        """The wait of somebody has ended who was forecast at minute `at`, the last of so many."""
        ratio = math.log((wait + SMALL) / (forecast.plain + SMALL))
        for today in (self._lines[line], self._offices[office]):
            today.ratios.plus(ratio)
            today.last_ratios.append(ratio)
        self._lines[line].open.pop(person, None)
        self._former[line].ended(at, waiting, ratio, wait)

    def next_day(self) -> None:
        """The day becomes one of the former ones, which fade."""
        for line, today in self._lines.items():
            self._former[line].next_day(today.called_at)
        for line in self._former.keys() - self._lines.keys():
            self._former[line].next_day(math.nan)
        self._begin()

    def features(
        self,
        office: str,
        line: str,
        at: float,
        *,
        weekday: int,
        waiting: int,
        forecast: Forecast,
        per_call: float,
    ) -> tuple[float, ...]:
        """
        What is known of the last of so many in a line: shape (len(NAMES),), NaN where unknown.

        `per_call`: minutes per call as `pace.Lines` expects them; `weekday`: Monday is 0.
        """
        here, own, former = self._offices[office], self._lines[line], self._former[line]
        slot = int(at // SLOT)
        joined = own.joined_at[-1] if own.joined_at else at
        ahead = sum(bisect_left(other.joined_at, joined) for other in self._in[office].values())
        fast, lately, today = own.paces
        office_fast, office_lately, office_today = here.paces
        all_waits = list(own.waits)
        waits = all_waits[-LATELY:]
        begun = [math.log((at - told + SMALL) / (plain + SMALL)) for told, plain in own.open.values()]
        office_each = (office_lately.minutes + FIRST) / (office_lately.calls + 1)
        usual_each = former.pace.get(slot, Pace()).per_call(per_call, FIRST)
        own_each = (lately.minutes + FIRST * usual_each) / (lately.calls + FIRST)
        usual_wait, slot_wait = former.wait(), former.wait(slot)
        many = as_many(waiting)
        return (
            forecast.middle, per_call,
            waiting, own.counters, at, weekday, at - own.since, at % SLOT,
            self._code(line), self._code(office), own.number, own.number - own.calls,
            waits[-1] if waits else math.nan, fmean(waits) if waits else math.nan,
            max(waits) - min(waits) if waits else math.nan,
            (waits[-1] + 1) / (waiting + 1) if waits else math.nan,
            fmean(all_waits) if all_waits else math.nan,
            at - own.joined_at[0] if own.joined_at else 0.0, at - joined, own.left,
            at - own.called_at, *(own.since_call(back, at) for back in (2, 3, 5, waiting)),
            fast.per_call(), lately.per_call(), today.per_call(), lately.joined, today.joined,
            here.waiting, ahead, here.counters, sum(other.waiting > 0 for other in self._in[office].values()),
            office_fast.per_call(), office_each, office_today.per_call(), office_each * (ahead + 1),
            office_lately.joined, at - here.called_at, (lately.calls + 0.1) / (office_lately.calls + 1),
            own.ratios.mean(here.ratios.mean()), fmean(own.last_ratios) if own.last_ratios else math.nan,
            own.ratios.number, here.ratios.mean(),
            fmean(here.last_ratios) if here.last_ratios else math.nan, max(begun, default=-3.0),
            usual_wait, slot_wait, usual_wait / (slot_wait + 1),
            former.medians.get(many, math.nan), len(former.waits_of.get(many, ())), former.ratio(slot),
            usual_each, min(former.walk(at, waiting, per_call), FARTHEST), former.people(slot),
            former.end() - at, own_each / usual_each,
        )  # fmt: skip

    def _code(self, key: str) -> int:
        """A number for a line or an office, the same for good: in the order in which they were first asked about."""
        return self._codes.setdefault(key, len(self._codes))
