"""The national e-signature service to try Gerai with: a separate HTTP server with its own authority and failures.

`python -m gerai.integrations.esign.double` listens on GERAI_PORT + 7, on this machine only. Everybody of the demo has
a certificate there, under a root that nobody outside knows. It keeps no passphrase and no document.
"""

import contextlib
import io
import json
import os
import re
import sys
import threading
import time
from base64 import b64encode
from datetime import timedelta
from email import message_from_bytes
from email.policy import HTTP
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gerai.core import clock
from gerai.integrations.esign import pades
from gerai.integrations.esign.pki import Identity, certificate, load, make, subject
from gerai.integrations.esign.timestamp import LocalTimeStamper
from gerai.integrations.registers.people import PEOPLE

PORT = int(os.environ.get("GERAI_PORT", "8000")) + 7
FOLDER = Path(os.environ.get("GERAI_DATA", ".")) / "national-double"
FAULT = FOLDER / "fault.txt"
LOGIN = "Basic " + b64encode(b"demo:demo").decode()
ORGANISATION = "Layanan Tanda Tangan Uji"
PASSPHRASE = "tanda-tangan-uji"  # noqa: S105 - everybody's at this double, and shown on its page
SLOW = 6.0  # seconds
FAULTS = {
    "slow": "Lambat: menandatangani dulu, menjawab setelah 6 detik",
    "down": "Mati: menjawab 503",
    "passphrase": "Frasa sandi selalu salah",
    "expired": "Sertifikat habis masa berlakunya",
    "late": "Ditandatangani dengan sertifikat yang sudah habis",
    "quota": "Kuota habis",
    "garbage": "Jawaban rusak: bukan PDF",
    "cut": "PDF terpotong",
    "twice": "Ditandatangani dua kali",
    "changed": "Isi PDF diubah sebelum ditandatangani",
    "other": "Ditandatangani orang lain",
    "stranger": "Ditandatangani di bawah akar lain",
    "unsigned": "Dikembalikan tanpa tanda tangan",
}
PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Layanan Tanda Tangan Uji</title><style>body{{font:18px/1.5 system-ui;max-width:30rem;margin:2rem auto;
padding:0 1rem}}button{{display:block;width:100%;padding:1rem;margin:.5rem 0;font:inherit;border:1px solid #555;
border-radius:10px}}.main{{background:#0b5c63;color:#fff}}</style><main><h1>Layanan Tanda Tangan Uji</h1>
<p>Bukan tanda tangan tersertifikasi. Frasa sandi semua orang: <strong>{passphrase}</strong></p>
<form method="post">{buttons}</form></main></html>"""
_making = threading.Lock()


def _fault() -> str:
    return FAULT.read_text() if FAULT.exists() else ""


def authority(name: str = "") -> tuple[Identity, Identity]:
    """Root and time stamps, made once; `name` for another authority."""
    folder = FOLDER / name if name else FOLDER
    with _making:
        if not (folder / "root.pem").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder, f"{ORGANISATION} {name}".strip(), clock.now())
    return load(folder, "root"), load(folder, "tsa")


@lru_cache(maxsize=64)
def person(name: str, root_of: str = "", late: bool = False) -> Identity:
    """Somebody's certificate, under the root of that name."""
    now = clock.now()
    return certificate(
        subject=subject(ORGANISATION, name.upper()),
        key=ec.generate_private_key(ec.SECP256R1()),
        issuer=authority(root_of)[0],
        purpose="seal",
        begin=now - timedelta(days=400 if late else 1),
        end=now - timedelta(days=35) if late else now + timedelta(days=365),
    )


def signed(pdf: bytes, hand: Identity, field: str = "TandaTangan", root_of: str = "") -> bytes:
    """The PDF with an invisible signature and a time stamp (PAdES B-T)."""
    root, tsa = authority(root_of)
    store = SimpleCertificateStore()
    store.register_multiple([pades.der(hand.certificate), pades.der(root.certificate)])
    key = hand.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=pades.der(hand.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    told = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    stamper = LocalTimeStamper(tsa, [pades.der(root.certificate)])
    out = io.BytesIO()
    PdfSigner(told, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(field)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
    )
    return out.getvalue()


def changed(pdf: bytes) -> bytes:
    """The PDF with words added to its first page, as a dishonest service would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    more = generic.StreamObject(stream_data=b"BT /F1 40 Tf 60 400 Td (BERLAKU SELAMANYA) Tj ET")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(more)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def answer(pdf: bytes, name: str, fault: str) -> bytes:
    """What the service gives back when it says yes."""
    if fault == "changed":
        pdf = changed(pdf)
    if fault == "unsigned":
        return pdf
    if fault == "stranger":
        return signed(pdf, person(name, "lain"), root_of="lain")
    hand = person("Orang Lain" if fault == "other" else name, late=fault == "late")
    made = signed(pdf, hand)
    if fault == "twice":
        made = signed(made, hand, "TandaTangan2")
    return made[: len(made) * 9 // 10] if fault == "cut" else made


class Handler(BaseHTTPRequestHandler):
    """GET /api/user/status/NIK, POST /api/sign/pdf, POST /tsa (time stamps), / (faults)."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _send(self, body: bytes, status: int = 200, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # whoever asked has not waited
            self.wfile.write(body)

    def _say(self, code: int, **told: object) -> None:
        self._send(json.dumps(told).encode(), code)

    def _let_in(self) -> bool:
        if self.headers.get("Authorization") == LOGIN:
            return True
        self._say(401, error="Unauthorized")
        return False

    def do_GET(self) -> None:
        """The front page, or how somebody's certificate stands."""
        path = urlsplit(self.path).path
        asked = re.fullmatch(r"/api/user/status/(\d{16})", path)
        if path == "/":
            self._front()
        elif asked is None:
            self._say(404, error="Not Found")
        elif self._let_in():
            self._stands(asked[1])

    def _stands(self, nik: str) -> None:
        fault = _fault()
        if fault == "down":
            self._say(503, error="Service Unavailable")
        elif nik not in PEOPLE:
            self._say(200, status_code=1110, status="NOT_REGISTERED", message="User tidak terdaftar")
        elif fault == "expired":
            self._say(200, status_code=1113, status="EXPIRED", message="Masa berlaku sertifikat habis")
        else:
            self._say(200, status_code=1111, status="ISSUE", message="User memiliki sertifikat aktif")

    def _front(self) -> None:
        now = _fault()
        buttons = "".join(
            f'<button{" class=main" if key == now else ""} name="fault" value="{key}">{text}</button>'
            for key, text in {"": "Semua benar", **FAULTS}.items()
        )
        shown = PAGE.format(buttons=buttons, passphrase=PASSPHRASE)
        self._send(shown.encode(), kind="text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Sign, stamp, or choose what is wrong from now on."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        if path == "/":
            wanted = parse_qs(raw.decode()).get("fault", [""])[0]
            FAULT.write_text(wanted if wanted in FAULTS else "")
            self.send_response(303)
            self.send_header("Location", "/")
            self.end_headers()
        elif path == "/tsa":
            root, tsa = authority()
            stamper = LocalTimeStamper(tsa, [pades.der(root.certificate)])
            self._send(
                stamper.response(tsp.TimeStampReq.load(raw)).dump(), kind="application/timestamp-reply"
            )
        elif path != "/api/sign/pdf":
            self._say(404, error="Not Found")
        elif self._let_in():
            self._sign(raw)

    def _sign(self, raw: bytes) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in message_from_bytes(head + raw, policy=HTTP).iter_parts()
        }
        given = {name: value for name, value in parts.items() if isinstance(value, bytes)}
        pdf, nik, passphrase = given.get("file", b""), given.get("nik", b"").decode(), given.get("passphrase")
        fault = _fault()
        if fault == "down":
            self._say(503, error="Service Unavailable")
        elif nik not in PEOPLE:
            self._say(400, status_code=2011, error="User tidak terdaftar")
        elif passphrase != PASSPHRASE.encode() or fault == "passphrase":
            self._say(400, status_code=2031, error="Proses signing gagal : Passphrase anda salah")
        elif fault == "expired":
            self._say(400, status_code=2099, error="Sertifikat telah expired")
        elif fault == "quota":
            self._say(400, status_code=2098, error="Kuota tanda tangan habis")
        elif fault == "garbage":
            self._send(b"<html>Maaf, sistem sibuk</html>", kind="text/html")
        else:
            made = answer(pdf, PEOPLE[nik], fault)
            if fault == "slow":
                time.sleep(SLOW)
            self._send(made, kind="application/pdf")


def main() -> None:
    """Serve until ended; say so once it listens."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    authority()
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
