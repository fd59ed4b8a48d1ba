"""Applying as people do it: without JavaScript, one thing per page, in both languages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.tests.make import GOOD, World, picture
from gerai.documents import services as documents
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db
START = "/ajukan/DPMPTSP/UJI/"
PAGES = ("", "isi/place/", "isi/more/", "berkas/", "berkas/KTP/", "periksa/", "batal/")


@pytest.fixture(autouse=True)
def indonesian():
    """Requests switch the language of their thread; each test starts and ends in Indonesian."""
    with translation.override("id"):
        yield


@pytest.fixture
def world():
    return World()


@pytest.fixture
def sari(client, world):
    """Sari's browser."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    return client


def ktp(data=None, name="ktp.jpg"):
    return {"KTP": SimpleUploadedFile(name, picture() if data is None else data)}


def text(answer):
    return answer.content.decode()


def test_an_application_is_made_page_by_page_and_sent(sari, world):
    assert "Izin uji" in text(sari.get(START))
    first = sari.post(START)["Location"]
    draft = Application.objects.get()
    base = f"/permohonan/{draft.pk}/"
    assert first == base + "isi/place/"
    assert sari.post(first, GOOD)["Location"] == base + "isi/more/"
    assert sari.post(base + "isi/more/", GOOD)["Location"] == base + "berkas/"
    assert sari.post(base + "berkas/", ktp())["Location"] == base + "periksa/"
    assert "Jalan Suprapto 12" in text(sari.get(base + "periksa/"))

    assert sari.post(base + "periksa/")["Location"] == base
    assert sari.post(base + "periksa/")["Location"] == base  # a second click

    shown = text(sari.get(base))
    assert "1771-2026-000001" in shown
    assert "Selasa, 24 November 2026" in shown or "Kelengkapan berkas kami jawab" in shown
    assert Entry.objects.filter(kind="applications.submitted").count() == 1


def test_a_filled_refusal_is_said_in_english_on_an_english_page(sari, world):
    draft = world.draft()
    place = f"/permohonan/{draft.pk}/isi/place/"

    english = sari.post(place, {**GOOD, "area": "5000"}, headers={"Accept-Language": "en"})
    indonesian = sari.post(place, {**GOOD, "area": "5000"})

    assert english.status_code == indonesian.status_code == 422
    assert "This number is too large. At most 1000." in text(english)
    assert "Angka ini" not in text(english)
    assert "Angka ini terlalu besar. Paling besar 1000." in text(indonesian)


def test_what_was_typed_stays_on_the_page_beside_its_sentence(sari, world):
    draft = world.draft()

    page = sari.post(f"/permohonan/{draft.pk}/isi/place/", {**GOOD, "area": "<b>tiga</b>"})

    assert "Tulis angka bulat tanpa titik atau koma." in text(page)
    assert "&lt;b&gt;tiga&lt;/b&gt;" in text(page)
    assert 'aria-invalid="true"' in text(page)


def test_what_stood_before_a_wrong_entry_is_told_until_it_is_right_and_is_not_sent(sari, world):
    draft = world.draft()
    page = f"/permohonan/{draft.pk}/isi/place/"
    sari.post(page, GOOD)

    first = text(sari.post(page, {**GOOD, "area": "luas"}))
    again = text(sari.post(page, {**GOOD, "area": "0", "area!": "3"}))

    assert "Sebelumnya tersimpan: 3." in first
    assert 'name="area!" value="3"' in first
    assert "Sebelumnya tersimpan: 3." in again
    assert "area" not in queries.answers_of(Application.objects.get())
    assert sari.post(page, {**GOOD, "area!": "3"}).status_code == 302
    assert "Sebelumnya tersimpan" not in text(sari.get(page))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ program", "Berkas harus PDF, JPG atau PNG."),
        (b"\xff\xd8\xff" + b"0" * (documents.LIMIT + 1), "Berkas lebih dari 5 MB."),
        (b"\xff\xd8\xff broken", "Berkas ini rusak atau kosong."),
    ],
    ids=["program", "big", "broken"],
)
def test_a_file_that_cannot_be_taken_says_what_to_do(sari, world, data, sentence):
    draft = world.draft()

    page = sari.post(f"/permohonan/{draft.pk}/berkas/", ktp(data))

    assert page.status_code == 422
    assert sentence in text(page)
    assert not draft.attachments.exists()


def test_files_can_come_later_but_not_after_the_last_page(sari, world):
    draft = world.draft()
    base = f"/permohonan/{draft.pk}/"

    assert sari.post(base + "berkas/", {"later": "1"})["Location"] == base + "periksa/"
    without = sari.post(base + "berkas/", {})
    refused = sari.post(base + "periksa/")

    assert "Berkas ini belum dikirim." in text(without)
    assert refused.status_code == 422
    assert "Masih kurang 5 hal" in text(refused)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_ones_own_file_can_be_looked_at_without_an_entry(sari, world):
    draft = world.filled()

    page = sari.get(f"/permohonan/{draft.pk}/berkas/KTP/")

    assert (page["Content-Type"], page["Content-Disposition"]) == ("image/jpeg", "inline")
    assert page.content.startswith(b"\xff\xd8\xff")
    assert not Entry.objects.filter(kind="documents.opened").exists()
    assert sari.get(f"/permohonan/{draft.pk}/berkas/FOTO/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_application_is_not_found_and_stays_as_it_is(client, world, page, method):
    application = world.filled()
    client.force_login(world.budi)
    before = Application.objects.values().get()

    answer = getattr(client, method)(f"/permohonan/{application.pk}/{page}")

    assert answer.status_code in ((404,) if (page, method) != ("batal/", "get") else (405,))
    assert Application.objects.values().get() == before


@pytest.mark.parametrize(
    "page", [START, *(f"/permohonan/01990000-0000-7000-8000-000000000000/{p}" for p in PAGES)]
)
def test_who_is_not_signed_in_is_led_to_signing_in(client, world, page):
    answer = client.get(page)

    assert answer.status_code in (302, 405)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/masuk/")


def test_a_return_opens_only_the_page_with_what_to_mend(sari, world):
    application = world.returned()
    base = f"/permohonan/{application.pk}/"

    assert "Luas tidak sama dengan gambar." in text(sari.get(base))
    assert sari.post(base + "isi/place/", {**GOOD, "area": "4"})["Location"] == base + "periksa/"
    refused = sari.post(base + "isi/more/", {**GOOD, "own": "no"})
    sari.post(base + "periksa/")
    sari.post(base + "periksa/")  # a second click

    application.refresh_from_db()
    assert refused.status_code == 409
    assert (application.status, application.round) == ("submitted", 2)
    assert queries.answers_of(application)["own"] is True
    assert Entry.objects.filter(kind="applications.resubmitted").count() == 1


def test_a_second_click_after_a_late_return_is_no_refusal(sari, world):
    application = world.returned(complete=True)
    base = f"/permohonan/{application.pk}/"

    places = [sari.post(base + "periksa/")["Location"] for _ in range(2)]

    application.refresh_from_db()
    assert places == [base, base]
    assert (application.status, application.round) == ("review", 2)


def test_taking_back_is_one_button_and_ends_filling_in(sari, world):
    draft = world.draft()
    base = f"/permohonan/{draft.pk}/"

    assert sari.post(base + "batal/")["Location"] == base

    assert "Anda membatalkan permohonan ini." in text(sari.get(base))
    assert sari.get(base + "isi/place/").status_code == 409
    assert sari.get(base + "periksa/")["Location"] == base


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "Belum dikirim"),
        ("submitted", "Sudah kami terima"),
        ("review", "Sedang diperiksa"),
        ("payment", "Tinggal membayar"),
        ("decision", "Menunggu tanda tangan"),
        ("signing", "Menunggu tanda tangan"),  # nobody is told before the signed file exists
        ("approved", "Izin Anda sudah terbit"),
        ("withdrawn", "Anda membatalkan permohonan ini."),
    ],
)
def test_each_state_says_what_comes_next(sari, world, status, sentence):
    application = world.submitted()
    Application.objects.filter(pk=application.pk).update(status=status)

    assert sentence in text(sari.get(f"/permohonan/{application.pk}/"))
