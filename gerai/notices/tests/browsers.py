"""Browsers and their push service for the tests: the double, on a free port of this machine."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gerai.integrations.push import double


class Service:
    """The push service, as a browser or its owner sees it."""

    def __init__(self) -> None:
        self.server = double.serve(0)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        answer = httpx.request("GET" if body is None else "POST", self.address + path, content=body)
        return answer.raise_for_status().json()

    def browser(self) -> dict[str, Any]:
        """A new browser: the subscription that a page of ours would get."""
        made: dict[str, Any] = self._ask("/browsers", b"")
        return made

    def mood(self, browser: dict[str, Any], mood: str) -> None:
        """From now on."""
        self._ask(f"/browsers/{self._name(browser)}", json.dumps({"mood": mood}).encode())

    def shown(self, browser: dict[str, Any]) -> list[dict[str, Any]]:
        """What the browser showed."""
        found: list[dict[str, Any]] = self._ask(f"/browsers/{self._name(browser)}.json")
        return found

    @staticmethod
    def _name(browser: dict[str, Any]) -> str:
        return str(browser["endpoint"]).rsplit("/", 1)[-1]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """One push service for a file of tests; each test has its own browsers."""
    made = Service()
    yield made
    made.stop()
