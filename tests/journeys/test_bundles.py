"""Occasions applied for together: one decided anew after an objection, one granted in silence; test_main_job pays.

What one application was told the others of the bundle are not asked again.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from gerai.core import clock
from tests.journeys import steps
from tests.journeys.steps import BANNER_ANSWERS, SARI, SIGNER
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
ROAD_ANSWERS = {
    "activity": "wedding",
    "event_name": "Pernikahan Sari dan Budi",
    "participants": "200",
    "guards": "4",
    "road_name": "Jalan Melati",
    "road_class": "local",
    "closure": "half",
    "start": str(clock.now().date() + timedelta(days=18)),
    "event_days": "1",
    "hours": "08.00 sampai 16.00",
    "phone": "081234567890",
}
DOCTOR_ANSWERS = {
    "str_number": "STR-1234567890",
    "renewal": "no",
    "order": "1",
    "place_name": "Klinik Sehat",
    "place_kind": "clinic",
    "place_address": "Jalan Suprapto nomor 12",
    "hours": "Senin sampai Jumat, 16.00 sampai 20.00",
    "home_address": "Jalan Melati 3, Bengkulu",
}


def test_an_event_on_a_road_one_of_two_is_rejected_objected_to_and_decided_anew(walk: Walk) -> None:
    with walk.person(SARI) as page:
        steps.begin_together(page, "/peristiwa/ACARA/", without="POLRESTA-06")  # the police agreed before
        steps.fill_next(page, ROAD_ANSWERS | {"contact_address": "Jalan Suprapto nomor 12"})
        expect(page.locator("main")).to_contain_text("lengkap, belum dikirim")
        steps.fill_next(
            page, {k: v for k, v in BANNER_ANSWERS.items() if k != "contact_address"}
        )  # asked once
        expect(page.locator("main")).to_contain_text("Diambil dari permohonan lain")
        road, banner = steps.send_all(page)
        bundle = page.url
    walk.inside(f"from tests.journeys.officers import refuse; refuse({banner!r})")
    walk.told(SARI, "ditolak")
    with walk.person(SARI) as page:
        page.goto(bundle)
        steps.open_one(page, banner)
        page.click("text=Ajukan keberatan")
        clean(page)
        page.fill("[name=text]", "Lokasi kami tidak berada di jalur hijau; lihat gambar terlampir.")
        page.click("text=Kirim keberatan")
        expect(page.locator("main")).to_contain_text("Sudah kami terima")
        clean(page)
    with walk.person(SIGNER) as head:
        steps.open_task(walk, head, banner)
        expect(head.locator("main")).to_contain_text("tidak berada di jalur hijau")
        head.click("text=Kabulkan keberatan")
        expect(head).to_have_url(re.compile("/tugas/$"))
    walk.told(SARI, "sudah dijawab")
    with walk.person(SARI) as page:
        page.goto(bundle)
        steps.open_one(page, banner)
        page.click("text=Lihat jawabannya")
        expect(page.locator("main")).to_contain_text("Dikabulkan")
        clean(page)
        page.click("text=Ikuti permohonan")
        expect(page.locator("main")).to_contain_text("Sedang diperiksa")
        anew = page.locator(".big-number").inner_text()
    assert anew not in (road, banner)
    walk.inside(f"from tests.journeys.officers import issue; issue({anew!r})")
    walk.told(SARI, "sudah terbit")


def test_a_doctor_begins_and_a_silent_office_grants_by_law(walk: Walk) -> None:
    with walk.person(SARI) as page:
        page.goto("/peristiwa/NAKES/")
        expect(page.locator("main")).to_contain_text(
            "Siapkan dari rumah, lalu datang"
        )  # the clinic's licence
        steps.begin_together(page, "/peristiwa/NAKES/", without="DPMPTSP-28")
        steps.fill_next(page, DOCTOR_ANSWERS)
        (number,) = steps.send_all(page)
        bundle = page.url
    walk.inside(f"from tests.journeys.officers import nobody_answers; nobody_answers({number!r})")
    walk.told(SARI, "sudah terbit")
    with walk.person(SARI) as page:
        page.goto(bundle)
        steps.open_one(page, number)
        expect(page.locator("main")).to_contain_text("Dianggap dikabulkan menurut undang-undang")
        clean(page)
        page.click("text=Buka izin saya")
        expect(page.locator("main")).to_contain_text("Segel elektronik instansi, tanpa keputusan pejabat")
        clean(page)
