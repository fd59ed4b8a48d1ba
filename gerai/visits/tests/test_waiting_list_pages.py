"""The own waiting list: seen, left by a button, and nobody else's."""

from datetime import timedelta

import pytest

from gerai.accounts.models import Person
from gerai.core import clock
from gerai.floor.tests.make import MORNING, Hall
from gerai.ledger.models import Entry
from gerai.visits.models import WaitingListEntry

pytestmark = pytest.mark.django_db


def waits(hall: Hall, who: Person) -> WaitingListEntry:
    """Somebody who waits for a free time a week ahead."""
    day = (clock.now() + timedelta(days=7)).date()
    entry = WaitingListEntry.objects.create(mall=hall.mall, person=who, day=day, joined_at=clock.now())
    entry.services.add(hall.services["X"])
    return entry


def test_ones_waiting_list_is_seen_and_left_once(client):
    hall = Hall()
    sari, budi = (
        Person.objects.create(name=name, email=f"{name}@uji.test", created_at=MORNING)
        for name in ("sari", "budi")
    )
    entry, others = waits(hall, sari), waits(hall, budi)
    address = f"/janji/tunggu/{entry.pk}/berhenti/"
    client.force_login(sari)
    page = client.get("/saya/").content.decode()
    assert page.count("Daftar tunggu ") == 1
    assert address in page

    assert client.post(f"/janji/tunggu/{others.pk}/berhenti/").status_code == 404
    assert client.get(address).status_code == 405
    for _ in range(2):
        assert client.post(address, follow=True).status_code == 200

    entry.refresh_from_db()
    assert entry.closed_at is not None
    assert WaitingListEntry.objects.get(closed_at=None).pk == others.pk
    assert Entry.objects.filter(kind="visits.waiting_list_left").count() == 1
    assert address not in client.get("/saya/").content.decode()
