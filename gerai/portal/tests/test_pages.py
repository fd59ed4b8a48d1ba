"""The front door in front of a real mall: what people see, how heavy it is, what refusals look like."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from gerai.accounts import services as accounts
from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.agencies.rules import CounterTaken
from gerai.catalogue import services as catalogue
from gerai.catalogue.tests.make import FILE, HOURS
from gerai.core.errors import DomainError
from gerai.ledger.rules import SYSTEM
from gerai.portal.middleware import Refusals

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WIRE = 40 * 1024
PUBLIC = (
    "/",
    "/cari/?q=pinjam+buku",
    "/instansi-kami/",
    "/instansi-kami/PERPUS/",
    "/layanan/PERPUS/PERPUS-01/",
    "/privasi/",
    "/masuk/",
)


@pytest.fixture
def mall(db: None) -> Mall:
    """A mall with one agency that offers one service."""
    found = agencies.open_mall(
        code="1771",
        name="Mal Pelayanan Publik",
        city="Kota Bengkulu",
        timezone="Asia/Jakarta",
        opening=HOURS,
        details={},
        actor=SYSTEM,
        now=NOW,
    )
    catalogue.join(mall=found, text=FILE, actor=SYSTEM, now=NOW)
    return found


@pytest.fixture
def sari(mall: Mall) -> Person:
    """Somebody with an account."""
    return accounts.register(
        mall=mall.code, name="Sari", nik="1771015506909001", now=NOW, email="sari@warga.example"
    )


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    """Requests switch the language of their thread; each test starts and ends in Indonesian."""
    with translation.override("id"):
        yield


@pytest.fixture
def browser() -> Client:
    """A browser set to Indonesian."""
    return Client(headers={"Accept-Language": "id"})


@pytest.mark.parametrize("url", PUBLIC)
def test_a_page_is_light_and_asks_the_database_little(
    browser: Client, mall: Mall, url: str, django_assert_max_num_queries: object
) -> None:
    browser.get(url)  # the search index is built once
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        answer = browser.get(url)
    assert answer.status_code == 200
    weight = len(gzip.compress(answer.content))
    for name in ("tokens", "base", "components"):
        path = finders.find(f"css/{name}.css")
        with open(path, "rb") as file:
            weight += len(gzip.compress(file.read()))
    assert weight < WIRE


@pytest.mark.parametrize("url", PUBLIC)
def test_a_page_has_one_heading_a_title_and_no_inline_code(browser: Client, mall: Mall, url: str) -> None:
    text = browser.get(url).content.decode()
    assert text.count("<h1") == 1
    assert "<title> ·" not in text
    assert 'href="#isi"' in text
    assert 'id="isi"' in text
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text


def test_the_front_page_counts_what_is_really_there(browser: Client, mall: Mall) -> None:
    text = browser.get("/").content.decode()
    assert "1 layanan dari 1 instansi" in text
    assert "Ketepatan perkiraan kami tampil di sini setelah 100 panggilan" in text


def test_everyday_words_find_the_service(browser: Client, mall: Mall) -> None:
    assert "Kartu anggota perpustakaan" in browser.get("/cari/?q=pinjam+buku").content.decode()


def test_finding_nothing_says_what_to_do(browser: Client, mall: Mall) -> None:
    assert "Coba kata lain" in browser.get("/cari/?q=qqqqzzzz").content.decode()


def test_a_service_shows_its_whole_standard(browser: Client, mall: Mall) -> None:
    text = browser.get("/layanan/PERPUS/PERPUS-01/").content.decode()
    for said in (
        "KTP-el",
        "Isi formulir",
        "paling lama 2 hari kerja",
        "Anak gratis",
        "belum dikonfirmasi instansi",
        "Kartu anggota",
        "2 tahun",
        "UU 43/2007",
        "Meja informasi",
        "Periksa data",
        "/ajukan/PERPUS/PERPUS-01/",
    ):
        assert said in text, said


def test_a_service_says_every_way_to_get_it_and_keeps_the_choice(browser: Client, mall: Mall) -> None:
    text = browser.get("/layanan/PERPUS/PERPUS-01/").content.decode()
    for way in ("Dari rumah", "Datang hari ini", "Dibantu mengisi", "/antrean/ambil/?s=PERPUS/PERPUS-01"):
        assert way in text, way


def test_all_services_can_be_found_by_word_or_by_agency(browser: Client, mall: Mall) -> None:
    text = browser.get("/instansi-kami/").content.decode()
    assert 'role="search"' in text
    assert "/instansi-kami/PERPUS/" in text


def test_english_is_one_button_away(browser: Client, mall: Mall) -> None:
    browser.post("/bahasa/", {"language": "en", "next": "/layanan/PERPUS/PERPUS-01/"})
    text = browser.get("/layanan/PERPUS/PERPUS-01/").content.decode()
    assert '<html lang="en">' in text
    assert "Library card" in text


def test_what_does_not_exist_is_a_page_that_helps(browser: Client, mall: Mall) -> None:
    for url in ("/tidak-ada/", "/layanan/PERPUS/TIDAK/", "/instansi-kami/TIDAK/", "/peristiwa/tidak/"):
        answer = browser.get(url)
        assert answer.status_code == 404
        assert "Periksa kembali alamat" in answer.content.decode()


def test_a_program_gets_a_refusal_as_data(browser: Client, mall: Mall) -> None:
    answer = browser.get("/layanan/PERPUS/TIDAK/", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "not_found"


def test_a_refusal_says_its_sentence_and_leads_back(rf: object, mall: Mall) -> None:
    request = rf.get("/apa-saja/", headers={"Referer": "http://testserver/instansi-kami/"})  # type: ignore[attr-defined]
    answer = Refusals(lambda _: None).process_exception(request, DomainError())  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert answer.status_code == 422
    assert "Permintaan ini tidak dapat diproses" in answer.content.decode()
    assert 'href="http://testserver/instansi-kami/"' in answer.content.decode()


def test_a_refusal_is_translated_before_it_is_filled(rf: object, mall: Mall) -> None:
    taken = CounterTaken(number=7, agency="{Arsip}")
    with translation.override("en"):
        page = Refusals(lambda _: None).process_exception(rf.get("/"), taken)  # type: ignore[attr-defined,arg-type,return-value]
        shown = Template("{% load words %}{{ sentence|translated }}").render(
            Context({"sentence": taken.sentence})
        )

    assert page is not None
    assert "Counter 7 is already used by {Arsip}." in page.content.decode()
    assert shown.startswith("Counter 7 is already used by {Arsip}.")
    assert str(taken).startswith("Loket 7 sudah dipakai {Arsip}.")


def test_a_refusal_never_leads_to_a_foreign_site(rf: object, mall: Mall) -> None:
    request = rf.get("/apa-saja/", headers={"Referer": "https://jahat.example/"})  # type: ignore[attr-defined]
    answer = Refusals(lambda _: None).process_exception(request, DomainError())  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert "jahat" not in answer.content.decode()


def test_a_bug_is_not_dressed_up_as_a_refusal(rf: object) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    assert Refusals(lambda _: None).process_exception(request, KeyError("x")) is None  # type: ignore[arg-type,return-value]


def test_ones_own_page_is_only_for_who_signed_in(browser: Client, sari: Person) -> None:
    answer = browser.get("/saya/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")
    browser.force_login(sari)
    assert "Halo, Sari" in browser.get("/saya/").content.decode()


def test_an_officer_finds_the_own_screen_in_the_header(browser: Client, mall: Mall, sari: Person) -> None:
    browser.force_login(sari)
    assert "/meja/" not in browser.get("/saya/").content.decode()
    assert browser.get("/meja/").status_code == 404
    agencies.give_role(mall=mall, person=sari, role="information_desk", actor=SYSTEM, now=NOW)
    assert "/meja/" in browser.get("/saya/").content.decode()
    assert browser.get("/meja/").status_code == 200
