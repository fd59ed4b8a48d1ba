"""The national e-signature service: an official signs with NIK and passphrase, in the city's own network.

What comes back is believed only as far as it is examined here, before it is kept.
"""

import io
import logging
import re
from datetime import datetime
from pathlib import Path

import httpx
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from gerai.accounts.comparing import same_name
from gerai.integrations.esign import pades
from gerai.integrations.esign.unchanged import is_unchanged
from gerai.permits.ports import (
    CertificateNotActive,
    Checked,
    NotEnrolled,
    Official,
    PassphraseWrong,
    QuotaSpent,
    SignerDown,
    SignerFailed,
    SignerRefused,
    WrongCertificate,
    WrongFileReturned,
)

# It writes every address that was asked, and one of them holds a NIK.
logging.getLogger("httpx").setLevel(logging.WARNING)
log = logging.getLogger(__name__)
STATUS_TIMEOUT = 3.0  # somebody waits for a page
LARGEST = 20 * 1024 * 1024
CODES: dict[object, type[SignerFailed]] = {2011: NotEnrolled, 2031: PassphraseWrong}
# Where the code is unknown the words tell. The service speaks Indonesian, its libraries English.
WORDS: list[tuple[str, type[SignerFailed]]] = [
    (r"passphrase", PassphraseWrong),
    (r"kuota|quota", QuotaSpent),
    (r"tidak terdaftar|not registered|belum terdaftar", NotEnrolled),
    (r"kedaluwarsa|kadaluarsa|expired?|dicabut|revoked?|suspend|tidak aktif", CertificateNotActive),
]
WHOLE_NIK = re.compile(r"\d{16}")


def _meaning(answer: httpx.Response) -> type[SignerFailed]:
    """What the service means by saying no."""
    try:
        told = answer.json()
    except ValueError:
        return SignerDown
    if not isinstance(told, dict):
        return SignerDown
    said = str(told.get("error") or told.get("message") or "").casefold()
    by_words = next((meant for words, meant in WORDS if re.search(words, said)), SignerRefused)
    return CODES.get(told.get("status_code"), by_words)


def belongs_to(certificate: asn1_x509.Certificate, official: Official) -> bool:
    """Whether a certificate is the official's: by the NIK in it if there is one, else by the name."""
    subject = certificate.subject.native
    numbers = [str(subject.get(name, "")) for name in ("serial_number", "user_id")]
    niks = [found[0] for number in numbers if (found := WHOLE_NIK.search(number))]
    if niks:
        return niks == [official.nik] * len(niks)
    return same_name(str(subject.get("common_name", "")), official.name)


class NationalSigner:
    """The signer behind `permits.ports.Signer` at the national service (settings NATIONAL_...)."""

    asks_passphrase = True

    def __init__(self) -> None:
        self.certified: bool = settings.NATIONAL_CERTIFIED

    def _client(self, timeout: float) -> httpx.Client:
        # trust_env=False: a proxy for the internet is no way to a service in the city's own network.
        auth = (settings.NATIONAL_USER, settings.NATIONAL_PASSWORD)
        return httpx.Client(base_url=settings.NATIONAL_URL, auth=auth, timeout=timeout, trust_env=False)

    def _context(self, moment: datetime | None = None) -> ValidationContext:
        """Trust in the configured roots; what revocation data the file carries itself is looked at."""
        known = pades.certificates(Path(settings.NATIONAL_ROOT))
        return ValidationContext(
            trust_roots=pades.roots(known),
            other_certs=known,
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=moment,
        )

    def ready(self, official: Official) -> None:
        """
        Ask whether the official's certificate is in order, before anything is decided.

        :raises SignerFailed: with what is not
        """
        try:
            with self._client(STATUS_TIMEOUT) as client:
                answer = client.get(f"/api/user/status/{official.nik}")
            told = answer.json() if answer.is_success else None
            if answer.is_server_error:
                raise SignerDown
        except (httpx.HTTPError, ValueError) as error:
            raise SignerDown from error
        if not isinstance(told, dict):
            raise _meaning(answer)
        if told.get("status") == "ISSUE":
            return
        missing = told.get("status") in ("NOT_REGISTERED", None) or told.get("status_code") == 2011
        raise NotEnrolled if missing else CertificateNotActive

    def sign(self, pdf: bytes, *, reason: str, place: str, official: Official | None = None) -> bytes:
        """
        Have the official's service sign; what it gives is examined.

        :raises SignerFailed: with what went wrong; nothing is kept then
        """
        if official is None:  # no job can do this
            raise PassphraseWrong
        told = {
            "nik": official.nik,
            "passphrase": official.passphrase,
            "tampilan": "invisible",
            "reason": reason,
            "location": place,
        }
        files = {"file": ("naskah.pdf", pdf, "application/pdf")}
        try:
            with self._client(settings.NATIONAL_TIMEOUT) as client:
                answer = client.post("/api/sign/pdf", data=told, files=files)
        except httpx.HTTPError as error:
            raise SignerDown from error
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise SignerRefused  # the city's own name and password at the service
        if answer.is_server_error:
            raise SignerDown
        if not answer.is_success:
            raise _meaning(answer)
        if not answer.content.startswith(b"%PDF-"):  # it also says no with "200 OK"
            raise _meaning(answer)
        self.examine(sent=pdf, got=answer.content, official=official)
        return answer.content

    def examine(self, *, sent: bytes, got: bytes, official: Official) -> None:
        """
        Refuse what is not exactly our document with one whole signature of this official.

        :raises WrongFileReturned: changed, not signed, signed twice, or not covered to its end
        :raises WrongCertificate: signed by another person, or under no root that is configured
        """
        if not got.startswith(sent) or len(got) > LARGEST:
            raise WrongFileReturned
        try:
            reader = PdfFileReader(io.BytesIO(got))
            found = reader.embedded_signatures
            if len(found) != 1 or not is_unchanged(sent, reader, found[0].signed_revision):
                raise WrongFileReturned
            context, stamped = self._context(), self._context()
            status = validate_pdf_signature(
                found[0], signer_validation_context=context, ts_validation_context=stamped
            )
        except (PdfReadError, SignatureValidationError, SigningError, ValueError, TypeError) as error:
            raise WrongFileReturned from error
        if not (status.intact and status.valid and status.coverage in pades.WHOLE and status.docmdp_ok):
            raise WrongFileReturned
        if not status.trusted:
            log.warning("a signature under no root that we know: %s", status.summary())
            raise WrongCertificate
        if not belongs_to(status.signing_cert, official):
            log.warning("a signature of somebody else came back")
            raise WrongCertificate
        if not status.bottom_line:
            raise WrongFileReturned

    def check(self, pdf: bytes, *, kept_at: datetime | None = None) -> Checked:
        """See the port."""
        return pades.check(pdf, lambda: self._context(kept_at))
