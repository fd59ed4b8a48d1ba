"""From "what do you need?" to a signed permit in hand, each role signed in as itself, in a real browser."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.steps import SARI, VERIFIER, open_task
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
ANSWERS = {
    "board_kind": "shop_sign", "wording": "Toko Roti Sari", "length_cm": "300", "width_cm": "100", "sides": "2",
    "height_m": "4", "months": "12", "address": "Jalan Suprapto nomor 12", "location_class": "main",
    "own_land": "yes", "over_road": "no", "contact_address": "Jalan Suprapto nomor 12",
}  # fmt: skip


def find_and_apply(page: Page) -> str:
    """Search with a typo, read the standard; the few questions lead there too: answer, send. Returns the address."""
    page.goto("/")
    clean(page)
    page.fill("#q", "papan reklme toko")
    page.click("form[role=search] button")
    clean(page)
    page.click("text=Reklame tetap")
    expect(page.locator("h1")).to_contain_text("Reklame tetap")
    expect(page.locator("main")).to_contain_text("Dasar hukum")
    clean(page)
    steps.begin_together(page, "/izin-apa/?activity=advert&board=fixed")
    steps.fill_next(page, ANSWERS)
    (number,) = steps.send_all(page)
    steps.open_one(page, number)
    return page.url


def test_an_advertising_permit_from_search_to_a_signed_file(walk: Walk, tmp_path: Path):
    with walk.person(SARI) as page:
        address = find_and_apply(page)
        number = page.locator(".big-number").inner_text()
    assert re.fullmatch(r"1771-\d{4}-\d{6}", number)

    with walk.person(VERIFIER) as officer:  # returned once, with exact reasons
        open_task(walk, officer, number)
        officer.click("summary:has-text('Kembalikan untuk diperbaiki')")
        officer.fill("[name='mend:answer:length_cm']", "Panjang pada gambar 320 cm. Samakan.")
        officer.click("text=Kembalikan ke pemohon")
    with walk.person(SARI) as page:
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Panjang pada gambar 320 cm")
        page.click("text=Perbaiki sekarang")
        page.fill("[name=length_cm]", "320")
        page.click("main form button.button-primary")
        expect(page.locator("main")).to_contain_text("sudah Anda ubah")
        page.click("text=Kirim perbaikan")
    steps.complete(walk, number)
    steps.recommend(walk, number, "pupr@mpp.example", "bapenda@mpp.example", "dishub@mpp.example")
    steps.assess(walk, number, words="Rp1.728.000")  # 3.2 x 1 x 2 x 3000 x 360 x 25 %

    with walk.person(SARI) as page:  # pays at the provider, which tells us twice
        page.goto(address)
        page.click("text=Lihat tagihan dan bayar")
        clean(page)
        page.click("text=Bayar sekarang")
        page.click("button[value=twice]")
        page.wait_for_url("**/bayar/**")
        expect(page.locator("main")).to_contain_text("Sudah dibayar")  # the page looks by itself
        walk.inside(f"from tests.journeys.officers import paid_once; paid_once({number!r})")
        page.click("text=Kuitansi")
        expect(page.locator("main")).to_contain_text("Rp1.728.000")
        clean(page)
    steps.sign(walk, number)
    permit = steps.permit_of(walk, number)
    walk.told(SARI, "sudah terbit")

    with walk.person(SARI) as page:
        page.goto("/saya/")
        clean(page)
        page.locator(f"main a[href='{permit}']").click()
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
        stranger.click("button:has-text('Periksa berkas')")
        expect(stranger.locator("main")).to_contain_text(re.compile("berlaku|asli", re.I))
        clean(stranger)
