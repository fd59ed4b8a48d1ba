"""An SMS and WhatsApp gateway to try Gerai with: a separate HTTP server on GERAI_PORT + 4, this machine only.

POST /messages (with the bearer token GERAI_SMS_TOKEN) keeps a text once per Idempotency-Key; numbers ending
in 500 fail. GET / shows the texts, /messages.json lists them; /messages.json?to=NUMBER&after=N answers as soon as
that number has had more than N of them (or after 30 s). Kept in GERAI_DATA, so they survive a restart.
"""

import hmac
import html
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

STORE = Path(os.environ.get("GERAI_DATA", ".")) / "sms-double.json"
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 4
TOKEN = os.environ.get("GERAI_SMS_TOKEN", "demo")
CAME = threading.Condition()
PATIENCE = 30

HEAD = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>Pesan</title>'
    "<style>body{font:17px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit}article{border-top:1px solid #ccc}</style>"
)


def _load() -> dict[str, dict[str, str]]:
    return json.loads(STORE.read_text()) if STORE.exists() else {}


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
            to, text = str(told["to"]), str(told["text"])
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
            messages.setdefault(key, {"to": to, "text": text})
            temporary = STORE.with_suffix(".new")
            temporary.write_text(json.dumps(messages))
            temporary.rename(STORE)
            CAME.notify_all()
        self._send('{"status": "sent"}', 201)


def main() -> None:
    """Serve until ended."""
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
