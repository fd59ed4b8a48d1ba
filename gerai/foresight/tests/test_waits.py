"""The look-ahead against what queueing theory says."""

from gerai.foresight.waits import look_ahead


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
