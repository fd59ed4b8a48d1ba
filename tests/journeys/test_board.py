"""The board as its manager rules it: shut out at once, and told what to announce."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
MANAGER = "pengelola@mpp.example"


def test_a_revoked_board_closes_at_once(walk: Walk):
    with walk.machine("board") as board, walk.person(MANAGER) as manager:
        manager.goto("/perangkat/")
        rows = manager.locator("tr", has_text="Layar")
        before = rows.count()
        rows.last.locator("button").click()
        expect(manager.locator(".notice")).to_contain_text("dicabut")
        expect(rows).to_have_count(before - 1)
        expect(board.locator("h1")).to_contain_text("belum dipasangkan")


def test_an_announcement_appears_on_the_board(walk: Walk):
    with walk.machine("board") as board, walk.person(MANAGER) as manager:
        manager.goto("/pengumuman/")
        clean(manager)
        manager.fill("#text_id", "Mobil putih harap dipindahkan.")
        manager.fill("#text_en", "Please move the white car.")
        manager.click("main form button.button-primary")
        expect(board.locator(".board-notice")).to_contain_text("harap dipindahkan")
        clean(board)
        manager.locator("tr", has_text="Mobil putih").locator("button").click()
        expect(board.locator(".board-notice")).to_have_count(0)
