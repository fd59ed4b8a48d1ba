"""The counter's screen as an officer uses it, by buttons alone."""

import pytest

from gerai.accounts.models import Person
from gerai.core import clock
from gerai.floor.tests.make import KIOSK, MORNING, Hall
from gerai.ledger.models import Entry
from gerai.visits import services as visits

pytestmark = pytest.mark.django_db


def come(hall, *codes, **more):
    chosen = [hall.services[code] for code in codes]
    return visits.arrive(mall=hall.mall, chosen=chosen, entrance="A", actor=KIOSK, now=clock.now(), **more)


def test_call_absent_back_and_finish_by_buttons(client):
    hall = Hall()
    errand = come(hall, "X").errands.get()
    client.force_login(hall.officers[0])

    assert b"A 001" in client.post("/loket/panggil/", follow=True).content
    shown = client.post(f"/loket/{errand.pk}/tidak-hadir/", follow=True)
    assert f"/loket/{errand.pk}/kembali/".encode() in shown.content
    client.post(f"/loket/{errand.pk}/kembali/")
    client.post("/loket/panggil/")
    client.post(f"/loket/{errand.pk}/mulai/")
    client.post("/loket/panggil/", {"finish": errand.pk})

    errand.refresh_from_db()
    assert errand.state == "done"
    assert Entry.objects.filter(kind="floor.finished").count() == 1


def test_a_name_is_shown_only_after_the_card_and_its_opening_is_written_down(client):
    hall = Hall()
    person = Person.objects.create(name="Sari Wulandari", email="sari@uji.test", created_at=MORNING)
    errand = come(hall, "X", person=person).errands.get()
    client.force_login(hall.officers[0])
    called = client.post("/loket/panggil/", follow=True)

    assert b"Sari" not in called.content
    assert b"Sari Wulandari" in client.post(f"/loket/{errand.pk}/kartu/", follow=True).content
    assert Entry.objects.filter(kind="floor.file_opened", subject=f"person:{person.pk}").count() == 1
