"""People without a phone: the information desk makes the account, types, prints; and gives a number its person."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
DESK = "meja@mpp.example"
AMINAH = "1771026508559021"


def test_from_no_account_to_a_sent_application_and_its_paper(walk: Walk) -> None:
    with walk.person(DESK) as page:
        page.goto("/meja/")
        clean(page)
        page.fill("#q", "spanduk")
        page.click("text=Cari layanan")
        page.check("[name=service][value='DPMPTSP/DPMPTSP-33']")
        page.fill("[name=name]", "Bu Aminah")
        page.fill("#nik", AMINAH)
        page.click("text=Mulai mengisi")  # without consent
        expect(page.locator(".error-summary")).to_contain_text("setuju dibantu")
        expect(page.locator("[name=name]")).to_have_value("Bu Aminah")
        expect(page.locator("[name=service]:checked")).to_have_value("DPMPTSP/DPMPTSP-33")
        clean(page)
        begin = page.locator("form", has_text="Mulai mengisi")
        begin.locator("[name=seen]").check()
        begin.locator("[name=consent]").check()
        page.dblclick("text=Mulai mengisi")  # one account, one draft
        expect(page).to_have_url(re.compile(r"/permohonan/"))  # the second click aborts the first's way
        expect(page.locator("main")).to_contain_text("Anda membantu Bu Aminah")
        clean(page)
        page.click("text=Lanjutkan isian")
        steps.answer_and_send(page, steps.BANNER_ANSWERS)
        number = page.locator(".big-number").inner_text()
        page.click("text=Tanda terima untuk dicetak")
        paper = page.locator("main")
        for words in (
            number,
            "Bu Aminah",
            "dibantu Putri Anggraini",
            "paling lambat",
            "Bawa kertas ini dan KTP",
        ):
            expect(paper).to_contain_text(words)
        expect(page.locator("#print")).to_be_visible()
        clean(page)
        page.emulate_media(media="print")
        expect(page.locator("#print")).to_be_hidden()
        expect(page.locator("header.site-head")).to_be_hidden()
        page.emulate_media(media="screen")
        page.goto("/meja/")
        expect(page.locator("a.card", has_text=number)).to_have_count(1)
        expect(page.locator("a.card[href^='/permohonan/']", has_text="Bu Aminah")).to_have_count(1)

    with walk.person(steps.VERIFIER) as officer:
        steps.open_task(walk, officer, number)
        expect(officer.locator("main")).to_contain_text("KTP sudah dilihat petugas")
    with walk.person("loket@dpmptsp.example") as page:  # another day, another officer: paper and card
        page.goto("/meja/")
        page.click("summary")
        page.fill("#number", number)
        page.fill("#paper_nik", AMINAH)
        back = page.locator("form", has_text="Buka permohonannya")
        back.locator("[name=consent]").check()
        back.locator("button").click()
        expect(page.locator(".error-summary")).to_contain_text("Lihat dulu KTP-el asli")
        clean(page)
        page.fill("#paper_nik", AMINAH)
        back.locator("[name=seen]").check()
        back.locator("[name=consent]").check()
        back.locator("button").click()
        expect(page.locator("main")).to_contain_text("Anda membantu Bu Aminah")


def test_a_number_from_the_kiosk_gets_its_person(walk: Walk) -> None:
    sari = "1771015506909001"
    with walk.machine("kiosk") as kiosk:
        kiosk.goto("/kios/?s=DUKCAPIL/DUKCAPIL-02")
        kiosk.click("button.kiosk-go")
        number = kiosk.locator(".kiosk-number").inner_text()
    with walk.person(DESK) as page:
        page.goto("/meja/")
        page.fill("#nomor", "antrean saya")
        page.click("text=Cari nomor")
        expect(page.locator(".error-summary")).to_contain_text("misalnya A 012")
        clean(page)
        page.fill("#nomor", number.lower().replace(" ", ""))
        page.click("text=Cari nomor")
        expect(page.locator("h2", has_text=number)).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("Sari")
        clean(page)
        page.fill("[name=nik]", sari)
        page.click("text=Catat atas nama pemiliknya")  # the card not seen: a NIK alone fetches nobody
        expect(page.locator(".error-summary")).to_contain_text("Belum ada akun yang cocok")
        clean(page)
        page.fill("[name=nik]", sari)
        page.check("[name=seen]")
        page.click("text=Catat atas nama pemiliknya")
        expect(page.locator("[role=status]")).to_have_text(re.compile(f"{number} sekarang atas nama Sari"))
        expect(page.locator("main")).to_contain_text("sudah atas nama pemiliknya")
        clean(page)
    with walk.person(steps.SARI) as page:
        page.goto("/saya/")
        expect(page.locator("main")).to_contain_text("mencatat nomor antrean atas nama Anda")
        expect(page.locator("main a", has_text=number)).to_be_visible()
        clean(page)
