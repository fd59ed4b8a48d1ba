"""An SMS and WhatsApp gateway to try Gerai with: a separate HTTP server on GERAI_PORT + 4, this machine only.

POST /messages (with the bearer token GERAI_SMS_TOKEN) keeps a text once per Idempotency-Key; numbers ending
in 500 fail. GET / shows the texts, /messages.json lists them; /messages.json?to=NUMBER&after=N answers as soon as
that number has had more than N of them (or after 30 s). Kept in GERAI_DATA, so they survive a restart.

What became of a text is told to its `callback_url`, signed like a payment's call-back: delivered, or what ENDINGS says
of the number, with its misbehaviour. GET /reports.json?after=N lists what was answered to such calls.
"""

import hmac
import html
import json
import os
import secrets
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gerai.core import callbacks

STORE = Path(os.environ.get("GERAI_DATA", ".")) / "sms-double.json"
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 4
TOKEN = os.environ.get("GERAI_SMS_TOKEN", "demo")
CAME = threading.Condition()
PATIENCE = 30
# By the last three digits of a number: what is reported, one after the other.
ENDINGS = {
    "401": ["undeliverable"],
    "402": ["failed"],
    "403": ["delivered", "again"],
    "404": ["forged"],
    "405": ["undeliverable", "delivered"],  # told in the wrong order: it has arrived
    "406": [],
}
REPORTS: list[dict[str, object]] = []

HEAD = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>Pesan</title>'
    "<style>body{font:17px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit}article{border-top:1px solid #ccc}</style>"
)


def _load() -> dict[str, dict[str, str]]:
    return json.loads(STORE.read_text()) if STORE.exists() else {}


def _tell(url: str, key: str, to: str) -> None:
    """Report on a text; not understood or not reached, three times at most."""
    event, secret = "", callbacks.shared_secret(STORE.parent / "keys" / "messages.json")
    for told in ENDINGS.get(to[-3:], ["delivered"]):
        event = event if told == "again" else str(uuid.uuid4())
        outcome = told if told in ("failed", "undeliverable") else "delivered"
        report = {"event_id": event, "key": key, "outcome": outcome, "at": datetime.now(UTC).isoformat()}
        _post(url, json.dumps(report).encode(), secrets.token_bytes(32) if told == "forged" else secret)


def _post(url: str, body: bytes, secret: bytes) -> None:
    stamp = str(int(time.time()))
    signed = f"t={stamp},v1={callbacks.signature(secret, stamp, body)}"
    headers = {"X-Signature": signed, "Content-Type": "application/json"}
    for pause in (0, 1, 3):
        time.sleep(pause)
        try:
            with urllib.request.urlopen(  # noqa: S310
                urllib.request.Request(url, data=body, headers=headers),  # noqa: S310
                timeout=5,
            ) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            continue
        if status < 500:
            with CAME:
                REPORTS.append({"status": status, **json.loads(body)})
                CAME.notify_all()
            return


def _reports(query: str) -> list[dict[str, object]]:
    """What was reported, waited for if there must be more of it."""
    after = parse_qs(query).get("after")
    with CAME:
        if after:
            CAME.wait_for(lambda: len(REPORTS) > int(after[0]), PATIENCE)
        return list(REPORTS)


def _wanted(query: str) -> list[dict[str, str]]:
    """The texts that were asked for, waited for if there must be more of them."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}

    def of_number() -> list[dict[str, str]]:
        return [m for m in _load().values() if m["to"] == asked.get("to", m["to"])]

    if "after" in asked:
        with CAME:
            CAME.wait_for(lambda: len(of_number()) > int(asked["after"]), PATIENCE)
    return of_number()


class Handler(BaseHTTPRequestHandler):
    """The gateway."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _send(self, body: str, status: int = 200, kind: str = "application/json") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        """Show what was sent."""
        asked = urlsplit(self.path)
        if asked.path == "/reports.json":
            self._send(json.dumps(_reports(asked.query)))
            return
        messages = _wanted(asked.query)
        if asked.path == "/messages.json":
            self._send(json.dumps(messages))
            return
        rows = "".join(
            f"<article><h2>{html.escape(m['to'])}</h2><pre>{html.escape(m['text'])}</pre></article>"
            for m in reversed(messages)
        )
        self._send(f"{HEAD}<h1>Pesan yang dikirim Gerai</h1>{rows or '<p>Belum ada.</p>'}", kind="text/html")

    def do_POST(self) -> None:
        """Take a message."""
        key = self.headers.get("Idempotency-Key", "")
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {TOKEN}"):
            self._send('{"code": "unauthorized"}', 401)
            return
        try:
            told = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            to, text, url = str(told["to"]), str(told["text"]), str(told.get("callback_url", ""))
        except (ValueError, KeyError, TypeError):
            self._send('{"code": "malformed"}', 400)
            return
        if not key or self.path != "/messages":
            self._send('{"code": "malformed"}', 400)
            return
        if to.endswith("500"):
            self._send('{"code": "gateway_failure"}', 503)
            return
        with CAME:
            messages = _load()
            new = key not in messages
            messages.setdefault(key, {"to": to, "text": text})
            temporary = STORE.with_suffix(".new")
            temporary.write_text(json.dumps(messages))
            temporary.rename(STORE)
            CAME.notify_all()
        self._send('{"status": "sent"}', 201)
        if new and url:
            threading.Thread(target=_tell, args=(url, key, to), daemon=True).start()


def main() -> None:
    """Serve until ended."""
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
