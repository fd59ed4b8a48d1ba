"""The civil registry and the licensing system to try Gerai with: a separate HTTP server with its own failures.

`python -m gerai.integrations.registers.double` listens on GERAI_PORT + 6, on this machine only. Its front page
sets what is wrong with its answers from now on; it keeps no record of whom it was asked about.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gerai.integrations.registers import people

PORT = int(os.environ.get("GERAI_PORT", "8000")) + 6
FAULT = Path(os.environ.get("GERAI_DATA", ".")) / "registers-double-fault.txt"
TOKEN = os.environ.get("GERAI_REGISTERS_TOKEN", "demo")
SLOW = 6.0  # seconds
PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kependudukan dan OSS Uji</title><style>body{{font:18px/1.5 system-ui;max-width:30rem;margin:2rem auto;
padding:0 1rem}}button{{display:block;width:100%;padding:1rem;margin:.5rem 0;font:inherit;border:1px solid #555;
border-radius:10px}}.main{{background:#0b5c63;color:#fff}}</style><main><h1>Kependudukan dan OSS Uji</h1>
<p>Bukan data sungguhan. Hanya orang dan usaha demo yang dikenal.</p><form method="post">{buttons}</form>
<h2>Usaha demo</h2><ul>{businesses}</ul></main></html>"""


def _fault() -> str:
    return FAULT.read_text() if FAULT.exists() else ""


class Handler(BaseHTTPRequestHandler):
    """GET /people and /businesses (JSON; the number in X-Subject), / (faults)."""

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
        """Answer, or fail as the front page says."""
        path = urlsplit(self.path).path
        if path == "/":
            self._front()
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send('{"code": "unauthorised"}', 401)
            return
        answer = {"/people": people.civil, "/businesses": people.business}.get(path)
        if answer is None:
            self._send('{"code": "no_such_register"}', 404)
            return
        fault = _fault()
        if fault == "slow":
            time.sleep(SLOW)
        if fault == "down":
            self._send('{"code": "unavailable"}', 503)
        elif fault == "broken":
            self._send("<html>Maaf, sistem sibuk</html>")
        elif found := answer(self.headers.get("X-Subject", ""), fault):
            self._send(json.dumps(found))
        else:
            self._send('{"code": "unknown"}', 404)

    def _front(self) -> None:
        now = _fault()
        choices = {"": "Semua benar", **people.FAULTS}
        buttons = "".join(
            f'<button{" class=main" if key == now else ""} name="fault" value="{key}">{text}</button>'
            for key, text in choices.items()
        )
        listed = "".join(f"<li>{nib}: {one['name']}</li>" for nib, one in people.BUSINESSES.items())
        self._send(PAGE.format(buttons=buttons, businesses=listed), kind="text/html")

    def do_POST(self) -> None:
        """Choose what is wrong from now on."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        wanted = parse_qs(raw).get("fault", [""])[0]
        FAULT.write_text(wanted if wanted in people.FAULTS else "")
        self.send_response(303)
        self.send_header("Location", "/")
        self.end_headers()


def main() -> None:
    """Serve until ended; say so once it listens."""
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
