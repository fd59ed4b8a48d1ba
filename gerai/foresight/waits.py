"""How long somebody will wait: a Monte-Carlo look-ahead over the people before them. Pure: no Django, no clock.

Each run draws the rest of the services that are under way and the services of the people ahead, and lets the first
free counter take the next. That is the recursion of Kiefer and Wolfowitz (1955) for a queue with several servers.
Ibrahim and Whitt (2009) compare such predictors; what is known about the state of the queue decides, not the method.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Interval = Callable[[float, float], tuple[float, float]]

RUNS = 200
VARIATION = 0.6  # coefficient of variation of service times until `learning` knows better
CREDIT = 15.0  # minutes by which a priority may be called earlier: nobody who comes later can overtake us
TOLD_IN = 5  # minutes: what we tell is rounded outward to this
_GRID = 4096
_TAIL = 16  # so many points at the least describe a service that already takes very long


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes: the middle, and the bounds that nine of ten waits fall into, rounded outward to 5."""

    low: int
    middle: float
    high: int


@lru_cache(maxsize=64)
def service_quantiles(variation: float) -> Floats:
    """
    The quantiles of a lognormal service time of mean 1, ascending, shape (4096,).

    Brown et al. (2005, JASA 100:36) found service times lognormal; `variation` is standard deviation over mean.
    """
    sigma = math.sqrt(math.log(1 + variation**2))
    normal = NormalDist(-(sigma**2) / 2, sigma)
    table = np.exp([normal.inv_cdf((i + 0.5) / _GRID) for i in range(_GRID)])
    table /= table.mean()
    table.flags.writeable = False
    return table


def residual(random: np.random.Generator, mean: ArrayLike, elapsed: ArrayLike, table: Floats) -> Floats:
    """
    Draw the minutes left of services that have run `elapsed` minutes: S - e given S > e.

    `mean` and `elapsed` in minutes broadcast to the shape of the answer; `table` as of `service_quantiles`.
    """
    mean, elapsed = np.asarray(mean, float), np.asarray(elapsed, float)
    part = elapsed / mean
    beyond = np.minimum(np.searchsorted(table, part), _GRID - _TAIL)
    drawn = table[(beyond + random.random(beyond.shape) * (_GRID - beyond)).astype(int)]
    longer = np.maximum(part / table[beyond], 1.0)  # past the table's end its tail is taken for Pareto's
    left: Floats = drawn * longer * mean - elapsed
    return left


def starts(service: Floats, arrive: Floats, opens: Floats, closes: Floats) -> Floats:
    """
    When each of a line is called, first come first served (Kiefer and Wolfowitz 1955). Minutes from now.

    `service` and `arrive` have shape (runs, people), people in order of calling; `opens` (runs, counters) is when
    each counter can call first, `closes` (counters,) from when it calls no more. Never called is infinity.
    """
    at = opens.copy()
    begins = np.empty(service.shape)
    row = np.arange(len(service))
    for person in range(service.shape[1]):
        can = np.maximum(at, arrive[:, person, None])
        can[can >= closes] = math.inf
        first = can.argmin(axis=1)
        begins[:, person] = can[row, first]
        at[row, first] = begins[:, person] + service[:, person]
    return begins


def line(
    *,
    ahead: Sequence[float],
    busy: Sequence[float],
    free: int,
    elapsed: Sequence[float] | None = None,
    speed: float = 1.0,
    variation: float = VARIATION,
    doubt: float = 0.0,
    changes: Sequence[tuple[float, int]] = (),
    overtaking: float = 0.0,
    runs: int = RUNS,
    seed: int = 1,
) -> Floats:
    """
    The waits of everybody in a line and of whoever comes next: minutes, shape (runs, people + 1).

    Arguments as in `look_ahead`. One pass serves a whole queue. A wait without an open counter is infinite.
    """
    random = np.random.default_rng(seed)
    table = service_quantiles(round(variation, 2))
    pace = speed * np.exp(random.standard_normal((runs, 1)) * doubt - doubt**2 / 2)
    means = np.maximum(np.asarray(ahead, float), 0.5)
    service = table[random.integers(_GRID, size=(runs, len(ahead)))] * means * pace
    whole = np.maximum(np.asarray(busy, float), 0.5) * pace
    left = residual(random, whole, 0.0 if elapsed is None else np.asarray(elapsed, float), table)
    later = [at for at, by in sorted(changes) for _ in range(by)]
    opens = np.hstack([np.zeros((runs, free)), left, np.tile(np.asarray(later, float), (runs, 1))])
    closes = np.full(opens.shape[1], math.inf)
    goes = [at for at, by in sorted(changes) for _ in range(-by)]
    closes[: len(goes)] = goes[: len(closes)]
    if not len(closes):
        return np.full((runs, len(ahead) + 1), math.inf)
    people = np.hstack([service, np.zeros((runs, 1))])
    found = starts(people, np.zeros(people.shape), opens, closes)
    if overtaking and len(ahead):
        come = random.poisson(overtaking * np.minimum(found, CREDIT))
        found = found + come * means.mean() * pace / len(closes)
    return found


def bounds(waits: Floats) -> tuple[float, float, float]:
    """(low, middle, high) of one wait simulated (runs,) times: quantiles 5, 50 and 95 %, unrounded minutes."""
    low, middle, high = np.quantile(waits, [0.05, 0.5, 0.95], method="higher")
    return float(low), float(middle), float(high)


def told(waits: Floats, interval: Interval | None = None) -> Wait | None:
    """What to tell of one person's simulated waits, shape (runs,). None where no bound can be promised."""
    low, middle, high = bounds(waits)
    if not math.isfinite(high):
        return None
    if interval:
        low, high = interval(low, high)
        middle = min(max(middle, low), high)
    down, up = math.floor(low / TOLD_IN) * TOLD_IN, math.ceil(high / TOLD_IN) * TOLD_IN
    return Wait(max(0, down), middle, max(TOLD_IN, up))


def look_ahead(
    *,
    ahead: Sequence[float],
    busy: Sequence[float],
    free: int,
    elapsed: Sequence[float] | None = None,
    speed: float = 1.0,
    variation: float = VARIATION,
    doubt: float = 0.0,
    changes: Sequence[tuple[float, int]] = (),
    overtaking: float = 0.0,
    interval: Interval | None = None,
    runs: int = RUNS,
    seed: int = 1,
) -> Wait | None:
    """
    The wait of somebody with these people before them. None while no counter is open: no promise is made then.

    `ahead`: expected minutes of each, in order of calling. `busy`: expected minutes at each counter that serves now:
    those left, or the whole service if `elapsed` says how many minutes each has run. `free`: open counters that serve
    nobody. `speed`: today's minutes over the usual ones. `variation`: of service times. `doubt`: standard deviation
    of the logarithm of a pace common to all, for what is not known. `changes`: (in minutes, counters more or fewer).
    `overtaking`: people a minute who come later and go first by the credit rule. `interval`: see `intervals`.
    """
    if free > len(ahead) and not changes:  # a counter is left even when all before us have one
        return Wait(0, 0.0, TOLD_IN)
    found = line(
        ahead=ahead,
        busy=busy,
        free=free,
        elapsed=elapsed,
        speed=speed,
        variation=variation,
        doubt=doubt,
        changes=changes,
        overtaking=overtaking,
        runs=runs,
        seed=seed,
    )
    return told(found[:, -1], interval)
