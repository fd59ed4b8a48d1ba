"""Signing up and in as a visitor does it, without JavaScript."""

import pytest
from django.core import mail
from django.test import Client

from gerai.accounts import entering, services
from gerai.accounts.models import Person
from gerai.accounts.tests.make import MALL, MORNING, OTHER_NIK, PASSWORD, form, mailed_code, person
from gerai.agencies.models import Mall, Membership
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mall() -> Mall:
    return Mall.objects.create(code=MALL, name="Mal Uji", city="Kota Uji", opening={})


def sign_in(client: Client, contact: str = "sari@uji.test", password: str = PASSWORD):
    return client.post("/masuk/", {"contact": contact, "password": password})


def test_a_visitor_signs_up_by_code_and_is_in(client: Client) -> None:
    first = client.post("/daftar/", form())
    second = client.post("/daftar/kode/", {"digits": mailed_code()})

    assert (first.status_code, first["Location"]) == (302, "/daftar/kode/")
    assert (second.status_code, second["Location"]) == (302, "/saya/")
    assert client.get("/akun/").status_code == 200


def test_a_second_click_on_the_code_ends_where_the_first_did(client: Client) -> None:
    client.post("/daftar/", form())
    client.post("/daftar/kode/", {"digits": mailed_code()})

    again = client.post("/daftar/kode/", {"digits": mailed_code()})

    assert again["Location"] == "/saya/"
    assert Person.objects.count() == 1


def test_errors_stand_beside_the_field_and_what_was_typed_stays(client: Client) -> None:
    answer = client.post("/daftar/", form(nik="123", name="Sari Wulandari"))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="e_nik"' in text
    assert 'value="Sari Wulandari"' in text
    assert PASSWORD not in text


def test_a_known_and_an_unknown_address_look_the_same_until_the_code(client: Client) -> None:
    person()

    known, unknown = client.post("/daftar/", form()), Client().post("/daftar/", form(contact="b@uji.test"))

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 2


def test_sign_in_goes_on_to_the_page_that_was_wanted_and_never_to_another_site(client: Client) -> None:
    person()
    client.get("/masuk/?next=/akun/")
    assert sign_in(client)["Location"] == "/akun/"

    other = Client()
    other.get("/masuk/?next=https://jahat.test/")
    assert sign_in(other)["Location"] == "/saya/"


def test_a_signer_needs_the_code_as_well(client: Client, mall: Mall) -> None:
    boss = person("bos@uji.test", OTHER_NIK, "Kepala")
    Membership.objects.create(mall=mall, person=boss, role="mall_manager")

    first = sign_in(client, "bos@uji.test")
    assert first["Location"] == "/masuk/kode/"
    assert client.get("/akun/").status_code == 302

    assert client.post("/masuk/kode/", {"digits": "abc"}).status_code == 422
    assert client.post("/masuk/kode/", {"digits": mailed_code()})["Location"] == "/saya/"
    assert client.get("/akun/").status_code == 200


def test_signing_up_with_a_signers_address_does_not_go_round_the_second_factor(
    client: Client, mall: Mall
) -> None:
    boss = person("bos@uji.test", OTHER_NIK, "Kepala")
    Membership.objects.create(mall=mall, person=boss, role="mall_manager")

    client.post("/daftar/", form(contact="bos@uji.test"))
    answer = client.post("/daftar/kode/", {"digits": mailed_code()})

    assert answer.status_code == 409
    assert client.get("/akun/").status_code == 302


def test_a_deactivated_person_is_out_with_the_next_request(client: Client) -> None:
    sari = person()
    sign_in(client)
    assert client.get("/akun/").status_code == 200

    services.deactivate(mall=MALL, person=sari, actor=SYSTEM, now=MORNING)

    assert client.get("/akun/").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_forgotten_password_ends_the_old_sessions(client: Client) -> None:
    person()
    sign_in(client)
    visitor = Client()

    visitor.post("/masuk/lupa/", {"contact": "sari@uji.test"})
    done = visitor.post("/masuk/lupa/kode/", {"digits": mailed_code(), "password": "kata-lain-yang-baru"})

    assert done["Location"] == "/masuk/"
    assert client.get("/akun/").status_code == 302
    assert sign_in(visitor, password="kata-lain-yang-baru")["Location"] == "/saya/"


def test_changing_the_password_keeps_this_session_and_ends_the_others(client: Client) -> None:
    person()
    other = Client()
    sign_in(client)
    sign_in(other)

    client.post("/akun/", {"old": PASSWORD, "new": "kata-lain-yang-baru"})

    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302


def test_the_chosen_language_is_kept_for_the_next_sign_in(client: Client) -> None:
    sari = person()
    sign_in(client)

    client.post("/akun/", {"language": "en"})
    assert client.post("/akun/", {"language": "xx"}).status_code == 422

    sari.refresh_from_db()
    assert sari.language == "en"
    assert sign_in(Client()).cookies["django_language"].value == "en"


def test_leaving_needs_a_form_and_ends_the_session(client: Client) -> None:
    person()
    sign_in(client)
    assert client.get("/keluar/").status_code == 405

    client.post("/keluar/")

    assert client.get("/akun/").status_code == 302


def test_forms_are_protected_against_other_sites() -> None:
    person()
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict).status_code == 403


@pytest.mark.parametrize("path", ["/daftar/", "/masuk/", "/masuk/lupa/"])
def test_every_input_has_a_label_and_no_page_is_cached(client: Client, path: str) -> None:
    answer = client.get(path)

    text = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for field in ("contact", "password", "nik", "name"):
        if f'name="{field}"' in text and f'id="id_{field}"' in text:
            assert f'for="id_{field}"' in text


def test_a_code_that_cannot_be_sent_is_said_kindly(client: Client, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]

    answer = client.post("/daftar/", form())

    assert answer.status_code == 503
    assert entering.queries.by_contact("sari@uji.test") is None
