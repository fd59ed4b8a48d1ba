"""An appointment from home: three errands in one, back to back; moved, kept in a real calendar, called off."""

import re
from datetime import datetime

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import SARI
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
ERRANDS = ("DUKCAPIL/DUKCAPIL-02", "DPMPTSP/DPMPTSP-10", "POLRESTA/POLRESTA-01")


def choose(page: Page, errand: str) -> None:
    """One more errand by taps: its agency, then the service."""
    agency = errand.split("/")[0]
    another = page.locator("summary", has_text="Tambah urusan lain")
    if another.count():
        another.click()
    page.locator(f"a.card[href$='agency={agency}']").click()
    clean(page)
    page.locator(f"a[href$='s={errand}']").click()
    page.wait_for_url(lambda address: f"s={errand}" in address and "agency=" not in address)
    expect(another).to_be_visible()  # the next page stands before the next tap


def times(page: Page) -> list[str]:
    """When each errand of the appointment is due, as the page tells it."""
    page.wait_for_load_state()
    return re.findall(r"\d\d\.\d\d", " ".join(page.locator(".errands .muted").all_inner_texts()))


def test_three_errands_back_to_back_moved_kept_in_a_calendar_and_called_off(walk: Walk) -> None:
    with walk.person(SARI) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/janji/")
        clean(page)
        for errand in ERRANDS:
            choose(page, errand)
        clean(page)
        expect(page.locator("main ul").first.locator("li")).to_have_count(3)
        page.locator(".chips a").nth(2).click()  # not today: nobody waits for the clock
        told = page.locator(".times button").first
        said = told.inner_text()
        told.dblclick()  # impatience books once

        expect(page.locator("h1")).to_have_text("Janji temu Anda")
        clean(page)
        due = times(page)
        assert len(due) == 3
        assert due == sorted(due)
        assert due[0] == said[:5]
        home = page.url

        with page.expect_download() as got:
            page.click("text=Simpan di kalender")
        entry = icalendar.Calendar.from_ical(got.value.path().read_bytes()).walk("VEVENT")[0]
        before: datetime = entry.decoded("DTSTART")

        page.goto(home)
        page.click("text=Pindah jam")
        clean(page)
        page.locator(".chips a").nth(2).click()
        page.locator(".times button").last.click()
        expect(page.locator("h1")).to_have_text("Janji temu Anda")
        moved = times(page)
        assert moved[0] > due[0]
        with page.expect_download() as got:
            page.click("text=Simpan di kalender")
        again = icalendar.Calendar.from_ical(got.value.path().read_bytes()).walk("VEVENT")[0]
        assert again["UID"] == entry["UID"]  # the same entry, so a calendar moves it
        assert again["SEQUENCE"] > entry["SEQUENCE"]
        assert again.decoded("DTSTART") > before

        page.goto("/saya/")
        expect(page.locator("main")).to_contain_text(moved[0])
        page.goto(home)
        page.get_by_role("button", name="Saya pasti datang").click()
        expect(page.locator("main")).to_contain_text("Anda sudah menyatakan akan datang")
        page.get_by_role("button", name="Batalkan").click()
        expect(page.locator("main")).to_contain_text("sudah dibatalkan")
        clean(page)
