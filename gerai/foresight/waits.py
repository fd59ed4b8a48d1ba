"""How long somebody will wait, with an honest interval. Pure: no Django, no clock, no numpy.

A small Monte-Carlo look-ahead (Ibrahim and Whitt 2009 compare such predictors): people ahead in order, each served
by the next free counter, service times lognormal around their expected minutes.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

RUNS = 200
VARIATION = 0.6  # coefficient of variation of counter times; to be learnt from the ledger


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes: the middle, and the bounds that nine of ten waits fall into, rounded outward to 5."""

    low: int
    middle: float
    high: int


def _draw(random: Random, mean: float) -> float:
    sigma = math.sqrt(math.log(1 + VARIATION**2))
    return random.lognormvariate(math.log(max(mean, 0.5)) - sigma**2 / 2, sigma)


def look_ahead(*, ahead: Sequence[float], busy: Sequence[float], free: int, seed: int = 1) -> Wait | None:
    """
    The wait of somebody with these people before them.

    `ahead`: expected minutes of each; `busy`: expected minutes left at each counter that serves now;
    `free`: open counters that serve nobody. None when no counter is open: no promise is made then.
    """
    if free + len(busy) == 0:
        return None
    if free > len(ahead):  # a counter is left even when all before us have one
        return Wait(0, 0.0, 5)
    random = Random(seed)  # noqa: S311 - a forecast, not a secret
    waits = []
    for _ in range(RUNS):
        counters = [0.0] * free + [_draw(random, minutes) for minutes in busy]
        heapq.heapify(counters)
        for minutes in ahead:
            heapq.heapreplace(counters, counters[0] + _draw(random, minutes))
        waits.append(counters[0])
    waits.sort()
    low, high = waits[int(RUNS * 0.05)], waits[int(RUNS * 0.95)]
    return Wait(int(low // 5 * 5), waits[RUNS // 2], int(max(5, math.ceil(high / 5) * 5)))
