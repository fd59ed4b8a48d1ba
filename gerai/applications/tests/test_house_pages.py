"""Rows, addresses, points and photos on the page, without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.tests.house import KEPT, TYPED, House
from gerai.applications.tests.make import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def house():
    return House()


@pytest.fixture
def page(client, house):
    """The page of questions of Sari's draft."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(house.sari)
    return f"/permohonan/{house.draft().pk}/isi/house/"


def photo():
    return SimpleUploadedFile("rumah.jpg", picture())


def text(answer):
    return answer.content.decode()


def values(answer):
    """What stands in the inputs of the rows."""
    found = re.findall(r'name="(rooms[\w.]*)" value="([^"]*)" type="text"', text(answer))
    return {name: value for name, value in found if value}


def test_everything_is_typed_on_one_page_and_read_again_before_sending(client, page):
    sent = client.post(page, {**TYPED, "photo": photo()})
    check = text(client.get(sent["Location"]))

    assert sent["Location"].endswith("/periksa/")
    draft = Application.objects.get()
    assert queries.kept_answers(draft) == KEPT
    assert "Kel. Pengantungan, Kec. Ratu Samban" in check
    assert '<th scope="col">Nama ruang</th>' in check
    assert "https://www.openstreetmap.org/?mlat=-3.795600&amp;mlon=102.259200" in check
    assert "rumah.jpg" in check
    assert client.get(f"/permohonan/{draft.pk}/berkas/photo/")["Content-Type"] == "image/jpeg"


def test_rows_come_and_go_by_two_buttons_and_nothing_is_stored_or_lost(client, page):
    more = client.post(page, {**TYPED, "row_add": "rooms"})
    less = client.post(page, {**TYPED, "row_remove": "rooms.0"})

    assert (more.status_code, less.status_code) == (200, 200)
    assert 'name="rooms" value="3"' in text(more)
    assert 'value="Jalan Suprapto 12"' in text(more) or "Jalan Suprapto 12</textarea>" in text(more)
    assert "Tambah baris" not in text(more)  # three is the most
    assert "autofocus" in text(more)
    assert values(less) == {"rooms.0.name": "Kamar", "rooms.0.area": "9"}
    assert queries.kept_answers(Application.objects.get()) == {}


def test_a_photo_that_comes_with_a_new_row_is_kept(client, page):
    client.post(page, {**TYPED, "photo": photo(), "row_add": "rooms"})

    assert Application.objects.get().attachments.get().requirement == "photo"


def test_a_photo_of_before_is_used_again_and_what_was_typed_stays(client, page, house):
    client.post(page, {**TYPED, "photo": photo()})
    Application.objects.update(status="withdrawn")
    second = f"/permohonan/{house.draft().pk}/isi/house/"
    first_button = client.get(second).content.decode().index('<button class="visually-hidden"')
    assert first_button < client.get(second).content.decode().index("Pakai lagi")  # what Enter presses

    answer = client.post(second, {**TYPED, "spot": "somewhere", "reuse": "photo"})

    assert answer.status_code == 200
    assert 'value="somewhere"' in text(answer)
    assert values(answer)["rooms.1.name"] == "Kamar"
    draft = Application.objects.get(status="draft")
    assert draft.attachments.get().requirement == "photo"
    assert queries.kept_answers(draft) == {}


def test_what_is_wrong_in_a_row_is_told_beside_it_and_above(client, page):
    answer = client.post(page, {**TYPED, "rooms.1.area": "banyak", "photo": photo()})

    assert answer.status_code == 422
    assert '<a href="#id_rooms_1_area">2. Luas ruang</a>: Tulis angka bulat' in text(answer)
    assert 'value="banyak"' in text(answer)
    assert queries.kept_answers(Application.objects.get())["rooms"][0] == KEPT["rooms"][0]


def test_a_photo_may_follow_and_a_bad_one_says_why(client, page):
    without = client.post(page, TYPED)
    later = client.post(page, {**TYPED, "later": "1"})
    bad = client.post(page, {**TYPED, "photo": SimpleUploadedFile("x.exe", b"MZ program")})

    assert "Berkas ini belum dikirim." in text(without)
    assert later["Location"].endswith("/periksa/")
    assert "Berkas harus PDF, JPG atau PNG." in text(bad)
    assert "Berkas ini belum dikirim." in text(client.get(later["Location"]))


def test_the_kelurahan_are_chosen_from_a_list_and_a_city_may_be_left(client, page):
    shown = text(client.get(page))

    assert '<optgroup label="Kec. Ratu Samban">' in shown
    assert shown.count("Di luar Bengkulu") == 1  # only where an address may lie outside


def test_an_address_from_before_the_list_stands_in_the_street_and_is_shown(client, house):
    draft = house.complete()
    Application.objects.filter(pk=draft.pk).update(answers={**draft.answers, "site": "Jalan Lama 3"})
    client.force_login(house.sari)

    assert "Jalan Lama 3</textarea>" in text(client.get(f"/permohonan/{draft.pk}/isi/house/"))
    assert "Jalan Lama 3" in text(client.get(f"/permohonan/{draft.pk}/periksa/"))


def test_what_stood_before_a_wrong_entry_is_told_also_of_an_address_and_of_a_row_to_mend(client, page):
    client.post(page, {**TYPED, "photo": photo()})
    wrong = text(client.post(page, {**TYPED, "spot": "di sana", "site.kelurahan": "x", "rooms.0.area": "0"}))

    assert "Sebelumnya tersimpan: -3.795600, 102.259200." in wrong
    assert "Sebelumnya tersimpan: Jalan Suprapto 12, Kel. Pengantungan, Kec. Ratu Samban." in wrong
    assert "rooms.0.area!" not in wrong  # rows may have come and gone

    client.post(page, TYPED)
    corrections = [{"what": "answer:rooms.1", "text": "Ukur lagi."}]
    Application.objects.update(status="returned", corrections=corrections)
    wrong = text(client.post(page, {**TYPED, "rooms.1.area": "0", "rooms.1": "name area window"}))

    assert 'name="rooms.1.area!" value="9"' in wrong
