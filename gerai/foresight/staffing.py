"""How many counters: for each half hour of a day ahead, and the one to open or close now.

Ahead: offered load, then Erlang C or the square-root rule, then iterative staffing by simulation (Feldman, Mandelbaum,
Massey and Whitt 2008). Now: open one more when the next wait passes 10 minutes, close one below 3; the gap between
the two keeps it from swinging.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from gerai.foresight.waits import RUNS, VARIATION, Floats, service_quantiles, starts

SLOT = 30  # minutes
WITHIN = 15.0  # minutes: the wait that we promise to keep
SHARE = 0.1  # of the people may wait longer
OPEN_AT, CLOSE_AT = 10.0, 3.0
DOUBT = 0.13  # of a day's work: a crowd that differs by 10 %, a pace that differs by 8 %
DAYS = 100  # simulated


def offered_load(
    arrivals: Sequence[float], minutes: float, variation: float = VARIATION, slot: int = SLOT
) -> Floats:
    """
    Counters that would be busy if there were enough, mean of each slot: shape (slots,).

    The modified offered load m(t) = integral of arrivals(u) P(S > t - u) du (Jennings, Mandelbaum, Massey and Whitt
    1996), on a grid of one minute. `arrivals`: people per slot; `minutes`: mean service.
    """
    each = np.repeat(np.asarray(arrivals, float) / slot, slot)
    table = service_quantiles(round(variation, 2)) * minutes
    grid = np.arange(len(each)) + 0.5
    survival = 1 - np.searchsorted(table, grid) / len(table)
    busy: Floats = np.convolve(each, survival)[: len(each)].reshape(-1, slot).mean(axis=1)
    return busy


def erlang_c(counters: int, load: float) -> float:
    """The probability of having to wait in M/M/c (Erlang 1917); `load` in erlangs. 1 if the load cannot be served."""
    if load >= counters:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion, which neither overflows nor cancels
    for c in range(1, counters + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked / (1 - load / counters * (1 - blocked))


def waits_longer(counters: int, load: float, minutes: float, within: float = WITHIN) -> float:
    """P(W > within) in M/M/c with mean service `minutes`: C(c, r) exp(-(c - r) within / minutes)."""
    return erlang_c(counters, load) * math.exp(-max(0.0, counters - load) * within / minutes)


def counters_for(load: float, minutes: float, within: float = WITHIN, share: float = SHARE) -> int:
    """The fewest counters with which at most `share` wait longer than `within` minutes. At least one."""
    counters = max(1, math.floor(load) + 1)
    while waits_longer(counters, load, minutes, within) > share:
        counters += 1
    return counters


def halfin_whitt(beta: float) -> float:
    """P(wait) with r + beta sqrt(r) counters: [1 + beta Phi(beta) / phi(beta)]^-1 (Halfin and Whitt 1981)."""
    normal = NormalDist()
    return 1 / (1 + beta * normal.cdf(beta) / normal.pdf(beta))


def square_root(load: float, delayed: float) -> int:
    """Square-root staffing: counters with which about the share `delayed` waits at all. By bisection for beta."""
    low, high = 0.0, 5.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if halfin_whitt(middle) > delayed else (low, middle)
    return max(1, math.ceil(load + high * math.sqrt(load)))


def plan(
    arrivals: Sequence[float],
    minutes: float,
    *,
    variation: float = VARIATION,
    within: float = WITHIN,
    share: float = SHARE,
    most: int = 99,
) -> list[int]:
    """Counters per half hour for one agency from its forecast: offered load, then Erlang C. Refine by `iterate`."""
    loads = offered_load(arrivals, minutes, variation)
    return [min(most, counters_for(load, minutes, within, share)) for load in loads]


def shifts(counters: Sequence[int], slot: int = SLOT) -> list[tuple[float, float]]:
    """A plan per slot as (opens, closes) of each counter, last opened first closed; minutes from the plan's start."""
    found: list[tuple[float, float]] = []
    running: list[float] = []
    for place, number in enumerate([*counters, 0]):
        while len(running) > number:
            found.append((running.pop(), float(place * slot)))
        running += [float(place * slot)] * (number - len(running))
    return sorted(found)


def simulated_waits(
    arrivals: Sequence[float],
    minutes: float,
    counters: Sequence[int],
    *,
    variation: float = VARIATION,
    doubt: float = 0.0,
    days: int = DAYS,
    seed: int = 1,
) -> tuple[Floats, NDArray[np.int_]]:
    """
    The waits of everybody on simulated Poisson days, and the slot in which each came: minutes, shapes (people,).

    `doubt`: standard deviation of the logarithm of a factor by which a day's work is more or less than forecast.
    """
    random = np.random.default_rng(seed)
    slots = len(arrivals)
    come = random.poisson(np.asarray(arrivals, float), (days, slots))
    people = come.sum(axis=1)
    here = np.arange(max(people.max(), 1)) < people[:, None]
    at = np.full(here.shape, math.inf)
    at[here] = np.repeat(np.tile(np.arange(slots), days), come.ravel()) * float(SLOT)
    at[here] += random.random(people.sum()) * SLOT
    at.sort(axis=1)
    table = service_quantiles(round(variation, 2)) * minutes
    service = table[random.integers(len(table), size=at.shape)] * np.exp(
        doubt * random.standard_normal((days, 1))
    )
    opens, closes = (np.array(side) for side in zip(*shifts(counters), strict=True))
    closes[closes == slots * SLOT] = math.inf  # who is inside at closing time is still served
    begins = starts(service, at, np.tile(opens, (days, 1)), closes)
    return begins[here] - at[here], (at[here] // SLOT).astype(int)


def simulated_share(
    arrivals: Sequence[float],
    minutes: float,
    counters: Sequence[int],
    *,
    variation: float = VARIATION,
    within: float = WITHIN,
    seed: int = 1,
) -> Floats:
    """Share of those who come in each slot and wait longer than `within`, on 100 simulated days: shape (slots,)."""
    waits, slot = simulated_waits(arrivals, minutes, counters, variation=variation, seed=seed)
    late = np.bincount(slot[waits > within], minlength=len(arrivals))
    share: Floats = late / np.maximum(np.bincount(slot, minlength=len(arrivals)), 1)
    return share


def iterate(
    arrivals: Sequence[float],
    minutes: float,
    start: Sequence[int],
    *,
    variation: float = VARIATION,
    within: float = WITHIN,
    share: float = SHARE,
    most: int = 99,
    rounds: int = 12,
) -> list[int]:
    """
    Iterative staffing: simulate, one more where too many wait too long, one fewer where less than half as many do.

    Stops when a round changes nothing or repeats. Shapes: people and counters per slot.
    """
    now, seen = list(start), {tuple(start)}
    for _ in range(rounds):
        late = simulated_share(arrivals, minutes, now, variation=variation, within=within)
        now = [
            min(most, c + 1) if part > share else max(1, c - 1) if part < share / 2 else c
            for c, part in zip(now, late, strict=True)
        ]
        if tuple(now) in seen:
            break
        seen.add(tuple(now))
    # The round that ended it may have taken one too many away: give back where the promise does not hold.
    late = simulated_share(arrivals, minutes, now, variation=variation, within=within)
    return [min(most, c + int(part > share)) for c, part in zip(now, late, strict=True)]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one more counter now does: people who wait less, and minutes less for each of them."""

    people: int
    minutes: float


def to_open(
    *,
    wait: float,
    counters: int,
    least: int,
    most: int,
    open_at: float = OPEN_AT,
    close_at: float = CLOSE_AT,
) -> int:
    """+1 open one more, -1 close one, 0 leave it. `wait`: predicted minutes of who takes a number now."""
    if wait > open_at and counters < most:
        return 1
    return -1 if wait < close_at and counters > least else 0


def effect_of_one_more(
    *,
    waiting: Sequence[float],
    counters: int,
    minutes: float,
    arrivals: float,
    opens_in: float = 5.0,
    until: float = 60.0,
    runs: int = RUNS,
    seed: int = 1,
) -> Effect:
    """
    What opening one more counter in `opens_in` minutes changes for those waiting and those who come before `until`.

    `waiting`: expected minutes of each; `minutes`: of those who will come, `arrivals` of them a minute. Both futures
    are simulated with the same people, so that the difference is the counter's alone.
    """
    random = np.random.default_rng(seed)
    later = round(arrivals * until)
    means = np.concatenate([np.asarray(waiting, float), np.full(later, minutes)])
    table = service_quantiles(VARIATION)
    service = table[random.integers(len(table), size=(runs, len(means)))] * means
    come = np.sort(random.random((runs, later)) * until, axis=1)
    arrive = np.hstack([np.zeros((runs, len(waiting))), come])
    busy = (
        table[random.integers(len(table), size=(runs, counters))] * minutes * random.random((runs, counters))
    )
    more = np.hstack([busy, np.full((runs, 1), opens_in)])
    # Without a counter nobody is called within `until`: their gain is counted up to there.
    without = starts(service, arrive, busy, np.full(counters, math.inf)) if counters else until + arrive
    saved = without - starts(service, arrive, more, np.full(counters + 1, math.inf))
    helped = saved > 1.0
    people = float(helped.sum(axis=1).mean())
    return Effect(round(people), float(saved[helped].mean()) if helped.any() else 0.0)


@dataclass(frozen=True, slots=True)
class Shortage:
    """An agency whose counters will not do: how many more, from which slot until which, and what is at stake."""

    agency: str
    more: int
    first_slot: int
    last_slot: int  # inclusive
    waiting_minutes: float  # of all people together, in the time looked at


@dataclass(frozen=True, slots=True)
class Demand:
    """What an agency must expect: people per slot, what a service takes, and the counters it plans per slot."""

    arrivals: Sequence[float]
    minutes: float
    counters: Sequence[int]
    variation: float = VARIATION


def shortages(
    demands: dict[str, Demand],
    *,
    within: float = WITHIN,
    share: float = SHARE,
    first_slot: int = 0,
    last_slot: int | None = None,
) -> list[Shortage]:
    """
    Where counters are missing; the binding agency first: the one at which people will wait most minutes together.

    For the warning an hour ahead give the slots of that hour; without `last_slot` the whole day is looked at.
    """
    found = []
    for agency, one in demands.items():
        loads = offered_load(one.arrivals, one.minutes, one.variation)
        end = len(loads) if last_slot is None else min(last_slot + 1, len(loads))
        needed = {
            slot: counters_for(loads[slot], one.minutes, within, share) for slot in range(first_slot, end)
        }
        lack = {slot: counters - one.counters[slot] for slot, counters in needed.items()}
        places = [slot for slot, more in lack.items() if more > 0]
        if not places:
            continue
        waits, slot = simulated_waits(
            one.arrivals, one.minutes, one.counters, variation=one.variation, doubt=DOUBT, days=DAYS
        )
        at_stake = waits[(slot >= first_slot) & (slot < end)].sum() / DAYS
        found.append(Shortage(agency, max(lack.values()), places[0], places[-1], round(float(at_stake), 1)))
    return sorted(found, key=lambda shortage: -shortage.waiting_minutes)
