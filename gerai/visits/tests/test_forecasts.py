"""What people are told about their wait, and what each call teaches."""

from datetime import timedelta

import pytest

from gerai.floor import services as floor
from gerai.floor.tests.make import Hall, later
from gerai.visits import forecasts, queries
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
    told = list(Errand.objects.order_by("rank_at").values_list("forecast_low_at", "forecast_high_at"))
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
