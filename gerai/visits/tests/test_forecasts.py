"""What people are told about their wait, and what each call teaches."""

from datetime import timedelta

import pytest

from gerai.agencies import roster
from gerai.agencies.models import Membership
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.foresight.waits import Wait
from gerai.visits import forecasts, lines, queries
from gerai.visits.models import Calibration, Errand, Learnt

pytestmark = pytest.mark.django_db


def agency(hall: Hall) -> int:
    return hall.services["X"].agency_id


def test_a_queue_is_forecast_in_one_pass_and_not_again_within_fifteen_seconds(django_assert_max_num_queries):
    hall = Hall()
    for _ in range(20):
        hall.arrive("X", at=1)

    with django_assert_max_num_queries(12):  # however many wait
        assert forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(12)) == 20
    assert forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(12.2)) == 0
    assert forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(12.3)) == 20
    told = list(Errand.objects.order_by("rank_at", "id").values_list("forecast_low_at", "forecast_high_at"))
    assert all(low < high for low, high in told)
    assert [low for low, _ in told] == sorted(low for low, _ in told)


def test_no_counter_no_promise():
    hall = Hall()
    hall.arrive("X")
    floor.sign_off(person=hall.officers[0], now=later(1))

    assert queries.wait_for(hall.mall, agency(hall), later(2), later(2)) is None
    forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(2))
    assert Errand.objects.get().forecast_high_at is None


def test_a_call_teaches_once_even_when_its_entry_comes_again():
    hall = Hall()
    for minute in range(3):
        hall.arrive("X", at=minute)
    errand = floor.call_next(person=hall.officers[0], now=later(5))
    for _ in range(2):
        forecasts.learn(errands=[errand.pk])

    stored = Calibration.objects.get(agency_id=agency(hall)).intervals
    assert [len(one["scores"]) for one in stored.values()] == [1]


def test_minutes_are_learnt_from_what_was_served_and_drawn_to_the_catalogue():
    hall = Hall()
    for n in range(20):
        hall.arrive("X", at=n * 25)
        errand = floor.call_next(person=hall.officers[0], now=later(n * 25))
        floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(n * 25))
        floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(n * 25 + 20))
    forecasts.learn_minutes(mall=hall.mall.pk, now=later(600))

    learnt = Learnt.objects.get(service=hall.services["X"])
    assert learnt.served == 20
    assert 10 < learnt.minutes < 20  # the catalogue says 10, the counter took 20


def test_the_stored_forecast_runs_down_with_the_clock():
    hall = Hall()
    for minute in range(6):
        hall.arrive("X", at=minute)
    forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(6))
    last = Errand.objects.select_related("visit__mall").order_by("-rank_at").first()

    ahead, early = queries.place_of(last, later(6))
    _, late = queries.place_of(last, later(6) + timedelta(minutes=20))
    assert ahead == 5
    assert late.high == early.high - 20
    assert late.low <= max(0, early.low - 20) + 5


def limited_hall() -> Hall:
    """Two counters; the second serves only the service "quick" of agency X."""
    hall = Hall(counters=2)
    hall.offer("X", "quick")
    floor.sign_off(person=hall.officers[1], now=later(0))
    member = Membership.objects.get(person=hall.officers[1])
    floor.sign_on(member=member, counter_number=2, now=later(0), only=[hall.services["quick"].pk])
    return hall


def line(hall: Hall, code: str | None) -> lines.Line:
    wanted = hall.services[code].pk if code else None
    return lines.line_at(hall.mall.pk, agency(hall), later(60), later(60), wanted)


def test_a_counter_for_some_services_counts_for_those_only():
    hall = limited_hall()
    for minute in range(4):
        hall.arrive("X", at=minute)
    hall.arrive("quick", at=5)

    assert (line(hall, "X").counters, len(line(hall, "X").ahead)) == (1, 5)  # its counter serves both
    assert (line(hall, "quick").counters, len(line(hall, "quick").ahead)) == (2, 5)
    assert (line(hall, None).counters, line(hall, None).limited) == (2, True)
    floor.sign_off(person=hall.officers[0], now=later(6))
    assert (line(hall, "quick").counters, len(line(hall, "quick").ahead)) == (1, 1)
    assert line(hall, "X").counters == 0


def test_a_whole_queue_is_told_by_the_counters_that_serve_each():
    hall = limited_hall()
    for minute in range(4):
        hall.arrive("X", at=minute)
    hall.arrive("quick", at=5)
    floor.sign_off(person=hall.officers[0], now=later(6))

    assert forecasts.refresh(mall=hall.mall.pk, agency_id=agency(hall), now=later(7)) == 5
    told = dict(Errand.objects.values_list("service__code", "forecast_high_at"))
    assert told["X"] is None  # nobody there serves it: no promise
    assert told["quick"] is not None


def test_a_counter_busy_with_another_agencys_visitor_is_busy():
    hall = Hall()
    hall.arrive("Y", at=0)
    floor.call_next(person=hall.officers[0], now=later(1))
    seen = lines.line_at(hall.mall.pk, agency(hall), later(2), later(2))
    assert (seen.counters, len(seen.busy)) == (1, 1)


def test_a_wait_knows_the_counters_that_the_agency_opens_and_closes_later_today():
    hall = Hall(counters=2)
    office = hall.services["X"].agency
    floor.sign_off(person=hall.officers[1], now=later(0))
    for minute in range(8):
        hall.arrive("X", at=minute)
    halves = roster.slots_of(office, 0)  # from eight; the morning of the hall is nine

    def told(**changed: int) -> Wait:
        counters = dict.fromkeys(halves, 1) | changed
        roster.put_day(agency=office, weekday=0, counters=counters, actor=KIOSK, now=later(8))
        return queries.wait_for(hall.mall, office.pk, later(9), later(9))

    alone = told()
    helped = told(**dict.fromkeys([half for half in halves if half >= "09:30"], 2))
    assert helped.middle < alone.middle - 10
    assert told(**{"10:00": 0}).middle > alone.middle + 10  # a pause of all of half an hour
    forecasts.refresh(mall=hall.mall.pk, agency_id=office.pk, now=later(25))
    last = Errand.objects.select_related("visit__mall").order_by("-rank_at")[0]
    assert last.forecast_high_at > later(90)  # the same pass knows it for the whole queue
    # All are away at ten, and will be back: that is a promise. Where the roster is not followed it is none.
    floor.sign_off(person=hall.officers[0], now=later(30))
    assert queries.wait_for(hall.mall, office.pk, later(65), later(65)).low >= 25
    assert queries.wait_for(hall.mall, office.pk, later(95), later(95)) is None


def test_what_a_forecast_merely_proposes_is_not_promised():
    hall = Hall()
    office = hall.services["X"].agency
    for minute in range(8):
        hall.arrive("X", at=minute)
    before = queries.wait_for(hall.mall, office.pk, later(9), later(9))
    counters = {half: 1 if half < "09:30" else 2 for half in roster.slots_of(office, 0)}
    roster.propose_day(agency=office, weekday=0, counters=counters, expected={}, actor=KIOSK, now=later(8))
    assert queries.wait_for(hall.mall, office.pk, later(9), later(9)) == before
