"""Mail and texts go out over the real protocols to separate programs."""

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import LazySettings

from gerai.integrations.messaging.adapter import HttpGateway
from gerai.notices import services
from gerai.notices.ports import GatewayDown
from gerai.notices.rules import CodeNotSent

DOUBLES = {"mailbox": 1, "messaging": 4}


def free_port() -> int:
    """The first of six neighbouring ports that nobody uses."""
    while True:
        first = random.randrange(20000, 32000)
        try:
            for port in range(first, first + 6):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


class Doubles:
    """Both doubles as processes of their own."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.environment = os.environ | {"GERAI_DATA": str(data), "GERAI_PORT": str(self.port)}
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for name in DOUBLES:
            command = [sys.executable, "-m", f"gerai.integrations.{name}.double"]
            self.processes.append(subprocess.Popen(command, env=self.environment))
        for name in DOUBLES:
            self._wait(name)

    def _wait(self, name: str) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                self.get(name)
                return
            except OSError:
                pass
        raise AssertionError(f"{name} does not answer")

    def get(self, name: str, path: str = "/messages.json") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port + DOUBLES[name]}{path}") as answer:
            return answer.read().decode()

    def listed(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.get(name))
        return found

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait(10)
        self.processes.clear()


@pytest.fixture
def doubles(tmp_path: Path, settings: LazySettings) -> Iterator[Doubles]:
    both = Doubles(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = both.port + 2
    settings.MESSAGE_GATEWAY_URL = f"http://127.0.0.1:{both.port + 4}"
    both.start()
    try:
        yield both
    finally:
        both.stop()


def test_codes_really_go_out_and_survive_a_restart_of_the_doubles(doubles: Doubles) -> None:
    services.send_code(contact="sari@uji.test", digits="123456", language="id")
    services.send_code(contact="+6281234567890", digits="654321", language="en")
    doubles.stop()
    doubles.start()

    (mail,) = doubles.listed("mailbox")
    assert mail["to"] == "sari@uji.test"
    assert "123456" in mail["text"]
    (text,) = doubles.listed("messaging")
    assert text["to"] == "+6281234567890"
    assert "Your code: 654321" in text["text"]


@pytest.mark.parametrize(("name", "to"), [("mailbox", "sari@uji.test"), ("messaging", "+6281234567890")])
def test_who_waits_for_a_message_gets_it_when_it_comes(doubles: Doubles, name: str, to: str) -> None:
    heard: list[dict[str, Any]] = []
    query = urllib.parse.urlencode({"to": to, "after": 0})
    waiting = threading.Thread(
        target=lambda: heard.extend(json.loads(doubles.get(name, f"/messages.json?{query}")))
    )
    waiting.start()

    services.send_code(contact="budi@uji.test", digits="222222", language="id")
    services.send_code(contact="+6281111111111", digits="222222", language="id")
    services.send_code(contact=to, digits="123456", language="id")
    waiting.join(20)

    assert [m["to"] for m in heard] == [to]
    assert "123456" in heard[0]["text"]


def test_the_same_key_sends_one_text_and_a_bad_number_says_so(doubles: Doubles) -> None:
    gateway = HttpGateway()
    for _ in range(2):
        gateway.send_text(to="+6281234567890", text="Halo", key="satu")

    with pytest.raises(GatewayDown):
        gateway.send_text(to="+6281234567500", text="Halo", key="dua")
    with pytest.raises(CodeNotSent):
        services.send_code(contact="+6281234567500", digits="123456", language="id")

    assert len(doubles.listed("messaging")) == 1


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Idempotency-Key": "a"}, '{"to": "+62811", "text": "x"}', 401),
        ({"Idempotency-Key": "a", "Authorization": "Bearer salah"}, '{"to": "+62811", "text": "x"}', 401),
        ({"Authorization": "Bearer demo"}, '{"to": "+62811", "text": "x"}', 400),
        ({"Idempotency-Key": "a", "Authorization": "Bearer demo"}, "bukan json", 400),
        ({"Idempotency-Key": "a", "Authorization": "Bearer demo"}, '{"to": "+62811"}', 400),
    ],
)
def test_the_gateway_refuses_what_a_real_one_refuses(
    doubles: Doubles, headers: dict[str, str], body: str, status: int
) -> None:
    url = f"http://127.0.0.1:{doubles.port + 4}/messages"

    assert httpx.post(url, content=body, headers=headers).status_code == status
    assert doubles.listed("messaging") == []


def test_the_pages_show_text_as_text(doubles: Doubles, settings: LazySettings) -> None:
    HttpGateway().send_text(to="+6281234567890", text="<script>x</script>", key="satu")
    services._mail("sari@uji.test", "<b>Halo</b>", "Buka http://127.0.0.1:8000/saya/ <script>x</script>")

    for name in DOUBLES:
        page = doubles.get(name, "/")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
    assert '<a href="http://127.0.0.1:8000/saya/">' in doubles.get("mailbox", "/")
