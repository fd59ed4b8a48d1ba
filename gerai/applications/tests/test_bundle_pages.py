"""The pages of a bundle: begun, filled in, sent; nobody else finds it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gerai.applications.bundle_models import Bundle
from gerai.applications.models import Attachment
from gerai.applications.tests.make import picture
from gerai.applications.tests.street import Street

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Street:
    return Street()


@pytest.fixture
def sari(client, world):
    """Sari's browser, in Indonesian."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    with translation.override("id"):
        yield client


START = "/ajukan-bersama/TOKO/"


def text(answer):
    return answer.content.decode()


def test_a_bundle_is_begun_filled_in_and_sent_page_by_page(sari, world):
    assert text(sari.get(START)).count("checked") == 3
    page = sari.post(START, {"s": ["UJI-1", "UJI-2"], "d": ["UJI-4"]})["Location"]
    shown = text(sari.get(page))
    assert "0 dari 2 permohonan sudah terkirim." in shown
    assert "Mulai mengisi" in shown
    assert "/janji/?s=DPMPTSP/UJI-4" in shown

    first = sari.post(page, {"next": "1"})["Location"]
    assert first == f"/permohonan/{world.of(world.shop).pk}/isi/who/"
    world.answer(world.shop, "name")
    shown = text(sari.get(page))
    assert "lengkap, belum dikirim" in shown
    assert "Lanjut ke berikutnya" in shown

    second = sari.post(page, {"next": "1"})["Location"]
    assert "Jalan Suprapto 12" in text(sari.get(second))  # seen, and changeable
    assert "Diambil dari permohonan lain" in text(sari.get(page))
    shown = text(sari.post(page, {"send": "1"}, follow=True))
    assert "1 permohonan terkirim." in shown
    assert "Belum dikirim karena belum lengkap: Layanan UJI-2." in shown
    world.answer(world.sign, "words", address=None)
    assert "2 dari 2 permohonan sudah terkirim." in text(sari.post(page, {"send": "1"}, follow=True))
    assert "Semuanya sudah terkirim." in text(sari.post(page, {"send": "1"}, follow=True))


def test_the_page_says_what_waits_for_what(sari, world):
    bundle = world.begin("UJI-1", "UJI-3")

    shown = text(sari.get(f"/permohonan-bersama/{bundle.pk}/"))

    assert "Dapat dikirim setelah Layanan UJI-1 disetujui." in shown


def test_one_that_is_complete_leads_to_its_check_and_one_half_done_to_what_is_missing(sari, world):
    bundle = world.begin("UJI-1", "UJI-2")
    page = f"/permohonan-bersama/{bundle.pk}/"
    shop, sign = world.of(world.shop), world.of(world.sign)
    world.answer(world.shop, "name")
    world.save(sign, "who", {"contact_address": "Jalan Lain 3"})

    assert sari.post(page, {"fill": str(shop.pk)})["Location"] == f"/permohonan/{shop.pk}/periksa/"
    assert sari.post(page, {"fill": str(sign.pk)})["Location"] == f"/permohonan/{sign.pk}/isi/own/"


def test_somebody_elses_bundle_is_not_there(client, world):
    bundle = world.begin()
    page = f"/permohonan-bersama/{bundle.pk}/"
    assert client.get(page)["Location"].startswith("/masuk/")
    client.force_login(world.budi)

    for data in ({"next": "1"}, {"send": "1"}, {"fill": str(world.of(world.shop).pk)}):
        assert client.post(page, data).status_code == 404
    assert client.get(page).status_code == 404
    own = world.begin(who=world.budi)
    for wanted in (str(world.of(world.shop).pk), "abc"):
        assert client.post(f"/permohonan-bersama/{own.pk}/", {"fill": wanted}).status_code == 404


def test_choosing_nothing_or_an_unknown_occasion_is_refused_with_a_page(sari, world):
    assert "Centang paling sedikit satu layanan" in text(sari.post(START, {}))
    assert sari.post("/ajukan-bersama/NIKAH/", {"s": "UJI-1"}).status_code == 404
    assert sari.get("/ajukan-bersama/izin-usaha/").status_code == 404
    assert not Bundle.objects.exists()


def test_a_file_sent_on_the_page_of_one_is_used_for_the_next(sari, world):
    bundle = world.begin("UJI-1", "UJI-2")
    shop = world.of(world.shop)
    sari.post(f"/permohonan/{shop.pk}/berkas/", {"KTP": SimpleUploadedFile("ktp.jpg", picture())})

    sari.post(f"/permohonan-bersama/{bundle.pk}/", {"fill": str(world.of(world.sign).pk)})

    assert Attachment.objects.filter(requirement="KTP").values("document").distinct().count() == 1
    assert Attachment.objects.filter(requirement="KTP").count() == 2
