"""Counters per half hour against theory, and the live rule."""

import numpy as np
import pytest

from gerai.foresight.staffing import (
    Demand,
    counters_for,
    effect_of_one_more,
    erlang_c,
    halfin_whitt,
    iterate,
    offered_load,
    plan,
    shifts,
    shortages,
    simulated_share,
    square_root,
    to_open,
    waits_longer,
)

PEAK = [6, 14, 20, 16, 10, 8, 6, 6, 6, 6, 4, 4, 2, 0]


def test_erlang_c_of_the_textbooks():
    assert erlang_c(1, 0.7) == pytest.approx(0.7)  # M/M/1 waits with probability rho
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(10, 8.0) == pytest.approx(0.409, abs=0.001)
    assert erlang_c(3, 3.5) == 1.0


def test_halfin_whitt_is_the_limit_of_erlang_c():
    load = 400.0
    counters = 420

    assert halfin_whitt((counters - load) / load**0.5) == pytest.approx(erlang_c(counters, load), abs=0.01)


def test_the_square_root_rule_is_right_within_one_counter():
    for load in (3.0, 10.0, 40.0):
        exact = next(c for c in range(1, 99) if erlang_c(c, load) <= 0.3)
        assert abs(square_root(load, 0.3) - exact) <= 1


def test_the_fewest_counters_that_keep_the_promise():
    counters = counters_for(4.2, 10.0, within=15, share=0.1)

    assert waits_longer(counters, 4.2, 10.0, 15) <= 0.1 < waits_longer(counters - 1, 4.2, 10.0, 15)
    assert counters_for(0.0, 10.0) == 1


def test_the_offered_load_is_all_the_work_and_comes_after_the_arrivals():
    load = offered_load([12] * 10 + [0] * 10, 10.0)

    assert load[5] == pytest.approx(12 * 10 / 30, rel=0.02)
    assert load.sum() * 30 == pytest.approx(12 * 10 * 10, rel=0.01)
    assert load[0] < load[5]
    assert 0 < load[10] < 1


def test_shifts_open_and_close_as_planned():
    assert shifts([1, 3, 2, 0, 1]) == [(0.0, 90.0), (30.0, 60.0), (30.0, 90.0), (120.0, 150.0)]


def test_iterative_staffing_keeps_the_promise_all_day_and_costs_no_more_than_erlang():
    start = plan(PEAK, 10.0)

    counters = iterate(PEAK, 10.0, start)

    late = simulated_share(PEAK, 10.0, counters, seed=77)
    assert sum(counters) <= sum(start) + 1
    assert (late * np.array(PEAK)).sum() / sum(PEAK) < 0.1
    assert late.max() < 0.3


def test_the_live_rule_opens_above_ten_minutes_and_closes_below_three():
    assert [to_open(wait=w, counters=2, least=1, most=3) for w in (12, 10, 5, 3, 2)] == [1, 0, 0, 0, -1]
    assert to_open(wait=60, counters=3, least=1, most=3) == 0
    assert to_open(wait=0, counters=1, least=1, most=3) == 0


def test_one_more_counter_helps_those_who_wait_and_those_who_come():
    found = effect_of_one_more(waiting=[10.0] * 8, counters=2, minutes=10.0, arrivals=0.2)

    assert 8 <= found.people <= 20
    assert found.minutes > 5


def test_one_more_counter_where_nobody_waits_helps_nobody():
    found = effect_of_one_more(waiting=[], counters=5, minutes=5.0, arrivals=0.1)

    assert found.people == 0


def test_a_closed_agency_gains_from_its_first_counter():
    assert effect_of_one_more(waiting=[5.0] * 3, counters=0, minutes=5.0, arrivals=0.0).people == 3


def test_the_binding_agency_is_named_first_with_its_half_hours():
    found = shortages(
        {
            "calm": Demand(PEAK, 3.0, [4] * 14),
            "busy": Demand(PEAK, 12.0, [4] * 14),
            "full": Demand(PEAK, 9.0, [1] * 14),
        }
    )

    assert [one.agency for one in found] == ["full", "busy"]
    assert found[1].first_slot == 1
    assert found[1].more >= 4
    assert found[0].waiting_minutes > found[1].waiting_minutes > 0


def test_an_hour_ahead_only_that_hour_is_looked_at():
    assert shortages({"busy": Demand(PEAK, 12.0, [4] * 14)}, first_slot=11, last_slot=12) == []
