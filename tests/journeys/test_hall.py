"""The hall as visitors meet it: a kiosk that is touched, a board that is heard, paper, and lines that break."""

import contextlib
import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import home
from tests.journeys.steps import at_counter, close_counter
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
OFFICER = "loket@dpmptsp.example"
MANAGER = "pengelola@mpp.example"
SERVICE = "/kios/?s=DPMPTSP/DPMPTSP-10"


def targets(page: Page) -> list[dict[str, float]]:
    """Everything that can be touched, as boxes on the screen."""
    found = page.locator("a[href]:visible, button:visible, input:not([type=hidden]):visible")
    return [box for each in found.all() if (box := each.bounding_box())]


def take(kiosk: Page, address: str = SERVICE) -> str:
    kiosk.goto(address)
    kiosk.click("button.kiosk-go")
    number = kiosk.locator(".kiosk-number")
    expect(number).to_have_text(re.compile(r"[A-Z] \d{3}"))
    return number.inner_text()


def call(officer: Page) -> str:
    """One call from the counter: the number that is shown there."""
    if officer.locator(".serving").count():
        officer.keyboard.press("s")
        officer.wait_for_selector(".serving", state="detached")
    officer.keyboard.press("Space")
    officer.wait_for_selector(".serving")
    return officer.locator(".serving").inner_text()


def test_a_kiosk_is_within_reach_large_and_forgets_the_visitor(walk: Walk):
    with walk.machine("kiosk", width=1080, height=1920) as kiosk:
        pages = ("/kios/", "/kios/?semua=1", "/kios/?q=ktp", "/kios/janji/", SERVICE, SERVICE + "&b=en")
        for address in pages:
            kiosk.goto(address)
            clean(kiosk)
            boxes = targets(kiosk)
            assert boxes
            assert all(min(box["height"], box["width"]) >= 64 for box in boxes), address
            visible = [box for box in boxes if box["y"] < 1920]
            assert all(box["y"] >= 1920 / 3 for box in visible), address
            small = kiosk.evaluate(
                "() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.innerText"
                " && !e.closest('.visually-hidden') && parseFloat(getComputedStyle(e).fontSize) < 24)"
                ".map(e => e.innerText)"
            )
            assert small == [], address
        expect(kiosk.locator("h1")).to_have_text("Your errands")
        take(kiosk)
        clean(kiosk)
        secret = kiosk.url
        kiosk.clock.install()
        kiosk.reload()
        kiosk.clock.fast_forward(41_000)
        expect(kiosk.locator("#still-here")).to_be_visible()
        expect(kiosk.locator("#still-here-yes")).to_be_focused()
        clean(kiosk)
        kiosk.clock.fast_forward(21_000)
        kiosk.wait_for_url("**/kios/")
        kiosk.go_back()
        assert kiosk.url != secret


def test_letters_to_touch_find_a_service(walk: Walk):
    with walk.machine("kiosk") as kiosk:
        kiosk.focus("#q")
        for _ in range(2):
            kiosk.keyboard.press("Tab")  # past the search button: the letters are one stop
        expect(kiosk.locator(".kiosk-keys button").first).to_be_focused()
        kiosk.keyboard.press("ArrowRight")
        expect(kiosk.locator(".kiosk-keys button").nth(1)).to_be_focused()
        kiosk.keyboard.press("Home")
        kiosk.keyboard.press("ArrowLeft")
        expect(kiosk.locator(".kiosk-keys button").last).to_be_focused()
        kiosk.keyboard.press("Tab")
        expect(kiosk.locator(".kiosk-choice").first).to_be_focused()
        clean(kiosk)
        kiosk.click("#q")
        for letter in "skck":
            kiosk.click(f".kiosk-keys button:text-is('{letter}')")
        kiosk.click("button:has-text('Cari')")
        expect(kiosk.locator(".kiosk-choice").first).to_contain_text("SKCK")


def test_paper_runs_out_and_the_screen_shows_the_way(walk: Walk):
    paper = walk.data / "printer"
    with walk.machine("kiosk") as kiosk, walk.person(MANAGER) as manager:
        manager.goto("/perangkat/")
        manager.click("button:has-text('Cetak kode')")
        expect(manager.locator(".notice")).to_contain_text("Kode dicetak")
        printed = sorted(paper.glob("*.txt"))[-1].read_text()
        code = re.search(r"[A-Z2-9]{3}-[A-Z2-9]{3}", printed)
        assert code
        manager.fill("#code", code[0])
        manager.click("main form button.button-primary")
        manager.locator("tr", has_text="Kios").last.locator("a").click()
        clean(manager)
        manager.select_option("#printer", index=1)
        manager.click("main form button.button-primary")
        number = take(kiosk)
        expect(kiosk.locator("#printed")).to_have_text("Ambil kertas nomor Anda di bawah layar.")
        kiosk.reload()
        expect(kiosk.locator("#printed")).to_be_hidden()  # printed once, and nothing is wrong
        assert number in sorted(paper.glob("*.txt"))[-1].read_text()
        (paper / "paper").write_text("out")
        try:
            take(kiosk)
            expect(kiosk.locator("#printed")).to_have_text(re.compile("^Kertas habis. Pindai kode QR"))
            expect(kiosk.locator("#printed")).to_have_class(re.compile("tag-warn"))
            clean(kiosk)
            manager.goto("/perangkat/")
            expect(manager.locator("table")).to_contain_text("Kertas habis")
            clean(manager)
        finally:
            (paper / "paper").unlink()


LISTEN = """
window.captions = JSON.parse(sessionStorage.getItem('captions') || '[]');
new MutationObserver(() => {
  const caption = document.getElementById('caption');
  if (caption && !caption.hidden && window.captions.at(-1) !== caption.textContent) {
    window.captions.push(caption.textContent);
    sessionStorage.setItem('captions', JSON.stringify(window.captions));
  }
}).observe(document, { subtree: true, attributes: true, childList: true, characterData: true });
"""


def test_a_board_says_each_call_once_through_a_reload_and_a_lost_line(walk: Walk):
    walk.inside(home.GO)
    with (
        walk.machine("kiosk") as kiosk,
        walk.machine("board") as board,
        walk.person(OFFICER) as officer,
    ):
        for _ in range(4):
            take(kiosk)
        board.add_init_script(LISTEN)
        board.reload()
        at_counter(officer)
        first = call(officer)
        expect(board.locator(".board-call .number")).to_have_text(first)
        board.wait_for_function("() => window.captions.length === 1")
        board.reload()
        clean(board)
        board.context.set_offline(True)
        expect(board.locator("#lost")).to_be_visible()
        second = call(officer)
        board.context.set_offline(False)
        expect(board.locator(".board-call .number")).to_have_text(second, timeout=40_000)
        expect(board.locator("#lost")).to_be_hidden()
        board.wait_for_function(
            "said => window.captions.some(each => each.startsWith(said))", arg=words_of(second)
        )
        said = board.evaluate("() => window.captions")
        assert len(said) == len(set(said))
        officer.keyboard.press("s")
        officer.wait_for_selector(".serving", state="detached")
        close_counter(officer)


def kill_web(walk: Walk) -> None:
    """SIGKILL to the web server; its supervisor starts it again."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().decode().split("\0")
            if "granian" in command and str(walk.port) in command:
                os.kill(int(folder.name), signal.SIGKILL)


def test_board_phone_and_counter_go_on_after_the_server_was_killed_and_the_line_was_lost(walk: Walk):
    walk.inside(home.GO)
    with walk.machine("board") as board, walk.person() as phone, walk.person(OFFICER) as officer:
        phone.add_init_script("window.shaken = 0; navigator.vibrate = () => { window.shaken += 1; }")
        phone.goto("/antrean/ambil/?s=DPMPTSP/DPMPTSP-10&s=DPMPTSP/DPMPTSP-33")
        phone.click("main form button.button-primary")
        number = phone.locator(".ticket-number").inner_text()
        first = phone.get_by_role("button", name="Dahulukan ini")
        first.focus()
        phone.evaluate("() => { document.querySelector('#live > *').kept = true; }")
        with phone.expect_response("**/keadaan/"):
            phone.evaluate("() => dispatchEvent(new Event('online'))")
        phone.evaluate("() => new Promise(requestAnimationFrame)")
        assert phone.evaluate("() => document.querySelector('#live > *').kept")  # no news, nothing rebuilt
        at_counter(officer)
        expect(phone.locator(".ticket-head")).to_contain_text("Dipanggil dalam")
        expect(first).to_be_focused()
        kill_web(walk)
        expect(board.locator("#lost")).to_be_visible()
        officer.keyboard.press("Space")  # kept and sent when the server is back
        expect(board.locator(".board-call .number")).to_have_text(number)
        expect(board.locator("#lost")).to_be_hidden()
        expect(phone.locator(".ticket-head")).to_contain_text("Silakan ke loket")
        phone.wait_for_function("() => window.shaken === 1")
        officer.keyboard.press("r")
        phone.wait_for_function("() => window.shaken === 2")

        phone.context.set_offline(True)
        expect(phone.locator("#lost")).to_be_visible()
        officer.keyboard.press("s")
        officer.wait_for_selector(".serving", state="detached")
        phone.context.set_offline(False)
        expect(phone.locator(".errands")).to_contain_text("selesai")
        expect(phone.locator("#lost")).to_be_hidden()
        phone.click("summary:has-text('Saya pulang')")
        phone.click("text=Ya, batalkan nomor")
        close_counter(officer)


def words_of(number: str) -> str:
    """The number as it is said, from "A 012"."""
    from num2words import num2words

    return f"Nomor {number[0]}, {num2words(int(number[1:]), lang='id')},"


def web(walk: Walk, sign: signal.Signals) -> None:
    """A signal to every process of the web server."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().decode().split("\0")
            if "granian" in command and str(walk.port) in command:
                os.kill(int(folder.name), sign)


def test_a_kiosk_gives_numbers_while_the_server_does_not_answer_and_brings_them_in(walk: Walk):
    walk.inside(home.GO)
    with walk.machine("kiosk", width=1080, height=1920) as kiosk, walk.person(OFFICER) as officer:
        kiosk.goto("/kios/")
        kiosk.wait_for_function(
            "async () => (await caches.keys()).length && !!navigator.serviceWorker.controller"
        )
        kiosk.wait_for_function("() => JSON.parse(localStorage.getItem('spare') || '{}').numbers?.length > 0")
        kiosk.goto(SERVICE)
        web(walk, signal.SIGSTOP)
        try:
            kiosk.click("button.kiosk-go")  # asked for, never answered: the kiosk gives one of its own
            number = kiosk.locator("#number")
            expect(number).to_have_text(re.compile(r"[A-Z] 9\d{3}"))
            first = number.inner_text()
            clean(kiosk)
            kiosk.click("#done")
            expect(kiosk.locator("h1")).to_have_text("Mau mengurus apa?")
            clean(kiosk)
            boxes = targets(kiosk)
            assert all(min(box["height"], box["width"]) >= 64 for box in boxes)
            kiosk.locator(".kiosk-choice", has_text="DPMPTSP").last.click()
            kiosk.locator(".kiosk-choice").first.click()
            expect(number).to_have_text(re.compile(rf"^(?!{first})[A-Z] 9\d{{3}}"))
            second = number.inner_text()
            kiosk.click("#done")
        finally:
            web(walk, signal.SIGCONT)
        kiosk.wait_for_url("**/kios/")  # back by itself
        kiosk.wait_for_function("() => JSON.parse(localStorage.getItem('given')).length === 0")
        at_counter(officer)
        assert [call(officer), call(officer)] == [first, second]
        assert not officer.locator(".queue").inner_text().count("menunggu panggilan")
        officer.keyboard.press("s")
        officer.wait_for_selector(".serving", state="detached")
        close_counter(officer)
