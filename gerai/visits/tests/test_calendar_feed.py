"""The address of a person's calendar feed: theirs to make, to replace and to end."""

import pytest
from icalendar import Calendar

from gerai.core.errors import NotFound
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.visits import calendars, rules
from gerai.visits.tests.test_booking import book, person

pytestmark = pytest.mark.django_db


def make(owner, was="", at=0):
    nonce = calendars.make_address(person=owner, was=was, mall="1771", now=later(at))
    return nonce, calendars.token(owner.pk, nonce)


def kinds():
    return list(
        Entry.objects.filter(kind__startswith="visits.calendar").order_by("pk").values_list("kind", flat=True)
    )


def test_a_feed_shows_its_owners_appointments_and_opens_only_by_its_own_address(client):
    sari = person()
    visit = book(Hall(counters=4), sari)
    _, address = make(sari)

    shown = client.get(f"/kalender/{address}.ics")
    assert [e["uid"] for e in Calendar.from_ical(shown.content).walk("VEVENT")] == [f"{visit.pk}@1771.gerai"]
    assert client.get(f"/kalender/{sari.pk}.ics").status_code == 404
    with pytest.raises(NotFound):
        calendars.person_of(address[:-1] + ("a" if address[-1] != "a" else "b"))


def test_a_new_address_ends_the_old_one_and_a_second_press_makes_no_third():
    sari = person()
    first, old = make(sari)
    second, address = make(sari, was=first)

    assert make(sari, was=first) == (second, address)  # both clicks held the first nonce
    assert calendars.person_of(address) == sari.pk
    with pytest.raises(rules.FeedOver):
        calendars.person_of(old)
    assert kinds() == ["visits.calendar_shared"] * 2


def test_an_ended_address_and_one_from_before_the_nonce_are_gone_with_a_clear_word(client):
    sari = person()
    _, address = make(sari)
    for _ in range(2):
        calendars.end_address(person=sari, mall="1771", now=MORNING)

    gone = client.get(f"/kalender/{address}.ics")
    assert gone.status_code == 410
    assert "tidak berlaku" in gone.content.decode()
    assert client.get(f"/kalender/{calendars.token(sari.pk, '')}.ics").status_code == 410
    assert kinds() == ["visits.calendar_shared", "visits.calendar_ended"]


def test_the_owner_makes_replaces_and_ends_it_on_a_page(client):
    sari = person()
    client.force_login(sari)
    assert "readonly" not in client.get("/kalender/").content.decode()

    client.post("/kalender/", {"was": ""})
    nonce = calendars.nonce_of(sari)
    address = calendars.token(sari.pk, nonce)
    assert address in client.get("/kalender/").content.decode()
    client.post("/kalender/", {"was": nonce})
    assert calendars.nonce_of(sari) not in ("", nonce)
    client.post("/kalender/", {"was": nonce, "end": "yes"})
    assert calendars.nonce_of(sari) == ""


def test_the_feed_of_a_closed_account_is_over():
    sari = person()
    _, address = make(sari)
    sari.is_active = False
    sari.save()

    with pytest.raises(rules.FeedOver):
        calendars.person_of(address)
