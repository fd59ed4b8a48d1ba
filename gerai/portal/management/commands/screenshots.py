"""`gerai screenshots`: pictures of the main screens of a running demo, for the documentation."""

import json
import os
import re
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.floor import devices
from gerai.floor.access import TOKEN
from gerai.floor.models import Device
from gerai.ledger.rules import SYSTEM
from gerai.portal import living

PHONE, DESK = (390, 800), (1280, 900)
CITIZEN, OFFICER = "sari@warga.example", "loket@dukcapil.example"
# name, whose screen (demo address, or nobody), path, size
SCREENS = [
    ("home", "", "/", DESK),
    ("home-phone", "", "/", PHONE),
    ("search", "", "/cari/?q=izin+praktek+dokter", PHONE),
    ("service", "", "/layanan/DPMPTSP/DPMPTSP-10/", DESK),
    ("mine", CITIZEN, "/saya/", PHONE),
    ("check", "", "/cek/", PHONE),
    ("kiosk", "", "/kios/", DESK),
    ("counter", OFFICER, "/loket/", DESK),
    ("board", "", "/layar/", DESK),
    ("inbox", "periksa@dpmptsp.example", "/tugas/", DESK),
    ("task", "periksa@dpmptsp.example", "/tugas/", DESK),
    ("floor", "pengelola@mpp.example", "/lantai/", DESK),
    ("mayor", "walikota@kota.example", "/wali-kota/", DESK),
]


class Command(BaseCommand):
    """Bring the demo to life, call the next visitor, and picture every main screen."""

    help = "Gambar layar utama dari demo yang berjalan. / Pictures of the running demo's main screens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the pictures go, and which browser takes them."""
        parser.add_argument("--to", default="docs/images", type=Path)
        parser.add_argument("--browser", default="/usr/bin/chromium")

    def handle(self, *args: Any, **options: Any) -> None:
        """Needs `./start` running with the demo, and Playwright (requirements-test)."""
        listed = settings.DATA / "demo-accounts.json"
        if not settings.DEMO or not listed.exists():
            raise CommandError("Jalankan dulu ./start dengan demo. / Start the demo first.")
        from playwright.sync_api import sync_playwright

        to: Path = options["to"]
        to.mkdir(parents=True, exist_ok=True)
        # Playwright keeps an event loop in this thread; nothing else runs in it, so the database may be asked.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
        living.fill(agencies.the_mall(), clock.now())
        self.machines: list[Device] = []
        self.passwords = {row["email"]: row["password"] for row in json.loads(listed.read_text())}
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=options["browser"], args=["--no-sandbox"])
            serve = self._page(browser, OFFICER, DESK)
            serve.goto(settings.BASE_URL + "/loket/")
            _call(serve)
            serve.context.close()
            self._ticket(browser, to)
            for name, email, path, size in SCREENS:
                page = self._page(browser, email, size)
                if name in ("kiosk", "board"):
                    self._let_in(page, name)
                page.goto(settings.BASE_URL + path, wait_until="networkidle" if name != "board" else "load")
                if name == "task":
                    page.locator("main a[href^='/tugas/']").last.click()
                    page.wait_for_load_state()
                page.evaluate("() => document.fonts.ready")
                page.screenshot(path=to / f"{name}.png")
                self.stdout.write(f"{name}.png")
                page.context.close()
            browser.close()
        for device in self.machines:
            devices.revoke(device=device, actor=SYSTEM, now=clock.now())

    def _let_in(self, page: Any, kind: str) -> None:
        """Let the browser be a machine of the hall for this picture."""
        device, token = devices.pair(
            mall=agencies.the_mall(), kind=kind, name="Foto", actor=SYSTEM, now=clock.now()
        )
        self.machines.append(device)
        page.context.add_cookies([{"name": TOKEN.format(kind), "value": token, "url": settings.BASE_URL}])

    def _page(self, browser: Any, email: str, size: tuple[int, int]) -> Any:
        viewport = {"width": size[0], "height": size[1]}
        page = browser.new_context(locale="id-ID", viewport=viewport).new_page()
        if email:
            page.goto(settings.BASE_URL + "/masuk/")
            page.fill("[name=contact]", email)
            page.fill("[name=password]", self.passwords[email])
            before = len(self._mail(email))
            page.click("main button.button-primary")
            if "/masuk/kode/" in page.url:
                code = re.search(r"\b\d{6}\b", self._mail(email, before)[0]["text"])
                page.fill("[name=digits]", code[0] if code else "")
                page.click("main button.button-primary")
            page.wait_for_url(lambda address: "/masuk/" not in address)
        return page

    @staticmethod
    def _mail(to: str, after: int = -1) -> Any:
        """What the demo's mail catcher has for somebody; it answers once that is more than `after`."""
        asked = urlencode({"to": to, "after": after})
        address = f"http://127.0.0.1:{settings.PORT + 1}/messages.json?{asked}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return json.load(answer)

    def _ticket(self, browser: Any, to: Path) -> None:
        page = self._page(browser, CITIZEN, PHONE)
        page.goto(settings.BASE_URL + "/antrean/ambil/?s=DUKCAPIL/DUKCAPIL-02&s=POLRESTA/POLRESTA-01")
        page.click("main form .button-primary")
        page.wait_for_url("**/kunjungan/**")
        page.screenshot(path=to / "ticket.png")
        self.stdout.write("ticket.png")
        page.context.close()


def _call(page: Any) -> None:
    """Sit down at the first free counter, call the next one and begin, unless somebody is there already."""
    if page.locator("button[name=counter]").count():
        page.locator("button[name=counter]").first.click()
        page.wait_for_selector("#screen")
    if page.locator(".serving").count() == 0:
        page.locator("main form[action$='/panggil/'] .button-primary").first.click()
        page.wait_for_selector(".serving")
        page.locator("main form[action$='/mulai/'] button").first.click()
        page.wait_for_selector("main form#finish")
