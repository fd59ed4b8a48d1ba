"""The officer's screen and the applicant's phone, without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from gerai.applications import confirm_queries as queries
from gerai.applications.confirm_models import Confirmation
from gerai.applications.models import Application
from gerai.applications.tests.confirmed import Desk, drawn
from gerai.applications.tests.make import person
from gerai.core import clock
from gerai.documents import services as documents
from gerai.ledger.models import Entry
from gerai.privacy import queries as privacy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def indonesian() -> Any:
    with translation.override("id"):
        yield


class Screens:
    """The officer's browser, and a phone without an account."""

    def __init__(self) -> None:
        self.desk = Desk().ready()
        Application.objects.update(helped_until=clock.now() + timedelta(hours=3))
        self.officer, self.phone = (
            Client(headers={"accept-language": "id"}),
            Client(headers={"accept-language": "id"}),
        )
        self.officer.force_login(self.desk.putri)
        self.base = f"/permohonan/{self.desk.draft_.pk}/"

    def show(self) -> str:
        assert self.officer.post(self.base + "benarkan/").status_code == 302
        page = self.officer.get(self.base + "benarkan/").content.decode()
        assert "data:image/svg+xml" in page
        found = queries.secret(Confirmation.objects.get(ended_at=None))
        assert found["code"][:4] in page
        return queries.path(found["token"])

    def state(self) -> str:
        return str(self.officer.get(self.base + "benarkan/keadaan/").json()["state"])

    def open(self, link: str, phone: Client | None = None) -> str:
        phone = phone or self.phone
        landing = phone.get(link)
        assert landing.status_code == 200
        device = re.search(r'name="device" value="([^"]+)"', landing.content.decode())
        assert device is not None
        return phone.post(link, {"act": "open", "device": device[1]}, follow=True).content.decode()


def test_from_the_officers_screen_to_the_phone_and_back() -> None:
    screens = Screens()
    link = screens.show()
    assert screens.state() == "waiting"

    landing = screens.phone.get(link).content.decode()
    assert "Suprapto" not in landing  # the preview of a message is not its reader
    page = screens.open(link)

    for words in ("Bu Aminah", "Jalan Suprapto 12", "Toko", "Lihat ktp.jpg", "Benar, kirim"):
        assert words in page
    assert screens.state() == "reading"
    done = screens.phone.post(link, {"act": "yes"}, follow=True).content.decode()
    number = Application.objects.get().number
    assert number is not None
    assert number in done
    assert screens.state() == "right"
    assert screens.officer.get(screens.base + "benarkan/")["Location"] == screens.base
    assert "Pemohon sudah membenarkan" in screens.officer.get(screens.base).content.decode()
    again = screens.phone.post(link, {"act": "yes"}, follow=True).content.decode()  # a second click
    assert number in again
    assert Entry.objects.filter(kind="applications.submitted").count() == 1


def test_what_is_marked_leads_the_officer_to_where_it_is_mended() -> None:
    screens = Screens()
    link = screens.show()
    screens.open(link)

    refused = screens.phone.post(link, {"act": "wrong"})
    assert refused.status_code == 422
    assert "Tandai dulu bagian yang salah" in refused.content.decode()
    screens.phone.post(link, {"act": "wrong", "mark": ["answer:area"], "note": "<b>lima</b>"})

    page = screens.officer.get(screens.base + "benarkan/").content.decode()
    assert f'<a href="{screens.base}isi/place/">Luas</a>' in page
    assert "&lt;b&gt;lima&lt;/b&gt;" in page
    told = screens.phone.get(link).content.decode()
    assert "Petugas sudah diberi tahu" in told
    assert "Suprapto" not in told
    assert Application.objects.get().status == "draft"


def test_marks_are_kept_where_the_answer_is_asked_back() -> None:
    screens = Screens()
    link = screens.show()
    screens.open(link)

    page = screens.phone.post(link, {"act": "yes", "mark": ["answer:area"]}).content.decode()

    assert "Anda menandai bagian yang salah" in page
    assert 'value="answer:area" checked' in page


def test_another_phone_sees_nothing_and_says_so() -> None:
    screens, other = Screens(), Client(headers={"accept-language": "id"})
    link = screens.show()
    screens.open(link)

    answer = other.get(link)

    assert answer.status_code == 409
    assert "beri tahu petugas sekarang" in answer.content.decode()
    assert "Suprapto" not in answer.content.decode()
    assert other.get(f"{link}berkas/KTP/").status_code == 404
    assert other.post(link, {"act": "yes"}).status_code == 409


def test_a_file_opens_on_the_phone_and_its_owner_sees_that() -> None:
    screens = Screens()
    link = screens.show()
    assert screens.phone.get(f"{link}berkas/KTP/").status_code == 404  # not before it was opened
    screens.open(link)

    assert screens.phone.get(f"{link}berkas/KTP/").headers["Content-Type"] == "image/jpeg"
    assert screens.phone.get(f"{link}berkas/NONE/").status_code == 404

    assert "Ponsel yang membuka tautan Anda" in {o["who"] for o in privacy.openings(screens.desk.aminah, 10)}
    screens.desk.fill(area="4")
    assert screens.phone.get(f"{link}berkas/KTP/").status_code == 410


def test_a_change_after_it_was_shown_is_said_on_both_screens() -> None:
    screens = Screens()
    link = screens.show()
    screens.open(link)
    screens.desk.fill(area="4")

    answer = screens.phone.post(link, {"act": "yes"})

    assert answer.status_code == 410
    assert "Minta petugas menunjukkan yang baru" in answer.content.decode()
    assert (
        "Isian berubah setelah ditunjukkan"
        in screens.officer.get(screens.base + "benarkan/").content.decode()
    )


@pytest.mark.parametrize("token", ["x", "tidak-ada", "A" * 43, "é"])
def test_a_guessed_link_is_not_found(token: str) -> None:
    assert Client().get(f"/benar/{token}/").status_code == 404


def test_the_short_code_opens_it_and_a_wrong_one_is_a_sentence() -> None:
    screens = Screens()
    screens.show()
    code = queries.secret(Confirmation.objects.get())["code"]

    wrong = screens.phone.post("/benar/", {"code": "AAAAAAAA", "device": "d1"})
    assert wrong.status_code == 422
    assert "Kode itu tidak cocok" in wrong.content.decode()
    page = screens.phone.post("/benar/", {"code": code.lower(), "device": "d1"}, follow=True).content.decode()
    assert "Jalan Suprapto 12" in page
    again = Client().post(
        "/benar/", {"code": code, "device": "d1"}
    )  # its second click, without the cookie yet
    other = Client().post("/benar/", {"code": code, "device": "d2"})
    assert (again.status_code, other.status_code) == (302, 422)


def test_a_double_click_on_opening_is_one_device() -> None:
    screens = Screens()
    link = screens.show()
    first, second = Client(), Client()  # the cookie of the first answer has not arrived yet

    given = {"act": "open", "device": "same"}

    assert [one.post(link, given).status_code for one in (first, second)] == [302, 302]


def test_the_usual_case_at_the_desk_is_one_press_as_before() -> None:
    screens = Screens()
    page = screens.officer.get(screens.base + "periksa/").content.decode()
    assert "Kirim bila ia berkata benar" in page

    assert screens.officer.post(screens.base + "periksa/")["Location"] == screens.base

    assert Entry.objects.get(kind="applications.submitted").data["confirmed"] == "spoken"


def test_the_signature_page_shows_everything_and_sends() -> None:
    screens = Screens()
    page = screens.officer.get(screens.base + "tanda-tangan/").content.decode()
    assert "Jalan Suprapto 12" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    empty = screens.officer.post(screens.base + "tanda-tangan/", {"seen": seen[1], "picture": ""})
    assert empty.status_code == 422
    assert "Tanda tangan belum ada" in empty.content.decode()

    given = {"seen": seen[1], "picture": drawn()}
    assert screens.officer.post(screens.base + "tanda-tangan/", given)["Location"] == screens.base

    kept = queries.signature(Application.objects.get())
    assert kept is not None
    assert kept.signature is not None
    assert documents.read(kept.signature).startswith(b"\x89PNG")
    assert drawn()[-40:].encode() not in documents.path_of(kept.signature.pk).read_bytes()


@pytest.mark.parametrize("path", ["benarkan/", "benarkan/keadaan/", "tanda-tangan/"])
def test_for_everybody_else_these_pages_do_not_exist(path: str) -> None:
    screens = Screens()
    for stranger in (person("Rani"), screens.desk.aminah, screens.desk.budi):
        screens.officer.force_login(stranger)
        assert screens.officer.get(screens.base + path).status_code == 404
        assert screens.officer.post(screens.base + path).status_code in {404, 405}
    assert not Confirmation.objects.exists()


def test_before_it_is_complete_there_is_nothing_to_show() -> None:
    screens = Screens()
    Application.objects.get().attachments.all().delete()

    answer = screens.officer.post(screens.base + "benarkan/")

    assert answer.status_code == 422
    assert screens.officer.get(screens.base + "tanda-tangan/")["Location"] == screens.base + "periksa/"
    assert screens.officer.get(screens.base + "benarkan/")["Location"] == screens.base + "periksa/"
    assert screens.state() == "none"
