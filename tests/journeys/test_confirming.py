"""What the desk typed is confirmed by the applicant: on a phone without an account, then by a signature."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow


def test_the_applicant_marks_what_is_wrong_on_a_phone_and_then_signs_at_the_counter(walk: Walk) -> None:
    with walk.person("meja@mpp.example") as page, walk.person() as phone:
        page.goto("/meja/?q=spanduk")
        page.check("[name=service][value='DPMPTSP/DPMPTSP-33']")
        page.fill("[name=name]", "Pak Rusli")
        page.fill("#nik", "1771020107650031")
        begin = page.locator("form", has_text="Mulai mengisi")
        begin.locator("[name=consent]").check()
        page.click("text=Mulai mengisi")
        page.click("text=Lanjutkan isian")
        page.wait_for_url("**/isi/**")
        while "/isi/" in page.url:
            steps.fill(page, steps.BANNER_ANSWERS)
        for slot in page.locator("input[type=file]").all():
            slot.set_input_files(steps.photo())  # type: ignore[arg-type]
        page.click("main form button.button-primary")
        page.click("text=Di ponsel pemohon")
        clean(page)

        phone.set_viewport_size({"width": 390, "height": 844})
        phone.goto("/benar/")
        phone.fill("#code", page.locator(".big-number").inner_text())
        phone.click("text=Lihat isian saya")
        expect(phone.locator("main")).to_contain_text("Pak Rusli")
        clean(phone)
        expect(page.locator("h2", has_text="Pemohon sedang membaca")).to_be_visible()  # by itself
        phone.locator("[name=mark]").first.check()
        phone.click("text=Ada yang salah, beri tahu petugas")
        expect(phone.locator("h1")).to_have_text("Petugas sudah diberi tahu")
        expect(page.locator("main")).to_contain_text("Untuk acara atau keperluan apa?")
        clean(page)

        page.click("text=Tanda tangan di layar ini saja")
        clean(page)
        page.click("text=Benar, kirim")
        expect(page.locator("#empty")).to_be_visible()
        pad = page.locator("#pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        for n in range(20):
            page.mouse.move(box["x"] + 40 + n * 12, box["y"] + 40 + (n % 2) * 90)
        page.mouse.up()
        page.click("text=Benar, kirim")
        expect(page).to_have_url(re.compile(r"/permohonan/[0-9a-f-]+/$"))
        number = page.locator(".big-number").inner_text()
    with walk.person(steps.VERIFIER) as officer:
        steps.open_task(walk, officer, number)
        expect(officer.locator("main")).to_contain_text("pemohon dengan tanda tangan di loket")
