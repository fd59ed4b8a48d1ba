"""Calling: one officer gets one visitor, in the order of the rule, and nothing happens twice."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.floor import rules, services
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.visits import queries as visit_queries
from gerai.visits import rules as visit_rules
from gerai.visits import services as visits
from gerai.visits import who
from gerai.visits.models import Errand, Visit


@pytest.mark.django_db
def test_one_number_serves_all_errands_one_after_the_other():
    hall = Hall()
    visit = hall.arrive("X", "Y")

    first = services.call_next(person=hall.officers[0], now=later(1))
    assert first.visit_id == visit.pk
    services.finish(person=hall.officers[0], errand_id=first.pk, now=later(9))
    second = services.call_next(person=hall.officers[0], now=later(10))

    assert (second.visit_id, second.pk != first.pk) == (visit.pk, True)
    services.finish(person=hall.officers[0], errand_id=second.pk, now=later(15))
    visit.refresh_from_db()
    assert visit.ended_at == later(15)
    assert Entry.objects.filter(kind="floor.finished").count() == 2


@pytest.mark.django_db
def test_a_visitor_is_never_called_by_two():
    hall = Hall(counters=2)
    hall.arrive("X", "Y")

    assert services.call_next(person=hall.officers[0], now=later(1)) is not None
    assert services.call_next(person=hall.officers[1], now=later(1)) is None


@pytest.mark.django_db
def test_a_double_click_calls_one_person_and_finishes_once():
    hall = Hall()
    hall.arrive("X")
    hall.arrive("X", at=1)

    one = services.call_next(person=hall.officers[0], now=later(2))
    again = services.call_next(person=hall.officers[0], now=later(2))
    assert one.pk == again.pk
    services.finish(person=hall.officers[0], errand_id=one.pk, now=later(3))
    services.finish(person=hall.officers[0], errand_id=one.pk, now=later(4))
    assert Entry.objects.filter(kind="floor.finished").count() == 1


@pytest.mark.django_db
def test_a_counter_that_pauses_calls_nobody_until_it_goes_on():
    hall = Hall()
    hall.arrive("X")
    services.pause(person=hall.officers[0], now=later(1))

    with pytest.raises(rules.Paused):
        services.call_next(person=hall.officers[0], now=later(2))
    assert Errand.objects.get().state == "waiting"
    services.go_on(person=hall.officers[0], now=later(3))
    assert services.call_next(person=hall.officers[0], now=later(4)) is not None


@pytest.mark.django_db
def test_who_is_away_is_passed_over_and_keeps_the_place():
    hall = Hall()
    first, second = hall.arrive("X"), hall.arrive("X", at=1)
    Visit.objects.filter(pk=first.pk).update(away_until=later(20))

    called = services.call_next(person=hall.officers[0], now=later(2))
    services.finish(person=hall.officers[0], errand_id=called.pk, now=later(10))

    assert called.visit_id == second.pk
    assert services.call_next(person=hall.officers[0], now=later(15)) is None
    assert services.call_next(person=hall.officers[0], now=later(21)).visit_id == first.pk


@pytest.mark.django_db
def test_priority_is_worth_at_most_fifteen_minutes():
    hall = Hall()
    early = hall.arrive("X")
    hall.arrive("X", at=16, priority="elderly")
    assert services.call_next(person=hall.officers[0], now=later(20)).visit_id == early.pk
    services.absent(person=hall.officers[0], errand_id=early.errands.get().pk, now=later(21))
    hall.arrive("X", at=22)
    elderly = hall.arrive("X", at=30, priority="elderly")
    services.absent(
        person=hall.officers[0],
        errand_id=services.call_next(person=hall.officers[0], now=later(31)).pk,
        now=later(31),
    )
    assert services.call_next(person=hall.officers[0], now=later(31)).visit_id == elderly.pk


@pytest.mark.django_db
def test_absent_and_back_keeps_the_place():
    hall = Hall()
    visit = hall.arrive("X")
    hall.arrive("X", at=1)
    errand = services.call_next(person=hall.officers[0], now=later(2))
    services.absent(person=hall.officers[0], errand_id=errand.pk, now=later(4))
    services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(5))

    assert services.call_next(person=hall.officers[0], now=later(6)).visit_id == visit.pk


@pytest.mark.django_db
def test_another_officers_visitor_does_not_exist():
    hall = Hall(counters=2)
    hall.arrive("X")
    errand = services.call_next(person=hall.officers[0], now=later(1))

    with pytest.raises(NotFound):
        services.finish(person=hall.officers[1], errand_id=errand.pk, now=later(2))
    with pytest.raises(rules.FinishFirst):
        services.sign_off(person=hall.officers[0], now=later(2))


@pytest.mark.django_db
def test_the_same_tap_twice_gives_the_same_number():
    hall = Hall()

    one = hall.arrive("X", request_key="tap")
    assert hall.arrive("X", request_key="tap").pk == one.pk
    assert hall.arrive("X").number == one.number + 1


@pytest.mark.django_db
def test_bad_arrivals_make_nothing():
    hall = Hall()

    with pytest.raises(visit_rules.NothingChosen):
        hall.arrive()
    with pytest.raises(visit_rules.TooManyErrands):
        hall.arrive(*["X"] * 9)
    with pytest.raises(who.PriorityUnknown):
        hall.arrive("X", priority="friend of the mayor")
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_the_day_ends_at_midnight_of_the_mall_not_of_greenwich():
    hall = Hall()
    night = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # 23.59 in Bengkulu
    morning = datetime(2026, 11, 23, 17, 1, tzinfo=UTC)  # 00.01 the next day
    one = visits.arrive(mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=night)
    two = visits.arrive(mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=morning)

    assert (one.number, two.number) == (1, 1)
    assert (two.day - one.day).days == 1


@pytest.mark.django_db
def test_our_word_about_the_wait_is_kept_and_judged():
    hall = Hall()
    for _ in range(3):
        hall.arrive("X")
    first = services.call_next(person=hall.officers[0], now=later(1))

    assert (first.said_low, first.said_high) == (0, 5)
    assert Errand.objects.get(pk=first.pk).hit is True
    assert visit_queries.hits(hall.mall, later(2)) is None  # one call is no record


@pytest.mark.django_db
def test_the_record_of_our_word_is_told_from_a_hundred_calls_on_and_of_how_many(client):
    hall = Hall()
    visit = hall.arrive("X")
    errand = visit.errands.get()
    told = [
        Errand(
            mall=hall.mall, visit=visit, service=errand.service, agency=errand.agency, state="done",
            sequence=n + 2, called_at=clock.now(), hit=n >= 10,
        )
        for n in range(100)
    ]  # fmt: skip
    Errand.objects.bulk_create(told[:99])
    assert visit_queries.hits(hall.mall, clock.now()) is None
    told[99].save()

    assert visit_queries.hits(hall.mall, clock.now()) == visit_rules.Hits(right=90, of=100)
    for page in ("/antrean/", "/"):
        assert "100 panggilan dalam 30 hari" in client.get(page).content.decode()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    arrivals=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(["", "elderly", "child"])), min_size=2, max_size=14
    )
)
@pytest.mark.django_db(transaction=True)
def test_nobody_is_overtaken_by_somebody_who_came_more_than_fifteen_minutes_later(arrivals):
    Errand.objects.all().delete()
    Visit.objects.all().delete()
    hall = getattr(
        test_nobody_is_overtaken_by_somebody_who_came_more_than_fifteen_minutes_later, "hall", None
    )
    from gerai.agencies.models import Mall

    if hall is None or not Mall.objects.exists():
        hall = Hall()
        test_nobody_is_overtaken_by_somebody_who_came_more_than_fifteen_minutes_later.hall = hall
    for minute, priority in sorted(arrivals):
        hall.arrive("X", at=minute, priority=priority)
    order = []
    while errand := services.call_next(person=hall.officers[0], now=later(90)):
        order.append(errand.joined_at)
        services.finish(person=hall.officers[0], errand_id=errand.pk, now=later(90))

    assert len(order) == len(arrivals)
    for place, joined in enumerate(order):
        for behind in order[place + 1 :]:
            assert (joined - behind).total_seconds() <= 15 * 60


def together(count: int, work) -> list:
    """Run `work(n)` in so many threads at once; what they returned."""
    results, errors, gate = [], [], threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait(30)
            results.extend(work(number))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not errors
    return results


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_kiosks_take_a_thousand_numbers_all_different_none_lost():
    hall = Hall()

    def take(kiosk: int) -> list[int]:
        mine = 32 if kiosk < 8 else 31
        return [hall.arrive("X", request_key=f"{kiosk}-{n}").number for n in range(mine)]

    numbers = together(32, take)

    assert sorted(numbers) == list(range(1, 1001))
    assert Visit.objects.count() == 1000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_counters_call_at_once_and_nobody_is_called_twice():
    hall = Hall(counters=32)
    for _ in range(96):
        hall.arrive("X")

    def call(place: int) -> list[int]:
        mine = []
        while errand := services.call_next(person=hall.officers[place], now=later(1)):
            mine.append(errand.pk)
            services.finish(person=hall.officers[place], errand_id=errand.pk, now=later(2))
        return mine

    called = together(32, call)

    assert len(called) == len(set(called)) == 96
    assert Entry.objects.filter(kind="floor.called").count() == 96


def test_the_credit_is_fifteen_minutes():
    assert visit_rules.rank_at(MORNING, "") == MORNING
    assert (MORNING - visit_rules.rank_at(MORNING, "elderly")).total_seconds() == 900
