"""A paper to sign, a root of somebody else's, and judges that are not ours: pyHanko and poppler."""

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from gerai.core import clock
from gerai.integrations.esign import pades, pki
from gerai.integrations.esign.tests.service import national, service  # noqa: F401
from gerai.permits import paper

CONTENT = {
    "number": "0001/UJI/2026", "mall": "Mal Uji", "city": "Bengkulu", "address": "", "agency": {"id": "Dinas Uji"},
    "service": {"id": "Izin uji"}, "application": "1771-2026-000001", "holder": "Sari", "decided_on": "2026-11-23",
    "decided_name": "Kepala", "decided_title": "Pejabat", "deemed": "", "law": [], "demo": True, "kind": "permit",
    "title": {"id": "Izin Uji"}, "rows": [], "valid_until": None,
}  # fmt: skip


@pytest.fixture(scope="session")
def plain() -> bytes:
    """A permit, not signed yet."""
    return paper.render(CONTENT, link="http://127.0.0.1:8000/cek/abcdefghijklmnopqrstuvwx/", certified=False)


def judged(pdf: bytes, *roots: x509.Certificate) -> bool:
    """Whether pyHanko by itself finds a good signature under these roots."""
    context = ValidationContext(trust_roots=[pades.der(root) for root in roots], allow_fetching=False)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return bool(validate_pdf_signature(signature, context, context).bottom_line)


def poppler(pdf: bytes, folder: Path) -> str:
    """What pdfsig says."""
    (folder / "s.pdf").write_bytes(pdf)
    return subprocess.run(["pdfsig", folder / "s.pdf"], capture_output=True, text=True).stdout


class Authority:
    """A provider of certificates: a root, certificates under it, a revocation list."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        pki.make(folder, name, clock.now())
        self.root = pki.load(folder, "root")

    def certificate(self, key: ec.EllipticCurvePublicKey, common: str) -> x509.Certificate:
        """For a key that only its owner has."""
        now = clock.now()
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
             "encipher_only", "decipher_only"), False)  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(pki.subject(self.name, common))
            .issuer_name(self.root.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(
                x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .sign(self.root.key, hashes.SHA256())
        )

    def file(self) -> str:
        """The root as the setting names it."""
        return str(self.folder / "root.pem")

    def revoked(self, *some: x509.Certificate) -> str:
        """A fresh revocation list with these on it, as a file."""
        now = clock.now()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=7))
        )
        for one in some:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(one.serial_number)
                .revocation_date(now - timedelta(minutes=30))
                .build()
            )
        path = self.folder / f"list-{len(some)}.crl"
        path.write_bytes(
            builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        )
        return str(path)
