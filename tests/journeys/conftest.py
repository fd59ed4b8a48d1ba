"""One running Gerai for all journeys, one browser per file. GERAI_WALK_URL and its accounts file take a running one."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from gerai.config.postgres import APP, Cluster
from tests.journeys.walk import ARGUMENTS, CHROMIUM, Walk


@pytest.fixture(scope="module")
def walk(request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Everybody who walks through the mall.

    The browser closes with its file: Playwright keeps an event loop in this thread, and while it runs Django
    refuses the database to every other test of the same worker.
    """
    if url := os.environ.get("GERAI_WALK_URL"):
        listed = Path(os.environ["GERAI_WALK_ACCOUNTS"])
    else:
        running = request.getfixturevalue("live_gerai")
        listed, url = running.data / "demo-accounts.json", running.url
    database = Cluster(listed.parent).url(APP)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Walk(browser, url, database, json.loads(listed.read_text()), listed.parent)
        browser.close()
