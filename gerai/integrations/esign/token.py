"""Signs PDFs with a key that never leaves a PKCS#11 token (smart card, USB token, HSM): the institution's seal.

The PIN is the city's, in the settings, so that a job can sign; an official's own signature is in `national`.
"""

import fcntl
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pkcs11
from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11 import exceptions as p11
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext

from gerai.core import encryption, private
from gerai.integrations.esign import pades
from gerai.integrations.esign.software import own_pki, own_stamper
from gerai.integrations.esign.timestamp import HttpTimeStamper
from gerai.permits.ports import (
    Checked,
    Official,
    SignerDown,
    SignerFailed,
    TokenGone,
    TokenPinLocked,
    TokenPinWrong,
)

ORGANISATION = "Mal Pelayanan Publik"
REFUSED = (p11.PinIncorrect, p11.PinInvalid, p11.PinLenRange)  # an expired one may be made valid again
_one_at_a_time = threading.Lock()  # a process is logged in at a token as a whole, not by session


def refusal_of(error: p11.PKCS11Error) -> type[SignerFailed]:
    """What an error of the token means to people."""
    if type(error) is p11.PKCS11Error:  # pyHanko found no key or no certificate of that name
        return TokenGone
    gone = (p11.NoSuchToken, p11.NoSuchKey, p11.TokenNotPresent, p11.TokenNotRecognised, p11.DeviceRemoved)
    meaning: list[tuple[type[SignerFailed], tuple[type[p11.PKCS11Error], ...]]] = [
        (TokenPinLocked, (p11.PinLocked,)),
        (TokenPinWrong, (*REFUSED, p11.PinExpired)),
        (TokenGone, (*gone, p11.DeviceError, p11.SlotIDInvalid, p11.SessionHandleInvalid)),
    ]
    return next((said for said, errors in meaning if isinstance(error, errors)), SignerFailed)


def _refused() -> Path:
    """Where it is kept which PIN the token has refused: nothing tries it again, in no process."""
    return Path(settings.DATA) / "keys" / "token-pin-refused"


def _digest() -> str:
    said = f"{settings.TOKEN_LABEL}:{settings.TOKEN_PIN}".encode()
    return hmac.new(encryption.key("index"), said, "sha256").hexdigest()


@contextmanager
def opened() -> Iterator[pkcs11.Session]:
    """
    A session at the token, logged in.

    :raises TokenGone, TokenPinWrong, TokenPinLocked: as they say
    """
    refused, digest = _refused(), _digest()
    with _one_at_a_time, _among_processes():
        # Inside the locks: who waited for them while the PIN was refused must not try it once more.
        if refused.exists() and hmac.compare_digest(refused.read_text(), digest):
            raise TokenPinWrong
        try:
            token = _library().get_token(token_label=settings.TOKEN_LABEL)
            with token.open(user_pin=settings.TOKEN_PIN) as session:
                yield session
        except p11.PKCS11Error as error:
            if isinstance(error, REFUSED):
                private.write(refused, digest.encode())
            raise refusal_of(error) from error


def _library() -> Any:
    try:
        return pkcs11.lib(settings.TOKEN_LIBRARY)
    except RuntimeError as error:  # it cannot be loaded
        raise TokenGone from error


@contextmanager
def _among_processes() -> Iterator[None]:
    with (_refused().parent / "token.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_elliptic(session: pkcs11.Session) -> bool:
    """Whether the key is of an elliptic curve: not every token can hash for these, so we hash ourselves."""
    asked = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: settings.TOKEN_KEY}
    return any(key[Attribute.KEY_TYPE] == KeyType.EC for key in list(session.get_objects(asked)))


def _lists() -> list[asn1_crl.CertificateList]:
    """The revocation lists that the city fetches regularly, if it does."""
    if not settings.TOKEN_CRL:
        return []
    data = Path(settings.TOKEN_CRL).read_bytes()
    parts = [part for _, _, part in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
    return [asn1_crl.CertificateList.load(part) for part in parts]


class TokenSigner:
    """The signer behind `permits.ports.Signer` with a PKCS#11 token (settings TOKEN_...)."""

    asks_passphrase = False

    def __init__(self) -> None:
        self.certified: bool = settings.TOKEN_CERTIFIED
        self.chain = pades.certificates(Path(settings.TOKEN_CHAIN))

    def _context(self, *, moment: datetime | None = None) -> ValidationContext:
        """Trust in the chain's root and the time stamps'. With a revocation list nothing passes without one."""
        strict = (
            bool(settings.TOKEN_CRL) and moment is None
        )  # a list of today says nothing of a day before it
        roots, others, lists = pades.roots(self.chain), list(self.chain), _lists() if strict else []
        if not settings.TSA_URL:
            pki = own_pki()
            roots.append(pades.der(pki.root.certificate))
            others.append(pades.der(pki.tsa.certificate))
            lists.append(asn1_crl.CertificateList.load(pki.crl.public_bytes(Encoding.DER)))
        return ValidationContext(
            trust_roots=roots,
            other_certs=others,
            crls=lists if strict else [],
            allow_fetching=False,
            revocation_mode="require" if strict else "soft-fail",
            moment=moment,
        )

    def _stamper(self) -> TimeStamper:
        return HttpTimeStamper(settings.TSA_URL) if settings.TSA_URL else own_stamper(own_pki())

    def ready(self, official: Official) -> None:
        """Nothing of the official's is needed."""

    def sign(self, pdf: bytes, *, reason: str, place: str, official: Official | None = None) -> bytes:
        """Seal the PDF with the token's key: B-LT with revocation lists (TOKEN_CRL), B-T without."""
        with opened() as session:
            try:
                signer = PKCS11Signer(
                    session,
                    cert_label=settings.TOKEN_KEY,
                    key_label=settings.TOKEN_KEY,
                    ca_chain=self.chain,
                    use_raw_mechanism=_is_elliptic(session),
                )
                return pades.seal(
                    pdf,
                    signer=signer,
                    stamper=self._stamper(),
                    context=self._context(),
                    long_term=bool(settings.TOKEN_CRL),
                    name=ORGANISATION,
                    reason=reason,
                    place=place,
                )
            except p11.PKCS11Error as error:
                raise refusal_of(error) from error
            except (httpx.HTTPError, TimestampRequestError) as error:
                raise SignerDown from error
            except SigningError as error:
                raise SignerFailed from error

    def check(self, pdf: bytes, *, kept_at: datetime | None = None) -> Checked:
        """See the port."""
        return pades.check(pdf, lambda: self._context(moment=kept_at))
