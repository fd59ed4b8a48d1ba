"""The desk changes a visit for somebody without a phone; nobody else does, and only of its own mall and day."""

import pytest

from gerai.accounts.models import Person
from gerai.agencies.models import Membership
from gerai.core import clock
from gerai.floor.tests.make import KIOSK, MORNING, Hall
from gerai.ledger.models import Entry
from gerai.visits import services as visits
from gerai.visits.models import Visit

pytestmark = pytest.mark.django_db


def person(hall: Hall, role: str) -> Person:
    found = Person.objects.create(name="Putri", email=f"{role}@uji.test", created_at=MORNING)
    agency = hall.services["X"].agency if role == "counter_officer" else None
    Membership.objects.create(mall=hall.mall, agency=agency, person=found, role=role)
    return found


def visit_now(hall: Hall) -> Visit:
    chosen = [hall.services["X"], hall.services["Y"]]
    return visits.arrive(mall=hall.mall, chosen=chosen, entrance="A", actor=KIOSK, now=clock.now())


def test_the_desk_pauses_reorders_and_sends_home_and_it_is_written_down_as_the_desk(client):
    hall = Hall()
    visit = visit_now(hall)
    desk = person(hall, "information_desk")
    client.force_login(desk)
    address = f"/meja/kunjungan/{visit.pk}/"

    client.post(address, {"act": "pause:20"})
    assert Visit.objects.get().away_until is not None
    planned = visit.errands.get(state="planned")
    client.post(address, {"act": f"first:{planned.pk}"})
    planned.refresh_from_db()
    assert planned.state == "waiting"
    client.post(address, {"act": "leave"})
    assert Visit.objects.get().stage == "ended"
    assert Entry.objects.get(kind="visits.left").actor_id == str(desk.pk)


@pytest.mark.parametrize("act", ["", "pause", "pause:-1", "first:x", "burn:1"])
def test_what_the_desk_cannot_do_changes_nothing(client, act):
    hall = Hall()
    visit = visit_now(hall)
    client.force_login(person(hall, "information_desk"))

    assert client.post(f"/meja/kunjungan/{visit.pk}/", {"act": act}).status_code in (404, 409, 422)
    fresh = Visit.objects.get()
    assert (fresh.away_until, fresh.stage) == (None, "arrived")


def test_a_counter_officer_is_not_the_desk_and_yesterdays_visit_is_not_found(client):
    hall = Hall()
    visit = visit_now(hall)
    client.force_login(person(hall, "counter_officer"))
    assert client.post(f"/meja/kunjungan/{visit.pk}/", {"act": "leave"}).status_code == 404

    client.force_login(person(hall, "information_desk"))
    old = hall.arrive("X")  # a day in the past
    assert client.post(f"/meja/kunjungan/{old.pk}/", {"act": "leave"}).status_code == 404
    assert client.post("/meja/tiba/", {"code": "KBPQRS"}).status_code == 404
