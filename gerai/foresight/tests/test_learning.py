"""Learning from past days: gently at first."""

import numpy as np
import pytest

from gerai.foresight.learning import (
    arrivals,
    day_factor,
    doubt_about_speed,
    service_time,
    speed_of_the_day,
    trimmed_mean,
)


def test_the_first_day_works_from_the_catalogue():
    found = service_time(10.0, [])

    assert (found.minutes, found.learnt_from) == (10.0, 0)
    assert found.variation == pytest.approx(0.6)


def test_many_services_replace_the_catalogue():
    random = np.random.default_rng(1)
    sigma2 = np.log(1 + 0.8**2)
    observed = list(random.lognormal(np.log(18) - sigma2 / 2, np.sqrt(sigma2), 3000))

    found = service_time(10.0, observed)

    assert found.minutes == pytest.approx(18, rel=0.05)
    assert found.variation == pytest.approx(0.8, rel=0.08)


def test_one_strange_service_moves_little():
    assert service_time(10.0, [600.0]).minutes < 14
    assert service_time(10.0, [0.0]).minutes > 9


def test_a_slow_day_shows_after_many_services_only():
    assert speed_of_the_day([20.0], [10.0]) < 1.07
    assert speed_of_the_day([12.0] * 150, [10.0] * 150) == pytest.approx(1.18, abs=0.01)


def test_doubt_falls_as_the_day_goes_on():
    assert doubt_about_speed(0) == pytest.approx(0.1)
    assert doubt_about_speed(100) < 0.06


def test_a_holiday_does_not_move_a_monday():
    assert trimmed_mean([20.0] * 7 + [200.0]) == 20.0
    assert arrivals([[20.0]] * 7 + [[200.0]], [5.0]) == [pytest.approx(17.0)]


def test_without_past_days_the_first_guess_stands():
    assert arrivals([], [3.0, 4.0]) == [3.0, 4.0]


def test_a_crowd_at_eight_says_something_of_the_day_but_not_all():
    assert 1.2 < day_factor(150, 100) < 1.3
    assert day_factor(0, 0) == 1.0
