"""Everybody sees who opened their data, and nobody else's."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from gerai.accounts import services as accounts
from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall, Membership
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.floor.tests.make import Hall
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.privacy import queries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NIK = "1771994107900001"


@pytest.fixture
def mall() -> Mall:
    return Mall.objects.create(code="1771", name="Mal Uji", city="Kota Uji")


def person(name: str) -> Person:
    email = f"{name.lower()}@uji.test"
    return accounts.register(mall="1771", name=name, nik=NIK, email=email, now=NOW)


@pytest.fixture
def dewi(mall: Mall) -> Person:
    officer = person("Dewi")
    for code in ("DINKES", "DUKCAPIL"):
        agency = Agency.objects.create(
            mall=mall, code=code, name={"id": code}, short=code.title(), kind="opd"
        )
        Membership.objects.create(mall=mall, agency=agency, person=officer, role="verifier")
    return officer


def open_nik(of: Person, by: Person, agency: str = "") -> None:
    accounts.open_nik(mall="1771", person=of, actor=ActorRef("person", str(by.pk)), now=NOW, agency=agency)


def test_an_opening_shows_name_and_agency_of_who_did_it(dewi: Person) -> None:
    sari = person("Sari")
    open_nik(sari, dewi, "DUKCAPIL")

    (seen,) = queries.openings(sari, 10)

    assert (seen["who"], seen["agency"], seen["what"]) == ("Dewi", "Dukcapil", "membuka NIK Anda")


def test_what_no_person_did_is_told_in_words(mall: Mall) -> None:
    sari = person("Sari")
    accounts.open_nik(mall="1771", person=sari, actor=SYSTEM, now=NOW, agency="")

    assert queries.openings(sari, 10)[0]["who"] == "Sistem mal, otomatis"


def test_ones_own_looking_and_other_peoples_data_are_not_listed(dewi: Person) -> None:
    sari, budi = person("Sari"), person("Budi")
    open_nik(sari, sari)
    open_nik(budi, dewi)

    assert queries.openings(sari, 10) == []


def test_a_document_opened_by_an_officer_is_listed(dewi: Person) -> None:
    sari = person("Sari")
    document: Document = documents.keep(
        owner=sari, kind="KTP", name="ktp.png", data=b"x", media_type="image/png", now=NOW
    )

    documents.open_file(document=document, actor=ActorRef("person", str(dewi.pk)), mall="1771", now=NOW)

    assert [o["what"] for o in queries.openings(sari, 10)] == ["membuka berkas Anda"]


def test_reading_the_list_costs_the_same_for_many_entries(
    dewi: Person, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    sari = person("Sari")
    for _ in range(20):
        open_nik(sari, dewi)

    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(queries.openings(sari, 50)) == 20


def test_the_page_is_for_the_signed_in_and_names_the_officer(client: Client, dewi: Person) -> None:
    sari = person("Sari")
    open_nik(sari, dewi, "DINKES")
    assert client.get("/saya/data/").status_code == 302

    client.force_login(sari)
    text = client.get("/saya/data/").content.decode()

    assert "Dewi" in text
    assert "Dinkes" in text
    assert NIK not in text


def test_my_data_come_as_a_file_with_nothing_of_others(client: Client, dewi: Person) -> None:
    sari = person("Sari")
    documents.keep(owner=sari, kind="KTP", name="ktp.png", data=b"x", media_type="image/png", now=NOW)
    documents.keep(owner=dewi, kind="KTP", name="dewi.png", data=b"y", media_type="image/png", now=NOW)
    client.force_login(sari)

    answer = client.get("/saya/data/unduh/")

    told = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"]
    assert (told["name"], told["nik_masked"]) == ("Sari", "1771••••••••0001")
    assert [d["name"] for d in told["documents"]] == ["ktp.png"]
    assert "no-store" in answer["Cache-Control"]


def test_my_visits_are_in_the_file_without_those_of_others() -> None:
    hall = Hall()
    sari, dewi = person("Sari"), person("Dewi")
    hall.arrive("X", "Y", person=sari)
    hall.arrive("X", person=dewi)

    (visit,) = queries.export(sari)["visits"]

    assert (visit["number"], visit["stage"]) == ("A 001", "arrived")
    assert [errand["state"] for errand in visit["errands"]] == ["waiting", "planned"]
