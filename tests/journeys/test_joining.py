"""An agency joins by one file: its mistake is shown with the line, a second person publishes, people apply at once."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from gerai.config.running import Running
from tests.journeys import steps
from tests.journeys.steps import SARI
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
MANAGER, DEPUTY = "pengelola@mpp.example", "wakil@mpp.example"
EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/instansi-baru.yaml"
ANSWERS = {"member_kind": "general", "school": "", "home_address": "Jalan Suprapto nomor 12"}


def file(text: str) -> dict[str, object]:
    return {"name": "perpus.yaml", "mimeType": "application/yaml", "buffer": text.encode()}


def test_by_page_from_a_mistake_to_the_first_application(walk: Walk) -> None:
    right = EXAMPLE.read_text()
    wrong = right.replace("number: 41", "number: 1").replace("counter_minutes: 5", "counter_minutes: lima")
    line = next(n for n, words in enumerate(wrong.splitlines(), 1) if "counter_minutes" in words)
    with walk.person(MANAGER) as page:
        page.goto("/gabung/")
        clean(page)
        page.set_input_files("#file", file(wrong))  # type: ignore[arg-type]
        page.click("button[value=check]")
        row = page.locator(".error-summary tbody tr", has_text="counter_minutes")
        expect(row.locator("td").first).to_have_text(str(line))
        clean(page)
        page.set_input_files("#file", file(right))  # type: ignore[arg-type]
        page.click("button[value=check]")
        expect(page.locator("main")).to_contain_text("1 layanan, berkasnya benar")
        clean(page)
        page.click("button[value=propose]")
        proposal = page.url
        expect(page.locator("main")).to_contain_text("orang lain yang menerbitkan")
        expect(page.locator("button[value=publish]")).to_have_count(0)
        clean(page)
    with walk.person(DEPUTY) as page:
        page.goto("/gabung/")
        page.click("section a:has-text('PERPUS')")
        assert page.url == proposal
        page.dblclick("button[value=publish]")
        expect(page.locator("main")).to_contain_text("Diterbitkan oleh Dedi Kurnia")
        clean(page)
    apply_for(walk, "kartu perpustakaan", "PERPUS")


def apply_for(walk: Walk, words: str, agency: str) -> None:
    """Somebody finds the new service and applies."""
    with walk.person(SARI) as page:
        page.goto("/")
        page.fill("#q", words)
        page.click("form[role=search] button")
        page.locator(f"a[href='/layanan/{agency}/{agency}-01/']").first.click()
        _, number = steps.apply(page, page.url, ANSWERS)
        assert number


def test_by_command_in_a_minute(walk: Walk, tmp_path: Path) -> None:
    running = Running(walk.data, GERAI_PORT=str(walk.port))
    text = EXAMPLE.read_text().replace("PERPUS", "ARSIP").replace("number: 41", "number: 42")
    text = text.replace("Perpustakaan Daerah", "Arsip Daerah").replace(
        "Kartu anggota perpustakaan", "Kartu baca arsip"
    )
    path = tmp_path / "arsip.yaml"
    path.write_text(text.replace("online: true", "online: barangkali"))
    refused = running.command("join", str(path))
    assert refused.returncode != 0
    assert f"{path}:" in refused.stderr
    assert "online" in refused.stderr

    path.write_text(text)
    assert "Berkas benar" in running.command("join", str(path), "--check").stdout
    joined = running.command("join", str(path))
    assert joined.returncode == 0, joined.stderr
    assert "Tidak ada yang berubah" in running.command("join", str(path)).stdout

    apply_for(walk, "kartu baca arsip", "ARSIP")
