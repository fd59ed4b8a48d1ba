"""The pace of a line, learnt from calls alone."""

import numpy as np
import pytest

from gerai.foresight.pace import Lines, Pace


def test_a_pace_is_drawn_to_its_prior_and_fades():
    pace = Pace().plus(60, 6)

    assert pace.per_call(4.0, 6) == pytest.approx((6 * 4 + 60) / 12)
    assert Pace().per_call(4.0, 6) == 4.0
    assert pace.fade(0.5) == Pace(30, 3)


def test_a_new_line_starts_with_the_first_guess_then_with_the_pace_of_the_others():
    lines = Lines(first_guess=8.0)
    assert lines.minutes_per_call("new") == pytest.approx(8.0)

    for at in range(0, 600, 5):
        lines.called("old", at, 5.0, 2)

    assert lines.minutes_per_call("new") == pytest.approx(2.5, abs=0.3)


def test_today_weighs_against_the_past():
    lines = Lines()
    for at in range(0, 600, 5):
        lines.called("a", at, 5.0, 1)
    lines.next_day()
    before = lines.minutes_per_call("a")

    for at in range(480, 600, 5):
        lines.called("a", at, 5.0, 0)

    assert before == pytest.approx(5.0, abs=0.3)
    assert lines.minutes_per_call("a") > 1.3 * before


def test_the_wait_grows_with_the_line_and_a_long_line_is_scaled():
    lines = Lines()

    few, many, crowd = (lines.forecast("a", people) for people in (2, 40, 120))

    assert few.low < few.middle < few.high
    assert many.middle == pytest.approx(20 * few.middle, rel=0.3)
    assert crowd.middle == pytest.approx(3 * many.middle, rel=0.1)


def test_a_line_that_people_leave_is_corrected_from_the_next_day_on():
    lines, random = Lines(first_guess=10.0), np.random.default_rng(1)

    def days(count):
        told = []
        for _ in range(count):
            for _ in range(60):
                waiting = int(random.integers(1, 5))
                forecast = lines.forecast("a", waiting)
                told.append((forecast.middle, 5.0 * waiting))
                lines.ended("a", waiting, forecast, 5.0 * waiting)
            if count == 1:
                return told
            lines.next_day()
        return told

    first = days(1)
    lines.next_day()
    later = days(2)

    def error(told):
        return np.mean([abs(middle - actual) for middle, actual in told])

    assert error(first) > 5
    assert error(later) < 0.35 * error(first)
