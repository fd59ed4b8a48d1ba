"""What leaders see in a real browser: the page of the mayor, down to the entries, and in English."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
MAYOR = "walikota@kota.example"


def test_the_mayor_reads_what_needs_attention_and_opens_a_figure(walk: Walk) -> None:
    with walk.person(MAYOR) as page:
        page.goto("/wali-kota/")
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("main")).to_contain_text(re.compile(r"\d+ instansi belum ada data"))
        clean(page)

        page.locator(".big-number a").first.click()

        expect(page.locator("main")).to_contain_text("Kejadian di balik angka ini")
        clean(page)


def test_the_mayor_reads_the_same_in_english(walk: Walk) -> None:
    with walk.person(MAYOR) as page:
        page.goto("/wali-kota/")
        page.click("button[name=language]")

        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("main")).to_contain_text("Today at the mall")
        expect(page.locator("main")).not_to_contain_text("belum ada data")
