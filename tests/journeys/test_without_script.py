"""The whole way of applying and paying with JavaScript off."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.steps import SARI
from tests.journeys.test_main_job import ANSWERS
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
BOARD = "/layanan/DPMPTSP/DPMPTSP-32/"


def test_search_apply_pay_and_receipt_without_javascript(walk: Walk) -> None:
    with walk.person(SARI, javascript=False) as page:
        page.goto("/")
        page.fill("#q", "papan nama toko")
        page.click("form[role=search] button")
        page.locator(f"a[href='{BOARD}']").first.click()
        address, number = steps.apply(page, BOARD, ANSWERS)
        page.click("text=Tanda terima untuk dicetak")
        expect(page.locator("main")).to_contain_text(number)
        expect(page.locator("#print")).to_be_hidden()
    walk.inside(f"from tests.journeys.officers import examine; examine({number!r})")
    with walk.person(SARI, javascript=False) as page:
        page.goto(address)
        page.click("text=Lihat tagihan dan bayar")
        page.click("text=Bayar sekarang")
        page.click("button[value=silent]")  # the bank's word is lost: asking fetches it
        page.wait_for_url("**/bayar/**")
        expect(page.locator("main")).not_to_contain_text("Sudah dibayar")
        clean(page)
        page.click("text=Periksa pembayaran")
        expect(page.locator("main")).to_contain_text("Sudah dibayar")
        page.click("text=Kuitansi")
        expect(page.locator("main")).to_contain_text("Rp1.620.000")
        clean(page)

        def goes_on() -> bool:  # without a script a page changes by looking again
            page.goto(address)
            return "Menunggu tanda tangan" in page.locator("main").inner_text()

        walk.until(goes_on, "the payment moves the case on")
