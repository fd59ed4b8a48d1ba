"""Call-backs of the provider: signed, fresh, known. Pure."""

import hashlib
import hmac

from gerai.core.errors import DomainError

WINDOW_SECONDS = 300


class FeeUnconfirmed(DomainError):
    """The agency has not confirmed this fee: it cannot be invoiced outside the demo."""

    code = "fee_unconfirmed"
    text = "Tarif layanan ini belum dikonfirmasi instansi, jadi belum boleh ditagih. Minta admin instansi mengonfirmasinya."
    status = 409


class SignatureWrong(DomainError):
    """The call-back is not signed with our shared secret, or is too old."""

    code = "callback_signature_wrong"
    text = "Panggilan ini tidak bertanda tangan sah."
    status = 403


class ProviderUnreachable(DomainError):
    """The payment provider does not answer now."""

    code = "payment_provider_down"
    text = "Layanan pembayaran sedang tidak menjawab. Tagihan Anda aman. Coba lagi beberapa menit lagi."
    status = 503


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "stamp.body", as hex."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check_signature(*, secret: bytes, header: str, body: bytes, now: float) -> None:
    """
    Accept a header "t=<unix seconds>,v1=<hex>".

    :raises SignatureWrong: if it is malformed, stale or does not match
    """
    parts = dict(pair.split("=", 1) for pair in header.split(",") if "=" in pair)
    stamp = parts.get("t", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > WINDOW_SECONDS:
        raise SignatureWrong
    if not hmac.compare_digest(signature(secret, stamp, body), parts.get("v1", "")):
        raise SignatureWrong
