"""Rows that come and go in place, and a phone that tells where it is: what scripts add to a form."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.steps import SARI
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
KINDERGARTEN = "/ajukan/DPMPTSP/DPMPTSP-35/"
SCHOOL = {
    "school_name": "TK Harapan",
    "school_kind": "tk",
    "new": "yes",
    "foundation": "Yayasan Harapan",
    "head": "Siti",
}


def test_a_row_is_added_in_place_and_the_location_is_filled_in(walk: Walk) -> None:
    with walk.person(SARI) as page:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": -3.7956, "longitude": 102.2592})
        page.goto(KINDERGARTEN)
        page.click("main form button.button-primary")
        page.wait_for_url("**/isi/**")  # a click returns before the next page stands
        steps.fill(page, SCHOOL)
        page.fill("[name=address]", "Jalan Suprapto nomor 12")
        page.fill("[name='rooms.0.name']", "Kelas A")
        page.evaluate("window.stayed = true")

        page.click("text=Tambah baris")
        expect(page.locator("[name='rooms.1.name']")).to_be_focused()
        page.fill("[name='rooms.1.name']", "Kelas B")
        page.click("[name=row_remove][value='rooms.0']")
        expect(page.locator("[name='rooms.0.name']")).to_have_value("Kelas B")
        expect(page.locator("[name='rooms.1.name']")).to_have_count(0)
        page.click("text=Pakai lokasi saya")
        expect(page.locator("[name=spot]")).to_have_value("-3.795600, 102.259200")

        assert page.evaluate("window.stayed") is True  # the page itself was never left
        expect(page.locator("[name=address]")).to_have_value("Jalan Suprapto nomor 12")
        clean(page)
