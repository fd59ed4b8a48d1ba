"""The manager's pages: machines and announcements; and what a screen shows that is let in, or not."""

import re

import pytest
import segno
from django.utils.html import escape

from gerai.accounts.models import Person
from gerai.agencies.models import Mall, Membership
from gerai.core import clock
from gerai.floor import devices
from gerai.floor.models import Announcement, Device
from gerai.floor.tests.make import KIOSK, MORNING, ZONES, Hall, enter, pair
from gerai.visits import services as visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    made = Hall()
    made.mall.details = ZONES
    made.mall.save()
    return made


@pytest.fixture
def manager(hall, client):
    person = Person.objects.create(name="Maya", email="maya@uji.test", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, person=person, role="mall_manager")
    client.force_login(person)
    return client


def shown_code(page):
    return re.search(r'id="code">([^<]+)<', page.content.decode())[1]


@pytest.mark.parametrize(("kind", "home"), [("board", "/layar/"), ("kiosk", "/kios/")])
def test_a_box_shows_its_code_and_after_the_manager_typed_it_its_screen(hall, manager, client_of, kind, home):
    box = client_of()
    asked = box.post(f"{home}kode/", follow=True)
    code = shown_code(asked)
    assert shown_code(box.get(home)) == code  # a reload shows the same code
    assert box.post(f"{home}pasang/").json() == {"paired": False}

    manager.post("/perangkat/", {"code": code.lower(), "hall": "Lantai 1", "zones": ["A"], "entrance": ""})

    assert box.post(f"{home}pasang/").json() == {"paired": True}
    assert f'class="{kind}'.encode() in box.get(home).content
    assert "Lantai 1" in manager.get("/perangkat/").content.decode()
    assert Device.objects.get().kind == kind


def test_an_unpaired_screen_shows_nothing_of_the_hall_and_gives_no_number(hall, client):
    hall.arrive("X")

    for home in ("/layar/", "/kios/"):
        assert b"A 001" not in client.get(home).content
    assert client.get("/layar/keadaan/").status_code == 401
    assert client.post("/layar/giliran/").status_code == 401
    assert client.post("/kios/", {"s": "X/X", "key": "k"}).status_code == 401
    assert hall.mall.visit_set.count() == 1


def test_a_kiosk_is_no_board_and_a_token_of_nobody_opens_nothing(hall, client):
    kiosk = pair(hall.mall, "kiosk")
    enter(client, kiosk)
    client.cookies["gerai_board"] = kiosk.token

    assert client.get("/layar/keadaan/").status_code == 401
    client.cookies["gerai_kiosk"] = "guessed"
    assert client.get("/kios/detak/").status_code == 401


def test_a_revoked_screen_is_shut_at_once(hall, manager, client_of):
    board, box = pair(hall.mall, "board"), client_of()
    enter(box, board)
    assert box.get("/layar/keadaan/").status_code == 200

    manager.post(f"/perangkat/{board.pk}/cabut/")

    assert box.get("/layar/keadaan/").status_code == 401
    assert "belum dipasangkan" in box.get("/layar/").content.decode()
    assert manager.post(f"/perangkat/{board.pk}/cabut/").status_code == 404


def test_a_wrong_code_is_told_in_words_and_lets_nobody_in(hall, manager):
    answer = manager.post("/perangkat/", {"code": "AAAAAA"})

    assert answer.status_code == 422
    assert "Kode tidak cocok" in answer.content.decode()
    assert not Device.objects.exists()


def test_a_machine_is_moved_and_made_silent(hall, manager):
    board = pair(hall.mall, "board")
    manager.post(f"/perangkat/{board.pk}/", {"name": "Timur", "zones": ["B"], "silent": "on", "flash": "on"})

    board.refresh_from_db()
    assert (board.name, board.zones, board.speaks, board.flash) == ("Timur", ["B"], False, True)
    assert manager.post(f"/perangkat/{board.pk}/", {"name": "Timur", "zones": ["Z"]}).status_code == 422
    board.refresh_from_db()
    assert board.zones == ["B"]


def test_a_machine_of_another_mall_does_not_exist_here(hall, manager):
    other = Mall.objects.create(code="9999", name="Mal Lain", city="Lain")
    board = pair(other, "board")

    for address in ("", "cabut/"):
        assert manager.post(f"/perangkat/{board.pk}/{address}").status_code == 404
    board.refresh_from_db()
    assert board.revoked_at is None


def test_the_list_tells_who_is_silent_and_what_a_printer_lacks(hall, manager):
    pair(hall.mall, "board")
    printer = pair(hall.mall, "printer", address="10.0.0.9:9100")
    devices.report(device=printer, trouble="paper_out", now=MORNING)
    devices.report(device=printer, trouble="paper_out", now=clock.now())

    page = manager.get("/perangkat/").content.decode()
    assert page.count("Kertas habis. Ganti gulungan kertas.") == 1  # the printer, and not the board
    assert "Tidak terdengar" in page
    printer.refresh_from_db()
    assert printer.trouble_at == MORNING


def test_an_announcement_is_told_on_the_board_until_it_is_taken_back(hall, manager, client_of):
    board, box = pair(hall.mall, "board"), client_of()
    enter(box, board)
    manager.post("/pengumuman/", {"text_id": "Mobil B 1 harap dipindah.", "text_en": "", "every": "0"})

    assert "harap dipindah" in box.get("/layar/").content.decode()
    told = box.post("/layar/giliran/").json()
    assert told["parts"][0]["text"] == "Mobil B 1 harap dipindah."
    one = Announcement.objects.get()
    manager.post(f"/pengumuman/{one.pk}/akhiri/")
    assert "harap dipindah" not in box.get("/layar/").content.decode()
    assert manager.post("/pengumuman/", {"text_id": ""}).status_code == 422


def test_the_board_shows_numbers_and_no_name_and_speaks_each_call(hall, client, client_of):
    person = Person.objects.create(name="Sari Wulandari", email="sari@uji.test", created_at=MORNING)
    visits.arrive(
        mall=hall.mall,
        chosen=[hall.services["X"]],
        entrance="A",
        actor=KIOSK,
        now=clock.now(),
        person=person,
    )
    client.force_login(hall.officers[0])
    client.post("/loket/panggil/")
    box = client_of()
    enter(box, pair(hall.mall, "board"))

    page = box.get("/layar/").content
    assert b"A 001" in page
    assert b"Sari" not in page
    turn = box.post("/layar/giliran/").json()
    assert turn["parts"][0]["text"] == "Nomor A, satu, silakan ke loket satu."
    clip = box.get(turn["parts"][0]["clip"])
    assert clip.status_code == 404 or clip.content[:4] == b"RIFF"
    assert box.get(f"/layar/suara/id/{turn['key']}9/").status_code == 404
    assert box.post("/layar/giliran/", {"done": [turn["key"]]}).json()["key"] == ""


def test_each_door_has_a_poster_in_both_languages_whose_code_leads_to_arriving(
    hall, manager, client, settings
):
    hall.mall.details = {
        "entrances": [
            {"letter": letter, "name": {"id": f"Pintu {letter}", "en": f"Door {letter}"}} for letter in "KL"
        ]
    }
    hall.mall.save()

    page = manager.get("/perangkat/poster/").content.decode()
    assert page.count('<section class="poster"') == 2
    assert all(f'<p class="poster-door">Pintu {letter}</p>' in page for letter in "KL")
    assert page.count("Sudah datang? Pindai di sini.") == page.count("Have you arrived? Scan here.") == 2
    address = f"{settings.BASE_URL}/datang/"
    assert page.count(f'<p class="poster-address">{address}</p>') == 2
    code = segno.make(address, error="q").svg_data_uri(scale=8, border=4)
    assert escape(code) in page or code in page
    assert manager.get("/datang/").status_code == 200
