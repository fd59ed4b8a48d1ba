"""The look-ahead against what queueing theory says."""

import math

import numpy as np
import pytest

from gerai.foresight.staffing import erlang_c
from gerai.foresight.waits import line, look_ahead, residual, service_quantiles, starts, told


def test_nobody_ahead_and_a_free_counter_means_no_wait():
    assert look_ahead(ahead=[], busy=[], free=1).middle == 0


def test_no_open_counter_makes_no_promise():
    assert look_ahead(ahead=[5.0], busy=[], free=0) is None


def test_one_counter_serves_the_sum_of_those_ahead():
    found = look_ahead(ahead=[10.0] * 12, busy=[], free=1)

    assert 108 < found.middle < 128  # the mean is 120; the middle of a skewed sum lies a little below
    assert found.low < found.middle < found.high
    assert found.low % 5 == found.high % 5 == 0


def test_twice_the_counters_halve_the_wait():
    one, two = (look_ahead(ahead=[8.0] * 40, busy=[], free=n).middle for n in (1, 2))

    assert 0.45 < two / one < 0.55


def test_the_interval_holds_nine_of_ten_waits_of_another_simulation():
    import random

    found = look_ahead(ahead=[6.0] * 10, busy=[3.0], free=1)
    source = random.Random(99)
    inside = 0
    for _ in range(1000):  # gamma instead of lognormal, the same mean and spread
        free_at = [0.0, source.gammavariate(1 / 0.36, 3.0 * 0.36)]
        for _ in range(10):
            first = min(free_at)
            free_at.remove(first)
            free_at.append(first + source.gammavariate(1 / 0.36, 6.0 * 0.36))
        inside += found.low <= min(free_at) <= found.high
    assert inside >= 880


def test_the_mean_wait_of_one_counter_is_exactly_the_work_ahead():
    waits = line(ahead=[4.0, 9.0, 7.0], busy=[6.0], free=0, runs=20_000)

    assert waits.mean(axis=0) == pytest.approx([6, 10, 19, 26], rel=0.02)


def test_the_first_of_two_equal_counters_frees_at_the_mean_of_the_smaller():
    table = service_quantiles(0.6)
    cdf = (np.arange(len(table)) + 0.5) / len(table)
    smaller = (2 * table * (1 - cdf)).mean()  # E min(S1, S2) = integral of s 2 f (1 - F)

    waits = line(ahead=[], busy=[10.0, 10.0], free=0, runs=20_000)

    assert waits.mean() == pytest.approx(10 * smaller, rel=0.02)


def test_the_recursion_keeps_the_waits_of_m_m_c_by_erlang():
    random = np.random.default_rng(5)
    counters, load, people = 4, 3.2, 3000
    arrive = np.cumsum(random.exponential(1 / load, (40, people)), axis=1)
    service = random.exponential(1.0, (40, people))

    begins = starts(service, arrive, np.zeros((40, counters)), np.full(counters, math.inf))

    wait = (begins - arrive)[:, 500:]
    assert (wait > 1e-9).mean() == pytest.approx(erlang_c(counters, load), abs=0.03)
    assert wait.mean() == pytest.approx(erlang_c(counters, load) / (counters - load), rel=0.12)


def test_a_service_under_way_ends_sooner_than_a_new_one_and_a_very_long_one_does_not_end_at_once():
    random, table = np.random.default_rng(1), service_quantiles(0.6)

    left = residual(random, np.full((20_000, 3), 10.0), [0.0, 8.0, 90.0], table).mean(axis=0)

    rest = table[table > 0.8] * 10 - 8
    assert left[:2] == pytest.approx([10.0, rest.mean()], rel=0.03)
    assert left[2] > 5


def test_elapsed_minutes_shorten_the_wait():
    fresh = look_ahead(ahead=[5.0], busy=[10.0], elapsed=[0.0], free=0)
    nearly = look_ahead(ahead=[5.0], busy=[10.0], elapsed=[7.0], free=0)

    assert nearly.middle < fresh.middle


def test_a_slow_day_lengthens_in_proportion():
    usual, slow = (look_ahead(ahead=[8.0] * 20, busy=[], free=1, speed=s).middle for s in (1.0, 1.3))

    assert slow / usual == pytest.approx(1.3, rel=0.01)


def test_doubt_widens_both_ends():
    sure, unsure = (look_ahead(ahead=[8.0] * 30, busy=[], free=2, doubt=d) for d in (0.0, 0.3))

    assert unsure.low < sure.low
    assert unsure.high > sure.high


def test_a_counter_that_opens_helps_and_one_that_closes_hinders():
    waits = [
        look_ahead(ahead=[10.0] * 10, busy=[], free=2, changes=changes).middle
        for changes in ([(20.0, 1)], [], [(20.0, -1)])
    ]

    assert waits == sorted(waits)
    assert waits[0] < waits[1] < waits[2]


def test_no_bound_is_promised_when_every_counter_closes_before():
    assert look_ahead(ahead=[10.0] * 10, busy=[], free=1, changes=[(15.0, -1)]) is None


def test_a_counter_that_opens_in_ten_minutes_is_a_promise():
    found = look_ahead(ahead=[], busy=[], free=0, changes=[(10.0, 1)])

    assert (found.low, found.middle, found.high) == (10, 10.0, 10)


def test_priorities_that_will_come_lengthen_the_wait_by_at_most_their_credit():
    usual, passed, flood = (
        look_ahead(ahead=[6.0] * 20, busy=[], free=1, overtaking=o).middle for o in (0.0, 0.05, 0.1)
    )

    assert usual + 2 < passed < usual + 15 * 0.05 * 6 * 2
    assert flood < usual + 15 * 0.1 * 6 * 2


def test_one_pass_gives_the_wait_of_everybody_in_the_line():
    waits = line(ahead=[7.0] * 12, busy=[5.0, 5.0], free=0)

    assert waits.shape == (200, 13)
    assert (np.diff(waits, axis=1) >= 0).all()
    alone = look_ahead(ahead=[7.0] * 12, busy=[5.0, 5.0], free=0)
    assert told(waits[:, -1]) == alone


def test_an_interval_may_be_put_over_the_forecast():
    found = look_ahead(ahead=[8.0] * 5, busy=[], free=1, interval=lambda low, high: (low - 20, high + 20))

    plain = look_ahead(ahead=[8.0] * 5, busy=[], free=1)
    assert found.high == plain.high + 20
    assert found.low == max(0, plain.low - 20)
