"""Moments of life and "which permits do I need?", as people without JavaScript go through them."""

import gzip
from datetime import UTC, datetime

import pytest
from django.utils import translation

from gerai.accounts.models import Person
from gerai.agencies.models import Mall
from gerai.applications.models import Application
from gerai.catalogue import services as catalogue
from gerai.catalogue.models import LifeEvent, Screener
from gerai.catalogue.tests.make import FILE, mall, person
from gerai.catalogue.tests.test_screening import SCREENER
from gerai.ledger.rules import SYSTEM

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EVENT = "/peristiwa/BACA/"
ASK = "/izin-apa/"


@pytest.fixture(autouse=True)
def indonesian(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    with translation.override("id"):
        yield


@pytest.fixture
def place(db: None) -> Mall:
    """A library with one card from home and one on the spot, a moment of life, and the questions."""
    found = mall()
    first = FILE[FILE.index("  - code: PERPUS-01") :]
    second = (
        first.replace("PERPUS-01", "PERPUS-02")
        .replace("Kartu anggota perpustakaan", "Ruang baca")
        .replace("online: true", "online: false")
    )
    catalogue.join(mall=found, text=FILE + second, actor=SYSTEM, now=NOW)
    event = {
        "code": "BACA",
        "name": {"id": "Mulai membaca", "en": "Starting to read"},
        "services": ["PERPUS-01", "PERPUS-02"],
        "after": {"PERPUS-02": ["PERPUS-01"]},
    }
    catalogue.set_life_events(mall=found, events=[event], actor=SYSTEM, now=NOW)
    catalogue.set_screener(mall=found, text=SCREENER, actor=SYSTEM, now=NOW)
    return found


@pytest.fixture
def sari(place: Mall) -> Person:
    found: Person = person("Sari")
    return found


def text(answer):
    return answer.content.decode()


def test_a_life_event_tells_of_each_service_what_it_needs_costs_and_takes(client, place):
    shown = text(client.get(EVENT))

    for said in (
        "1",
        "Kartu anggota",
        "KTP-el",
        "Anak gratis",
        "paling lama 2 hari kerja",
        "Ajukan yang dicentang",
    ):
        assert said in shown, said
    assert "Sebelum ini, urus dulu: Kartu anggota perpustakaan." in shown
    assert "datang ke mal" in shown
    assert "/janji/?s=PERPUS/PERPUS-02" in shown
    assert 'name="s" value="PERPUS-01"' in shown
    assert 'name="s" value="PERPUS-02"' not in shown


def test_who_is_signed_in_applies_for_all_of_it_in_one_press(client, sari):
    client.force_login(sari)
    assert 'method="post" action="/ajukan-bersama/BACA/"' in text(client.get(EVENT))

    page = client.post("/ajukan-bersama/BACA/", {"s": "PERPUS-01", "d": "PERPUS-02"})["Location"]

    assert Application.objects.get().service.code == "PERPUS-01"
    assert "Ruang baca" in text(client.get(page))
    mine = text(client.get("/saya/"))
    assert page in mine
    draft = f"/permohonan/{Application.objects.get().pk}/"
    assert draft in text(client.get(page))
    assert draft not in mine  # waits there as one thing, not once more as a draft of its own


def test_a_visitor_keeps_the_choice_through_the_door(client, place, sari):
    assert 'method="get" action="/ajukan-bersama/BACA/"' in text(client.get(EVENT))
    wanted = "/ajukan-bersama/BACA/?s=PERPUS-01&d=PERPUS-02"

    assert "PERPUS-01" in client.get(wanted)["Location"]
    client.force_login(sari)
    assert 'value="PERPUS-01" checked' in text(client.get(wanted))


def test_the_questions_come_one_a_page_with_a_way_back(client, place):
    first, second = text(client.get(ASK)), text(client.get(f"{ASK}?wish=borrow&q=wish"))

    assert "Mau apa?" in first
    assert "Kembali" not in first
    assert "pertanyaan 2" in second
    assert "Di mana?" in second
    assert 'type="hidden" name="wish" value="borrow"' in second
    assert '<a href="?">Kembali</a>' in second


def test_the_result_says_why_and_leads_into_a_bundle(client, place, sari):
    address = f"{ASK}?wish=borrow&where=home"
    shown = text(client.get(address))

    assert "karena buku dibawa pulang" in shown
    assert "/ajukan-bersama/izin-borrow/" in shown
    assert '<a href="?wish=borrow">Kembali</a>' in shown

    client.force_login(sari)
    assert "Kartu anggota" in text(client.get("/ajukan-bersama/izin-borrow/?s=PERPUS-01"))
    assert "Tidak ada yang bisa diajukan" in text(client.get("/ajukan-bersama/izin-borrow/"))
    page = client.post("/ajukan-bersama/izin-borrow/", {"s": "PERPUS-01"})["Location"]
    assert "Pinjam buku" in text(client.get(page))


def test_a_path_without_a_permit_says_so(client, place):
    shown = text(client.get(f"{ASK}?wish=read"))

    assert "Tidak perlu izin di sini." in shown
    assert "Ajukan yang dicentang" not in shown


@pytest.mark.parametrize("query", ["?wish=fly", "?wish=%00", "?where=home", "?wish=&x=1", "?" + "a=1&" * 50])
def test_answers_that_make_no_sense_begin_at_the_first_question(client, place, query):
    answer = client.get(ASK + query)

    assert answer.status_code == 200
    assert "Mau apa?" in text(answer)


def test_going_on_without_an_answer_says_what_to_do(client, place):
    answer = client.get(f"{ASK}?q=wish")

    assert answer.status_code == 422
    assert "Pilih salah satu jawaban." in text(answer)


def test_the_front_page_and_an_empty_search_lead_to_the_questions(client, place):
    for page in ("/", "/cari/?q=qqqqzzzz"):
        assert 'href="/izin-apa/"' in text(client.get(page))
    assert 'href="/izin-apa/"' not in text(client.get("/cari/?q=pinjam+buku"))


def test_a_mall_without_questions_shows_no_way_to_them(client, place):
    Screener.objects.all().delete()

    assert client.get(ASK).status_code == 404
    for page in ("/", "/cari/?q=qqqqzzzz"):
        assert "/izin-apa/" not in text(client.get(page))


def test_both_languages_are_whole(client, place):
    with translation.override("en"):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        assert "What do you want?" in text(client.get(ASK))
        assert "because books go home" in text(client.get(f"{ASK}?wish=borrow&where=home"))


@pytest.mark.parametrize("url", [EVENT, ASK, f"{ASK}?wish=borrow&where=home", f"{ASK}?wish=read"])
def test_a_page_is_light_has_one_heading_and_asks_the_database_little(
    client, place, url, django_assert_max_num_queries
):
    client.get(url)
    with django_assert_max_num_queries(14):
        shown = text(client.get(url))
    assert shown.count("<h1") == 1
    assert " style=" not in shown
    assert "<script>" not in shown
    assert len(gzip.compress(shown.encode())) < 12_000


def test_a_life_event_whose_services_are_gone_is_an_empty_page_and_no_error(client, place):
    LifeEvent.objects.update(services=["GONE-01"], after={})

    assert "sedang tidak tersedia" in text(client.get(EVENT))
