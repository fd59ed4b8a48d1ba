"""The steps that several journeys take: an application filled in, sent, and its officers' part; a counter."""

import io
import re
from datetime import timedelta

import psycopg
from PIL import Image
from playwright.sync_api import Page, expect

from gerai.core import clock
from tests.journeys.walk import Walk, clean

SARI = "sari@warga.example"
VERIFIER, SIGNER = "periksa@dpmptsp.example", "kepala@dpmptsp.example"
BANNER = "/layanan/DPMPTSP/DPMPTSP-33/"  # without advertising no fee, recommended by one agency
BANNER_ANSWERS = {
    "purpose": "Spanduk pasar murah RT 5",
    "commercial": "no",
    "board_kind": "banner",
    "wording": "Pasar murah, semua boleh datang",
    "length_cm": "400",
    "width_cm": "100",
    "copies": "1",
    "start": str(clock.now().date() + timedelta(days=14)),
    "hang_days": "7",
    "place_owner": "own",
    "over_road": "no",
    "location": "Jalan Suprapto nomor 12",
    "contact_address": "Jalan Suprapto nomor 12",
}
KELURAHAN = "17.71.07.1009"  # Pengantungan


def photo() -> dict[str, object]:
    """A small picture, as a phone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "JPEG")
    return {"name": "berkas.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill(page: Page, answers: dict[str, str]) -> None:
    """Answer every question of this page and go on."""
    for field in page.locator("main form [name]").all():
        name = field.get_attribute("name") or ""
        value = answers.get(name)
        if value is None and name.endswith(".kelurahan"):
            value = KELURAHAN
        if value is None or not field.is_enabled():
            continue
        if field.get_attribute("type") == "radio":
            page.check(f"[name='{name}'][value='{value}']")
        elif page.locator(f"select[name='{name}']").count():
            field.select_option(value)
        else:
            field.fill(value)
    page.click("main form button.button-primary")


def answer(page: Page, answers: dict[str, str]) -> None:
    """From the first question to the page on which all is checked: answer, send files."""
    while "/isi/" in page.url:
        here = page.url
        clean(page)
        fill(page, answers)
        assert page.url != here, page.locator(".error-summary").inner_text()
    clean(page)
    for slot in page.locator("input[type=file]").all():
        slot.set_input_files(photo())  # type: ignore[arg-type]
    page.click("main form button.button-primary")
    expect(page.locator("h1")).to_contain_text("Periksa")
    clean(page)


def answer_and_send(page: Page, answers: dict[str, str]) -> str:
    """The same, and sent. Returns the address."""
    answer(page, answers)
    page.click("text=Kirim permohonan")
    expect(page.locator("main")).to_contain_text("Sudah kami terima")
    clean(page)
    return page.url


def apply(page: Page, service: str, answers: dict[str, str]) -> tuple[str, str]:
    """From a service's page to the application's; returns its address and number."""
    page.goto(service)
    clean(page)
    page.click("main a:has-text('Ajukan dari rumah')")
    clean(page)
    page.click("main form button.button-primary")
    page.wait_for_url("**/isi/**")  # a click may return before the next page stands
    address = answer_and_send(page, answers)
    return address, page.locator(".big-number").inner_text()


def begin_together(page: Page, address: str, *, without: str = "") -> None:
    """From a moment of life, or what the questions found, to the list of what is applied for together."""
    page.goto(address)
    clean(page)
    if without:
        page.uncheck(f"[name=s][value='{without}']")
    page.click("text=Ajukan yang dicentang")
    expect(page.locator("main")).to_contain_text("Daftar permohonan")
    clean(page)


def fill_next(page: Page, answers: dict[str, str]) -> None:
    """The next of them, and back to the list."""
    page.click("button[name=next]")
    page.wait_for_url("**/isi/**")
    answer(page, answers)
    page.click("text=Kembali ke daftar")
    expect(page.locator("main")).to_contain_text("Daftar permohonan")


def send_all(page: Page) -> list[str]:
    """All of them. Returns their numbers."""
    page.click("text=Kirim semuanya")
    expect(page.locator("main")).to_contain_text("terkirim")
    clean(page)
    return re.findall(r"1771-\d{4}-\d{6}", page.locator("main").inner_text())


def open_one(page: Page, number: str) -> None:
    """One of them, by its number in the list."""
    page.locator("li", has_text=number).locator("h3 a").click()
    expect(page.locator(".big-number")).to_have_text(number)


def open_task(walk: Walk, page: Page, number: str) -> None:
    """The officer's task for this application."""

    def there() -> bool:
        page.goto("/tugas/")
        return page.locator("tr", has_text=number).count() > 0

    walk.until(there, f"a task for {number}")
    clean(page)
    page.locator("tr", has_text=number).locator("a").first.click()
    clean(page)


def complete(walk: Walk, number: str) -> None:
    """The verifier finds the file complete."""
    with walk.person(VERIFIER) as officer:
        open_task(walk, officer, number)
        officer.click("button:has-text('Berkas lengkap')")


def recommend(walk: Walk, number: str, *emails: str) -> None:
    """The agencies agree, side by side."""
    for email in emails:
        with walk.person(email) as officer:
            open_task(walk, officer, number)
            officer.fill("[name=note]", "Sudah ditinjau, sesuai.")
            officer.click("button[value=approve]")
            expect(officer).to_have_url(re.compile("/tugas/$"))


def assess(walk: Walk, number: str, outcome: str = "approve", note: str = "", words: str = "") -> None:
    """The verifier sums up, with the fee."""
    with walk.person(VERIFIER) as officer:
        open_task(walk, officer, number)
        expect(officer.locator("main")).to_contain_text(words)
        officer.fill("[name=note]", note)
        officer.click(f"button[value={outcome}]")
        expect(officer).to_have_url(re.compile("/tugas/$"))


def sign(walk: Walk, number: str) -> None:
    """The head reads the finished permit, decides and signs the batch."""
    with walk.person(SIGNER) as head:

        def waits() -> bool:
            head.goto("/tugas/tanda-tangan/")
            return head.locator("tr", has_text=number).count() > 0

        walk.until(waits, "the permit to sign")
        clean(head)
        row = head.locator("tr", has_text=number)
        preview = row.locator("a", has_text="baca naskah").get_attribute("href")
        assert head.request.get(walk.base + str(preview)).body().startswith(b"%PDF")
        row.locator("input[name=task]").check()
        confirm(walk, head, SIGNER, "text=Putuskan dan tanda tangani yang dipilih")


def confirm(walk: Walk, page: Page, who: str, button: str) -> None:
    """Press, read the code in the mail, type it."""
    before = len(walk.messages(who))
    page.click(button)
    expect(page.locator("[name=digits]")).to_be_visible()
    clean(page)
    page.fill("[name=digits]", walk.code(who, before))
    page.click("main form button.button-primary")
    expect(page.locator("[name=digits]")).to_have_count(0)


def permit_of(walk: Walk, number: str) -> str:
    """The address of an application's permit, once it is signed. A message may be one of an earlier journey."""
    asked = (
        "SELECT p.id FROM permits_permit p JOIN applications_application a ON a.id = p.application_id"
        " WHERE a.number = %s AND p.kind = 'permit' AND p.status = 'valid'"
    )
    with psycopg.connect(walk.database, autocommit=True) as connection:
        found = walk.until(lambda: connection.execute(asked, [number]).fetchone(), f"the permit of {number}")
    return f"/izin/{found[0]}/"


def issued(walk: Walk, contact: str) -> str:
    """A signed permit of this person, whom a message tells of it. Returns its address."""
    with walk.person(contact) as page:
        _, number = apply(page, BANNER, BANNER_ANSWERS)
    walk.inside(f"from tests.journeys.officers import issue; issue({number!r})")
    permit = permit_of(walk, number)
    walk.told(contact, "sudah terbit")
    return permit


def at_counter(officer: Page) -> None:
    """Open the first free counter, or come back to the one that is open; its keys work."""
    officer.goto("/loket/")
    free = officer.locator("button[name=counter]").first
    expect(free.or_(officer.locator("#screen"))).to_be_visible()
    if free.is_visible():
        free.click()
    expect(officer.locator("#screen")).to_be_visible()
    officer.wait_for_load_state()  # the page is there before its script listens


def close_counter(officer: Page) -> None:
    """Close it and see it closed: a window shut too soon would leave it open for the next journey."""
    officer.get_by_role("button", name="Tutup loket").click()
    expect(officer.locator("button[name=counter]").first).to_be_visible()
