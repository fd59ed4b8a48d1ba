"""Call-backs of the provider: signed, fresh, known; what settles an invoice and what is owed back. Pure."""

import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from gerai.core.callbacks import CallbackMalformed
from gerai.core.errors import DomainError

COUNTER = "loket bank"  # the channel of cash at the bank's counter
WAIVER = "waiver"  # of a fee that need not be paid
# The usual term of an SKRD in the regions' by-laws on retribution; no agency of the pilot has confirmed it yet. Long
# enough for a salary to come in between, short enough that what was examined is still true when it is signed.
PAY_DAYS = 30
# What was paid on the last day may be heard of later: a charge is good for a day, a call-back can be lost, and the
# bank's file comes after midnight. So long an unpaid invoice is kept open.
HEARD_LATER = timedelta(days=1)
OF_THE_CITY = "opd"  # its fees are retribution of the region, set by an SKRD; others bill
SUPERVISOR = "signer"  # the head of the agency: who signs for it may also waive what is owed to it


class Owed(StrEnum):
    """Why money that came is owed back."""

    PAID_TWICE = "paid_twice"
    CANCELLED = "cancelled"  # the application was taken back
    WRONG_AMOUNT = "wrong_amount"
    REJECTED = "rejected"  # the application was rejected after payment
    WAIVED = "waived"  # nothing was owed any more
    LATE = "late"  # the application had ended, because it was not paid by its last day


class FeeUnconfirmed(DomainError):
    """The agency has not confirmed this fee: it cannot be invoiced outside the demo."""

    code = "fee_unconfirmed"
    text = (
        "Tarif layanan ini belum dikonfirmasi instansi, jadi belum boleh ditagih. "
        "Minta admin instansi mengonfirmasinya."
    )
    status = 409


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
    """Whoever takes or returns money writes down the reference of the bank's slip."""

    code = "payment_reference_missing"
    text = "Tulis nomor acuan dari slip bank, 4 sampai 40 huruf atau angka."


class ReferenceUsed(DomainError):
    """One slip pays one invoice."""

    code = "payment_reference_used"
    text = "Nomor acuan ini sudah dipakai untuk pembayaran lain. Periksa slipnya."
    status = 409


class InvoiceElsewhere(DomainError):
    """The head of an agency looks for an invoice that is not the agency's."""

    code = "payment_invoice_elsewhere"
    text = "Instansi Anda tidak punya tagihan dengan nomor itu. Salin nomornya dari tagihan pemohon."
    status = 404


class WaiverUngrounded(DomainError):
    """Nobody is let off without a reason that others can check."""

    code = "waiver_ungrounded"
    text = "Tulis dasar pembebasan, misalnya pasal dan nomor surat keputusan, 10 sampai 300 huruf."


class WaiverOfOwn(DomainError):
    """Nobody lets off themselves."""

    code = "waiver_of_own"
    text = "Anda tidak dapat membebaskan tagihan Anda sendiri. Minta pejabat lain dari instansi Anda."
    status = 409


class CashOfOwn(DomainError):
    """A teller does not write down that they have paid themselves."""

    code = "payment_of_own"
    text = (
        "Anda tidak dapat mencatat pembayaran tagihan Anda sendiri atau usaha Anda. "
        "Minta rekan di loket mencatatnya."
    )
    status = 409


class RefundOfOwn(DomainError):
    """Nobody says of themselves that they have got their money back."""

    code = "refund_of_own"
    text = (
        "Anda tidak dapat mencatat pengembalian uang Anda sendiri atau usaha Anda. "
        "Minta petugas lain mencatatnya."
    )
    status = 409


class DifferenceNoteMissing(DomainError):
    """A difference is closed by what was done about it."""

    code = "difference_note_missing"
    text = "Tulis apa yang sudah dilakukan, 5 sampai 300 huruf."


class ProviderUnreachable(DomainError):
    """The payment provider does not answer now."""

    code = "payment_provider_down"
    text = "Layanan pembayaran sedang tidak menjawab. Tagihan Anda aman. Coba lagi beberapa menit lagi."
    status = 503


class BankSilent(ProviderUnreachable):
    """The provider does not give the file of a day."""

    code = "bank_silent"
    text = (
        "Bank tidak menjawab, atau berkas hari itu belum ada. Dicoba lagi sendiri setiap jam; "
        "bila lama, hubungi bank."
    )


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


def pay_by(local: datetime) -> datetime:
    """The last second of the last day to pay what is invoiced at this moment on the mall's clock."""
    return datetime.combine(local.date() + timedelta(days=PAY_DAYS), time(23, 59, 59), local.tzinfo)


def masked_name(name: str) -> str:
    """A name on a screen that others see: enough for its owner to know it again. S••• W•••"""
    return " ".join(f"{word[0]}•••" for word in name.split())


def in_words(amount: int, language: str) -> str:
    """The sum as it is said, so that no figure can be changed on paper: tiga puluh ribu rupiah."""
    from num2words import num2words  # slow to import, and needed on one page

    return f"{num2words(amount, lang='en' if language.startswith('en') else 'id')} rupiah"


def obstacle(*, invoice: str, withdrawn: bool, amount: int, told: object, lapsed: bool = False) -> str:
    """Why money that has arrived cannot settle the invoice and is owed back; empty if it can."""
    if invoice == "paid":
        return Owed.PAID_TWICE
    if invoice == "waived":
        return Owed.WAIVED
    if invoice != "open" or withdrawn:
        return Owed.LATE if lapsed else Owed.CANCELLED
    return "" if type(told) is int and told == amount else Owed.WRONG_AMOUNT


def paid_at(told: object, *, invoiced_at: datetime, now: datetime) -> datetime:
    """When the money was paid, as the provider tells it; what cannot be true is not believed: the arrival counts."""
    try:
        when = datetime.fromisoformat(told) if isinstance(told, str) else now
    except ValueError:
        return now
    return when.astimezone(UTC) if when.tzinfo is not None and invoiced_at <= when <= now else now


def has_expired(expires_at: datetime | None, now: datetime) -> bool:
    """Whether a charge can no longer be paid. Money that comes nevertheless still counts."""
    return expires_at is not None and expires_at <= now


def account_number(told: str) -> str:
    """A virtual account's number as people type it, in fours; empty if it is not one."""
    if not (told.isascii() and told.isdigit() and 8 <= len(told) <= 20):
        return ""
    return " ".join(told[at : at + 4] for at in range(0, len(told), 4))


def check_reference(text: str) -> str:
    """
    The reference of the bank's slip, tidied: slips print it with spaces, points and dashes, each bank otherwise.

    :raises ReferenceMissing: if it is not one
    """
    text = re.sub(r"[\s./-]", "", text).upper()
    if not (text.isalnum() and text.isascii() and 4 <= len(text) <= 40):
        raise ReferenceMissing
    return text


def check_waiver(ground: str) -> str:
    """
    The ground of a waiver, tidied.

    :raises WaiverUngrounded: if there is none to speak of
    """
    ground = " ".join(ground.split())
    if not 10 <= len(ground) <= 300:
        raise WaiverUngrounded
    return ground


def check_note(note: str) -> str:
    """
    What was done about a difference, tidied.

    :raises DifferenceNoteMissing: if nothing is said
    """
    note = " ".join(note.split())
    if not 5 <= len(note) <= 300:
        raise DifferenceNoteMissing
    return note
