"""The day a case will be done: learnt from what closed before, and from nothing later."""

from dataclasses import replace

import numpy as np
import pytest

from gerai.foresight.completion import CHECKED, Cases, beyond, off
from gerai.foresight.likeness import PRIOR_FEWEST, Case, quantiles

pytestmark = pytest.mark.slow


def case(begin, *steps, sort="izin", closed=True, **more):
    """A case whose steps, (name, days after its begin), end with its closing."""
    events = (("submitted", float(begin)), *((name, float(begin + days)) for name, days in steps))
    return Case(sort, events, events[-1][1] if closed else None, **more)


def history(number=400, seed=1, sort="izin", slow=1.0):
    """One case a day: a check, then for half of them a visit that takes long; days drawn."""
    random = np.random.default_rng(seed)
    found = []
    for begin in range(number):
        check = random.uniform(0.5, 1.5)
        if random.random() < 0.5:
            visit = check + slow * random.gamma(4, 2)
            found.append(case(begin, ("check", check), ("visit", visit), ("decided", visit + 1), sort=sort))
        else:
            found.append(
                case(begin, ("check", check), ("decided", check + random.uniform(0.5, 1.0)), sort=sort)
            )
    return found


def running(begin, *steps, **more):
    return case(begin, *steps, closed=False, **more)


def test_nothing_is_told_before_a_case_has_closed():
    assert Cases([]).forecast(running(0), 1.0) is None
    assert Cases(history()).forecast(running(0), 0.5) is None


def test_nothing_is_told_of_a_case_that_has_not_begun():
    assert Cases(history()).forecast(running(500), 499.0) is None


def test_a_case_goes_on_as_like_cases_did():
    cases = Cases(history())

    checked = cases.forecast(running(450, ("check", 1)), 451.0)
    visited = cases.forecast(running(450, ("check", 1), ("visit", 9)), 459.0)

    assert visited.median_day == pytest.approx(460, abs=0.01)
    assert 451.5 < checked.median_day < 459
    assert checked.low <= checked.median_day <= checked.high


def test_who_waits_for_long_after_a_step_is_not_forecast_by_those_who_moved_on():
    cases = Cases(history())
    waiting = running(450, ("check", 1))

    told = [cases.forecast(waiting, 451.0 + idle) for idle in (0.0, 3.0, 6.0)]

    # After two days without a decision it is a visit.
    assert told[1].median_day > 455
    assert [one.low >= now for one, now in zip(told, (451.0, 454.0, 457.0), strict=True)] == [True] * 3


def test_the_same_cases_in_another_order_tell_the_same():
    past = history()

    told = [
        Cases(one).forecast(running(450, ("check", 1)), 451.0, due=460.0) for one in (past, past, past[::-1])
    ]

    assert told[0] == told[1] == told[2]


def test_what_happens_after_now_changes_nothing():
    past = history(300)
    later = [replace(one, sort="izin", events=one.events) for one in history(600, seed=2, slow=9.0)[300:]]
    case_now = running(250, ("check", 1))
    case_later = running(250, ("check", 1), ("visit", 30))
    now = 252.0

    alone = Cases([one for one in past if one.closed_at < now]).forecast(case_now, now, due=260.0)

    assert Cases(past).forecast(case_now, now, due=260.0) == alone
    assert Cases([*past, *later], checked=10 * CHECKED).forecast(case_now, now, due=260.0) == alone
    assert Cases(past).forecast(case_later, now, due=260.0) == alone


def test_cases_that_still_run_teach_nothing():
    past = history()
    open_ones = [running(n, ("check", 1)) for n in range(300)]

    told = [Cases(one).forecast(running(450, ("check", 1)), 451.0) for one in (past, past + open_ones)]

    assert told[0] == told[1]


def test_with_little_history_the_constant_median_of_all_services_speaks():
    past = history()
    unknown = running(450, ("survey", 2), sort="never seen")

    told = Cases(past).forecast(unknown, 452.0)

    left = [one.closed_at - at for one in past for _, at in one.events[:-1] if one.closed_at < 452]
    assert told.median_day - 452 == pytest.approx(np.median(left), rel=0.2)


def test_the_service_has_its_own_constant_median_once_it_has_some_states():
    slow = [case(10 * n, ("check", 1), ("decided", 60), sort="slow") for n in range(PRIOR_FEWEST)]

    told = Cases(history() + slow).forecast(running(450, ("survey", 1), sort="slow"), 451.0)

    assert told.median_day == pytest.approx(451 + 59, abs=1.1)


def test_one_like_case_outweighs_what_is_usual():
    once = case(300, ("check", 1), ("court", 3), ("decided", 93))

    told = Cases([*history(), once]).forecast(running(420, ("check", 1), ("court", 3)), 423.0)

    assert told.median_day == 423 + 90


def test_a_mall_that_has_changed_is_forecast_by_its_last_months():
    past = history(400, slow=6.0) + [
        replace(one, events=tuple((step, at + 400) for step, at in one.events), closed_at=one.closed_at + 400)
        for one in history(400, seed=3, slow=0.5)
    ]
    visit = running(800, ("check", 1))

    told = Cases(past).forecast(visit, 801.0 + 1.6)

    # By all of the past a visit takes 27 days, of late 4.
    assert told.median_day - 802.6 < 8


def test_intervals_hold_nine_times_of_ten():
    past, unseen = history(900, seed=5), history(900, seed=6)
    cases = Cases(past, checked=900)
    hits = []
    for one in unseen[400:]:
        for n in (1, 2, 3):
            if n < len(one.events):
                now = one.events[n - 1][1]
                told = cases.forecast(replace(one, events=one.events[:n], closed_at=None), now)
                hits.append(told.low - 1e-6 <= one.closed_at <= told.high + 1e-6)

    assert 0.87 <= np.mean(hits) <= 0.95


def test_the_chance_to_be_late_falls_with_a_later_due_day_and_rises_with_a_stop():
    cases = Cases(history())
    waiting = running(450, ("check", 1))

    late = [cases.forecast(waiting, 452.0, due=due).breach for due in (451.0, 453.0, 458.0, 470.0, 600.0)]
    stopped = cases.forecast(waiting, 452.0, due=453.0, stopped=5.0).breach

    assert late[0] == 1.0
    assert late == sorted(late, reverse=True)
    assert late[-1] < 0.01
    assert stopped == late[2]  # a running stop of five days moves the due day by five
    assert cases.forecast(waiting, 452.0).breach is None


def test_waiting_longer_makes_being_late_likelier():
    cases = Cases(history())

    late = [
        cases.forecast(running(450, ("check", 1)), now, due=460.0).breach
        for now in (451.0, 453.5, 456.0, 459.0)
    ]

    assert late == sorted(late)


def test_traits_tell_alike_cases_apart():
    past = [
        case(n, ("check", 1), ("decided", 40 if n % 2 else 4), traits=frozenset({"high" if n % 2 else "low"}))
        for n in range(300)
    ]
    cases = Cases(past)

    told = [
        cases.forecast(running(400, ("check", 1), traits=frozenset({risk})), 401.0).median_day - 400
        for risk in ("low", "high")
    ]

    assert told == [4, 40]


def test_the_closing_and_what_was_written_after_it_are_no_states():
    odd = Case("izin", (("submitted", 0.0), ("decided", 5.0), ("filed", 9.0)), 5.0)
    cases = Cases([odd])

    told = [
        cases.forecast(running(20, ("x", 0), (step, 1)), 21.0).median_day for step in ("filed", "decided")
    ]

    assert told == [21 + 5, 21 + 5]  # as after the one step that somebody waited after


def test_quantiles_are_the_smallest_values_that_reach_the_weight():
    values, weights = np.array([5.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0])

    assert quantiles(values, weights, (0.0, 0.25, 0.26, 0.75, 0.76, 1.0)) == [1, 1, 3, 3, 5, 5]


def test_how_far_off_the_middle_a_value_lies_counts_ties_for_it():
    days, weights = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)

    assert [off(days, weights, came) for came in (0.0, 1.0, 2.5, 3.0, 4.0, 9.0)] == [
        0.5,
        0.25,
        0,
        0,
        0.25,
        0.5,
    ]


def test_what_lies_beyond_is_a_share_a_little_blurred():
    days, weights = np.array([1.0, 100.0]), np.array([3.0, 1.0])

    assert beyond(days, weights, 10.0) == pytest.approx(0.25, abs=0.01)
    assert beyond(days, weights, 0.0) == 1.0
