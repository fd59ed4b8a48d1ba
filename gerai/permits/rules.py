"""Numbers, dates and states of permits and refusal letters. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from hmac import compare_digest
from string import Formatter
from typing import Any

from gerai.applications.rules import OBJECTION_DAYS as OBJECTION_DAYS
from gerai.core.dates import MONTHS
from gerai.core.errors import DomainError

# Appeal to the superior: 10 working days after the answer to an objection (UU 30/2014 pasal 78 ayat 2).
APPEAL_DAYS = 10
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


# A permit whose signature fails again and again is shown to people after this time.
UNSIGNED_TOO_LONG = timedelta(minutes=10)
# How long a batch holds what it has not signed yet; renewed before each signature, longer than any of them takes.
HELD = timedelta(minutes=2)
# How many days before its end a permit's holder is reminded, and how long a day without the job is made good.
REMIND_DAYS = (90, 30, 7)
REMIND_LATE = timedelta(days=6)
RENEW_DAYS = REMIND_DAYS[0]  # how long before its end a permit may be renewed
SAME_OPENING = timedelta(minutes=10)
# How much of the code in the QR's address proves, beside the number, that one has the paper: 48 random bits.
SHORT_CODE = 8
EVERY_YEAR = 0  # the year of a series that never starts anew
# A status list: how many places, and after how many given ones the next list begins. Places are drawn at random,
# so a quarter stays free: a draw then takes four tries at worst on average.
LIST_SIZE, LIST_FULL, LIST_BITS = 65_536, 49_152, 2
# A verifier may keep a list for `LIST_TTL`, a cache on the way for `LIST_CACHED`; no list outlives the two.
LIST_CACHED, LIST_TTL = timedelta(seconds=60), timedelta(seconds=240)
CREDENTIAL_LIMIT = 64 * 1024


class Kind(StrEnum):
    """What is numbered and signed."""

    PERMIT = "permit"
    REFUSAL = "refusal"


class Status(StrEnum):
    """Where a permit stands. The database lets it go only forwards, but for suspended and back."""

    SIGNING = "signing"
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"  # a change or renewal took its place


class Shown(StrEnum):
    """What the public page says."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class NotValid(DomainError):
    """Only a signed permit that still holds can be suspended, revoked or handed over."""

    code = "permit_not_valid"
    text = (
        "Dokumen ini belum ditandatangani, sedang dibekukan, sudah dicabut, atau habis masa berlakunya. "
        "Muat ulang halaman untuk melihat keadaannya."
    )
    status = 409


class ReasonMissing(DomainError):
    """A revocation needs a reason that the holder can understand."""

    code = "permit_reason_missing"
    text = "Tulis alasan pencabutan dengan dasar hukumnya, paling sedikit 10 huruf."


class NotSuspended(DomainError):
    """Only a suspension that still lasts can be lifted."""

    code = "permit_not_suspended"
    text = "Izin ini sedang tidak dibekukan. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class SuspensionReasonMissing(DomainError):
    """Suspending and lifting need a reason that the holder can understand."""

    code = "permit_suspension_reason_missing"
    text = "Tulis alasannya agar pemegang mengerti, paling sedikit 10 huruf."


class GroundMissing(DomainError):
    """Suspending and lifting name their legal ground."""

    code = "permit_ground_missing"
    text = "Tulis dasar hukumnya, misalnya nomor peraturan dan pasalnya."


class ReceiverMissing(DomainError):
    """A hand-over names who took the paper and what proves it."""

    code = "permit_receiver_missing"
    text = "Tulis nama penerima dan bukti dirinya."


class NotPrepared(DomainError):
    """There is nothing to read before the application waits for the signing official."""

    code = "permit_not_prepared"
    text = "Pratinjau baru ada setelah permohonan sampai di pejabat penanda tangan."
    status = 409


class CredentialNotGiven(DomainError):
    """A credential is made of a permit that holds."""

    code = "permit_credential_not_given"
    text = "Kredensial hanya dapat diambil selama izin berlaku. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class NoCredential(DomainError):
    """What was handed in does not even look like a credential."""

    code = "permit_no_credential"
    text = "Ini bukan kredensial. Tempel seluruh teksnya, dari huruf pertama sampai tanda ~ yang terakhir."


class OpenDataBusy(DomainError):
    """Too many read the whole register at the same time."""

    code = "open_data_busy"
    text = "Data ini sedang diunduh beberapa orang sekaligus. Coba lagi sebentar lagi."
    status = 503


def number(pattern: str, *, running: int, agency: str, service: str, day: date, kind: str) -> str:
    """The number by the agency's pattern; a refusal letter is told apart from a permit."""
    told_apart = kind == Kind.REFUSAL
    made = pattern.format(
        number=running,
        agency=agency,
        service=f"{service}-TOLAK" if told_apart else service,
        year=day.year,
        month=day.month,
        roman_month=ROMAN[day.month - 1],
    )
    return f"{made}/TOLAK" if told_apart and "-TOLAK" not in made else made


def series_year(pattern: str, day: date) -> int:
    """
    Which series a number is taken from: the year's own only if the number says the year.

    Without it the same numbers would come again every January, so that series counts on for ever.
    """
    says_year = any(field == "year" for _, field, _, _ in Formatter().parse(pattern))
    return day.year if says_year else EVERY_YEAR


def check_revocation(reason: str) -> str:
    """
    The reason as it will be kept.

    :raises ReasonMissing: if it says nothing
    """
    reason = reason.strip()[:1000]
    if len(reason) < 10:
        raise ReasonMissing
    return reason


def check_suspension(reason: str, ground: str) -> tuple[str, str]:
    """
    The reason and legal ground as they will be kept.

    :raises SuspensionReasonMissing, GroundMissing: if one of them says nothing
    """
    reason, ground = reason.strip()[:1000], ground.strip()[:300]
    if len(reason) < 10:
        raise SuspensionReasonMissing
    if len(ground) < 5:
        raise GroundMissing
    return reason, ground


def short_code(secret: str) -> str:
    """The code printed beside the QR: with the number it shows what the QR shows."""
    return secret[:SHORT_CODE]


def proves(code: str, secret: str) -> bool:
    """Whether a typed code, the short one or more of it, is the permit's."""
    return len(code) >= SHORT_CODE and compare_digest(code.encode(), secret[: len(code)].encode())


def valid_until(start: date, years: Any) -> date | None:
    """The last day: the anniversary of the start. None: until revoked."""
    if not years:
        return None
    try:
        return start.replace(year=start.year + int(years))
    except ValueError:  # 29 February
        return start.replace(year=start.year + int(years), day=28)


def long_date(day: date) -> str:
    """23 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def shown_status(status: str, *, first: date, last: date | None, today: date) -> Shown:
    """What to say about a permit today. While it is being signed nobody is told that it exists."""
    if status == Status.SIGNING:
        return Shown.UNKNOWN
    if status in (Status.REVOKED, Status.REPLACED):
        return Shown(status)
    if last is not None and today > last:  # before "suspended": this one does not come back
        return Shown.EXPIRED
    if status == Status.SUSPENDED:
        return Shown.SUSPENDED
    if today < first:
        return Shown.NOT_YET
    return Shown.VALID


def days_left(last: date | None, today: date) -> int | None:
    """Days until it ends, None if it does not."""
    return None if last is None else max((last - today) // timedelta(days=1), 0)


def veiled(name: str) -> str:
    """A name that its owner recognises and a guesser of numbers does not learn: "S*** W*****"."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
