"""What was told of waits, and how right it was: error, coverage, width, beside simple predictors."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Told:
    """
    One forecast that counts: where, the bounds and the middle told, the baselines, and what came.

    `waiting`: the line with this person in it; 0 if a counter was free, which needs no promise.
    """

    office: str
    waiting: int
    low: float
    middle: float
    high: float
    les: float
    mean: float
    actual: float


def compare(told: list[Told]) -> tuple[dict[str, float], dict[str, float]]:
    """Error, coverage and width of what was told; the error of the baselines on the same waits."""
    actual = np.array([one.actual for one in told])
    middle = np.array([one.middle for one in told])
    error = np.abs(middle - actual)
    promised = np.array([one.waiting > 0 for one in told])  # who finds a free counter needs no promise
    inside = np.array([one.low <= one.actual <= one.high for one in told])
    offices: dict[str, list[bool]] = defaultdict(list)
    for one, hit in zip(told, inside, strict=True):
        if one.waiting:
            offices[one.office].append(bool(hit))
    by_office = [float(np.mean(hits)) for hits in offices.values() if len(hits) >= 100]
    les = float(np.abs(np.array([one.les for one in told]) - actual).mean())
    mean = float(np.abs(np.array([one.mean for one in told]) - actual).mean())
    long = np.array([one.waiting > 20 for one in told])
    figures = {
        "mae_min": float(error.mean()),
        "mae_to_les": float(error.mean()) / les,
        "within_5_min": float((error <= 5).mean()),
        "within_10_min": float((error <= 10).mean()),
        "coverage": float(inside[promised].mean()),
        "coverage_most": float(inside[promised].mean()),
        "coverage_worst_office": min(by_office),
        "coverage_best_office": max(by_office),
        "width_min": float(np.array([one.high - one.low for one in told])[promised].mean()),
        "waits": len(told),
        "waits_promised": int(promised.sum()),
    }
    if long.any():
        figures["coverage_over_20_waiting"] = float(inside[long].mean())
    baselines = {"les_mae_min": les, "mean_of_queue_mae_min": mean, "mean_wait_min": float(actual.mean())}
    return _rounded({**figures, "les_mae_min": les}), _rounded(baselines)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
