"""The order of errands: exact, steady, and obedient to what must come first."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerai.foresight.order import Errand, advise, come_back_at, fluid_wait

RISING = {"A": lambda t: 2 + t / 4, "B": lambda t: 5.0, "C": lambda t: max(0.0, 30 - t), "D": lambda t: 1.0}


def wait(agency, at):
    return RISING[agency](at)


def by_hand(errands, order, now=0.0):
    at = now
    for position, place in enumerate(order):
        one = errands[place]
        at = max(at + (1 if position else 0) + wait(one.agency, at + (1 if position else 0)), one.not_before)
        at += one.minutes
    return at


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(1, 20)), min_size=1, max_size=5))
def test_the_advice_ends_as_early_as_the_best_of_all_orders(chosen):
    errands = [Errand(agency, minutes) for agency, minutes in chosen]

    found = advise(errands, now=0.0, wait=wait)

    best = min(by_hand(errands, order) for order in permutations(range(len(errands))))
    assert found.ends_at == pytest.approx(best)
    assert found.ends_at == pytest.approx(by_hand(errands, found.order))
    assert found.gain == pytest.approx(by_hand(errands, range(len(errands))) - best)


def test_a_short_gain_turns_nobody_round():
    errands = [Errand("C", 5), Errand("D", 5)]

    turned = advise(errands, now=22.0, wait=wait, present=(0, 1))
    kept = advise(errands, now=28.0, wait=wait, present=(0, 1))

    assert turned.order == (1, 0)
    assert turned.gain > 3
    assert kept.order == (0, 1)
    assert kept.gain == 0.0


def test_what_is_needed_elsewhere_comes_first_whatever_it_costs():
    errands = [Errand("D", 5, after=frozenset({1})), Errand("C", 5)]

    assert advise(errands, now=0.0, wait=wait).order == (1, 0)
    assert advise(errands, now=0.0, wait=wait, present=(0, 1)).order == (1, 0)


def test_errands_that_wait_for_each_other_keep_their_order():
    errands = [Errand("D", 5, after=frozenset({1})), Errand("C", 5, after=frozenset({0}))]

    assert advise(errands, now=0.0, wait=wait).order == (0, 1)


def test_who_closes_early_is_visited_early():
    errands = [Errand("D", 30), Errand("B", 5, closes=8.0)]

    found = advise(errands, now=0.0, wait=wait, present=(0, 1))

    assert found.order == (1, 0)
    assert found.called_at[0] <= 8.0


def test_an_appointment_is_kept_and_the_time_before_it_used():
    errands = [Errand("D", 5, not_before=40.0), Errand("B", 10)]

    found = advise(errands, now=0.0, wait=wait)

    assert found.order == (1, 0)
    assert found.called_at == (5.0, 40.0)


def test_eight_errands_are_ordered_at_once():
    errands = [Errand(agency, 3 + n) for n, agency in enumerate("ABCDABCD")]

    assert sorted(advise(errands, now=0.0, wait=wait).order) == list(range(8))


def test_the_fluid_wait_drains_and_follows_the_roster():
    steady = fluid_wait(10, 6.0, [2], [0.0])
    opening = fluid_wait(10, 6.0, [1, 3], [0.0, 0.0])

    assert steady(0) == pytest.approx(30)
    assert steady(20) == pytest.approx(10)
    assert opening(0) == pytest.approx(30 + 5 * 6 / 3)
    assert fluid_wait(10, 6.0, [0, 0], [0.0, 0.0])(0) == float("inf")
    assert fluid_wait(2, 6.0, [0, 1], [0.0, 0.0])(10) == pytest.approx(20 + 12)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 40),
    st.lists(st.tuples(st.integers(1, 4), st.floats(0, 1)), min_size=1, max_size=5),
    st.floats(0, 200),
    st.floats(0, 30),
)
def test_who_joins_later_is_not_called_earlier(waiting, slots, at, later):
    forecast = fluid_wait(waiting, 7.0, [c for c, _ in slots], [a for _, a in slots])

    assert at + forecast(at) <= at + later + forecast(at + later) + 1e-6


def test_come_back_before_the_earliest_likely_call():
    assert come_back_at(600.0, 32.0) == 625.0
    assert come_back_at(600.0, 8.0) is None
