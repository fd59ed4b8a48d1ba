"""An SMS and WhatsApp gateway to try Gerai with: a separate HTTP server on GERAI_PORT + 4, this machine only.

POST /messages keeps a text once per Idempotency-Key; numbers ending in 500 fail. GET / shows them, /messages.json lists.
"""

import html
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STORE = Path(os.environ.get("GERAI_DATA", ".")) / "sms-double.json"
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 4
LOCK = threading.Lock()


def _load() -> dict[str, dict[str, str]]:
    return json.loads(STORE.read_text()) if STORE.exists() else {}


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
        messages = list(_load().values())
        if self.path == "/messages.json":
            self._send(json.dumps(messages))
            return
        rows = "".join(f"<li><b>{html.escape(m['to'])}</b> {html.escape(m['text'])}</li>" for m in reversed(messages))
        self._send(f'<!doctype html><html lang="id"><title>SMS</title><h1>SMS</h1><ul>{rows}</ul></html>', kind="text/html")

    def do_POST(self) -> None:
        """Take a message."""
        told = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        if str(told.get("to", "")).endswith("500"):
            self._send('{"code": "gateway_failure"}', 503)
            return
        with LOCK:
            messages = _load()
            messages.setdefault(self.headers.get("Idempotency-Key", ""), {"to": told["to"], "text": told["text"]})
            temporary = STORE.with_suffix(".new")
            temporary.write_text(json.dumps(messages))
            temporary.rename(STORE)
        self._send('{"status": "sent"}', 201)


def main() -> None:
    """Serve until ended."""
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
