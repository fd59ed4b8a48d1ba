"""Signs PDFs with the mall's own key, PAdES B-LT, and checks them. A trial signature: `certified` is False."""

import io
import logging
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gerai.core import clock
from gerai.integrations.esign import asn1
from gerai.integrations.esign.pki import Identity, Pki, open_pki
from gerai.integrations.esign.timestamp import LocalTimeStamper
from gerai.permits.ports import Checked

asn1.mend()
log = logging.getLogger(__name__)
ORGANISATION = "Mal Pelayanan Publik"
FIELD = "Segel"
# It warns at every signature that it may not fetch; that is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


def folder() -> Path:
    """Where the keys lie."""
    return Path(settings.DATA) / "keys" / "pki"


def _der(certificate: x509.Certificate) -> asn1_x509.Certificate:
    data = certificate.public_bytes(serialization.Encoding.DER)
    return next(iter(load_certs_from_pemder_data(data)))


def _store(*identities: Identity) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    for identity in identities:
        store.register(_der(identity.certificate))
    return store


def _context(pki: Pki) -> ValidationContext:
    """Trust in our root and nothing else; revocation by our list; the network is never asked."""
    crl = asn1_crl.CertificateList.load(pki.crl.public_bytes(serialization.Encoding.DER))
    return ValidationContext(
        trust_roots=[_der(pki.root.certificate)],
        crls=[crl],
        allow_fetching=False,
        revocation_mode="require",
        other_certs=[_der(pki.seal.certificate), _der(pki.tsa.certificate)],
    )


class SoftwareSigner:
    """The signer behind `permits.ports.Signer` until a certified service is configured."""

    certified = False

    def __init__(self) -> None:
        self.pki = open_pki(folder(), ORGANISATION, clock.now())

    def sign(self, pdf: bytes, *, reason: str, place: str) -> bytes:
        """
        Seal the PDF: PAdES baseline B-LT (time stamp and revocation data inside).

        The signature certifies the document: any later change but validation data breaks it. Its field is
        invisible; what people see is printed by the template, tagged for screen readers.
        """
        pki = self.pki
        key = pki.seal.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = SimpleSigner(
            signing_cert=_der(pki.seal.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=_store(pki.root, pki.seal),
        )
        told = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            location=place,
            name=ORGANISATION,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            embed_validation_info=True,
            validation_context=_context(pki),
        )
        stamper = LocalTimeStamper(pki.tsa, [_der(pki.root.certificate)])
        hand = PdfSigner(told, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(FIELD))
        out = io.BytesIO()
        hand.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
        return out.getvalue()

    def check(self, pdf: bytes) -> Checked:
        """What the signature in a PDF is worth. A file that cannot be read counts as not signed."""
        try:
            found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        except Exception as error:  # whatever people drop here must not bring the page down
            return Checked(False, False, False, detail=repr(error)[:300])
        if not found:
            return Checked(False, False, False)
        try:
            context = _context(self.pki)
            status = validate_pdf_signature(
                found[-1], signer_validation_context=context, ts_validation_context=_context(self.pki)
            )
        except Exception as error:
            log.info("a signature could not be checked: %r", error)
            return Checked(True, False, False, detail=repr(error)[:300])
        whole = status.coverage in (
            SignatureCoverageLevel.ENTIRE_FILE,
            SignatureCoverageLevel.ENTIRE_REVISION,
        )
        stamp = status.timestamp_validity
        return Checked(
            signed=True,
            intact=bool(status.intact and status.valid and whole and status.bottom_line),
            ours=bool(status.trusted),
            signer=status.signing_cert.subject.human_friendly,
            signed_at=stamp.timestamp if stamp and stamp.intact and stamp.valid else None,
            detail=status.summary(),
        )
