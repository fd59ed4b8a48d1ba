"""Call-backs of the provider: signed, fresh, known. Pure."""

import hashlib
import hmac
from typing import Any

from gerai.core.errors import DomainError

WINDOW_SECONDS = 300
CASHIER = "BANKBKL"  # the bank with a counter in the mall


class FeeUnconfirmed(DomainError):
    """The agency has not confirmed this fee: it cannot be invoiced outside the demo."""

    code = "fee_unconfirmed"
    text = (
        "Tarif layanan ini belum dikonfirmasi instansi, jadi belum boleh ditagih. "
        "Minta admin instansi mengonfirmasinya."
    )
    status = 409


class SignatureWrong(DomainError):
    """The call-back is not signed with our shared secret, or is too old."""

    code = "callback_signature_wrong"
    text = "Panggilan ini tidak bertanda tangan sah."
    status = 403


class CallbackMalformed(DomainError):
    """Signed, but not the agreed shape."""

    code = "callback_malformed"
    text = "Isi panggilan tidak dapat dibaca."
    status = 400


class InvoiceUnknown(DomainError):
    """Nobody was billed under this number."""

    code = "payment_invoice_unknown"
    text = "Tidak ada tagihan dengan nomor itu. Minta warga menunjukkan tagihannya dan salin nomornya."
    status = 404


class InvoiceNotOpen(DomainError):
    """Paid already, or no longer needed."""

    code = "invoice_not_open"
    text = "Tagihan ini sudah ditutup. Jangan membayar lagi. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class ReferenceMissing(DomainError):
    """The bank's counter writes down the reference of its own slip."""

    code = "payment_reference_missing"
    text = "Tulis nomor acuan dari slip bank, 4 sampai 40 huruf atau angka."


class ReferenceUsed(DomainError):
    """One slip pays one invoice."""

    code = "payment_reference_used"
    text = "Nomor acuan ini sudah dipakai untuk pembayaran lain. Periksa slipnya."
    status = 409


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
    if (
        not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12)
        or abs(now - int(stamp)) > WINDOW_SECONDS
    ):
        raise SignatureWrong
    if not hmac.compare_digest(signature(secret, stamp, body).encode(), parts.get("v1", "").encode()):
        raise SignatureWrong


def check_event(event: Any) -> dict[str, Any]:
    """
    Accept what names its event and its charge.

    :raises CallbackMalformed: otherwise
    """
    if not isinstance(event, dict) or not all(
        isinstance(event.get(key), str) and 0 < len(event[key]) <= 64 for key in ("event_id", "ref")
    ):
        raise CallbackMalformed
    return event


def obstacle(*, invoice: str, withdrawn: bool, amount: int, told: object) -> str:
    """Why money that has arrived cannot settle the invoice and is owed back; empty if it can."""
    if invoice == "paid":
        return "paid_twice"
    if invoice != "open" or withdrawn:
        return "cancelled"
    return "" if type(told) is int and told == amount else "wrong_amount"
