"""An officer's hour by keyboard alone, every key that the screen offers, a lost line and an answer that never came."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import home
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
OFFICER, COLLEAGUE = "loket@dukcapil.example", "siaga1@dukcapil.example"
ONWARD = "DUKCAPIL/DUKCAPIL-03"


class Keys:
    """A keyboard that remembers which keys the screen offered, and that no key means two things at once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.offered: set[str] = set()
        self.pressed: set[str] = set()

    def press(self, key: str) -> None:
        shown = "all => all.filter(e => e.checkVisibility()).flatMap(e => e.dataset.keys.split(' '))"
        here = self.page.locator("[data-keys]").evaluate_all(shown)
        assert len(here) == len(set(here)), here
        self.offered.update(here)
        self.pressed.add(key.lower())
        self.page.keyboard.press(key)

    def tab_to(self, place: str) -> None:
        """As many steps as it takes."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("place => document.activeElement.matches(place)", place):
                return
        raise AssertionError(f"no way to {place} by Tab")

    def at_counter(self) -> None:
        """Open the first free counter."""
        self.page.goto("/loket/")
        if self.page.locator("#screen").count() == 0:
            self.tab_to("button[name=counter]")
            self.page.keyboard.press("Enter")
        expect(self.page.locator("#screen")).to_be_visible()
        self.page.wait_for_load_state()  # the page is there before its script listens


def test_keys_alone_and_a_lost_line_that_loses_and_doubles_nothing(walk: Walk):
    walk.inside(f"{home.GO}; {home.CROWD}")
    with walk.person(OFFICER) as page:
        keys = Keys(page)
        keys.at_counter()
        old, first, second, third = page.locator(".queue li strong").all_inner_texts()[:4]
        without_proof(keys, old)

        page.context.set_offline(True)
        keys.press("Space")
        keys.press("Space")  # impatience
        expect(page.locator("#line")).to_have_text("Sambungan terputus; 1 tindakan menunggu.")
        page.context.set_offline(False)
        expect(page.locator(".serving")).to_have_text(first)
        expect(page.locator("#line")).to_be_hidden()

        awake(page)
        page.context.set_offline(True)
        keys.press("Space")  # starts
        keys.press("s")  # and finishes, both without a line
        expect(page.locator("#line")).to_have_text("Sambungan terputus; 2 tindakan menunggu.")
        page.context.set_offline(False)
        expect(page.locator(".serving")).to_have_count(0)

        heard = swallow_one_answer(page)
        keys.press("Space")
        # Sent again under its key: the same person.
        expect(page.locator(".serving")).to_have_text(second, timeout=20_000)
        assert len(heard) == 2
        assert heard[0] == heard[1]
        expect(page.locator(".queue")).to_contain_text(third)

        with_a_file(keys, second)
        away_and_back(keys, third)
        sent_on(keys, second)
        the_counter(keys, walk.accounts[OFFICER])
    with walk.person(COLLEAGUE) as page:
        taken = Keys(page)
        taken.at_counter()
        taken.press("x")
        expect(page.locator("h1")).to_have_text("Pilih loket Anda")
    assert keys.offered - keys.pressed - taken.pressed == set()
    assert {*"abcdgikmnprstuvxy1"} <= keys.offered


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


def without_proof(keys: Keys, old: str) -> None:
    """Called first for their age, called again, and put back to where they came: nobody else is overtaken."""
    page = keys.page
    keys.press("Space")
    expect(page.locator(".serving")).to_have_text(old)
    keys.press("r")
    expect(page.locator("[data-part=present]")).to_contain_text("2×")
    keys.press("v")
    expect(page.locator(".serving")).to_have_count(0)
    expect(page.locator(".queue li").first).not_to_contain_text(old)


def with_a_file(keys: Keys, number: str) -> None:
    """Started, the card seen, held: the file is closed again."""
    page = keys.page
    keys.press("m")
    expect(page.locator("[data-keys=t]")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Sari Wulandari")
    keys.press("k")
    expect(page.locator("[data-part=present]")).to_contain_text("Sari Wulandari")
    clean(page)
    keys.press("t")
    expect(page.locator("[data-part=aside]")).to_contain_text(f"Lanjutkan {number}")
    expect(page.locator("main")).not_to_contain_text("Sari Wulandari")


def away_and_back(keys: Keys, number: str) -> None:
    """Absent, taken back, absent, come back, called by number with a reason, and sent home for a paper."""
    page = keys.page
    keys.press("Space")
    expect(page.locator(".serving")).to_have_text(number)
    keys.press("n")
    expect(page.locator(".serving")).to_have_count(0)
    keys.press("u")
    expect(page.locator(".serving")).to_have_text(number)
    keys.press("n")
    expect(page.locator(".serving")).to_have_count(0)
    keys.press("c")
    page.keyboard.press("1")
    expect(page.locator(".queue")).to_contain_text(number)
    keys.press("p")
    page.keyboard.type(number)
    page.keyboard.press("Tab")
    page.keyboard.type("Sudah dipanggil")
    clean(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".serving")).to_have_text(number)
    expect(page.locator("[data-part=aside]")).to_contain_text("dipanggil di luar urutan")
    keys.press("b")
    page.keyboard.type("Bawa kartu keluarga asli")
    clean(page)
    page.keyboard.press("Enter")
    expect(page.locator(".serving")).to_have_count(0)


def sent_on(keys: Keys, number: str) -> None:
    """Whom we hold goes on to another service, with a note, and keeps the place: next again."""
    page = keys.page
    keys.press("1")
    expect(page.locator(".serving")).to_have_text(number)
    keys.press("a")
    page.keyboard.type(ONWARD)
    page.keyboard.press("Tab")
    page.keyboard.type("Berkas sudah diperiksa")
    clean(page)
    page.keyboard.press("Enter")
    expect(page.locator(".serving")).to_have_count(0)
    expect(page.locator(".queue li").first).to_contain_text(number)
    keys.press("Space")
    expect(page.locator(".serving")).to_have_text(number)
    expect(page.locator(".note")).to_contain_text("Berkas sudah diperiksa")
    keys.press("s")
    expect(page.locator(".serving")).to_have_count(0)


def the_counter(keys: Keys, password: str) -> None:
    """A break behind a locked screen, the whole queue, and the counter handed over to a colleague."""
    page = keys.page
    keys.press("i")
    page.keyboard.press("2")
    expect(page.locator("[data-part=present]")).to_contain_text("Makan")
    clean(page)
    keys.press("y")
    expect(page.locator("h1")).to_have_text("Layar terkunci")
    clean(page)
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.locator("#screen")).to_be_visible()
    page.wait_for_load_state()
    keys.press("i")
    expect(page.locator("[data-part=present]")).to_contain_text("Loket kosong")
    keys.press("d")
    expect(page.locator("ol.all li")).to_have_count(31)
    clean(page)
    keys.tab_to("main a[href='/loket/']")
    page.keyboard.press("Enter")
    expect(page.locator("#screen")).to_be_visible()
    page.wait_for_load_state()
    keys.press("g")
    page.keyboard.type("Eko")
    clean(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pilih loket Anda")
