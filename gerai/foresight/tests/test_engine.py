"""The simulated mall against theory, and its calling rule against every crowd hypothesis can think of."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerai.foresight.days import (
    CLOSES,
    SLOTS,
    Agency,
    Day,
    Errand,
    Service,
    Visitor,
    booked,
    draw,
    mall,
    pooled,
    usual_roster,
)
from gerai.foresight.engine import Mall, Policy
from gerai.foresight.staffing import erlang_c

PAIR = tuple(Agency(name, 2, (Service(10.0, 0.6, 1.0),), 0.5) for name in "AB")


def day(visitors, agencies=PAIR):
    people = sorted(visitors, key=lambda v: v.arrives)
    return Day(agencies, tuple(people), (0,) * len(agencies))


def play(a_day, counters=1, credit=0.0, watch=None):
    roster = [[counters] * SLOTS for _ in a_day.agencies]
    return Mall(a_day, Policy(roster, credit), watch).run()


def one(at, *errands, priority=False):
    return Visitor(
        float(at), tuple(Errand(agency, 0, float(minutes)) for agency, minutes in errands), priority
    )


def test_three_people_at_one_counter_wait_for_those_before():
    outcome = play(day([one(0, (0, 10)), one(2, (0, 5)), one(3, (0, 1))]))

    assert [t.wait for t in outcome.tickets] == [0, 8, 12]


def test_a_visitor_is_at_one_place_at_a_time_and_walks_between():
    outcome = play(day([one(0, (0, 10), (1, 5))]))

    first, second = outcome.tickets
    assert (first.ended, second.joined, second.ended) == (10, 11, 16)


def test_the_wait_is_that_of_erlang():
    random = np.random.default_rng(2)
    counters, load, mean = 3, 2.4, 4.0
    waits = []
    for _ in range(60):
        at = np.cumsum(random.exponential(mean / load, 250))
        minutes = random.exponential(mean, 250)
        people = [one(a, (0, m)) for a, m in zip(at[at < CLOSES], minutes, strict=False)]
        waits += [t.wait for t in play(day(people), counters).tickets[40:]]

    expected = erlang_c(counters, load) * mean / (counters - load)
    assert np.mean(waits) == pytest.approx(expected, rel=0.12)


def test_counter_hours_are_what_was_open_and_end_with_the_last_visitor():
    early = play(day([one(0, (0, 10))], PAIR[:1]))
    late = play(day([one(CLOSES - 1, (0, 31))], PAIR[:1]))

    assert early.counter_hours == pytest.approx(CLOSES / 60)
    assert late.counter_hours == pytest.approx((CLOSES + 30) / 60)


def test_a_counter_told_to_close_ends_its_service():
    roster = [[2] + [1] * (SLOTS - 1)]
    outcome = Mall(day([one(25, (0, 20)), one(25, (0, 20)), one(26, (0, 5))], PAIR[:1]), Policy(roster)).run()

    assert [t.called for t in outcome.tickets] == [25, 25, 45]
    assert outcome.counter_hours == pytest.approx((45 * 2 + CLOSES - 45) / 60)


def test_who_comes_from_another_counter_after_closing_is_still_served():
    outcome = play(day([one(CLOSES - 5, (0, 30), (1, 5))]))

    assert outcome.tickets[1].ended == CLOSES - 5 + 30 + 1 + 5


def test_the_live_rule_opens_when_the_wait_is_long_and_closes_again():
    people = [one(1 + n / 10, (0, 10)) for n in range(12)]
    roster, most = [[1] * SLOTS], [[3] * SLOTS]

    fixed = Mall(day(people, PAIR[:1]), Policy(roster)).run()
    live = Mall(day(people, PAIR[:1]), Policy(roster, most=most)).run()

    assert max(t.wait for t in live.tickets) < 0.6 * max(t.wait for t in fixed.tickets)
    assert live.counter_hours < 2 * CLOSES / 60


def test_advice_sends_a_visitor_to_the_empty_line_first():
    crowd = [one(0, (0, 10)) for _ in range(6)]
    a_day = day([*crowd, one(1, (0, 5), (1, 5))])
    roster = [[1] * SLOTS] * 2

    advised = Mall(a_day, Policy(roster, arrivals=[[0.0] * SLOTS] * 2)).run()

    mine = [t for t in advised.tickets if t.visitor == 6]
    assert [t.agency for t in mine] == [1, 0]


people = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.lists(st.tuples(st.integers(0, 1), st.integers(1, 40)), min_size=1, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(people, st.integers(1, 3), st.booleans())
def test_everybody_is_served_once_and_nobody_overtaken_by_who_came_over_15_minutes_later(
    crowd, counters, live
):
    a_day = day([one(at, *errands, priority=priority) for at, errands, priority in crowd])
    roster = [[counters] * SLOTS] * 2
    most = [[counters + 2] * SLOTS] * 2 if live else None

    outcome = Mall(a_day, Policy(roster, 15.0, [[0.1] * SLOTS] * 2, most)).run()

    for visitor, tickets in outcome.visits():
        assert sorted((t.errand.agency, t.errand.minutes) for t in tickets) == sorted(
            (e.agency, e.minutes) for e in visitor.errands
        )
        assert all(visitor.arrives <= t.joined <= t.called < t.ended for t in tickets)
        assert all(a.ended < b.joined for a, b in pairwise(tickets))
    for earlier in outcome.tickets:
        for later in outcome.tickets:
            if (
                later.agency == earlier.agency
                and later.joined > earlier.joined + 15
                and later.joined < earlier.called
            ):
                assert earlier.called <= later.called


@settings(max_examples=30, deadline=None)
@given(people, st.integers(1, 3))
def test_no_counter_idles_while_somebody_waits(crowd, counters):
    a_day = day([one(at, *errands) for at, errands, _ in crowd])

    def look(running, ticket):
        for line in running.lines:
            assert not (line.waiting and len(line.serving) < line.open)
            assert len(line.serving) <= counters

    play(a_day, counters, watch=look)


def test_a_drawn_day_is_as_the_assumptions_say():
    agencies = mall()
    drawn = [draw(agencies, seed) for seed in range(900, 906)]
    visitors = [v for one_day in drawn for v in one_day.visitors]

    assert sum(a.counters for a in agencies) == 60
    assert len(visitors) / 6 == pytest.approx(1200, rel=0.08)
    assert np.mean([len(v.errands) for v in visitors]) == pytest.approx(1.46, abs=0.03)
    assert np.mean([sum(e.minutes for e in v.errands) for v in visitors]) == pytest.approx(14.0, rel=0.05)
    assert np.mean([v.priority for v in visitors]) == pytest.approx(0.12, abs=0.01)
    assert all(len({e.agency for e in v.errands}) == len(v.errands) for v in visitors)


def test_the_same_seed_is_the_same_day():
    agencies = mall()

    assert draw(agencies, 3) == draw(agencies, 3) != draw(agencies, 4)


def test_half_of_each_team_eats_at_noon():
    roster = usual_roster(Day(mall(), (), (0,) * 25))

    assert (roster[0][7], roster[0][8], roster[0][10]) == (6, 3, 6)
    assert set(roster[-1]) == {1}


def test_the_pooled_mall_has_the_same_work_and_one_line():
    a_day = draw(mall(), 3)
    one_line = pooled(a_day)

    assert one_line.agencies[0].counters == 60
    work = sum(e.minutes for v in a_day.visitors for e in v.errands)
    assert math.isclose(work, sum(v.errands[0].minutes for v in one_line.visitors))


def test_bookings_take_free_slots_only_and_keep_all_errands():
    a_day = draw(mall(), 3)
    room = [[0.0] * SLOTS for _ in a_day.agencies]
    room[0] = [0.0] * 10 + [8.0] + [0.0] * 3

    later = booked(a_day, 1.0, room, seed=1)

    moved = [v for v in later.visitors if v.errands[0].slot is not None]
    assert len(moved) == 8
    assert all(300 <= v.errands[0].slot < 330 and abs(v.arrives - v.errands[0].slot) <= 6 for v in moved)
    assert all(b.slot > a.slot for v in moved for a, b in pairwise(v.errands))
    assert len(later.visitors) == len(a_day.visitors)
