"""Money at the mall: the letter with its codes, cash at the bank's counter with a receipt, and who looks after it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
SARI, TELLER, MANAGER = "sari@warga.example", "loket@bankbkl.example", "pengelola@mpp.example"
OWED = f"from tests.journeys.owed import to_pay; to_pay('{SARI}', 'DPMPTSP-32')"


def test_a_fee_is_set_by_a_letter_paid_in_cash_and_receipted(walk: Walk) -> None:
    walk.inside(OWED)
    with walk.person(SARI) as citizen:
        citizen.goto("/saya/")
        citizen.click("a:has-text('Reklame tetap')")
        citizen.click("text=Lihat tagihan dan bayar")
        expect(citizen.locator("h1")).to_contain_text("SKRD")
        number = re.search(r"INV-[\d-]+", citizen.inner_text("main"))
        assert number
        clean(citizen)
        citizen.click("text=Tampilkan QRIS")
        expect(citizen.locator("main svg, main img").first).to_be_visible()
        clean(citizen)
        with walk.person(TELLER) as teller:
            teller.goto("/bayar/loket/")
            teller.fill("[name=number]", number[0])
            teller.click("text=Cari tagihan")
            clean(teller)
            teller.fill("[name=reference]", "BKL20261130")
            teller.click("text=catat lunas")
            expect(teller.locator("h1")).to_contain_text("Kuitansi")
            expect(teller.locator("main")).not_to_contain_text("Wulandari")
            clean(teller)
        citizen.reload()
        expect(citizen.locator("main")).to_contain_text("Sudah dibayar")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (MANAGER, "/bayar/rekonsiliasi/"),
        (MANAGER, "/bayar/pengembalian/"),
        (MANAGER, "/pesan/gagal/"),
        ("kepala@dpmptsp.example", "/bayar/pembebasan/"),
        ("kepala@dpmptsp.example", "/izin/"),
        ("admin@dpmptsp.example", "/gabung/naskah/"),
        (SARI, "/saya/pesan/"),
        (SARI, "/saya/berkas/"),
        (SARI, "/peta-izin/"),
    ],
)
def test_what_no_other_journey_opens_is_clean_too(walk: Walk, who: str, path: str) -> None:
    with walk.person(who) as page:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        clean(page)
