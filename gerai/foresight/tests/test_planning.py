"""A plan learnt from past days does better on days it has not seen, at the same counter-hours."""

import numpy as np
import pytest

from gerai.foresight import planning
from gerai.foresight.days import CLOSES, SLOTS, draw, mall
from gerai.foresight.engine import Mall

AGENCIES = mall(3, (4, 3, 2, 1))


def days(seeds):
    return [draw(AGENCIES, seed, 180) for seed in seeds]


@pytest.fixture(scope="module")
def plan():
    return planning.learn(days(range(4)))


def test_waits_fall_by_half_on_unseen_days_at_the_same_hours(plan):
    unseen = days(range(40, 48))

    today = [Mall(day, planning.status_quo(day)).run() for day in unseen]
    ours = [plan.run(day, seed) for seed, day in enumerate(unseen)]

    def wait(outcomes):
        return np.mean([t.wait for outcome in outcomes for t in outcome.tickets])

    assert wait(ours) < 0.5 * wait(today)
    assert sum(o.counter_hours for o in ours) < 1.05 * sum(o.counter_hours for o in today)


def test_nobody_is_lost_by_booking(plan):
    day = draw(AGENCIES, 77, 180)

    outcome = plan.run(day, 1)

    assert sorted(sorted((t.agency, t.errand.minutes) for t in ts) for _, ts in outcome.visits()) == sorted(
        sorted((e.agency, e.minutes) for e in v.errands) for v in day.visitors
    )


def test_the_roster_keeps_to_the_hours_and_to_lunch(plan):
    most = planning.most_open(AGENCIES, (0,) * 4)
    roster = planning.roster_for(AGENCIES, plan.arrivals, most, 50.0)

    assert 47 < sum(map(sum, roster)) / 2 <= 50
    assert all(
        1 <= c <= cap
        for row, caps in zip(roster, most, strict=True)
        for c, cap in zip(row, caps, strict=True)
    )
    assert most[0] == [6] * 8 + [4] * 2 + [6] * 4


def test_more_hours_are_used_where_the_load_is(plan):
    most = planning.most_open(AGENCIES, (0,) * 4)
    few, many = (
        np.array(planning.roster_for(AGENCIES, plan.arrivals, most, hours)) for hours in (40.0, 60.0)
    )

    assert (many >= few).all()
    assert len(few[0]) == SLOTS
    assert (many - few)[0].sum() > (many - few)[3].sum()


def test_room_for_bookings_is_what_walk_ins_leave():
    arrivals = np.full((4, SLOTS), 3.0)

    all_booked, half = (planning.bookable(AGENCIES, arrivals, share) for share in (1.0, 0.5))

    assert (half <= all_booked).all()
    assert half[0, 4] == pytest.approx(all_booked[0, 4] - 1.5)
    assert half[0, 8] < half[0, 7]
    assert half[0, 12] < half[0, 11]
    assert half[:, 13].sum() == 0
    assert CLOSES == SLOTS * 30
