"""A payment provider to try Gerai with: a separate HTTP server with its own memory and its own failures.

`python -m gerai.integrations.payment.double` listens on GERAI_PORT + 3, on this machine only. The payer's page
has a button per way of misbehaving: twice, late (form field `delay`, seconds), forged, silent, or the wrong amount.
"""

import contextlib
import hashlib
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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATA = Path(os.environ.get("GERAI_DATA", "."))
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 3
STORE = DATA / "payment-double.json"
LOCK = threading.Lock()
MODES = {
    "normal": "Bayar dengan QRIS",
    "twice": "Bayar, kabar dikirim dua kali",
    "late": "Bayar, kabar terlambat 5 detik",
    "forged": "Kabar palsu (tanda tangan salah)",
    "silent": "Bayar, kabar hilang",
    "wrong": "Bayar kurang seribu rupiah",
}
PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bank Uji</title><style>body{{font:18px/1.5 system-ui;max-width:30rem;margin:2rem auto;padding:0 1rem}}
button{{display:block;width:100%;padding:1rem;margin:.5rem 0;font:inherit;border:1px solid #555;border-radius:10px}}
.main{{background:#0b5c63;color:#fff}}.va{{font-size:1.4rem;letter-spacing:.1em}}
</style><main><h1>Bank Uji</h1><p>Bukan bank sungguhan. Uang tidak berpindah.</p>
<p>Tagihan <strong>{number}</strong><br>Jumlah <strong>Rp{amount}</strong></p>
<p>Nomor virtual account<br><strong class="va">{va}</strong></p>{body}</main></html>"""


def _load() -> dict[str, Any]:
    return json.loads(STORE.read_text()) if STORE.exists() else {}


def _save(charges: dict[str, Any]) -> None:
    temporary = STORE.with_suffix(".new")
    temporary.write_text(json.dumps(charges))
    temporary.rename(STORE)


def _secret() -> bytes:
    """The secret shared with Gerai; whoever needs it first makes it."""
    path = DATA / "keys" / "payment.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps({"secret": secrets.token_hex(32)}))
        temporary.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return bytes.fromhex(json.loads(path.read_text())["secret"])


def _heard(ref: str) -> None:
    """The word of this charge was taken once more."""
    with LOCK:
        charges = _load()
        charges[ref]["heard"] = charges[ref].get("heard", 0) + 1
        _save(charges)


def _call_back(charge: dict[str, Any], secret: bytes) -> None:
    body = json.dumps(
        {k: charge[k] for k in ("event_id", "ref", "invoice_id", "amount", "status", "channel")}
    ).encode()
    stamp = str(int(time.time()))
    made = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(  # noqa: S310
        charge["callback_url"],
        data=body,
        headers={"X-Signature": f"t={stamp},v1={made}", "Content-Type": "application/json"},
    )
    for pause in (0, 1, 3, 9):
        time.sleep(pause)
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                _heard(charge["ref"])
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            continue


def _tell(charge: dict[str, Any], mode: str, delay: float) -> None:
    if mode == "silent":
        return
    if mode == "late":
        time.sleep(delay)
    _call_back(charge, b"not the secret" if mode == "forged" else _secret())
    if mode == "twice":
        _call_back(charge, _secret())


class Handler(BaseHTTPRequestHandler):
    """POST /charges, GET /charges/REF (JSON), GET and POST /pay/REF (the payer's page)."""

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
        """Show or tell."""
        ref = urlsplit(self.path).path.rsplit("/", 1)[-1]
        with LOCK:
            charge = _load().get(ref)
        if charge is None:
            self._send('{"code": "unknown"}', 404)
        elif self.path.startswith("/charges/"):
            self._send(json.dumps(charge))
        else:
            self._page(charge)

    def _page(self, charge: dict[str, Any]) -> None:
        if charge["status"] == "paid":
            body = (
                f'<p>Sudah dibayar.</p><p><a href="{html.escape(charge["back_url"])}">Kembali ke mal</a></p>'
            )
        else:
            normal, *odd = (f'<button name="mode" value="{m}">{t}</button>' for m, t in MODES.items())
            main = normal.replace("<button", '<button class="main"')
            trials = f"<details open><summary>Coba gangguan</summary>{''.join(odd)}</details>"
            body = f'<form method="post">{main}{trials}</form>'
        amount = f"{charge['amount']:,}".replace(",", ".")
        number, va = html.escape(charge["number"]), f"8808{int(charge['ref'][:10], 16) % 10**12:012d}"
        self._send(PAGE.format(number=number, amount=amount, va=va, body=body), kind="text/html")

    def do_POST(self) -> None:
        """Make a charge, or pay one."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/charges":
            self._charge(json.loads(raw))
            return
        ref = urlsplit(self.path).path.rsplit("/", 1)[-1]
        form = parse_qs(raw)
        mode, delay = form.get("mode", ["normal"])[0], float(form.get("delay", ["5"])[0])
        with LOCK:
            charges = _load()
            charge = charges.get(ref)
            if charge is None:
                self._send('{"code": "unknown"}', 404)
                return
            if mode != "forged":
                charge["status"] = "paid"
            if mode == "wrong":
                charge["amount"] -= 1000
            _save(charges)
        threading.Thread(target=_tell, args=({**charge, "status": "paid"}, mode, delay), daemon=True).start()
        self.send_response(303)
        self.send_header("Location", charge["back_url"])
        self.end_headers()

    def _charge(self, asked: dict[str, Any]) -> None:
        with LOCK:
            charges = _load()
            for charge in charges.values():
                if charge["invoice_id"] == asked["invoice_id"]:
                    break
            else:
                ref = uuid.uuid4().hex
                charge = {**asked, "ref": ref, "status": "open", "channel": "QRIS", "event_id": f"evt-{ref}",
                          "url": f"http://127.0.0.1:{PORT}/pay/{ref}"}  # fmt: skip
                charges[ref] = charge
                _save(charges)
        self._send(json.dumps({"ref": charge["ref"], "url": charge["url"]}))


def main() -> None:
    """Serve until ended."""
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
