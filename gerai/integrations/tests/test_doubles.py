"""Mail and texts go out over the real protocols to separate programs."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from django.conf import LazySettings

from gerai.config.running import free_port
from gerai.core import callbacks
from gerai.integrations.messaging.adapter import HttpGateway
from gerai.notices import delivering, services
from gerai.notices.ports import GatewayDown
from gerai.notices.rules import CodeNotSent

pytestmark = pytest.mark.slow

DOUBLES = {"mailbox": 1, "messaging": 4}


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


def test_mail_may_be_read_while_more_comes(doubles: Doubles) -> None:
    """The reader found a message that was just being kept, and ended without a word."""

    def send() -> None:
        for _ in range(300):
            delivering.mail("sari@uji.test", "Halo", "Buka http://127.0.0.1:8000/saya/")

    sending = threading.Thread(target=send)
    sending.start()
    seen = [0]
    while sending.is_alive():
        seen.append(len(doubles.listed("mailbox")))
    sending.join()

    assert seen == sorted(seen)
    assert len(doubles.listed("mailbox")) == 300


def test_the_same_key_sends_one_text_and_a_bad_number_says_so(doubles: Doubles) -> None:
    gateway = HttpGateway()
    for _ in range(2):
        gateway.send_text(to="+6281234567890", text="Halo", key="satu")

    with pytest.raises(GatewayDown):
        gateway.send_text(to="+6281234567500", text="Halo", key="dua")
    with pytest.raises(CodeNotSent):
        services.send_code(contact="+6281234567500", digits="123456", language="id")

    assert len(doubles.listed("messaging")) == 1


class Listener(BaseHTTPRequestHandler):
    """Whoever is called back: it checks the signature as Gerai does, and keeps what was said."""

    heard: ClassVar[list[tuple[str, str, str]]] = []
    keys: ClassVar[Path]

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = {"header": self.headers["X-Signature"], "body": body, "now": datetime.now(UTC)}
        try:
            told = callbacks.read(secret=callbacks.shared_secret(self.keys), **given)
            self.heard.append((told["key"], told["event_id"], told["outcome"]))
            self.send_response(200)
        except callbacks.SignatureWrong:
            self.send_response(403)
        self.end_headers()


def test_what_became_of_a_text_is_called_back_also_twice_forged_and_in_the_wrong_order(
    doubles: Doubles, tmp_path: Path, settings: LazySettings
) -> None:
    Listener.heard, Listener.keys = [], tmp_path / "keys" / "messages.json"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    for ending in ("111", "401", "402", "403", "404", "405", "406"):
        HttpGateway().send_text(to=f"+62812345{ending}", text="Halo", key=ending)

    reports = json.loads(doubles.get("messaging", "/reports.json?after=7"))
    server.shutdown()
    server.server_close()

    told = {key: [outcome for k, _, outcome in Listener.heard if k == key] for key, _, _ in Listener.heard}
    assert told == {
        "111": ["delivered"],
        "401": ["undeliverable"],
        "402": ["failed"],
        "403": ["delivered", "delivered"],
        "405": ["undeliverable", "delivered"],
    }
    assert len({event for key, event, _ in Listener.heard if key == "403"}) == 1
    assert [r["status"] for r in reports if r["key"] == "404"] == [403]


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
    delivering.mail("sari@uji.test", "<b>Halo</b>", "Buka http://127.0.0.1:8000/saya/ <script>x</script>")

    for name in DOUBLES:
        page = doubles.get(name, "/")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
    assert '<a href="http://127.0.0.1:8000/saya/">' in doubles.get("mailbox", "/")
