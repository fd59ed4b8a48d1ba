"""Why somebody waits longer than they were told."""

from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.visits import longer
from gerai.visits import services as visits
from gerai.visits.longer import Why
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db


def told(hall: Hall) -> Errand:
    """Somebody who was told 5 to 15 minutes as they joined, and will be called ten minutes after that."""
    errand = hall.arrive("X").errands.get()
    errand.said_low, errand.said_high = 5, 15
    errand.forecast_low_at, errand.forecast_high_at = later(10), later(25)
    errand.save()
    return errand


def test_a_wait_as_it_was_told_needs_no_words():
    errand = told(Hall())
    errand.forecast_high_at = later(19)  # less than five minutes more

    assert longer.than_told(errand, later(1)) is None


def test_a_counter_that_closed_or_pauses_since_is_named():
    hall = Hall(counters=3)
    errand = told(hall)
    assert longer.than_told(errand, later(1)).why == Why.SLOW
    floor.sign_off(person=hall.officers[0], now=later(2))
    floor.pause(person=hall.officers[1], reason="prayer", now=later(3))

    found = longer.than_told(errand, later(4))

    assert (found.low, found.high, found.why, found.count) == (5, 15, Why.COUNTERS, 2)


def test_a_counter_that_opened_instead_makes_up_for_it():
    hall = Hall(counters=2)
    errand = told(hall)
    floor.sign_off(person=hall.officers[0], now=later(2))
    floor.sign_on(member=hall.officer("Nia"), counter_number=1, now=later(3))

    assert longer.than_told(errand, later(4)).why == Why.SLOW


def test_who_came_later_and_is_called_before_is_counted():
    hall = Hall()
    errand = told(hall)
    hall.arrive("X", at=3, priority="elderly")
    hall.arrive("X", at=4)

    found = longer.than_told(errand, later(5))

    assert (found.why, found.count) == (Why.BEFORE, 1)


def test_the_ticket_says_it_and_is_silent_while_one_is_served(client):
    hall = Hall()
    visit = visits.arrive(
        mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=clock.now()
    )
    errand = visit.errands.get()
    errand.said_low, errand.said_high = 5, 15
    errand.forecast_low_at, errand.forecast_high_at = (
        errand.joined_at + timedelta(minutes=n) for n in (10, 25)
    )
    errand.save()
    page = f"/kunjungan/{visit.secret}/keadaan/"

    assert "Lebih lama dari 5\u201315 menit" in client.get(page).content.decode()
    floor.call_next(person=hall.officers[0], now=clock.now())
    assert "Lebih lama" not in client.get(page).content.decode()
