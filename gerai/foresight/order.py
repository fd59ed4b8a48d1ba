"""The order of a visitor's errands: advice, never an order. Re-planned after each service, changed only for a gain.

Because nobody gains by joining a queue later (t + wait(t) does not fall), the earliest end of a *set* of errands is
all that counts of their order. So the dynamic programme of Bellman (1962), Held and Karp (1962) over sets is exact:
8 errands take 8 * 2^7 looks at a forecast instead of 8! orders.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WALK = 1.0  # minutes between two counters
LEAST_GAIN = 3.0  # minutes: for less, nobody is told to turn round
HEAD_START = 5.0  # minutes to be back before the earliest likely call

WaitAt = Callable[[str, float], float]  # (agency, minute) -> minutes of waiting for who joins then


@dataclass(frozen=True, slots=True)
class Errand:
    """
    One errand still to do; times in minutes on the clock of `now`.

    `after`: places in the list of errands that must end before (a document is fetched there). `not_before`: an
    appointment. `closes`: the errand must be called by then.
    """

    agency: str
    minutes: float
    after: frozenset[int] = frozenset()
    not_before: float = -math.inf
    closes: float = math.inf


@dataclass(frozen=True, slots=True)
class Advice:
    """Places of the errands in the order advised, when each is likely called, when the last ends, what was gained."""

    order: tuple[int, ...]
    called_at: tuple[float, ...]
    ends_at: float
    gain: float


def fluid_wait(
    waiting: float, minutes: float, counters: Sequence[float], arrivals: Sequence[float], slot: float = 30.0
) -> Callable[[float], float]:
    """
    The wait at one agency of who joins t minutes from now, by the fluid approximation (Newell 1971).

    q' = arrivals - counters / minutes, q >= 0; wait = q * minutes / counters. `waiting`: people now, those in
    service counted half. `counters` open and people `arrivals` a minute: one value for each slot from now on.
    """

    def wait(t: float) -> float:
        queue, at = waiting, 0.0
        for here, come in zip(counters, arrivals, strict=True):
            span = min(slot, t - at)
            if span <= 0:
                break
            queue, at = max(0.0, queue + span * (come - here / minutes)), at + span
        return _drain(queue, t)

    def _drain(queue: float, t: float) -> float:
        """How long the open counters need for those ahead: they may change while one waits."""
        place = min(int(t // slot), len(counters) - 1)
        at = t
        while True:
            pace = counters[place] / minutes
            left = (place + 1) * slot - at if place + 1 < len(counters) else math.inf
            if pace and pace * left >= queue:
                return at - t + queue / pace
            if left == math.inf:
                return math.inf
            queue, at, place = queue - pace * left, at + left, place + 1

    return wait


def _call(errand: Errand, at: float, wait: WaitAt) -> float:
    return max(at + wait(errand.agency, at), errand.not_before) if at < math.inf else at


def _walk_through(
    errands: Sequence[Errand], order: Sequence[int], now: float, wait: WaitAt
) -> tuple[int, float, tuple[float, ...]]:
    """(constraints broken, end of the last, when each is called)."""
    at, broken, called = now, 0, []
    for position, place in enumerate(order):
        errand = errands[place]
        called.append(_call(errand, at + (WALK if position else 0.0), wait))
        broken += called[-1] > errand.closes
        broken += not errand.after <= set(order[:position])
        at = called[-1] + errand.minutes
    return broken, at, tuple(called)


def advise(
    errands: Sequence[Errand],
    *,
    now: float,
    wait: WaitAt,
    present: Sequence[int] | None = None,
    least_gain: float = LEAST_GAIN,
) -> Advice:
    """
    The order that ends first; what must come first (documents, closing times) goes before minutes.

    `present`: the order the visitor has now, kept unless it breaks a constraint the better one keeps, or the gain
    is over `least_gain` minutes. Without it the order given counts as present, and any gain is taken.
    """
    best: dict[int, tuple[int, float, tuple[int, ...]]] = {0: (0, now, ())}
    for chosen in range(1 << len(errands)):
        if chosen not in best:
            continue
        broken, at, order = best[chosen]
        for place, errand in enumerate(errands):
            if chosen >> place & 1 or not errand.after <= set(order):
                continue
            called = _call(errand, at + (WALK if order else 0.0), wait)
            found = (broken + (called > errand.closes), called + errand.minutes, (*order, place))
            more = chosen | 1 << place
            if more not in best or found[:2] < best[more][:2]:
                best[more] = found
    kept = tuple(present) if present is not None else tuple(range(len(errands)))
    stay = _walk_through(errands, kept, now, wait)
    order = best.get((1 << len(errands)) - 1, (0, 0.0, kept))[
        2
    ]  # errands that wait for each other stay as they are
    turn = _walk_through(errands, order, now, wait)
    gain = stay[1] - turn[1]
    enough = gain > least_gain if present is not None else gain > 0
    if turn[0] < stay[0] or (turn[0] == stay[0] and enough):
        return Advice(order, turn[2], turn[1], gain)
    return Advice(kept, stay[2], stay[1], 0.0)


def come_back_at(now: float, low: float, head_start: float = HEAD_START) -> float | None:
    """When somebody who may go out should be back: before the earliest likely call, on a full 5 minutes.

    None if there is no time to go. `low`: lower bound of the wait in minutes.
    """
    back = math.floor((now + low - head_start) / 5) * 5
    return float(back) if back - now >= 5 else None
