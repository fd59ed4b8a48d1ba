"""A push service with its browsers to try Gerai with: an HTTP server on GERAI_PORT + 8, this machine only.

POST /browsers makes a browser with keys of its own and gives the subscription that its page would see (what
`PushSubscription.toJSON()` says). POST /push/ID takes a message as a real service does: it wants TTL, aes128gcm and a
VAPID signature, keeps the last of a topic, and opens it with the browser's keys. POST /browsers/ID with {"mood": ...}
sets what goes wrong from now on: gone (410), unknown (404), large (413), busy (429, Retry-After), down (503), slow
(no answer for 30 s), torn (no answer at all) or fine. GET /browsers/ID.json?after=N lists what it was told, as soon
as that is more than N; GET / shows all, makes a browser at the press of a button and says how to switch it on: a real
browser would subscribe at its maker's service and never here. Kept in memory: a restarted service has no
subscriptions, as 404 says.
"""

import html
import json
import os
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from gerai.integrations.push import receiving

PORT = int(os.environ.get("GERAI_PORT", "8000")) + 8
CAME = threading.Condition()
PATIENCE = 30
LARGEST = 4096
MOODS = {"gone": 410, "unknown": 404, "large": 413, "busy": 429, "down": 503}
NEVER = threading.Event()


@dataclass
class Browser:
    """One browser: its keys, its mood, and what it was shown."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes
    subscription: dict[str, Any]  # as its page would see it
    mood: str = "fine"
    messages: list[dict[str, Any]] = field(default_factory=list)


BROWSERS: dict[str, Browser] = {}
PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><title>Peramban uji</title>
<style>body {{font: 16px system-ui; margin: 2rem auto; max-width: 45rem; padding: 0 1rem}}
pre {{background: #f3f3f3; padding: 1rem; white-space: pre-wrap; word-break: break-all}}</style>
<h1>Peramban uji</h1><p>Layanan notifikasi untuk demo: peramban sungguhan memakai layanan pembuatnya.</p>
<form method="post" action="/browsers"><button>Buat peramban uji</button></form>{rows}</html>"""
ROW = """<h2>{name} ({mood})</h2>{told}<details{open}><summary>Nyalakan</summary>
<p>Masuk ke Gerai, buka <a href="{site}/saya/pesan/">pesan saya</a>, lalu jalankan ini di konsol halaman itu:</p>
<pre>{script}</pre></details>"""
# What the page's own script does with a subscription that its browser made.
SCRIPT = """document.getElementById("push_form").append(Object.assign(document.createElement("input"),
  {{type: "hidden", name: "subscription", value: {value}}}));
document.getElementById("push_form").submit();"""


def _row(name: str, browser: "Browser") -> str:
    value = json.dumps(json.dumps(browser.subscription))
    shown = "".join(
        f"<p><strong>{html.escape(m['title'])}</strong> → {html.escape(m['path'])}</p>"
        for m in browser.messages
    )
    return ROW.format(
        name=html.escape(name[:8]),
        mood=html.escape(browser.mood),
        told=shown or "<p>Belum ada pesan.</p>",
        open="" if shown else " open",
        site=f"http://127.0.0.1:{PORT - 8}",
        script=html.escape(SCRIPT.format(value=value)),
    )


class Handler(BaseHTTPRequestHandler):
    """The push service."""

    server: ThreadingHTTPServer

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _send(self, body: str, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        """Show what came."""
        asked = urlsplit(self.path)
        name = asked.path.removeprefix("/browsers/").removesuffix(".json")
        if asked.path == "/":
            rows = "".join(_row(one, browser) for one, browser in reversed(BROWSERS.items()))
            self._send(PAGE.format(rows=rows), kind="text/html")
            return
        browser = BROWSERS.get(name)
        if browser is None:
            self._send('{"code": "unknown"}', 404)
            return
        after = parse_qs(asked.query).get("after")
        if after:
            with CAME:
                CAME.wait_for(lambda: len(browser.messages) > int(after[0]), PATIENCE)
        self._send(json.dumps(browser.messages))

    def do_POST(self) -> None:
        """Make a browser, set its mood, or take a message."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        name = self.path.rsplit("/", 1)[-1]
        if self.path == "/browsers":
            self._make()
        elif name not in BROWSERS:
            self._send('{"code": "unknown"}', 404)
        elif self.path.startswith("/push/"):
            self._take(BROWSERS[name], body)
        else:
            BROWSERS[name].mood = str(json.loads(body)["mood"])
            self._send("{}")

    def _make(self) -> None:
        name = secrets.token_urlsafe(16)
        key, auth = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        keys = {"p256dh": receiving.text(receiving.point(key.public_key())), "auth": receiving.text(auth)}
        subscription = {"endpoint": f"{self._origin()}/push/{name}", "expirationTime": None, "keys": keys}
        BROWSERS[name] = Browser(key, auth, subscription)
        if self.headers.get("Content-Type") == "application/x-www-form-urlencoded":  # the button
            self._send("", 303, Location="/")
        else:
            self._send(json.dumps(subscription), 201)

    def _take(self, browser: Browser, body: bytes) -> None:
        if browser.mood == "torn":
            self.close_connection = True
            return
        if browser.mood == "slow":
            NEVER.wait(PATIENCE)
        if browser.mood in MOODS:
            self._send('{"code": "mood"}', MOODS[browser.mood], Retry_After="120")
            return
        signed_by = receiving.sender(self.headers.get("Authorization", ""), origin=self._origin())
        if signed_by is None:
            self._send('{"code": "vapid"}', 403)
            return
        ttl, topic = self.headers.get("TTL", ""), self.headers.get("Topic", "")
        coded = self.headers.get("Content-Encoding") == "aes128gcm"
        if not ttl.isdigit() or not coded or len(topic) > 32 or len(body) > LARGEST:
            self._send('{"code": "malformed"}', 413 if len(body) > LARGEST else 400)
            return
        plain = receiving.opened(body, key=browser.key, auth=browser.auth)
        told = {"title": "?", "path": "?"} if plain is None else json.loads(plain)
        told |= {"ttl": int(ttl), "urgency": self.headers.get("Urgency"), "topic": topic, "by": signed_by}
        with CAME:
            kept = [m for m in browser.messages if not topic or m["topic"] != topic]
            browser.messages = [*kept, told]
            CAME.notify_all()
        self._send("", 201, Location=f"{self._origin()}/m/{secrets.token_hex(8)}")


def serve(port: int) -> ThreadingHTTPServer:
    """A server that listens on this machine (0: on any free port); the caller runs it."""
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Serve until ended."""
    serve(PORT).serve_forever()


if __name__ == "__main__":
    main()
