"""A mail catcher: SMTP on GERAI_PORT + 2, its messages to read on GERAI_PORT + 1, on this machine only.

/messages.json?to=ADDRESS&after=N answers as soon as that address has had more than N messages (or after 30 s).
"""

import email
import functools
import html
import json
import os
import re
import threading
import time
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

FOLDER = Path(os.environ.get("GERAI_DATA", ".")) / "mailbox"
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 1
CAME = threading.Condition()
PATIENCE = 30
SHOWN = 200

HEAD = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>Surat</title>'
    "<style>body{font:17px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit}article{border-top:1px solid #ccc}</style>"
)


def _linked(text: str) -> str:
    """The text for a page, its addresses to click on."""
    return re.sub(r"(https?://[^\s<>&\"']+)", r'<a href="\1">\1</a>', html.escape(text))


class Catch:
    """Keeps every message as a file."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a message."""
        kept = FOLDER / f"{time.time_ns()}.eml"
        coming = kept.with_suffix(".part")  # not an .eml: who reads meanwhile must not find half of it
        coming.write_bytes(envelope.content)
        with CAME:
            coming.rename(kept)
            CAME.notify_all()
        return "250 kept"


def _wanted(query: str) -> list[dict[str, str]]:
    """The messages that were asked for, waited for if there must be more of them."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}

    def of_address() -> list[dict[str, str]]:
        return [m for m in _messages() if m["to"] == asked.get("to", m["to"])]

    if "after" in asked:
        with CAME:
            CAME.wait_for(lambda: len(of_address()) > int(asked["after"]), PATIENCE)
    return of_address()


def _messages() -> list[dict[str, str]]:
    return [_read(path) for path in sorted(FOLDER.glob("*.eml"), reverse=True)]


@functools.cache  # a message kept never changes
def _read(path: Path) -> dict[str, str]:
    message: Message = email.message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "date": str(message["Date"]),
        "text": body.get_content() if body else "",
    }


class Handler(BaseHTTPRequestHandler):
    """The reading page."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """Show or list."""
        asked = urlsplit(self.path)
        messages = _wanted(asked.query)
        if asked.path == "/messages.json":
            data, kind = json.dumps(messages).encode(), "application/json"
        else:
            rows = "".join(
                f"<article><h2>{html.escape(m['subject'])}</h2>"
                f"<p>{html.escape(m['to'])} · {html.escape(m['date'])}</p>"
                f"<pre>{_linked(m['text'])}</pre></article>"
                for m in messages[:SHOWN]
            )
            data, kind = (
                f"{HEAD}<h1>Surat yang dikirim Gerai</h1>{rows or '<p>Belum ada.</p>'}".encode(),
                "text/html",
            )
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    """Serve until ended."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    Controller(Catch(), hostname="127.0.0.1", port=PORT + 1).start()
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
