"""Adaptive conformal inference keeps its promise whatever drifts."""

import json

import numpy as np
import pytest

from gerai.foresight.intervals import BEFORE, Adaptive, load_class


def run(actuals, bounds, adaptive):
    hits = []
    for (low, high), actual in zip(bounds, actuals, strict=True):
        told_low, told_high = adaptive.interval(low, high)
        hits.append(told_low <= actual <= told_high)
        adaptive = adaptive.learn(low, high, actual)
    return np.array(hits), adaptive


def test_coverage_reaches_nine_of_ten_under_drift_where_the_forecast_covers_far_less():
    random = np.random.default_rng(3)
    scale = np.concatenate([np.full(600, 1.0), np.full(600, 2.5), np.linspace(2.5, 0.7, 600)])
    actual = 30 + scale * random.standard_normal(1800) * 5
    bounds = [(26.0, 34.0)] * 1800

    hits, _ = run(actual, bounds, Adaptive(rate=0.02))

    assert np.mean((actual >= 26) & (actual <= 34)) < 0.5
    assert 0.88 < hits.mean() < 0.92
    assert all(0.85 < part.mean() < 0.95 for part in np.split(hits, 3))


def test_a_too_wide_forecast_is_narrowed():
    random = np.random.default_rng(4)

    _, adaptive = run(20 + random.standard_normal(500), [(0.0, 40.0)] * 500, Adaptive())

    low, high = adaptive.interval(0.0, 40.0)
    assert 2 < high - low < 8


def test_before_twenty_waits_the_forecast_stands():
    adaptive = Adaptive()
    for _ in range(BEFORE - 1):
        adaptive = adaptive.learn(5.0, 10.0, 60.0)

    assert adaptive.interval(5.0, 10.0) == (5.0, 10.0)
    assert adaptive.learn(5.0, 10.0, 60.0).interval(5.0, 10.0)[1] == pytest.approx(60.0, abs=0.01)


def test_bounds_never_cross_nor_fall_below_zero():
    narrowing = Adaptive(scores=(-2.0,) * 50)
    widening = Adaptive(scores=(3.0,) * 50)

    low, high = narrowing.interval(4.0, 10.0)
    assert low == high == 7.0
    assert widening.interval(4.0, 10.0)[0] == 0.0


def test_it_survives_being_stored():
    _, adaptive = run([7.0, 30.0] * 30, [(5.0, 10.0)] * 60, Adaptive(rate=0.05))

    assert Adaptive.of(json.loads(json.dumps(adaptive.as_json()))) == adaptive


def test_learning_makes_a_new_value():
    before = Adaptive()

    before.learn(1.0, 2.0, 3.0)

    assert before == Adaptive()


def test_long_and_short_lines_are_apart():
    assert [load_class(*c) for c in ((0, 0), (1, 2), (4, 2), (30, 3))] == [0, 0, 1, 2]
