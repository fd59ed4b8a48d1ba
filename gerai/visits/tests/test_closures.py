"""An agency or a service closed for the day: everybody is told and goes on; open again gives back the place."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from gerai.accounts.models import Person
from gerai.floor import services as floor
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.notices.models import Notice
from gerai.visits import closing, rules, tasks
from gerai.visits.models import Closure, Errand, Visit
from gerai.visits.rules import ACTIVE

BOSS = ActorRef("person", "manager")
AFTER = later(6 * 60 + 1)  # 15.01 in Bengkulu
MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def person(name="sari"):
    return Person.objects.create(name=name.title(), email=f"{name}@uji.test", created_at=MORNING)


def appointment(hall, stage="confirmed", code="X", at=120):
    """A booking, as the booking service leaves it."""
    visit = Visit.objects.create(
        mall=hall.mall, day=MORNING.date(), stage=stage, person=person(f"b{at}{stage}"), slot_at=later(at),
        code=f"B{at}"[:6], reserved_until=later(at) if stage == "reserved" else None,
    )  # fmt: skip
    Errand.objects.create(
        visit=visit, mall=hall.mall, agency=hall.services[code].agency, service=hall.services[code],
        sequence=0, state="booked", slot_at=later(at),
    )  # fmt: skip
    return visit


@pytest.mark.django_db
def test_a_closed_agency_sends_everybody_on_and_tells_them_why():
    hall = Hall()
    waits_here = hall.arrive("X", "Y", person=person())
    booked = appointment(hall)
    first = waits_here.errands.get(state="waiting")

    closing.close_today(agency=first.agency, reason="Listrik padam", actor=BOSS, now=later(5))

    first.refresh_from_db()
    other = waits_here.errands.exclude(pk=first.pk).get()
    assert (first.state, first.outcome, other.state) == ("closed", "closed_today", "waiting")
    booked.refresh_from_db()
    assert booked.stage == ("cancelled" if first.agency == hall.services["X"].agency else "confirmed")
    entry = Entry.objects.get(kind="visits.closed", subject=f"visit:{waits_here.pk}")
    tasks.tell(entry)
    assert "Listrik padam" in Notice.objects.get().body
    with pytest.raises(rules.ClosedToday) as refused:
        hall.arrive(first.agency.code, at=6)
    assert "Listrik padam" in str(refused.value)


@pytest.mark.django_db
def test_open_again_gives_back_the_place_but_not_to_who_went_home():
    hall = Hall()
    stays, goes = hall.arrive("X"), hall.arrive("X", "Y", at=1)
    rank = stays.errands.get().rank_at
    closure = closing.close_today(
        agency=hall.services["X"].agency, reason="Listrik padam", actor=BOSS, now=later(5)
    )
    from gerai.visits import services

    services.leave(visit=goes, actor=BOSS, now=later(6))
    closing.reopen(closure=closure, actor=BOSS, now=later(20))
    closing.reopen(closure=closure, actor=BOSS, now=later(21))

    back = stays.errands.get()
    assert (back.state, back.rank_at, back.outcome) == ("waiting", rank, "")
    assert not goes.errands.filter(state__in=ACTIVE).exists()
    assert Entry.objects.filter(kind="visits.reopened_today").count() == 1
    assert hall.arrive("X", at=22).number == 3


@pytest.mark.django_db
def test_one_service_is_closed_and_its_agency_serves_on():
    hall = Hall()
    service = hall.services["X"]
    closing.close_today(
        agency=service.agency, service=service, reason="Blangko habis", actor=BOSS, now=later(1)
    )
    from gerai.catalogue.models import Service

    other = Service.objects.create(
        agency=service.agency, code="X2", name={"id": "X2", "en": "X2"}, kind="licence", counter_minutes=5
    )
    hall.services["X2"] = other

    assert hall.arrive("X2", at=2).number == 1
    with pytest.raises(rules.ClosedToday):
        hall.arrive("X", at=2)


@pytest.mark.django_db
def test_without_a_reason_nothing_closes():
    hall = Hall()
    hall.arrive("X")

    with pytest.raises(rules.ClosingReasonMissing):
        closing.close_today(agency=hall.services["X"].agency, reason="  x ", actor=BOSS, now=later(1))
    assert not Closure.objects.exists()
    assert Errand.objects.get().state == "waiting"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_call_and_two_closings_at_once_leave_one_closure_and_no_visitor_in_two_states():
    hall = Hall()
    for n in range(6):
        hall.arrive("X", at=n)
    agency, gate, errors = hall.services["X"].agency, threading.Barrier(3), []

    def run(work):
        try:
            gate.wait(30)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    shut = lambda: closing.close_today(agency=agency, reason="Listrik padam", actor=BOSS, now=later(9))  # noqa: E731
    call = lambda: floor.call_next(person=hall.officers[0], now=later(9))  # noqa: E731
    threads = [threading.Thread(target=run, args=(work,)) for work in (shut, shut, call)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not errors
    assert Closure.objects.count() == 1
    states = list(Errand.objects.values_list("state", flat=True))
    assert states.count("closed") >= 5
    assert set(states) <= {"closed", "called"}
