"""The desk's pages: refusals keep what was typed, and a number is changed only as it was found."""

import uuid

import pytest
from django.test import Client

from gerai.accounts import services as accounts
from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.applications.models import Application
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.ledger.rules import SYSTEM
from gerai.portal.tests.test_pages import NOW, browser, indonesian, mall, sari  # noqa: F401
from gerai.visits import services as visits
from gerai.visits.models import Visit

NIK = "1771015506909001"


@pytest.fixture
def desk(browser: Client, mall: Mall) -> Client:  # noqa: F811
    """An officer of the information desk."""
    putri = accounts.register(
        mall=mall.code, name="Putri", nik="1771035212969011", now=NOW, email="p@uji.test"
    )
    agencies.give_role(mall=mall, person=putri, role="information_desk", actor=SYSTEM, now=NOW)
    browser.force_login(putri)
    return browser


def number(mall: Mall) -> Visit:  # noqa: F811
    """A number taken at the kiosk just now."""
    chosen = [catalogue.find(mall, "PERPUS", "PERPUS-01")]
    return visits.arrive(mall=mall, chosen=chosen, entrance="A", actor=SYSTEM, now=clock.now())


def test_a_refusal_keeps_what_was_typed_and_makes_nobody(desk: Client) -> None:
    given = {"q": "perpus", "service": "PERPUS/PERPUS-01", "name": "Bu Aminah", "nik": NIK, "seen": "yes"}

    answer = desk.post("/meja/", given)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "setuju dibantu" in text
    assert 'value="Bu Aminah"' in text
    assert not Person.objects.filter(name="Bu Aminah").exists()
    assert desk.post("/meja/", {**given, "consent": "yes"}).status_code == 302
    assert Application.objects.get().applicant.name == "Bu Aminah"


def test_a_typed_number_shows_its_errands_and_no_name(desk: Client, mall: Mall, sari: Person) -> None:  # noqa: F811
    visit = number(mall)

    text = desk.get("/meja/nomor/", {"nomor": "a1"}).content.decode()
    assert "Kartu anggota perpustakaan" in text
    assert str(visit.pk) in text

    told = {"nomor": "a1", "visit": str(visit.pk), "nik": NIK, "contact": "sari@warga.example"}
    assert desk.post("/meja/nomor/", told).status_code == 302
    text = desk.get("/meja/nomor/", {"nomor": "a1"}).content.decode()
    assert "sudah atas nama pemiliknya" in text
    assert "Sari" not in text
    sari.refresh_from_db()
    assert sari.proven_at is None


@pytest.mark.parametrize("wrong", [{"visit": str(uuid.uuid4())}, {"visit": ""}, {"nomor": "a2"}])
def test_a_number_that_was_not_found_is_not_changed(
    desk: Client,
    mall: Mall,  # noqa: F811
    sari: Person,  # noqa: F811
    wrong: dict[str, str],
) -> None:
    visit = number(mall)
    told = {"nomor": "a1", "visit": str(visit.pk), "nik": NIK, "contact": "sari@warga.example", **wrong}

    assert desk.post("/meja/nomor/", told).status_code == 404
    assert Visit.objects.get().person_id is None


@pytest.mark.parametrize(
    "wrong", [{"contact": "lain@warga.example"}, {"nik": "1771021502919016"}, {"nik": "12"}]
)
def test_nik_and_contact_must_both_fit_without_a_proven_card(
    desk: Client,
    mall: Mall,  # noqa: F811
    sari: Person,  # noqa: F811
    wrong: dict[str, str],
) -> None:
    visit = number(mall)
    told = {"nomor": "a1", "visit": str(visit.pk), "nik": NIK, "contact": "sari@warga.example", "seen": "yes"}

    assert desk.post("/meja/nomor/", {**told, **wrong}).status_code == 422
    assert Visit.objects.get().person_id is None


def test_paper_numbers_are_typed_one_after_the_other_and_a_wrong_one_keeps_what_was_typed(
    desk: Client,
) -> None:
    page = desk.get("/meja/kertas/").content.decode()
    assert "Z 001" in page
    assert "Z 200" in page
    now = clock.now().astimezone()
    given = {"nomor": "Z 3", "jam": "00:00", "service": ["PERPUS/PERPUS-01", "", ""]}

    done = desk.post("/meja/kertas/", given, follow=True)
    assert "Z 003 masuk antrean." in done.content.decode()
    assert Visit.objects.get().arrived_at <= now
    wrong = desk.post("/meja/kertas/", {**given, "nomor": "A 3"})
    assert wrong.status_code == 422
    assert 'value="A 3"' in wrong.content.decode()
    assert 'value="PERPUS/PERPUS-01" selected' in wrong.content.decode()
    assert desk.post("/meja/kertas/", {**given, "nomor": "Z 4", "service": [""]}).status_code == 422
    assert Visit.objects.count() == 1
