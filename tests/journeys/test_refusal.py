"""A rejection: with its ground, by letter, with the days by which one may object; read by who applied."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.steps import SARI, SIGNER
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
GROUND = "Perda Kota Bengkulu 3/2012 pasal 7"
REASON = "Lokasi berada di jalur hijau. Pilih lokasi lain lalu ajukan kembali."


def test_a_rejection_is_read_with_its_ground_and_the_days_to_object(walk: Walk, tmp_path: Path) -> None:
    with walk.person(SARI) as page:
        address, number = steps.apply(page, steps.BANNER, steps.BANNER_ANSWERS)
    steps.complete(walk, number)
    with walk.person("bapenda@mpp.example") as officer:
        steps.open_task(walk, officer, number)
        officer.click("button[value=reject]")  # without a word
        expect(officer.locator(".error-summary")).to_contain_text("Tulis catatan")
        clean(officer)
        officer.fill("[name=note]", "Lokasi di jalur hijau.")
        officer.click("button[value=reject]")
        expect(officer).to_have_url(re.compile("/tugas/$"))
    steps.assess(walk, number, outcome="reject", note="Disarankan ditolak: lokasi di jalur hijau.")

    with walk.person(SIGNER) as head:
        steps.open_task(walk, head, number)
        expect(head.locator("main")).to_contain_text("Pemeriksa menyarankan penolakan")
        head.fill("[name=text]", REASON)
        head.click("text=Tolak dan kirim surat")  # without ground
        expect(head.locator(".error-summary")).to_contain_text("tulis dasar hukum")
        expect(head.locator("[name=text]")).to_have_value(REASON)
        clean(head)
        head.fill("[name=other_ground]", GROUND)
        steps.confirm(walk, head, SIGNER, "text=Tolak dan kirim surat")
        expect(head).to_have_url(re.compile("/tugas/$"))

    walk.told(SARI, "ditolak")
    with walk.person(SARI) as page:
        page.goto(address)
        for words in (REASON, GROUND, "berhak mengajukan keberatan, paling lambat"):
            expect(page.locator("main")).to_contain_text(words)
        clean(page)
        page.click("text=Buka surat penolakan")
        expect(page.locator("h1")).to_contain_text("Surat Penolakan")
        said = page.locator("main", has_text="Keberatan paling lambat")
        day = re.search(r"Keberatan paling lambat (?:\w+, )?(\d+ \w+ \d{4})", said.inner_text())
        assert day
        clean(page)
        pdf = tmp_path / "surat.pdf"
        pdf.write_bytes(page.request.get(page.url + "unduh/").body())
    read = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True)
    words = "".join(read.stdout.split())  # set with kerning: spaces come and go in what is read out of it
    for said_so in ("jalur hijau", GROUND, day[1], "21 hari kerja", "10 hari kerja"):
        assert "".join(said_so.split()) in words
