"""Fetching the paper: a number on the phone, the counter sees what is ready, the card, the hand-over, the trace."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import home, steps
from tests.journeys.steps import SARI
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
OFFICER = "loket@dpmptsp.example"


def test_an_issued_permit_is_handed_over_at_the_counter(walk: Walk) -> None:
    walk.inside(home.GO)
    walk.inside(f"from tests.journeys.officers import fetched; fetched({SARI!r})")
    permit = steps.issued(walk, SARI)
    with walk.person(SARI) as phone, walk.person(OFFICER) as officer:
        phone.goto("/saya/")
        phone.locator(f"main a[href='{permit}']").click()
        clean(phone)
        phone.click("text=Ambil nomor untuk mengambil cetakan")
        clean(phone)
        phone.click("main form button.button-primary")
        expect(phone.locator(".errands")).to_contain_text("siap diambil")
        number = phone.locator(".ticket-number").inner_text()
        clean(phone)

        steps.at_counter(officer)
        expect(officer.locator("li", has_text=number)).to_contain_text("siap")
        clean(officer)
        officer.keyboard.press("Space")
        expect(officer.locator(".serving")).to_have_text(number)
        expect(officer.locator("main")).to_contain_text("izin siap diserahkan")
        expect(officer.locator("main")).not_to_contain_text("Sari")  # before the card is seen: flags only
        clean(officer)
        officer.keyboard.press("k")
        expect(officer.locator("main")).to_contain_text("Sari Wulandari")
        expect(officer.locator("main")).to_contain_text("Izin untuk diserahkan")
        clean(officer)
        officer.keyboard.press("s")
        expect(officer.locator(".serving")).to_have_count(0)
        steps.close_counter(officer)

        expect(phone.locator(".errands")).to_contain_text("selesai")
        phone.goto(permit)
        expect(phone.locator("main")).to_contain_text("Cetakannya diambil")
        expect(phone.locator("text=Ambil nomor untuk mengambil cetakan")).to_have_count(0)
        phone.goto("/saya/")
        expect(phone.locator("main")).to_contain_text(
            re.compile("Dewi Lestari.*membuka berkas kunjungan Anda")
        )
        expect(phone.locator("main a", has_text=number)).to_be_visible()
        clean(phone)
        phone.goto("/antrean/ambil/?s=DPMPTSP/DPMPTSP-33")  # it waits for nobody any more
        phone.click("main form button.button-primary")
        expect(phone.locator(".ticket-number")).to_be_visible()
        expect(phone.locator(".errands")).not_to_contain_text("siap diambil")
