"""From "what do you need?" to a signed permit in hand, each role signed in as itself, in a real browser."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.walk import Walk, clean, until

pytestmark = pytest.mark.slow
SARI, VERIFIER, SIGNER = "sari@warga.example", "periksa@dpmptsp.example", "kepala@dpmptsp.example"
ANSWERS = {
    "board_kind": "shop_sign", "wording": "Toko Roti Sari", "length_cm": "300", "width_cm": "100", "sides": "2",
    "height_m": "4", "months": "12", "address": "Jalan Suprapto nomor 12, Bengkulu", "location_class": "main",
    "own_land": "yes", "over_road": "no", "contact_address": "Jalan Suprapto nomor 12, Bengkulu",
}  # fmt: skip


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "JPEG")
    return {"name": "berkas.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill(page: Page) -> None:
    """Answer every question of this page."""
    for field in page.locator("main form [name]").all():
        name = field.get_attribute("name") or ""
        value = ANSWERS.get(name)
        if value is None or not field.is_enabled():
            continue
        if field.get_attribute("type") == "radio":
            page.check(f"[name={name}][value={value}]")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("main form button.button-primary")


def find_and_apply(page: Page) -> str:
    """Search with a typo, read the standard, answer, send files, check, send. Returns the address."""
    page.goto("/")
    clean(page)
    page.fill("#q", "papan reklme toko")
    page.click("form[role=search] button")
    clean(page)
    page.click("text=Reklame tetap")
    expect(page.locator("h1")).to_contain_text("Reklame tetap")
    expect(page.locator("main")).to_contain_text("Dasar hukum")
    clean(page)
    page.click("text=Ajukan dari rumah")
    page.click("main form button.button-primary")
    while "/isi/" in page.url:
        here = page.url
        clean(page)
        fill(page)
        assert page.url != here, page.locator(".error-summary").inner_text()
    clean(page)
    for slot in page.locator("input[type=file]").all():
        slot.set_input_files(photo())  # type: ignore[arg-type]
    page.click("main form button.button-primary")
    expect(page.locator("h1")).to_contain_text("Periksa")
    clean(page)
    page.click("text=Kirim permohonan")
    expect(page.locator("main")).to_contain_text("Sudah kami terima")
    clean(page)
    return page.url


def open_task(page: Page, number: str) -> None:
    """The officer's task for this application."""

    def there() -> bool:
        page.goto("/tugas/")
        return page.locator("tr", has_text=number).count() > 0

    until(there, f"a task for {number}")
    clean(page)
    page.locator("tr", has_text=number).locator("a").first.click()
    clean(page)


def test_an_advertising_permit_from_search_to_hand_over(walk: Walk, tmp_path: Path):
    with walk.person(SARI) as page:
        address = find_and_apply(page)
        number = page.locator(".big-number").inner_text()
    assert re.fullmatch(r"1771-\d{4}-\d{6}", number)

    with walk.person(VERIFIER) as officer:  # returned once, with exact reasons
        open_task(officer, number)
        officer.click("summary:has-text('Kembalikan untuk diperbaiki')")
        officer.fill("[name='mend:answer:length_cm']", "Panjang pada gambar 320 cm. Samakan.")
        officer.click("text=Kembalikan ke pemohon")
    with walk.person(SARI) as page:
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Panjang pada gambar 320 cm")
        page.click("text=Perbaiki sekarang")
        page.fill("[name=length_cm]", "320")
        page.click("main form button.button-primary")
        page.click("text=Kirim permohonan")
    with walk.person(VERIFIER) as officer:
        open_task(officer, number)
        officer.click("button:has-text('Berkas lengkap')")
    for email in ("pupr@mpp.example", "bapenda@mpp.example", "dishub@mpp.example"):  # side by side
        with walk.person(email) as officer:
            open_task(officer, number)
            officer.fill("[name=note]", "Sudah ditinjau, sesuai.")
            officer.click("button[value=approve]")
            expect(officer).to_have_url(re.compile("/tugas/$"))
    with walk.person(VERIFIER) as officer:
        open_task(officer, number)
        expect(officer.locator("main")).to_contain_text("Rp1.728.000")  # 3.2 x 1 x 2 x 3000 x 360 x 25 %
        officer.click("button[value=approve]")

    with walk.person(SARI) as page:  # pays at the provider, which tells us twice
        page.goto(address)
        page.click("text=Lihat tagihan dan bayar")
        clean(page)
        page.click("text=Bayar sekarang")
        page.click("button[value=twice]")
        page.wait_for_url("**/bayar/**")
        until(lambda: page.reload() and "Sudah dibayar" in page.content(), "the payment")
        page.click("text=Kuitansi")
        expect(page.locator("main")).to_contain_text("Rp1.728.000")

    with walk.person(SIGNER) as head:  # reads the finished permit, decides and signs a batch

        def waits() -> bool:
            head.goto("/tugas/tanda-tangan/")
            return head.locator("tr", has_text=number).count() > 0

        until(waits, "the permit to sign")
        clean(head)
        preview = (
            head.locator("tr", has_text=number).locator("a", has_text="baca naskah").get_attribute("href")
        )
        assert head.request.get(walk.base + str(preview)).body().startswith(b"%PDF")
        head.click("text=Putuskan dan tanda tangani yang dipilih")

    def told() -> list[dict[str, str]]:
        return [m for m in walk.messages(SARI) if "terbit" in m["subject"]]

    until(told, "the mail that the permit is issued")
    with walk.person(SARI) as page:
        page.goto("/saya/")
        clean(page)
        page.click("a.card[href^='/izin/']")
        clean(page)
        pdf = tmp_path / "izin.pdf"
        pdf.write_bytes(page.request.get(page.url + "unduh/").body())
        page.goto("/saya/data/")
        expect(page.locator("main")).to_contain_text("membuka permohonan Anda")
        clean(page)
    checked = subprocess.run(
        ["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in checked
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "TANDA TANGAN UJI COBA" in text
    with walk.person() as stranger:
        stranger.goto("/cek/")
        clean(stranger)
        stranger.set_input_files("input[type=file]", str(pdf))
        stranger.locator("form", has=stranger.locator("input[type=file]")).locator("button").click()
        expect(stranger.locator("main")).to_contain_text(re.compile("berlaku|asli", re.I))
        clean(stranger)
