"""Whoever runs the floor: advice, one tap, who comes; an agency closed and opened again; the roster; what if."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import home
from tests.journeys.steps import at_counter, close_counter
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
MANAGER, ADMIN, ON_CALL = "pengelola@mpp.example", "admin@dukcapil.example", "siaga1@dukcapil.example"
PHONE = "+628117300017"


def take_number(page: Page, service: str) -> str:
    """A number from a phone; the address of its page."""
    page.goto(f"/antrean/ambil/?s={service}")
    page.click("main form .button-primary")
    page.wait_for_url("**/kunjungan/**")
    return page.url


def small(page: Page) -> None:
    """The same page on a phone: nothing sticks out, nothing is unreadable."""
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clean(page)
    page.set_viewport_size({"width": 1100, "height": 900})


def test_from_advice_by_one_tap_to_an_open_counter(walk: Walk) -> None:
    walk.inside(home.GO)
    with walk.person() as citizen:
        for _ in range(4):
            take_number(citizen, "DUKCAPIL/DUKCAPIL-02")
    with walk.person(MANAGER) as manager, walk.person() as on_call, walk.person(ON_CALL) as officer:
        manager.goto("/lantai/")
        advice = manager.locator(".advice", has_text="Dukcapil")
        expect(advice).to_contain_text("Buka loket Dukcapil: belum ada yang buka", timeout=60_000)
        clean(manager)
        small(manager)
        advice.get_by_role("button").click()
        expect(advice).to_contain_text("Eko Nugroho dipanggil lewat pesan")

        message = walk.told(PHONE, "/siaga/")
        on_call.goto(re.search(r"https?://\S+/siaga/\S+", message["text"])[0])  # type: ignore[index]
        clean(on_call)
        on_call.click("text=Ya, saya datang")
        expect(on_call.locator("h1")).to_contain_text("Kami menunggu Anda")
        expect(advice).to_contain_text("Eko Nugroho sedang menuju loket", timeout=30_000)  # by itself

        at_counter(officer)
        expect(manager.locator(".places")).to_contain_text("Eko Nugroho", timeout=30_000)
        walk.until(lambda: _followed(manager), "the advice to be told as followed")
        close_counter(officer)


def _followed(page: Page) -> bool:
    page.goto("/lantai/")
    return "Diikuti pukul" in page.content()


def test_an_agency_is_closed_with_a_reason_that_the_phone_shows_and_opened_again(walk: Walk) -> None:
    with walk.person() as phone, walk.person(MANAGER) as manager:
        phone.goto(take_number(phone, "IMIGRASI/IMIGRASI-02"))
        manager.goto("/lantai/")
        manager.click("summary:has-text('Tutup satu instansi')")
        manager.select_option("#shut-agency", "IMIGRASI")
        manager.fill("#shut-reason", "Jaringan pusat terputus")
        manager.click("text=Tutup untuk hari ini")
        expect(manager.locator("#live")).to_contain_text("Jaringan pusat terputus")
        clean(manager)
        walk.until(lambda: "Jaringan pusat terputus" in _reloaded(phone), "the reason on the phone")

        manager.locator("form", has_text="Jaringan pusat terputus").get_by_role("button").click()
        expect(manager.locator("#live")).not_to_contain_text("Jaringan pusat terputus")
        walk.until(lambda: "Jaringan pusat terputus" not in _reloaded(phone), "the phone to wait again")


def _reloaded(page: Page) -> str:
    page.reload()
    return str(page.content())


def test_an_administrator_decides_the_roster_and_sees_no_other_agency(walk: Walk) -> None:
    with walk.person(ADMIN) as admin:
        admin.goto("/lantai/jadwal/DUKCAPIL/")
        clean(admin)
        small(admin)
        first = admin.locator("section.card form").first
        first.locator("input[type=number]").first.fill("2")
        first.get_by_role("button").click()
        expect(admin.locator("section.card form").first).to_contain_text("ditetapkan")
        expect(admin.locator("main")).to_contain_text("Lina Oktavia")
        answer = admin.goto("/lantai/jadwal/IMIGRASI/")
        assert answer is not None
        assert answer.status == 404


def test_a_day_is_played_again_with_one_more_counter(walk: Walk) -> None:
    with walk.person(MANAGER) as manager:
        manager.goto("/wali-kota/andai/")
        clean(manager)
        manager.select_option("#agency", "DUKCAPIL")
        manager.select_option("#more", "1")
        manager.get_by_role("button", name="Mainkan").click()
        expect(manager.locator("svg.chart polyline")).to_have_count(2)
        expect(manager.locator("main")).to_contain_text("menurut simulasi")
        clean(manager)
        small(manager)
