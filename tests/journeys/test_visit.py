"""One number for two errands: kiosk, counter, board, phone, the question after it, the mayor's page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import home
from tests.journeys.steps import at_counter, close_counter
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
OFFICER, MAYOR = "loket@dukcapil.example", "walikota@kota.example"


def take_number(page: Page) -> str:
    """Two errands at two agencies, one number. Returns the address of its phone page."""
    page.click("a[href*='DUKCAPIL/']")
    page.wait_for_selector("#take")
    page.click("a[href*='tambah=1']")
    page.click("a[href*='semua=1']")
    page.click("a[href*='agency=BPJSKES']")
    page.locator("a.kiosk-choice[href*='BPJSKES/']").first.click()
    page.wait_for_selector("#take")
    page.click("button.kiosk-go")
    expect(page.locator(".kiosk-number")).to_have_text(re.compile(r"A \d{3}"))
    secret = page.url.split("/kios/tiket/")[1].split("/")[0]
    return f"/kunjungan/{secret}/"


def test_kiosk_counter_board_phone_and_the_mayor(walk: Walk):
    walk.inside(home.GO)
    with walk.machine("kiosk") as kiosk:
        address = take_number(kiosk)
    with walk.machine("board") as board, walk.person() as phone, walk.person(OFFICER) as officer:
        clean(board)
        phone.goto(address)
        number = phone.locator(".ticket-number").inner_text()
        clean(phone)
        at_counter(officer)
        clean(officer)
        officer.keyboard.press("Space")  # calls; everything by keyboard
        expect(officer.locator(".serving")).to_have_text(number)
        clean(officer)
        expect(board.locator(".board-call .number")).to_have_text(number)  # by server-sent event
        expect(phone.locator(".ticket-head")).to_contain_text("Silakan ke loket")
        officer.keyboard.press("m")
        officer.wait_for_load_state()
        officer.keyboard.press("s")
        expect(officer.locator(".serving")).to_have_count(0)
        expect(phone.locator(".ticket-head")).not_to_contain_text("loket 5")
        expect(phone.locator(".errands")).to_contain_text("selesai")
        close_counter(officer)
    with walk.person(javascript=False) as page:  # the citizen's pages need no JavaScript
        page.goto(address)
        page.click("text=ikuti di ponsel ini")  # the QR alone only shows the ticket
        page.click("summary:has-text('Saya pulang')")
        page.click("text=Ya, batalkan nomor")
        page.click("text=Bagaimana pelayanannya?")
        expect(page.locator("button[value='4']")).to_be_visible()
        clean_without_script(page)
        page.click("button[value='4']")
        expect(page.locator("h1")).to_have_text("Terima kasih")
    with walk.person(MAYOR) as mayor:
        mayor.goto("/wali-kota/")
        clean(mayor)
        expect(mayor.locator("tr", has_text="Dukcapil").first).to_be_visible()


def clean_without_script(page: Page) -> None:
    """axe needs scripts; here it is enough that the page has one heading and labelled buttons."""
    expect(page.locator("h1")).to_have_count(1)  # waits until the page stands
    assert all(button.inner_text().strip() for button in page.locator("main button").all())


def test_english_is_one_click_away(walk: Walk):
    with walk.person() as page:
        page.goto("/")
        page.click("button[name=language]")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto("/masuk/")
        expect(page.locator("h1")).to_have_text("Sign in")


def test_an_illegal_fee_report_is_seen_by_the_inspectorate_only(walk: Walk):
    story = "Diminta uang dua puluh ribu di loket."
    with walk.person(javascript=False) as page:
        page.goto("/pengaduan/")
        page.check("[value=illegal_fee]")
        page.fill("[name=text]", story)
        page.click("text=Kirim pengaduan")
        expect(page.locator("h1")).to_contain_text("kami terima")
    with walk.person("pengelola@mpp.example") as manager:
        manager.goto("/pengaduan/masuk/")
        clean(manager)
        assert "Pungutan liar" not in manager.content()
    with walk.person("pengawas@inspektorat.example") as auditor:
        auditor.goto("/pengaduan/masuk/")
        clean(auditor)
        auditor.click("text=Pungutan liar")
        expect(auditor.locator("main")).to_contain_text(story)
        clean(auditor)
