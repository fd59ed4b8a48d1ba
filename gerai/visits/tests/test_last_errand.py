"""The end of a visit against whatever comes in the same moment: nobody is left with an errand in an ended visit."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from gerai.core import sql
from gerai.floor import services as floor
from gerai.floor.rules import NotHere
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.ledger.models import Entry
from gerai.visits import ticket
from gerai.visits.models import Errand, Visit

_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _pressed_while(act, meanwhile):
    """`act` in another thread: it is begun before the transaction of `meanwhile` ends, and waits for it."""

    def press():
        act()
        connection.close()

    officer = threading.Thread(target=press)
    with transaction.atomic():
        meanwhile()
        officer.start()
        while sql.one(_WAITS, [])[0] == 0:
            officer.join(0.01)
            assert officer.is_alive()
    officer.join(20)
    assert not officer.is_alive()


@pytest.mark.django_db(transaction=True)
def test_who_is_marked_absent_while_being_finished_is_absent_and_the_visit_ends_once():
    hall = Hall()
    hall.arrive("X")
    officer = hall.officers[0]
    errand = floor.call_next(person=officer, now=later(1))
    refused = []

    def finish():
        with pytest.raises(NotHere) as told:
            floor.finish(person=officer, errand_id=errand.pk, now=later(5))
        refused.append(told.value)

    _pressed_while(finish, lambda: floor.absent(person=officer, errand_id=errand.pk, now=later(5)))

    assert refused
    assert Errand.objects.get().state == "absent"
    assert not Entry.objects.filter(kind="floor.finished").exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_parked_while_being_finished_stays_in_a_visit_that_goes_on():
    hall = Hall()
    visit = hall.arrive("X")
    officer = hall.officers[0]
    errand = floor.call_next(person=officer, now=later(1))
    floor.start(person=officer, errand_id=errand.pk, now=later(1))

    def finish():
        with pytest.raises(NotHere):
            floor.finish(person=officer, errand_id=errand.pk, now=later(5))

    _pressed_while(finish, lambda: floor.hold(person=officer, errand_id=errand.pk, now=later(5)))

    assert Errand.objects.get().state == "held"
    visit.refresh_from_db()
    assert visit.ended_at is None


@pytest.mark.django_db(transaction=True)
def test_an_errand_added_while_the_last_one_is_finished_is_joined_not_lost():
    hall = Hall()
    visit = hall.arrive("X")
    errand = floor.call_next(person=hall.officers[0], now=later(1))
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(1))

    _pressed_while(
        lambda: floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(5)),
        lambda: ticket.add(visit=visit, service=hall.services["Y"], actor=KIOSK, now=later(5)),
    )

    assert list(Errand.objects.order_by("sequence").values_list("state", flat=True)) == ["done", "waiting"]
    assert Visit.objects.get().ended_at is None
    second = floor.call_next(person=hall.officers[0], now=later(6))
    floor.finish(person=hall.officers[0], errand_id=second.pk, now=later(7))
    assert Visit.objects.get().ended_at == later(6) + timedelta(minutes=1)
