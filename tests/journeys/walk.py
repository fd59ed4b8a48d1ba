"""What a person does in a browser, in their words: sign in, look a page over, read the mail or the text message.

Nothing here sleeps. The catchers of mail and texts answer when a message comes, the worker tells the database
when it has done something (`LISTEN ledger`), and what changes on a page Playwright waits for.
"""

import re
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gerai.config.running import Running
from tests.journeys import inside

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
SERIOUS = {"serious", "critical"}
PATIENCE = 60
SCRIPTLESS: "weakref.WeakSet[BrowserContext]" = weakref.WeakSet()
PASSWORD = "ikan-goreng-sambal"
expect.set_options(timeout=30_000)  # a busy machine is no mistake of the page


class Walk:
    """A running Gerai and a browser: each role signs in as itself."""

    def __init__(
        self, browser: Browser, base: str, database: str, accounts: list[dict[str, str]], data: Path
    ) -> None:
        self.browser, self.base, self.database, self.data = browser, base, database, data
        self.port = int(base.rsplit(":", 1)[1])
        self.sessions: dict[str, Any] = {}  # who has signed in before comes back with the same browser
        self.accounts = {a["email"]: a["password"] for a in accounts}
        # What was sent before this file began, and what a journey was told already, is no news.
        self.known = {email: set(range(len(self.messages(email)))) for email in self.accounts}

    @contextmanager
    def person(self, email: str | None = None, javascript: bool = True) -> Iterator[Page]:
        """A fresh browser window, signed in."""
        known = self.sessions.get(email or "")
        context: BrowserContext = self.browser.new_context(
            base_url=self.base,
            storage_state=known,
            java_script_enabled=javascript,
            locale="id-ID",
            reduced_motion="reduce",
            viewport={"width": 1100, "height": 900},
        )
        if not javascript:
            SCRIPTLESS.add(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        if email and not known:
            self.sign_in(page, email)
            self.sessions[email] = context.storage_state()
        try:
            yield page
        finally:
            context.close()

    def inside(self, statements: str) -> None:
        """Run something in the running Gerai, by its own services: what a journey needs and is not about."""
        inside.run(Running(self.data, GERAI_PORT=str(self.port)), statements)

    @contextmanager
    def machine(self, kind: str, **viewport: int) -> Iterator[Page]:
        """A box of the hall ("board" or "kiosk"): it shows its code, the mall's manager types it."""
        size = {"width": 1280, "height": 720} | viewport
        context = self.browser.new_context(base_url=self.base, locale="id-ID", viewport=size)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto({"board": "/layar/", "kiosk": "/kios/"}[kind])
        code = page.locator("#code").inner_text()
        clean(page)
        with self.person("pengelola@mpp.example") as manager:
            manager.goto("/perangkat/")
            clean(manager)
            manager.fill("#code", code)
            manager.click("main form button.button-primary")
            expect(manager.locator(".notice")).to_contain_text("sudah dipasangkan")
        page.wait_for_selector(f"body.{kind}")
        page.wait_for_load_state()  # its script too
        try:
            yield page
        finally:
            context.close()

    def sign_up(self, page: Page, contact: str, **changes: str) -> None:
        """Fill in the form for a new account, up to its code."""
        page.goto("/daftar/")
        known = {"name": "Budi Santoso", "nik": "1771021502919016", "contact": contact, "password": PASSWORD}
        for name, value in {**known, **changes}.items():
            page.fill(f"[name={name}]", value)
        page.check("[name=privacy]")

    def sign_in(self, page: Page, contact: str) -> None:
        """Contact and password; the second factor is read from the mail."""
        before = len(self.messages(contact))
        page.goto("/masuk/")
        page.fill("[name=contact]", contact)
        page.fill("[name=password]", self.accounts[contact])
        page.click("main form button.button-primary")
        if "/masuk/kode/" in page.url:
            page.fill("[name=digits]", self.code(contact, before))
            page.click("main form button.button-primary")
        expect(page).not_to_have_url(re.compile("/masuk/"))

    def messages(self, to: str, after: int | None = None) -> list[dict[str, str]]:
        """What somebody got by mail or text, newest first; with `after` waited for until it is more than that."""
        port = self.port + (1 if "@" in to else 4)
        asked: dict[str, str | int] = {"to": to} if after is None else {"to": to, "after": after}
        found: list[dict[str, str]] = httpx.get(
            f"http://127.0.0.1:{port}/messages.json", params=asked, timeout=PATIENCE
        ).json()
        return found if "@" in to else found[::-1]

    def told(self, to: str, words: str) -> dict[str, str]:
        """The message with these words in its subject or text, waited for; each is told once."""
        seen, known = -1, self.known.setdefault(to, set())
        while len(found := self.messages(to, after=seen)) > seen:
            for place, message in enumerate(reversed(found)):
                if place not in known and words in message.get("subject", "") + message["text"]:
                    known.add(place)
                    return message
            seen = len(found)
        raise AssertionError(f"waited in vain for {words!r} to {to}")

    def code(self, to: str, before: int) -> str:
        """The newest code in somebody's messages."""
        found = re.search(r"\b(\d{6})\b", self.messages(to, after=before)[0]["text"])
        assert found
        return found[1]

    def until(self, check: Callable[[], Any], what: str) -> Any:
        """Look; if it is not there, look again whenever the worker has done something."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("LISTEN ledger")
            end = time.monotonic() + PATIENCE
            while not (found := check()):
                left = end - time.monotonic()
                if left <= 0 or not list(connection.notifies(timeout=left, stop_after=1)):
                    raise AssertionError(f"waited {PATIENCE} s in vain for {what}")
            return found


# What axe looks at, without the words: what stands where, and how it looks.
SKELETON = """() => innerWidth + location.pathname.replace(/[0-9a-f-]{8,}|[0-9]+/g, "") + [
    ...document.querySelectorAll("html, body *")].map((e) => e.tagName + [...e.attributes].map((a) => a.name + (
    ["class", "role", "type", "lang"].includes(a.name) ? a.value : a.value ? 1 : 0)).join() + !e.textContent.trim()
).join("")"""
LOOKED_AT: set[int] = set()


def clean(page: Page) -> None:
    """axe-core finds nothing serious or critical here (WCAG 2.2 AA rules). The same page is looked at once."""
    page.wait_for_load_state()  # a click returns when the next page has begun, not when it stands
    skeleton = hash(page.evaluate(SKELETON))
    if skeleton in LOOKED_AT:
        return
    LOOKED_AT.add(skeleton)
    if page.context in SCRIPTLESS:  # axe is a script: it looks at the same address in a window that has them
        assert page.context.browser is not None
        with_script = page.context.browser.new_context(storage_state=page.context.storage_state())
        copy = with_script.new_page()
        copy.goto(page.url)
        clean(copy)
        with_script.close()
        return
    results = Axe().run(page)
    bad = [
        (v["id"], v["help"], [n["target"] for n in v["nodes"]][:3])
        for v in results.response["violations"]
        if v["impact"] in SERIOUS
    ]
    assert not bad, f"{page.url}: {bad}"
