"""An officer's hour by keyboard alone, through a lost line and an answer that never came."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import home
from tests.journeys.steps import at_counter
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
OFFICER = "loket@dukcapil.example"


def take_numbers(walk: Walk, count: int) -> list[str]:
    """So many visitors for the same agency; their numbers."""
    numbers = []
    for _ in range(count):
        with walk.person() as phone:
            phone.goto("/antrean/ambil/?s=DUKCAPIL/DUKCAPIL-02")
            phone.click("main form button.button-primary")
            numbers.append(phone.locator(".ticket-number").inner_text())
    return numbers


def test_keys_alone_and_a_lost_line_that_loses_and_doubles_nothing(walk: Walk):
    walk.inside(home.GO)
    first, second, third = take_numbers(walk, 3)
    with walk.person(OFFICER) as page:
        at_counter(page)
        expect(page.locator(".queue")).to_contain_text(first)

        page.context.set_offline(True)
        page.keyboard.press("Space")
        page.keyboard.press("Space")  # impatience
        expect(page.locator("#line")).to_have_text("Sambungan terputus; 1 tindakan menunggu.")
        page.context.set_offline(False)
        expect(page.locator(".serving")).to_have_text(first)
        expect(page.locator("#line")).to_be_hidden()

        awake(page)
        page.context.set_offline(True)
        page.keyboard.press("Space")  # starts
        page.keyboard.press("s")  # and finishes, both without a line
        expect(page.locator("#line")).to_have_text("Sambungan terputus; 2 tindakan menunggu.")
        page.context.set_offline(False)
        expect(page.locator(".serving")).to_have_count(0)

        heard = swallow_one_answer(page)
        page.keyboard.press("Space")
        expect(page.locator(".serving")).to_have_text(
            second, timeout=20_000
        )  # sent again under its key: the same person
        assert len(heard) == 2
        assert heard[0] == heard[1]
        expect(page.locator(".queue")).to_contain_text(third)

        by_keys(page, second, third, walk.accounts[OFFICER])


def awake(page: Page) -> None:
    """The space bar rests a moment after a call."""
    expect(page.locator("#screen:not([data-rests])")).to_be_visible()


def swallow_one_answer(page: Page) -> list[str]:
    """The server does what it is asked, but its first answer is lost on the way. The keys that were sent."""
    heard: list[str] = []

    def once(route: Route) -> None:
        heard.append(route.request.headers["idempotency-key"])
        if len(heard) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/loket/panggil/", once)
    return heard


def by_keys(page: Page, second: str, third: str, password: str) -> None:
    """Hold, call, absent, take back, pause, close."""
    page.keyboard.press("m")
    expect(page.locator("[data-keys=t]")).to_be_visible()
    clean(page)
    page.keyboard.press("t")
    expect(page.locator("[data-part=aside]")).to_contain_text(f"Lanjutkan {second}")
    page.keyboard.press("Space")
    expect(page.locator(".serving")).to_have_text(third)
    page.keyboard.press("n")
    expect(page.locator(".serving")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(".serving")).to_have_text(third)
    page.keyboard.press("b")
    page.keyboard.type("Bawa kartu keluarga asli")
    clean(page)
    page.keyboard.press("Enter")
    expect(page.locator(".serving")).to_have_count(0)
    page.keyboard.press("1")  # whom we hold
    expect(page.locator(".serving")).to_have_text(second)
    page.keyboard.press("s")
    expect(page.locator(".serving")).to_have_count(0)
    page.keyboard.press("i")
    page.keyboard.press("2")
    expect(page.locator("[data-part=present]")).to_contain_text("Makan")
    clean(page)
    page.keyboard.press("y")
    expect(page.locator("h1")).to_have_text("Layar terkunci")
    clean(page)
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.locator("#screen")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("x")
    expect(page.locator("h1")).to_have_text("Pilih loket Anda")
