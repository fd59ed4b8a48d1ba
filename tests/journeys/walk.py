"""What a person does in a browser, in their words: sign in, look a page over, read the mail."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SERIOUS = {"serious", "critical"}


def until(check: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Ask again until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class Walk:
    """A running Gerai and a browser: each role signs in as itself."""

    def __init__(self, browser: Browser, base: str, mail: str, accounts: list[dict[str, str]]) -> None:
        self.browser, self.base, self.mail = browser, base, mail
        self.accounts = {a["email"]: a["password"] for a in accounts}

    @contextmanager
    def person(self, email: str | None = None, javascript: bool = True) -> Iterator[Page]:
        """A fresh browser window, signed in."""
        context: BrowserContext = self.browser.new_context(
            base_url=self.base,
            java_script_enabled=javascript,
            locale="id-ID",
            viewport={"width": 1100, "height": 900},
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        if email:
            self.sign_in(page, email)
        try:
            yield page
        finally:
            context.close()

    def sign_in(self, page: Page, email: str) -> None:
        """Contact and password; the second factor is read from the mail."""
        before = len(self.messages(email))
        page.goto("/masuk/")
        page.fill("[name=contact]", email)
        page.fill("[name=password]", self.accounts[email])
        page.click("main form button.button-primary")
        if "/masuk/kode/" in page.url:
            page.fill("[name=digits]", self.code(email, before))
            page.click("main form button.button-primary")
        expect(page).not_to_have_url(re.compile("/masuk/"))

    def messages(self, to: str) -> list[dict[str, str]]:
        """The mail that somebody got, newest first."""
        return [m for m in httpx.get(f"{self.mail}/messages.json").json() if m["to"] == to]

    def code(self, to: str, before: int) -> str:
        """The newest code in somebody's mail."""
        new = until(lambda: self.messages(to)[: -before or None], f"a code for {to}")
        found = re.search(r"\b(\d{6})\b", new[0]["text"])
        assert found
        return found[1]


def clean(page: Page) -> None:
    """axe-core finds nothing serious or critical here (WCAG 2.2 AA rules)."""
    results = Axe().run(page)
    bad = [
        (v["id"], v["help"], [n["target"] for n in v["nodes"]][:3])
        for v in results.response["violations"]
        if v["impact"] in SERIOUS
    ]
    assert not bad, f"{page.url}: {bad}"
