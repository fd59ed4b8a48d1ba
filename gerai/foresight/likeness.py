"""Which closed cases were once in the like state as a running one, and how like. For `completion`; times in days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

YEAR = 365.25  # days
# By how much a state is less like another one, in powers of e: so much for each of these.
STEPS = 1 / 0.3  # as many other steps as were done
ELAPSED = 1.0  # a log-day more or less since the case began
TRAITS = 2.0  # no trait in common
SORT = 0.5  # of another service
MOST = 1500  # like states looked at, the last
# The days left in any state of the service's cases, as a few points and their shares. They weigh as much as a tenth of
# one state that is just alike: they speak where nothing is like, and say how long it can take.
PRIOR = ((0.005, 0.02), (0.05, 0.08), (0.25, 0.25), (0.5, 0.3), (0.75, 0.25), (0.95, 0.08), (0.995, 0.02))
PRIOR_WEIGHT = 0.1
PRIOR_MOST = 1500
PRIOR_FEWEST = 30  # states of a service; below, those of all services speak


@dataclass(frozen=True, slots=True)
class Case:
    """
    A case as the ledger tells it: its service, what was done and when, in order of time.

    `traits`: what else was known when it began (a branch of its route, its district). `closed_at`: None while it runs.
    """

    sort: str
    events: tuple[tuple[str, float], ...]
    closed_at: float | None = None
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands: the steps done, the last of them, days since it began and since that last step."""

    case: Case
    done: frozenset[str]
    last: str
    now: float
    elapsed: float
    idle: float

    @classmethod
    def of(cls, case: Case, steps: int) -> "State":
        """Right after so many of its steps, at least one."""
        past = case.events[:steps]
        last, now = past[-1]
        return cls(case, frozenset(kind for kind, _ in past), last, now, now - past[0][1], 0.0)

    @classmethod
    def at(cls, case: Case, now: float) -> "State | None":
        """At `now`, whatever came later; None before its first step."""
        steps = sum(at <= now for _, at in case.events)
        if not steps:
            return None
        then = cls.of(case, steps)
        return replace(then, now=now, elapsed=now - case.events[0][1], idle=now - then.now)


@dataclass(frozen=True, slots=True)
class Found:
    """
    The states found for one: the days that were left then, how unlike each is, the years since its case closed.

    `usual_left`, `usual_age`: the same of any state of the service's last cases.
    """

    left: Floats
    unlike: Floats
    age: Floats
    usual_left: Floats
    usual_age: Floats

    def weighted(self, pace: float) -> tuple[Floats, Floats]:
        """Days left and their weights, if a closed case loses most of its weight in `pace` years."""
        weights = np.exp(-self.unlike - self.age / pace)
        # By the age of the youngest, so that a long pause in which nothing closed does not leave it without weight.
        usual = np.exp((self.usual_age.min() - self.usual_age) / pace)
        points = quantiles(self.usual_left, usual, [level for level, _ in PRIOR])
        return np.append(self.left, points), np.append(weights, [PRIOR_WEIGHT * share for _, share in PRIOR])


class Shelves:
    """The states of closed cases, by the step that came last; each shelf in the order of closing."""

    def __init__(self, closed: Sequence[Case]) -> None:
        """`closed`: in that order, each with its events up to its closing."""
        self._names: dict[str, int] = {}  # of steps and traits: the place of their bit
        rows: dict[str, list[_Row]] = defaultdict(list)
        left: dict[str | None, list[tuple[float, float]]] = defaultdict(list)
        for case in closed:
            for last, row in self._rows(case):
                rows[last].append(row)
                left[case.sort].append((row.closed_at, row.left))
                left[None].append((row.closed_at, row.left))
        self._words = len(self._names) // 64 + 1
        self._by_last = {last: _Shelf(found, self._words) for last, found in rows.items()}
        self._left = {sort: np.array(found) for sort, found in left.items()}  # None: of all services

    def _rows(self, case: Case) -> "Iterator[tuple[str, _Row]]":
        closed_at = case.closed_at
        if closed_at is None:
            return
        traits, done, began = self._learn(case.traits), 0, case.events[0][1]
        for place, (step, at) in enumerate(case.events):
            done |= self._learn((step,))
            is_end = place == len(case.events) - 1
            until = closed_at if is_end else case.events[place + 1][1]
            if is_end and at == closed_at:  # with that it was over: nothing was left to foretell
                continue
            yield step, _Row(closed_at, closed_at - at, until - at, at - began, case.sort, done, traits)

    def like(self, state: State) -> Found | None:
        """The states of cases closed before `state.now`. None if none had closed by then."""
        usual = self._usual(state.case.sort, state.now)
        if not len(usual):
            return None
        usual_left, usual_age = usual[:, 1], (state.now - usual[:, 0]) / YEAR
        shelf = self._by_last.get(state.last)
        if shelf is None:
            return Found(np.zeros(0), np.zeros(0), np.zeros(0), usual_left, usual_age)
        end = int(np.searchsorted(shelf.closed_at, state.now))
        some = slice(max(0, end - MOST), end)
        # Who had moved on before this idle time was over was never in this state.
        stayed = np.flatnonzero(shelf.stayed[some] >= state.idle) + some.start
        age = (state.now - shelf.closed_at[stayed]) / YEAR
        return Found(
            shelf.left[stayed] - state.idle, self._unlike(shelf, stayed, state), age, usual_left, usual_age
        )

    def _usual(self, sort: str, now: float) -> Floats:
        """Rows of (closed_at, left): of the service's own last states, of all services' where it has few."""
        nothing = np.zeros((0, 2))
        own, all_ = (_before(self._left.get(name, nothing), now) for name in (sort, None))
        return own if len(own) >= PRIOR_FEWEST else all_

    def _unlike(self, shelf: "_Shelf", some: NDArray[np.intp], state: State) -> Floats:
        done, new = self._known(state.done)
        other = _count(shelf.done[some] ^ done) + new
        unlike: Floats = STEPS * other / len(state.done)
        unlike += ELAPSED * np.abs(np.log1p(shelf.elapsed[some] + state.idle) - np.log1p(state.elapsed))
        traits, new = self._known(state.case.traits)
        common, all_ = _count(shelf.traits[some] & traits), _count(shelf.traits[some] | traits) + new
        unlike += TRAITS * (1 - np.divide(common, all_, out=np.ones(len(all_)), where=all_ > 0))
        unlike += SORT * (shelf.sort[some] != state.case.sort)
        return unlike

    def _learn(self, names: Iterable[str]) -> int:
        return sum(1 << self._names.setdefault(name, len(self._names)) for name in sorted(names))

    def _known(self, names: frozenset[str]) -> tuple[Words, int]:
        """The bits of the names that closed cases know, and how many others there are."""
        places = [self._names[name] for name in names if name in self._names]
        return _bits([sum(1 << place for place in places)], self._words), len(names) - len(places)


@dataclass(frozen=True, slots=True)
class _Row:
    closed_at: float
    left: float
    stayed: float
    elapsed: float
    sort: str
    done: int
    traits: int


class _Shelf:
    """States as arrays."""

    def __init__(self, rows: Sequence[_Row], words: int) -> None:
        self.closed_at = np.array([row.closed_at for row in rows])
        self.left = np.array([row.left for row in rows])
        self.stayed = np.array([row.stayed for row in rows])
        self.elapsed = np.array([row.elapsed for row in rows])
        self.sort = np.array([row.sort for row in rows])
        self.done = _bits([row.done for row in rows], words)
        self.traits = _bits([row.traits for row in rows], words)


def _before(rows: Floats, now: float) -> Floats:
    end = int(np.searchsorted(rows[:, 0], now))
    return rows[max(0, end - PRIOR_MOST) : end]


def _bits(masks: Sequence[int], words: int) -> Words:
    raw = b"".join(mask.to_bytes(8 * words, "little") for mask in masks)
    return np.frombuffer(raw, "<u8").reshape(len(masks), words)


def _count(words: Words) -> Floats:
    counts: Floats = np.bitwise_count(words).sum(axis=1).astype(float)
    return counts


def quantiles(values: Floats, weights: Floats, levels: Sequence[float]) -> list[float]:
    """The smallest values at which the weight, added up in their order, reaches each level."""
    order = np.argsort(values, kind="stable")
    so_far = np.cumsum(weights[order])
    places = np.searchsorted(so_far, np.array(levels) * so_far[-1])
    return [float(values[order[min(place, len(order) - 1)]]) for place in places]
