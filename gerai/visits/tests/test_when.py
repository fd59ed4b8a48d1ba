"""When to come: the busy hour is told as busy, days without a roster are left out."""

import pytest

from gerai.agencies.models import RosterDay
from gerai.floor.tests.make import MORNING, Hall
from gerai.visits import whentocome

pytestmark = pytest.mark.django_db
HALVES = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"]


def roster(hall: Hall, code: str, weekday: int, expected: list[float], counters: int = 1) -> None:
    RosterDay.objects.create(
        agency=hall.services[code].agency,
        weekday=weekday,
        expected=dict(zip(HALVES, expected, strict=True)),
        counters=dict.fromkeys(HALVES, counters),
    )


def open_all_week(hall: Hall) -> None:
    hall.mall.opening = {day: ["08:00", "11:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    hall.mall.save()


def test_the_busy_hour_waits_longer_and_the_best_times_avoid_it():
    hall = Hall()
    open_all_week(hall)
    roster(hall, "X", 1, [5, 3, 0.5, 0.2, 0.2, 0.2])  # Tuesday
    found = whentocome.of(mall=hall.mall, chosen=[hall.services["X"]], now=MORNING)

    waits = {f"{half.starts_at:%H:%M}": half for half in found[0].halves}
    assert waits["08:30"].high > 3 * waits["10:30"].high
    assert all(half.low <= half.high for half in waits.values())
    assert "08:30" not in [f"{half.starts_at:%H:%M}" for half in whentocome.best(found)]


def test_today_shows_only_what_is_still_to_come_and_a_day_without_a_roster_nothing():
    hall = Hall()  # Monday 09.00
    open_all_week(hall)
    roster(hall, "X", 0, [1, 1, 1, 1, 1, 1])
    found = whentocome.of(mall=hall.mall, chosen=[hall.services["X"]], now=MORNING)

    assert [str(outlook.day) for outlook in found] == ["2026-11-23", "2026-11-30"]
    assert f"{found[0].halves[0].starts_at:%H:%M}" == "09:30"


def test_two_services_add_their_waits_and_both_must_be_open():
    hall = Hall()
    open_all_week(hall)
    roster(hall, "X", 1, [4, 4, 4, 4, 4, 4])
    alone = whentocome.of(mall=hall.mall, chosen=[hall.services["X"]], now=MORNING)
    both = [hall.services["X"], hall.services["Y"]]
    assert whentocome.of(mall=hall.mall, chosen=both, now=MORNING) == []
    roster(hall, "Y", 1, [4, 4, 4, 4, 4, 4])

    together = whentocome.of(mall=hall.mall, chosen=both, now=MORNING)
    assert together[0].halves[3].high > alone[0].halves[3].high


def test_a_queue_is_the_same_for_each_of_its_agencys_services_and_two_errands_wait_twice():
    hall = Hall()
    open_all_week(hall)
    roster(hall, "X", 1, [3, 4, 3, 2, 1, 1])
    short, long = hall.services["X"], hall.offer("X", "LAMA")
    long.counter_minutes = 20
    long.save()

    def waits(*chosen):
        found = whentocome.of(mall=hall.mall, chosen=chosen, now=MORNING)[0].halves
        return [(half.low, half.high) for half in found]

    assert waits(short) == waits(long)
    assert sum(high for _, high in waits(short, long)) > 1.7 * sum(high for _, high in waits(short))


def test_the_page_needs_no_script_and_asks_first_what_for(client):
    Hall()

    assert client.get("/antrean/kapan/").status_code == 200
