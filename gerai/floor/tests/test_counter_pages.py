"""The officer's screen: what it keeps, what it forgets, how it answers a press that is sent twice."""

import re
from datetime import timedelta

import pytest

from gerai.accounts.models import Person
from gerai.core import clock
from gerai.floor import queries, rules, services
from gerai.floor.tests.make import KIOSK, MORNING, Hall
from gerai.ledger.models import Entry
from gerai.visits import services as visits
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db
PASSWORD = "sandi-petugas-1"


@pytest.fixture
def hall():
    return Hall(counters=2)


@pytest.fixture
def officer(hall, client):
    person = hall.officers[0]
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    return person


def come(hall, *codes, name=None):
    person = Person.objects.create(name=name, email="sari@uji.test", created_at=MORNING) if name else None
    chosen = [hall.services[code] for code in codes]
    return visits.arrive(
        mall=hall.mall, chosen=chosen, entrance="A", actor=KIOSK, now=clock.now(), person=person
    )


def opened(client, hall):
    """Sari is called and has shown her card: her name is on the screen."""
    errand = come(hall, "X", name="Sari Wulandari").errands.get()
    client.post("/loket/panggil/")
    assert b"Sari Wulandari" in client.post(f"/loket/{errand.pk}/kartu/", follow=True).content
    return errand


def send(client, url, key, **body):
    headers = {"Idempotency-Key": key, "Accept": "application/json"}
    return client.post(url, body, headers=headers)


CLOSING = {
    "selesai": {},
    "tahan": {},
    "alihkan": {"to": "Y/Y2", "note": "Minta cetak ulang"},
}


@pytest.mark.parametrize("verb", CLOSING)
def test_the_file_closes_when_the_visitor_goes(client, hall, officer, verb):
    hall.offer("Y", "Y2")
    errand = opened(client, hall)

    shown = client.post(f"/loket/{errand.pk}/{verb}/", CLOSING[verb], follow=True)

    assert "card" not in client.session
    assert b"Sari" not in shown.content


@pytest.mark.parametrize("way", ["jeda", "serahkan", "urungkan"])
def test_the_file_closes_when_the_officer_pauses_hands_over_or_takes_back(client, hall, officer, way):
    opened(client, hall)
    colleague = hall.officer("Rekan").person
    step = queries.last_step(officer, hall.mall.pk, clock.now())

    client.post(f"/loket/{way}/", {"reason": "meal", "to": str(colleague.pk), "step": step.pk})

    assert "card" not in client.session
    assert b"Sari" not in client.get("/loket/").content


def test_the_file_closes_at_the_next_call_and_at_signing_off(client, hall, officer):
    errand = opened(client, hall)
    come(hall, "X")
    shown = client.post("/loket/panggil/", {"finish": errand.pk}, follow=True)
    assert "card" not in client.session
    assert b"Sari" not in shown.content

    client.post(f"/loket/{Errand.objects.get(state='called').pk}/tidak-hadir/")
    session = client.session
    session["card"] = errand.pk
    session.save()
    client.post("/loket/keluar/")
    assert "card" not in client.session


def test_a_parked_visitor_shows_the_card_again(client, hall, officer):
    errand = opened(client, hall)
    client.post(f"/loket/{errand.pk}/tahan/")
    shown = client.post(f"/loket/{errand.pk}/lanjut/", follow=True)

    assert b"A 001" in shown.content
    assert b"Sari" not in shown.content


def test_a_card_of_somebody_who_has_left_meanwhile_opens_nothing(client, hall, officer):
    errand = come(hall, "X", name="Sari Wulandari").errands.get()
    client.post("/loket/panggil/")
    send(client, f"/loket/{errand.pk}/kartu/", "press-card")
    send(client, f"/loket/{errand.pk}/selesai/", "press-done")

    assert send(client, f"/loket/{errand.pk}/kartu/", "press-card").status_code == 200
    assert "card" not in client.session


def test_a_press_sent_twice_happens_once_and_answers_the_same(client, hall, officer):
    for _ in range(3):
        come(hall, "X")
    first = send(client, "/loket/panggil/", "press-0001").json()["errand"]
    told = send(client, "/loket/panggil/", "press-0002", finish=first).json()
    services.finish(person=officer, errand_id=told["errand"], now=clock.now())
    again = send(client, "/loket/panggil/", "press-0002", finish=first).json()

    assert again["errand"] == told["errand"]
    assert "A 002" in told["screen"]
    assert Entry.objects.filter(kind="floor.called").count() == 2


def test_a_refused_press_answers_with_its_sentence_and_the_screen(client, hall, officer):
    errand = come(hall, "X").errands.get()
    client.post("/loket/panggil/")
    answer = send(client, f"/loket/{errand.pk}/selesai/", "press-0001", outcome="incomplete")

    assert (answer.status_code, answer.json()["code"]) == (422, "counter_note_missing")
    assert "A 001" in answer.json()["screen"]
    assert Errand.objects.get().state == "called"


def test_everything_works_as_plain_forms(client, hall, officer):
    hall.offer("Y", "Y2")
    for _ in range(3):
        come(hall, "X")
    client.post("/loket/nomor/", {"number": "A 2", "reason": "frail"})
    second = Errand.objects.get(state="called")
    client.post(f"/loket/{second.pk}/mulai/")
    client.post(f"/loket/{second.pk}/tahan/")
    client.post(f"/loket/{second.pk}/lanjut/")
    client.post(f"/loket/{second.pk}/alihkan/", {"to": "Y/Y2", "note": "Minta cetak"})
    client.post("/loket/jeda/", {"reason": "prayer"})
    client.post("/loket/lanjut/")
    client.post("/loket/panggil/")
    client.post("/loket/urungkan/", {"step": queries.last_step(officer, hall.mall.pk, clock.now()).pk})

    kinds = list(
        Entry.objects.filter(kind__startswith="floor.").order_by("id").values_list("kind", flat=True)
    )
    assert kinds[2:] == [
        "floor.called_out_of_order",
        "floor.started",
        "floor.held",
        "floor.unheld",
        "floor.transferred",
        "floor.paused",
        "floor.resumed",
        "floor.called",
        "floor.undone",
    ]


def test_an_unknown_verb_does_not_exist(client, hall, officer):
    assert client.post("/loket/hapus/").status_code == 404
    assert client.post("/loket/1/hapus/").status_code == 404


def idle(client):
    session = client.session
    session["touched"] = (clock.now() - rules.IDLE - timedelta(seconds=1)).timestamp()
    session.save()


def test_after_ten_idle_minutes_the_visitor_is_hidden_and_the_queue_goes_on(client, hall, officer):
    errand = opened(client, hall)
    idle(client)

    shown = client.get("/loket/")
    assert b"Sari" not in shown.content
    assert "kata sandi" in shown.content.decode()
    assert client.get("/loket/keadaan/").status_code == 205
    refused = send(client, f"/loket/{errand.pk}/selesai/", "press-0001")
    assert (refused.status_code, refused.json()["code"]) == (423, "screen_locked")
    assert Errand.objects.get().state == "serving"
    assert queries.duty(officer) is not None
    come(hall, "X")
    assert services.call_next(person=hall.officers[1], now=clock.now()) is not None


def test_the_password_opens_the_screen_again_and_the_card_is_asked_anew(client, hall, officer):
    errand = opened(client, hall)
    client.post("/loket/kunci/")

    wrong = client.post("/loket/buka/", {"password": "bukan-ini-sandi"})
    assert wrong.status_code == 422
    assert client.session["locked"]
    shown = client.post("/loket/buka/", {"password": PASSWORD}, follow=True)
    assert b"A 001" in shown.content
    assert b"Sari" not in shown.content
    assert b"Sari" in client.post(f"/loket/{errand.pk}/kartu/", follow=True).content


def test_a_screen_that_follows_by_itself_is_still_idle_and_a_key_keeps_it_awake(client, hall, officer):
    client.get("/loket/")
    before = client.session["touched"]
    session = client.session
    session["touched"] = before - 300
    session.save()

    client.get("/loket/keadaan/")
    assert client.session["touched"] == before - 300
    client.get("/loket/keadaan/?touched=1")
    assert client.session["touched"] >= before


def test_the_rule_and_every_key_stand_on_the_screen(client, hall, officer):
    come(hall, "X")
    hall.arrive("X", priority="elderly")
    services.call_next(person=officer, now=clock.now())
    shown = client.get("/loket/").content.decode()

    assert rules.CALLING in shown
    keys = re.findall(r'data-keys="([^"]*)"', shown)
    assert {"space m", "s", "r", "n", "v", "b", "a", "u", "i", "g", "x", "y"} <= set(keys)
    pressed = [key for several in keys for key in several.split()]
    assert len(pressed) == len(set(pressed)), "a key that stands twice presses only the first"


def test_the_whole_list_is_in_the_order_of_calling_and_small_on_the_wire(client, hall, officer):
    for _ in range(40):
        come(hall, "X")
    assert "dan 10 lagi" in client.get("/loket/").content.decode()

    plain = client.get("/loket/menunggu/").content.decode()
    packed = client.get("/loket/menunggu/", headers={"Accept-Encoding": "gzip"})

    assert [plain.index(f"A {n:03d}") for n in range(1, 41)] == sorted(
        plain.index(f"A {n:03d}") for n in range(1, 41)
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain) / 2


def test_somebody_elses_document_does_not_exist(client, hall, officer):
    errand = opened(client, hall)

    assert client.get(f"/loket/{errand.pk}/berkas/KTP/").status_code == 404
    client.post(f"/loket/{errand.pk}/selesai/")
    assert client.get(f"/loket/{errand.pk}/berkas/KTP/").status_code == 404
