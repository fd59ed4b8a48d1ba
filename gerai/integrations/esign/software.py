"""Signs PDFs with the mall's own key, PAdES B-LT, and checks them. A trial signature: `certified` is False."""

from datetime import datetime
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.sign import SimpleSigner
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gerai.core import clock
from gerai.integrations.esign import pades
from gerai.integrations.esign.pki import Identity, Pki, open_pki
from gerai.integrations.esign.timestamp import LocalTimeStamper
from gerai.permits.ports import Checked, Official

ORGANISATION = "Mal Pelayanan Publik"


def folder() -> Path:
    """Where the keys lie."""
    return Path(settings.DATA) / "keys" / "pki"


def own_pki() -> Pki:
    """The certificates of this installation."""
    return open_pki(folder(), ORGANISATION, clock.now())


def own_stamper(pki: Pki) -> LocalTimeStamper:
    """The time stamps of this installation's own clock."""
    return LocalTimeStamper(pki.tsa, [pades.der(pki.root.certificate)])


def _store(*identities: Identity) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    for identity in identities:
        store.register(pades.der(identity.certificate))
    return store


def _context(pki: Pki) -> ValidationContext:
    """Trust in our root and nothing else; revocation by our list; the network is never asked."""
    crl = asn1_crl.CertificateList.load(pki.crl.public_bytes(serialization.Encoding.DER))
    return ValidationContext(
        trust_roots=[pades.der(pki.root.certificate)],
        crls=[crl],
        allow_fetching=False,
        revocation_mode="require",
        other_certs=[pades.der(pki.seal.certificate), pades.der(pki.tsa.certificate)],
    )


class SoftwareSigner:
    """The signer behind `permits.ports.Signer` until another one is configured."""

    certified = False
    asks_passphrase = False

    def __init__(self) -> None:
        self.pki = own_pki()

    def ready(self, official: Official) -> None:
        """Nothing of the official's is needed."""

    def sign(self, pdf: bytes, *, reason: str, place: str, official: Official | None = None) -> bytes:
        """Seal the PDF with the mall's key, whoever decided."""
        pki = self.pki
        key = pki.seal.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = SimpleSigner(
            signing_cert=pades.der(pki.seal.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=_store(pki.root, pki.seal),
        )
        return pades.seal(
            pdf,
            signer=signer,
            stamper=own_stamper(pki),
            context=_context(pki),
            long_term=True,
            name=ORGANISATION,
            reason=reason,
            place=place,
        )

    def check(self, pdf: bytes, *, kept_at: datetime | None = None) -> Checked:
        """What the signature in a PDF is worth. Our certificates outlive every permit: `kept_at` is not needed."""
        return pades.check(pdf, lambda: _context(self.pki))
