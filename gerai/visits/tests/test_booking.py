"""Appointments: capacity, one number later, moved and cancelled without a trace left behind."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from gerai.accounts.models import Person
from gerai.core.errors import NotFound
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.visits import booking, rules, slots, waitinglist, who
from gerai.visits.models import Errand, Slot, SlotShare, Visit, WaitingListEntry

TEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10.00 in Bengkulu, an hour after MORNING
WEEK = timedelta(days=7)


def person(name: str = "Sari") -> Person:
    return Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MORNING)


def book(
    hall: Hall, owner: Person, *codes: str, at: datetime = TEN, now: datetime = MORNING, **more
) -> Visit:
    return booking.book(
        person=owner,
        mall=hall.mall,
        chosen=[hall.services[code] for code in codes or ("X",)],
        starts_at=at,
        actor=ActorRef("person", str(owner.pk)),
        now=now,
        **more,
    )


def check_in(hall: Hall, visit: Visit, at: float) -> Visit:
    return booking.check_in(mall=hall.mall, code=visit.code or "", entrance="A", actor=KIOSK, now=later(at))


@pytest.mark.django_db
def test_a_booking_holds_its_minutes_and_is_written_down():
    hall = Hall(counters=2)  # each shared by two agencies: one counter's worth each, half of it bookable
    visit = book(hall, person())

    slot = Slot.objects.get(agency=hall.services["X"].agency, starts_at=TEN)
    assert (slot.booked, slot.capacity) == (10, 15)
    assert (visit.stage, visit.number, visit.slot_at) == ("confirmed", None, TEN)
    assert Entry.objects.get(kind="visits.booked").subject == f"visit:{visit.pk}"


@pytest.mark.django_db
def test_a_full_slot_is_refused_and_nothing_is_made():
    hall = Hall(counters=2)
    book(hall, person("Sari"))

    with pytest.raises(rules.SlotTaken):
        book(hall, person("Budi"))
    assert Visit.objects.count() == 1
    assert TEN not in [o.starts_at for o in slots.options([hall.services["X"]], TEN.date(), 1, MORNING)]


@pytest.mark.django_db
def test_a_longer_errand_flows_into_the_next_slot():
    hall = Hall(counters=2)
    hall.services["X"].counter_minutes = 25
    hall.services["X"].save()
    book(hall, person())

    booked = Slot.objects.filter(booked__gt=0).order_by("starts_at").values_list("starts_at", "booked")
    assert list(booked) == [(TEN, 15), (TEN + rules.SLOT, 10)]


@pytest.mark.django_db
def test_several_errands_are_placed_back_to_back():
    hall = Hall(counters=2)
    visit = book(hall, person(), "X", "Y")

    due = visit.errands.order_by("sequence").values_list("slot_at", flat=True)
    assert list(due) == [TEN, TEN + timedelta(minutes=15)]  # ten minutes served, five to walk


@pytest.mark.django_db
def test_a_group_takes_the_minutes_of_all():
    hall = Hall(counters=6)
    book(hall, person(), party=4)

    assert Slot.objects.get(starts_at=TEN, booked__gt=0).booked == 40
    with pytest.raises(who.PartyWrong):
        book(hall, person("Budi"), party=11)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"at": MORNING + timedelta(minutes=10)}, rules.SlotTaken),  # too soon
        ({"at": datetime(2026, 11, 23, 0, 0, tzinfo=UTC)}, rules.SlotTaken),  # before opening
        ({"at": TEN + timedelta(days=1)}, rules.SlotTaken),  # a closed day
        ({"at": TEN + 3 * WEEK}, rules.TooFarAhead),
        ({"priority": "friend of the boss"}, who.PriorityUnknown),
    ],
)
def test_what_cannot_be_booked_is_refused_and_changes_nothing(change, refusal):
    hall = Hall(counters=2)

    with pytest.raises(refusal):
        book(hall, person(), **change)
    assert not Visit.objects.exists()
    assert not Entry.objects.filter(kind="visits.booked").exists()


@pytest.mark.django_db
def test_one_person_keeps_three_appointments_and_none_twice():
    hall = Hall(counters=6)
    sari = person()
    book(hall, sari)
    with pytest.raises(rules.BookedAlready):
        book(hall, sari, at=TEN + timedelta(hours=1))
    book(hall, sari, "Y", at=TEN + timedelta(hours=1))
    book(hall, sari, at=TEN + WEEK)
    with pytest.raises(rules.TooManyAppointments):
        book(hall, sari, "Y", at=TEN + WEEK + timedelta(hours=1))


@pytest.mark.django_db
def test_who_missed_two_appointments_books_for_today_and_tomorrow_only():
    hall = Hall(counters=2)
    sari = person()
    for days in (3, 10):
        Visit.objects.create(
            mall=hall.mall, person=sari, day=MORNING.date() - timedelta(days=days), stage="missed"
        )

    with pytest.raises(rules.TooFarAhead):
        book(hall, sari, at=TEN + WEEK)
    assert book(hall, sari).stage == "confirmed"


@pytest.mark.django_db
def test_a_double_click_books_once():
    hall = Hall(counters=2)
    sari = person()

    assert book(hall, sari, request_key="k").pk == book(hall, sari, request_key="k").pk
    assert Slot.objects.get(booked__gt=0).booked == 10


@pytest.mark.django_db
def test_moving_frees_the_old_time_and_keeps_it_if_the_new_one_is_full():
    hall = Hall(counters=2)
    sari, actor = person(), ActorRef("person", "sari")
    visit = book(hall, sari)
    eleven = TEN + timedelta(hours=1)
    book(hall, person("Budi"), at=eleven)

    with pytest.raises(rules.SlotTaken):
        booking.move(visit=visit, starts_at=eleven, actor=actor, now=MORNING)
    visit.refresh_from_db()
    assert (visit.slot_at, visit.revision) == (TEN, 0)
    noon = TEN + timedelta(hours=2)
    booking.move(visit=visit, starts_at=noon, actor=actor, now=MORNING)
    booking.move(visit=visit, starts_at=noon, actor=actor, now=MORNING)

    booked = Slot.objects.filter(booked__gt=0).order_by("starts_at").values_list("starts_at", flat=True)
    assert list(booked) == [eleven, noon]
    assert Entry.objects.filter(kind="visits.moved").count() == 1


@pytest.mark.django_db
def test_cancelling_frees_the_time_once():
    hall = Hall(counters=2)
    visit = book(hall, person())
    for _ in range(2):
        booking.cancel(visit=visit, actor=KIOSK, now=later(1))

    assert not Slot.objects.filter(booked__gt=0).exists()
    assert not SlotShare.objects.exists()
    assert Entry.objects.filter(kind="visits.cancelled").count() == 1
    with pytest.raises(rules.NotAhead):
        check_in(hall, visit, 30)


@pytest.mark.django_db
def test_checking_in_gives_the_number_and_ranks_by_the_slot():
    hall = Hall(counters=2)
    visit = book(hall, person())

    came = check_in(hall, visit, 50)
    again = check_in(hall, visit, 51)

    errand = Errand.objects.get(visit=visit)
    assert (came.number, again.number, came.stage) == (1, 1, "arrived")
    assert (errand.state, errand.rank_at) == ("waiting", TEN - timedelta(minutes=15))
    assert Entry.objects.filter(kind="visits.arrived").count() == 1


@pytest.mark.django_db
def test_who_comes_more_than_ten_minutes_late_waits_like_a_walk_in():
    hall = Hall(counters=2)
    visit = book(hall, person())
    check_in(hall, visit, 71)  # 10.11

    assert Errand.objects.get(visit=visit).rank_at == later(71)


@pytest.mark.django_db
def test_an_appointment_that_is_due_goes_before_who_came_fifteen_minutes_earlier_but_no_more():
    hall = Hall(counters=2)
    visit = book(hall, person())
    early, near = hall.arrive("X", at=40), hall.arrive("X", at=50)
    check_in(hall, visit, 58)

    order = []
    for minute in (60, 61, 62):
        called = floor.call_next(person=hall.officers[0], now=later(minute))
        order.append(called.visit_id)
        floor.finish(person=hall.officers[0], errand_id=called.pk, now=later(minute))
    assert order == [early.pk, visit.pk, near.pk]


@pytest.mark.django_db
def test_a_code_of_another_day_or_of_nobody_opens_nothing():
    hall = Hall(counters=2)
    visit = book(hall, person(), at=TEN + WEEK)

    with pytest.raises(rules.NotToday):
        check_in(hall, visit, 1)
    with pytest.raises(NotFound):
        booking.check_in(mall=hall.mall, code="KBPQRS", entrance="A", actor=KIOSK, now=MORNING)
    with pytest.raises(NotFound):
        booking.check_in(mall=hall.mall, code="", entrance="A", actor=KIOSK, now=MORNING)


@pytest.mark.django_db
def test_the_database_itself_refuses_to_overbook():
    hall = Hall(counters=2)
    book(hall, person())

    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(booked__gt=0).update(booked=16)


@pytest.mark.django_db
def test_a_freed_time_is_held_for_who_asked_first_and_let_go_after_half_an_hour():
    hall = Hall(counters=1)  # half a counter each: 7 minutes, so a slot is taken whole by one
    sari, budi, dewi = person("Sari"), person("Budi"), person("Dewi")
    for service in hall.services.values():  # the whole day is one slot long
        service.agency.opening = {"mon": ["10:00", "11:00"]}
        service.agency.save()
    visit = book(hall, sari)
    for minute, owner in ((1, budi), (2, dewi)):
        for _ in range(2):
            waitinglist.join(
                person=owner,
                mall=hall.mall,
                chosen=[hall.services["X"]],
                day=TEN.date(),
                actor=KIOSK,
                now=later(minute),
            )
    assert waitinglist.offer(mall=hall.mall, day=TEN.date(), now=later(3)) == []

    booking.cancel(visit=visit, actor=KIOSK, now=later(4))
    held = waitinglist.offer(mall=hall.mall, day=TEN.date(), now=later(5))
    assert [v.person_id for v in held] == [budi.pk]
    assert waitinglist.expire(mall=hall.mall, now=later(10)) == 0
    assert waitinglist.expire(mall=hall.mall, now=later(35)) == 1
    with pytest.raises(rules.OfferOver):
        booking.confirm(visit=held[0], actor=KIOSK, now=later(36))
    held = waitinglist.offer(mall=hall.mall, day=TEN.date(), now=later(29))
    assert [v.person_id for v in held] == [dewi.pk]
    booking.confirm(visit=held[0], actor=KIOSK, now=later(30))
    waitinglist.settle(visit=held[0], now=later(30))
    assert not WaitingListEntry.objects.filter(closed_at=None).exists()
