"""Becoming somebody: an account by phone and by e-mail, with a wrong NIK, a wrong code and impatient clicks."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walk import PASSWORD, Walk, clean

pytestmark = pytest.mark.slow
BUTTON = "main form button.button-primary"


@pytest.mark.parametrize(
    ("contact", "typed", "nik"),
    [
        ("+6281277788899", "0812-7778-8899", "1771021502919016"),
        ("budi.santoso@warga.example", "Budi.Santoso@warga.example", "1771021502919017"),
    ],
)
def test_an_account_by_phone_or_mail(walk: Walk, contact: str, typed: str, nik: str) -> None:
    with walk.person() as page:
        walk.sign_up(page, typed, nik="1771023202919016", password="pendek")  # the 32nd of February
        clean(page)
        page.click(BUTTON)
        expect(page.locator(".error-summary li")).to_have_count(2)
        expect(page.locator("#e_nik")).to_contain_text("16 angka")
        expect(page.locator("[name=name]")).to_have_value("Budi Santoso")
        clean(page)
        assert walk.messages(contact) == []

        page.fill("[name=nik]", nik)
        page.fill("[name=password]", PASSWORD)
        page.dblclick(BUTTON)  # impatient: perhaps two codes, and the newest one opens
        expect(page).to_have_url(re.compile(r"/daftar/kode/$"))  # the second click aborts the first's way
        clean(page)
        digits = walk.code(contact, 0)
        page.fill("[name=digits]", "000000" if digits != "000000" else "111111")
        page.click(BUTTON)
        expect(page.locator(".error-summary")).to_contain_text("Kode tidak cocok")
        clean(page)
        page.fill("[name=digits]", digits)
        page.dblclick(BUTTON)
        expect(page).to_have_url(walk.base + "/saya/")
        expect(page.locator("h1")).to_contain_text("Budi Santoso")
        clean(page)
        page.click("text=Keluar")

        walk.accounts[contact] = PASSWORD
        walk.sign_in(page, contact)
        page.goto("/akun/")
        expect(page.locator("main")).to_contain_text("1771")
        expect(page.locator("main")).not_to_contain_text(nik)
        clean(page)
        page.goto("/saya/")
        page.click("text=Keluar")
        walk.sign_up(page, typed, nik=nik)  # again: told only to who reads the messages
        before = len(walk.messages(contact))
        page.click(BUTTON)
        page.wait_for_url("**/daftar/kode/")
        page.fill("[name=digits]", walk.code(contact, before))
        page.click(BUTTON)
        expect(page.locator(".error-summary")).to_contain_text("sudah punya akun")
        clean(page)
