"""A payment provider to try Gerai with: a separate HTTP server with its own memory and its own failures.

`python -m gerai.integrations.payment.double` listens on GERAI_PORT + 3, on this machine only. The payer's page
has a button per way of misbehaving: twice, late (form field `delay`, seconds), forged, silent, or the wrong amount.
With GERAI_PAYMENT_KEY it answers the mall only to a bearer of that key; payers need none. Its front page sets what
is wrong with the files of a day and with QRIS payloads from now on. A charge is good for GERAI_PAYMENT_SECONDS (a day).
"""

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
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gerai.core import private
from gerai.integrations.payment import bank

DATA = Path(os.environ.get("GERAI_DATA", "."))
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 3
STORE = DATA / "payment-double.json"
FAULT = DATA / "payment-double-fault.txt"
GOOD_FOR = timedelta(seconds=int(os.environ.get("GERAI_PAYMENT_SECONDS", "86400")))
LOCK = threading.Lock()
KEY = os.environ.get("GERAI_PAYMENT_KEY", "")
MODES = {
    "normal": "Bayar dengan QRIS",
    "va": "Bayar lewat virtual account",
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
{body}</main></html>"""
CHARGE = """<p>Tagihan <strong>{number}</strong><br>Jumlah <strong>Rp{amount}</strong></p>
<p>Nomor virtual account<br><strong class="va">{va}</strong></p>"""


def _load() -> dict[str, Any]:
    return json.loads(STORE.read_text()) if STORE.exists() else {}


def _save(charges: dict[str, Any]) -> None:
    temporary = STORE.with_suffix(".new")
    temporary.write_text(json.dumps(charges))
    temporary.rename(STORE)


def _fault() -> str:
    return FAULT.read_text() if FAULT.exists() else ""


def _secret() -> bytes:
    """The secret shared with Gerai; whoever needs it first makes it."""
    path = DATA / "keys" / "payment.json"
    made = private.made_once(path, lambda: json.dumps({"secret": secrets.token_hex(32)}).encode())
    return bytes.fromhex(json.loads(made)["secret"])


def _heard(ref: str) -> None:
    """The word of this charge was taken once more."""
    with LOCK:
        charges = _load()
        charges[ref]["heard"] = charges[ref].get("heard", 0) + 1
        _save(charges)


def _call_back(charge: dict[str, Any], secret: bytes) -> None:
    told = ("event_id", "ref", "invoice_id", "amount", "status", "channel", "paid_at")
    body = json.dumps({k: charge[k] for k in told}).encode()
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
    """POST /charges, GET /charges/REF (JSON), /pay/REF (the payer's page), /statements/MALL/DAY.csv, / (faults)."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _send(self, body: str, status: int = 200, kind: str = "application/json") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _knows(self) -> bool:
        """Whether the mall asks; everybody else is sent away."""
        given = self.headers.get("Authorization", "")
        if not KEY or hmac.compare_digest(given.encode(), f"Bearer {KEY}".encode()):
            return True
        self._send('{"code": "unauthorized"}', 401)
        return False

    def do_GET(self) -> None:
        """Show or tell."""
        if self.path.startswith(("/statements/", "/charges/")) and not self._knows():
            return
        ref = urlsplit(self.path).path.rsplit("/", 1)[-1]
        if self.path.startswith("/statements/"):
            self._statement()
            return
        if not ref:
            self._front()
            return
        with LOCK:
            charge = _load().get(ref)
        if charge is None:
            self._send('{"code": "unknown"}', 404)
        elif self.path.startswith("/charges/"):
            self._send(json.dumps(charge))
        else:
            self._page(charge)

    def _statement(self) -> None:
        mall, name = urlsplit(self.path).path.split("/")[2:4]
        with LOCK:
            charges = list(_load().values())
        day = date.fromisoformat(name.removesuffix(".csv"))
        self._send(bank.statement(charges, mall, day, _fault()), kind="text/csv")

    def _front(self) -> None:
        now = _fault()
        choices = {"": "Semua benar", **bank.FAULTS}
        buttons = "".join(
            f'<button{" class=main" if key == now else ""} name="fault" value="{key}">{text}</button>'
            for key, text in choices.items()
        )
        self._send(PAGE.format(body=f'<form method="post" action="/">{buttons}</form>'), kind="text/html")

    def _page(self, charge: dict[str, Any]) -> None:
        if charge.get("paid_at"):
            body = (
                f'<p>Sudah dibayar.</p><p><a href="{html.escape(charge["back_url"])}">Kembali ke mal</a></p>'
            )
        else:
            qr, va, *odd = (f'<button name="mode" value="{m}">{t}</button>' for m, t in MODES.items())
            main = qr.replace("<button", '<button class="main"') + va
            trials = f"<details open><summary>Coba gangguan</summary>{''.join(odd)}</details>"
            body = f'<form method="post">{main}{trials}</form>'
            if bank.has_expired(charge, datetime.now(UTC)):
                body = f"<p>Sudah tidak berlaku. Uang yang terlambat tetap kami terima.</p>{body}"
        amount = f"{charge['amount']:,}".replace(",", ".")
        head = CHARGE.format(
            number=html.escape(charge["number"]), amount=amount, va=bank.account(charge["ref"])
        )
        self._send(PAGE.format(body=head + body), kind="text/html")

    def do_POST(self) -> None:
        """Make a charge, or pay one."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/charges":
            if self._knows():
                self._charge(json.loads(raw))
            return
        form = parse_qs(raw)
        if self.path == "/":
            wanted = form.get("fault", [""])[0]
            FAULT.write_text(wanted if wanted in bank.FAULTS else "")
            self.send_response(303)
            self.send_header("Location", "/")
            self.end_headers()
            return
        ref = urlsplit(self.path).path.rsplit("/", 1)[-1]
        mode, delay = form.get("mode", ["normal"])[0], float(form.get("delay", ["5"])[0])
        with LOCK:
            charges = _load()
            charge = charges.get(ref)
            if charge is None:
                self._send('{"code": "unknown"}', 404)
                return
            if mode == "va":
                charge["channel"] = "VA"
            if mode != "forged":
                charge["status"] = "paid"
                charge["paid_at"] = datetime.now(UTC).isoformat()
            if mode == "wrong":
                charge["amount"] -= 1000
            _save(charges)
        told = {"paid_at": datetime.now(UTC).isoformat(), **charge, "status": "paid"}
        threading.Thread(target=_tell, args=(told, mode, delay), daemon=True).start()
        self.send_response(303)
        self.send_header("Location", charge["back_url"])
        self.end_headers()

    def _charge(self, asked: dict[str, Any]) -> None:
        with LOCK:
            charges = _load()
            same = (asked["invoice_id"], asked.get("attempt", 0))
            for charge in charges.values():
                if (charge["invoice_id"], charge.get("attempt", 0)) == same:
                    break
            else:
                ref = uuid.uuid4().hex
                charge = {**asked, "ref": ref, "status": "open", "channel": "QRIS", "event_id": f"evt-{ref}",
                          "url": f"http://127.0.0.1:{PORT}/pay/{ref}",
                          "expires_at": (datetime.now(UTC) + GOOD_FOR).isoformat()}  # fmt: skip
                charge["account"], charge["qris"] = bank.account(ref), bank.payload(charge, _fault())
                charges[ref] = charge
                _save(charges)
        self._send(json.dumps({k: charge.get(k) for k in ("ref", "url", "qris", "account", "expires_at")}))


def main() -> None:
    """Serve until ended."""
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
