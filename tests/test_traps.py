"""The traps that every peer fell into, each with a sentence that names it, as tests that stay."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from gerai.accounts.models import Person
from gerai.agencies.models import Counter, Mall
from gerai.catalogue.models import Edition
from gerai.core.errors import DomainError
from gerai.floor import devices, services
from gerai.floor.tests.make import KIOSK, MORNING, Hall, enter, later, pair
from gerai.ledger.models import Entry, Position
from gerai.visits import booking, refitting, rules, waitinglist
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.models import Slot, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10.00 in Bengkulu, an hour after MORNING


def hall_of(counters: int = 1) -> Hall:
    """A hall whose services are published."""
    hall = Hall(counters=counters)
    for service in hall.services.values():
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=MORNING
        )
    return hall


def person(name: str) -> Person:
    return Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MORNING)


def book(hall: Hall, who: Person, **more) -> Visit:
    chosen = [hall.services["X"]]
    return booking.book(
        person=who, mall=hall.mall, chosen=chosen, starts_at=TEN, actor=KIOSK, now=MORNING, **more
    )


def booked() -> int:
    return Slot.objects.aggregate(all=Sum("booked"))["all"]


def together(*works):
    """Do these at once; what each gave, a refusal by its code."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait(30)
            results[place] = work()
        except DomainError as refusal:
            results[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


# -- number = count + 1 -------------------------------------------------------------------------------------


def test_a_number_is_not_how_many_there_are_plus_one():
    hall = hall_of()
    gone = [hall.arrive("X") for _ in range(3)][1]
    gone.errands.all().delete()
    gone.delete()

    assert hall.arrive("X").number == 4


@pytest.mark.django_db(transaction=True)
def test_kiosks_at_once_give_each_number_once():
    hall = hall_of()

    together(*[lambda: [hall.arrive("X") for _ in range(5)] for _ in range(8)])

    assert list(Visit.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 41))


# -- look, then insert --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_all_who_see_the_last_place_of_a_slot_free_one_gets_it():
    hall = hall_of(counters=2)  # fifteen bookable minutes: one errand of ten
    people = [person(f"P{n}") for n in range(10, 18)]

    results = together(*[lambda who=who: book(hall, who) for who in people])

    assert sorted(map(str, results)).count("slot_taken") == 7
    assert (booked(), Visit.objects.count()) == (10, 1)


# -- a hold that is not let go, or let go while it is taken ---------------------------------------------------


def held(hall: Hall) -> Visit:
    """The place that Sari gave up, held for Budi who waits for it."""
    visit = book(hall, person("Sari"))
    chosen = [hall.services["X"]]
    waitinglist.join(
        person=person("Budi"), mall=hall.mall, chosen=chosen, day=TEN.date(), actor=KIOSK, now=MORNING
    )
    booking.cancel(visit=visit, actor=KIOSK, now=MORNING)
    return waitinglist.offer(mall=hall.mall, day=TEN.date(), now=MORNING)[0]


def test_a_hold_ends_at_its_minute_even_before_the_job_that_lets_it_go():
    hall = hall_of(counters=2)
    offer = held(hall)

    with pytest.raises(rules.OfferOver):
        booking.confirm(visit=offer, actor=KIOSK, now=offer.reserved_until)
    assert waitinglist.expire(mall=hall.mall, now=offer.reserved_until) == 1
    assert waitinglist.expire(mall=hall.mall, now=offer.reserved_until) == 0
    assert booked() == 0


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_ends_while_it_is_taken_is_either_taken_or_free():
    hall = hall_of(counters=2)
    offer = held(hall)

    together(
        lambda: booking.confirm(
            visit=offer, actor=KIOSK, now=offer.reserved_until - timedelta(milliseconds=1)
        ),
        lambda: waitinglist.expire(mall=hall.mall, now=offer.reserved_until),
    )

    offer.refresh_from_db()
    assert (offer.stage, booked()) in {("confirmed", 10), ("expired", 0)}


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_to_two_requests_for_one_slot_give_it_once():
    hall = hall_of(counters=2)
    offer = held(hall)
    waitinglist.join(
        person=person("Tono"),
        mall=hall.mall,
        chosen=[hall.services["X"]],
        day=TEN.date(),
        actor=KIOSK,
        now=MORNING,
    )

    together(
        lambda: booking.confirm(visit=offer, actor=KIOSK, now=later(1)),
        lambda: booking.confirm(visit=offer, actor=KIOSK, now=later(1)),
        lambda: book(hall, Person.objects.get(name="Tono")),
        lambda: waitinglist.offer(mall=hall.mall, day=TEN.date(), now=later(1)),
    )

    at_ten = Slot.objects.get(starts_at=TEN, agency=hall.services["X"].agency)
    assert (at_ten.booked, at_ten.capacity) == (10, 15)
    assert Visit.objects.filter(slot_at=TEN, stage__in=rules.AHEAD).count() == 1
    assert Entry.objects.filter(kind="visits.confirmed").count() == 1


# -- a retry that repeats what was done -----------------------------------------------------------------------


def test_a_retry_after_a_lost_answer_does_nothing_again(client):
    hall = hall_of(counters=2)
    _, kiosk = devices.pair(mall=hall.mall, kind="kiosk", name="k", actor=KIOSK, now=MORNING)
    officer = hall.officers[0]
    sari = person("Sari")

    def twice(act):
        act()
        return act()

    headers = {"Authorization": f"Bearer {kiosk}", "Idempotency-Key": "satu"}
    body = json.dumps({"services": ["X/X"]})
    ask = {"content_type": "application/json", "headers": headers}
    assert twice(lambda: client.post("/api/v1/visits", body, **ask)).json()["number"] == "A 001"
    errand = twice(lambda: services.call_next(person=officer, now=later(1)))
    twice(lambda: services.start(person=officer, errand_id=errand.pk, now=later(2)))
    twice(lambda: services.finish(person=officer, errand_id=errand.pk, now=later(3)))
    visit = twice(lambda: book(hall, sari, request_key="dua"))
    twice(lambda: booking.confirm(visit=visit, actor=KIOSK, now=later(4)))
    twice(lambda: booking.check_in(mall=hall.mall, code=visit.code, entrance="A", actor=KIOSK, now=later(50)))
    twice(lambda: arriving.leave(visit=visit, actor=KIOSK, now=later(51)))

    told = Entry.objects.filter(subject__startswith="visit:").order_by("id").values_list("kind", flat=True)
    assert list(told) == [
        *("visits.arrived", "floor.called", "floor.started", "floor.finished"),
        *("visits.booked", "visits.confirmed", "visits.arrived", "visits.left"),
    ]


# -- slots made anew under a reservation ----------------------------------------------------------------------


def test_slots_made_anew_keep_what_is_booked_and_tell_who_cannot_be_kept():
    hall = hall_of(counters=2)
    visit = book(hall, person("Sari"))
    Counter.objects.get(number=2).agencies.clear()

    assert refitting.refit(mall=hall.mall, now=later(1)) == 0
    assert booked() == 10
    Mall.objects.update(opening={"mon": ["11:00", "15:00"]})
    refitting.refit(mall=Mall.objects.get(), now=later(2))

    visit.refresh_from_db()
    assert (visit.stage, booked()) == ("cancelled", 0)
    assert Entry.objects.filter(kind="visits.service_closed", subject=f"visit:{visit.pk}").exists()


# -- reading through a queue what was just written --------------------------------------------------------------


def test_what_was_just_written_is_read_at_once_without_any_worker(client):
    hall = hall_of()
    enter(client, pair(hall.mall, "kiosk"))

    shown = client.post("/kios/", {"s": ["X/X"], "key": "k"}, follow=True)

    visit = Visit.objects.get()
    assert shown.status_code == 200
    assert str(visit) in shown.content.decode()
    assert str(visit) in client.get(f"/kunjungan/{visit.secret}/").content.decode()
    assert client.get("/api/v1/mall").json()["waiting"] == 1
    assert visits.waiting(hall.mall).count() == 1
    assert not Position.objects.exists()  # nobody has sequenced the ledger yet
