"""The optional trained forecast of a case's end: learnt from what closed before, never by hindsight."""

from dataclasses import replace

import numpy as np
import pytest

from gerai.foresight import trained_completion
from gerai.foresight.completion import Cases
from gerai.foresight.tests.test_completion import history, running
from gerai.foresight.trained import TooFewWaits
from gerai.foresight.trained_completion import fit, rows

pytestmark = pytest.mark.slow


def test_a_row_knows_nothing_of_what_came_later():
    past, later = history(300), history(400, seed=2, slow=9.0)[300:]
    now, steps = 252.0, ("submitted", "check", "visit")
    one = running(250, ("check", 1))
    other = running(250, ("check", 1), ("visit", 9))

    mine = rows(Cases(past), [(one, now)], steps)
    theirs = rows(Cases([*past, *later]), [(other, now)], steps)

    assert np.array_equal(mine, theirs)
    assert mine[0, -3:].tolist() == [1, 1, 0]


def test_a_row_of_a_mall_without_history_is_unknown_not_an_error():
    row = rows(Cases([]), [(running(0, ("check", 1)), 2.0)], ())

    assert np.isnan(row[0, :11]).all()


def test_it_learns_from_what_closed_before_and_survives_being_stored():
    pytest.importorskip("lightgbm")
    past, unseen = history(700, seed=1), history(700, seed=2)
    cases = Cases(past, checked=0)

    model = fit(cases, past, now=600.0, rounds=60)
    same = fit(cases, [one for one in past if one.closed_at < 600], now=600.0, rounds=60)

    visited = [one for one in unseen[600:] if len(one.events) == 4]
    asked = [(replace(one, events=one.events[:3], closed_at=None), one.events[2][1]) for one in visited]
    left = model.left(cases, asked)
    assert left == pytest.approx(np.ones(len(asked)), abs=0.2)  # a visit is always decided a day later
    assert (same.left(cases, asked) == left).all()


def test_few_cases_train_nothing():
    pytest.importorskip("lightgbm")
    past = history(20)

    with pytest.raises(TooFewWaits, match="past moments"):
        trained_completion.fit(Cases(past), past, now=100.0)
