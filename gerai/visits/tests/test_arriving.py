"""Numbers, days, errands, and what a ticket shows."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.visits import queries, rules, services, who
from gerai.visits.models import Errand, Visit

pytestmark = pytest.mark.django_db


def at(hall, moment, **more):
    return services.arrive(
        mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=moment, **more
    )


def test_the_day_ends_at_midnight_of_the_malls_own_clock():
    hall = Hall()
    before = at(hall, datetime(2026, 11, 23, 16, 59, tzinfo=UTC))  # 23.59 in Bengkulu
    after = at(hall, datetime(2026, 11, 23, 17, 0, tzinfo=UTC))

    assert (before.day, before.number) == (date(2026, 11, 23), 1)
    assert (after.day, after.number) == (date(2026, 11, 24), 1)


def test_another_zone_ends_its_day_at_another_moment():
    hall = Hall()
    hall.mall.timezone = "Asia/Jayapura"

    assert at(hall, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)).day == date(2026, 11, 24)


def test_a_double_tap_gives_the_same_number_and_no_second_one():
    hall = Hall()

    assert at(hall, MORNING, request_key="tap").pk == at(hall, MORNING, request_key="tap").pk
    assert Visit.objects.count() == 1
    assert at(hall, MORNING).number == 2


def test_a_refused_arrival_uses_up_no_number():
    hall = Hall()
    with pytest.raises(who.PriorityUnknown):
        at(hall, MORNING, priority="friend of the boss")
    with pytest.raises(rules.NothingChosen):
        services.arrive(mall=hall.mall, chosen=[], entrance="A", actor=KIOSK, now=MORNING)

    assert at(hall, MORNING).number == 1


def test_the_errand_with_the_shorter_wait_comes_first():
    hall = Hall()
    for _ in range(6):
        hall.arrive("X")
    visit = hall.arrive("X", "Y", at=1)

    # One counter serves both agencies, but nobody waits at Y.
    assert [e.agency.code for e in queries.errands(visit)] == ["Y", "X"]


def test_the_database_itself_refuses_a_second_live_place():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    planned = visit.errands.get(state="planned")

    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.filter(pk=planned.pk).update(state="waiting", rank_at=MORNING)


def test_who_left_is_not_called():
    hall = Hall()
    visit = hall.arrive("X")
    services.leave(visit=visit, actor=KIOSK, now=later(1))
    services.leave(visit=visit, actor=KIOSK, now=later(2))

    assert floor.call_next(person=hall.officers[0], now=later(3)) is None
    visit.refresh_from_db()
    assert visit.ended_at == later(1)


def test_the_later_errand_joins_only_when_the_former_ended():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    errand = floor.call_next(person=hall.officers[0], now=later(1))
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(2))
    floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(12))

    second = visit.errands.get(state="waiting")
    assert (second.joined_at, second.rank_at) == (later(12), later(12))


def test_a_ticket_shows_nothing_after_its_day():
    visit = at(Hall(), MORNING)

    assert queries.ticket(visit.secret, later(60)).pk == visit.pk
    with pytest.raises(rules.TicketOver):
        queries.ticket(visit.secret, later(24 * 60))
