"""The appointment template: advised by the walk-ins to expect, decided by the agency, then booked by."""

from datetime import UTC, datetime, timedelta

import pytest

from gerai.agencies import roster, rules
from gerai.agencies.models import RosterDay
from gerai.floor import rostering
from gerai.floor.tests.make import MORNING, Hall
from gerai.floor.tests.test_manager import person_with
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.visits import refitting, slots
from gerai.visits.models import Slot, Visit
from gerai.visits.tests.test_booking import TEN, book, person

pytestmark = pytest.mark.django_db
BOSS = ActorRef("person", "manager")
WEEK = timedelta(weeks=1)


@pytest.fixture
def hall():
    return Hall(
        counters=4
    )  # each shared by two agencies: two counters' worth for X, 60 minutes of half an hour


def x(hall):
    return hall.services["X"].agency


def advise(hall):
    rostering.propose_all(mall=hall.mall, now=MORNING)
    return RosterDay.objects.get(agency=x(hall), weekday=0)


def decide(hall, minutes):
    return roster.put_bookable(agency=x(hall), weekday=0, minutes=minutes, actor=BOSS, now=MORNING)


def walk_ins_of_past_mondays(hall, half, people):
    hour, minute = map(int, half.split(":"))
    for week in (1, 2, 3, 4):
        for n in range(people):
            at = MORNING.replace(hour=hour - 7, minute=minute) - week * WEEK
            visit = hall.arrive("X")
            Visit.objects.filter(pk=visit.pk).update(day=at.date())
            visit.errands.update(joined_at=at + timedelta(minutes=n), state="done", ended_at=at)


def test_more_is_advised_where_nobody_walks_in_and_less_where_many_do(hall):
    walk_ins_of_past_mondays(hall, "09:30", 5)
    day = advise(hall)

    assert day.could_book["09:30"] < 30 < day.could_book["13:00"]  # the mall's share is 30 of 60 minutes
    assert day.could_book["13:00"] <= 0.85 * 60
    assert day.could_book["14:30"] <= 30  # so that the day ends in time
    assert day.bookable == {}  # an advice changes nothing by itself
    assert {slot.capacity for slot in Slot.objects.all()} <= {30}


def test_what_is_decided_is_what_can_be_booked_and_what_is_booked_stays(hall):
    visit = book(hall, person())
    halves = roster.slots_of(x(hall), 0)
    assert decide(hall, {**dict.fromkeys(halves, 0), "13:00": 50}) is True
    assert decide(hall, {**dict.fromkeys(halves, 0), "13:00": 50}) is False
    refitting.refit(mall=hall.mall, now=MORNING)

    assert (
        Slot.objects.get(agency=x(hall), starts_at=TEN).capacity
        == visit.errands.get().shares.get().minutes
        == 10
    )
    assert Visit.objects.get().stage == "confirmed"
    free = slots.options([hall.services["X"]], TEN.date(), 1, MORNING)
    assert [option.starts_at for option in free] == [datetime(2026, 11, 23, 6, 0, tzinfo=UTC)]
    next_monday = slots.options([hall.services["X"]], (TEN + WEEK).date(), 1, MORNING)
    assert len(next_monday) == 1  # also where no slot is a row yet
    assert Entry.objects.filter(kind="agencies.bookable_changed").count() == 1

    assert decide(hall, {}) is True
    refitting.refit(mall=hall.mall, now=MORNING)
    assert Slot.objects.get(agency=x(hall), starts_at=TEN).capacity == 30


def test_more_than_the_counters_can_do_or_other_half_hours_are_refused(hall):
    halves = roster.slots_of(x(hall), 0)
    for wrong in ({"08:00": 30}, dict.fromkeys(halves, 61), dict.fromkeys(halves, -1)):
        with pytest.raises(rules.BookableWrong):
            decide(hall, wrong)
    assert not Entry.objects.filter(kind="agencies.bookable_changed").exists()


def test_no_more_than_now_is_advised_while_appointments_are_called_late(hall):
    for week in (1, 2):
        for n in range(12):
            at = TEN - week * WEEK
            late = timedelta(minutes=25 if n % 4 == 0 else 2)
            visit = hall.arrive("X")
            owner = person(f"Janji{week}{n}")
            Visit.objects.filter(pk=visit.pk).update(
                day=at.date(), slot_at=at, arrived_at=at, person=owner, code=f"AAAA{week}{n:x}"
            )
            visit.errands.update(slot_at=at, joined_at=at, called_at=at + late, state="done", ended_at=at)

    assert max(advise(hall).could_book.values()) == 30


def test_the_administrator_takes_the_advice_by_one_press_and_another_agency_does_not_see_it(hall, client):
    advised = advise(hall).could_book
    client.force_login(person_with(hall, "agency_admin", x(hall)))
    shown = client.get("/lantai/jadwal/X/").content.decode()
    assert "Pakai saran" in shown

    for _ in range(2):  # a double click
        assert client.post("/lantai/jadwal/X/0/janji/", {"use": "advice"}).status_code == 302
    assert RosterDay.objects.get(agency=x(hall), weekday=0).bookable == advised
    assert Entry.objects.filter(kind="agencies.bookable_changed").count() == 1

    shown = client.get("/lantai/jadwal/X/").content.decode()
    assert "Ikuti bagian umum mal" in shown
    assert client.post("/lantai/jadwal/X/0/janji/", {"use": "share"}).status_code == 302
    assert RosterDay.objects.get(agency=x(hall), weekday=0).bookable == {}

    typed = dict.fromkeys(roster.slots_of(x(hall), 0), "25")
    client.post("/lantai/jadwal/X/0/janji/", typed)
    assert set(RosterDay.objects.get(agency=x(hall), weekday=0).bookable.values()) == {25}
    assert client.post("/lantai/jadwal/Y/0/janji/", {"use": "share"}).status_code == 404
    assert client.post("/lantai/jadwal/X/6/janji/", {"use": "advice"}).status_code == 404
