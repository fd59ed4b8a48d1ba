"""What all signers share: sealing a PDF by PAdES with pyHanko, and judging the signature in one. No keys."""

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from gerai.integrations.esign import asn1
from gerai.permits.ports import Checked

asn1.mend()
log = logging.getLogger(__name__)
FIELD = "Segel"
WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
# It warns at every signature that it may not fetch; that is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


def der(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as pyHanko takes it."""
    data = certificate.public_bytes(serialization.Encoding.DER)
    return next(iter(load_certs_from_pemder_data(data)))


def certificates(path: Path) -> list[asn1_x509.Certificate]:
    """The certificates of a PEM or DER file."""
    return list(load_certs_from_pemder_data(path.read_bytes()))


def roots(some: list[asn1_x509.Certificate]) -> list[asn1_x509.Certificate]:
    """Those that vouch for themselves: what is trusted."""
    return [one for one in some if one.self_signed in ("yes", "maybe")]


def seal(
    pdf: bytes,
    *,
    signer: Signer,
    stamper: TimeStamper,
    context: ValidationContext,
    long_term: bool,
    name: str,
    reason: str,
    place: str,
) -> bytes:
    """
    Seal the PDF: PAdES baseline B-LT (time stamp and revocation data inside), or B-T without revocation data.

    The signature certifies the document: any later change but validation data breaks it. Its field is
    invisible; what people see is printed by the template, tagged for screen readers.
    """
    told = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=place,
        name=name,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=long_term,
        validation_context=context,
    )
    hand = PdfSigner(told, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(FIELD))
    out = io.BytesIO()
    hand.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def check(pdf: bytes, context: Callable[[], ValidationContext]) -> Checked:
    """What the signature in a PDF is worth. A file that cannot be read counts as not signed."""
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except Exception as error:  # whatever people drop here must not bring the page down
        return Checked(False, False, False, detail=repr(error)[:300])
    if not found:
        return Checked(False, False, False)
    try:
        status = validate_pdf_signature(
            found[-1], signer_validation_context=context(), ts_validation_context=context()
        )
    except Exception as error:
        log.info("a signature could not be checked: %r", error)
        return Checked(True, False, False, detail=repr(error)[:300])
    stamp = status.timestamp_validity
    return Checked(
        signed=True,
        intact=bool(status.intact and status.valid and status.coverage in WHOLE and status.bottom_line),
        ours=bool(status.trusted),
        signer=_name(status.signing_cert.subject),
        signed_at=stamp.timestamp if stamp and stamp.intact and stamp.valid else None,
        detail=status.summary(),
    )


def _name(subject: Any) -> str:
    """Whom a certificate names: the common name, as people read it."""
    return str(subject.native.get("common_name") or subject.human_friendly)
