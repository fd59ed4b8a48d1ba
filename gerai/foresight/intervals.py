"""Honest intervals: adaptive conformal inference (Gibbs and Candès 2021), small enough to be stored as JSON.

A forecast's interval covers what its model believes. Here each wait that ends says by how much the interval missed,
in units of its width; the next interval is stretched by the quantile of these that would have made nine of ten right,
and the level of that quantile itself moves after each hit and miss. So the promise holds whatever drifts.
"""

import math
from dataclasses import dataclass
from typing import Any

KEPT = 400  # scores: the last weeks of a queue
BEFORE = 20  # scores needed before they speak; until then the forecast's own interval stands
MARGIN = 2.0  # minutes added to a width, so that an interval of no width can grow


@dataclass(frozen=True, slots=True)
class Adaptive:
    """
    What is known about one queue's intervals. A value: `learn` gives the next one.

    `target`: the share that may miss. `rate`: how fast `alpha`, the level in force, follows misses.
    """

    target: float = 0.1
    rate: float = 0.01
    alpha: float = 0.1
    scores: tuple[float, ...] = ()

    def stretch(self) -> float:
        """By how many widths both ends move outward. Negative: the forecast's interval was wider than needed."""
        if len(self.scores) < BEFORE:
            return 0.0
        place = math.ceil((len(self.scores) + 1) * (1 - self.alpha)) - 1
        return sorted(self.scores)[min(max(place, 0), len(self.scores) - 1)]

    def interval(self, low: float, high: float) -> tuple[float, float]:
        """The forecast's bounds in minutes, made honest. Never below zero, never crossed."""
        by = self.stretch() * (high - low + MARGIN)
        middle = (low + high) / 2
        return max(0.0, min(low - by, middle)), max(high + by, middle)

    def learn(self, low: float, high: float, actual: float) -> "Adaptive":
        """After the wait has ended: the forecast's own bounds (not the stretched ones) and what came, in minutes."""
        told_low, told_high = self.interval(low, high)
        miss = not told_low <= actual <= told_high
        alpha = self.alpha + self.rate * (self.target - miss)
        score = max(low - actual, actual - high) / (high - low + MARGIN)
        kept = (*self.scores, round(score, 4))[-KEPT:]
        return Adaptive(self.target, self.rate, min(max(alpha, 0.005), 0.5), kept)

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; `Adaptive.of` reads it."""
        return {"target": self.target, "rate": self.rate, "alpha": self.alpha, "scores": list(self.scores)}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Adaptive":
        """What `as_json` wrote."""
        return cls(stored["target"], stored["rate"], stored["alpha"], tuple(stored["scores"]))


def load_class(waiting: int, counters: int) -> int:
    """
    0, 1 or 2: nobody, a short or a long line per counter. Keep one `Adaptive` for each agency and class.

    A forecast errs differently in a long line, and one common interval would be right on average only.
    """
    each = waiting / max(counters, 1)
    return 0 if each < 1 else 1 if each < 5 else 2
