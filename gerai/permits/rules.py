"""Numbers, dates and states of permits and refusal letters. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from gerai.core.errors import DomainError

# Objection to a decision: 21 working days after it was announced (UU 30/2014 pasal 77 ayat 1);
# appeal to the superior: 10 working days after the answer to the objection (pasal 78 ayat 2).
OBJECTION_DAYS = 21
APPEAL_DAYS = 10
MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
]  # fmt: skip
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


class Kind(StrEnum):
    """What is numbered and signed."""

    PERMIT = "permit"
    REFUSAL = "refusal"


class Status(StrEnum):
    """Where a permit stands. The database lets it go only forwards."""

    SIGNING = "signing"
    VALID = "valid"
    REVOKED = "revoked"


class Shown(StrEnum):
    """What the public page says."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class NotValid(DomainError):
    """Only a signed permit that still holds can be revoked or handed over."""

    code = "permit_not_valid"
    text = "Dokumen ini belum ditandatangani atau sudah dicabut. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class ReasonMissing(DomainError):
    """A revocation needs a reason that the holder can understand."""

    code = "permit_reason_missing"
    text = "Tulis alasan pencabutan dengan dasar hukumnya, paling sedikit 10 huruf."


class ReceiverMissing(DomainError):
    """A hand-over names who took the paper and what proves it."""

    code = "permit_receiver_missing"
    text = "Tulis nama penerima dan bukti dirinya."


class NotPrepared(DomainError):
    """There is nothing to read before the application waits for the signing official."""

    code = "permit_not_prepared"
    text = "Pratinjau baru ada setelah permohonan sampai di pejabat penanda tangan."
    status = 409


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
    if status == Status.REVOKED:
        return Shown.REVOKED
    if today < first:
        return Shown.NOT_YET
    if last is not None and today > last:
        return Shown.EXPIRED
    return Shown.VALID


def days_left(last: date | None, today: date) -> int | None:
    """Days until it ends, None if it does not."""
    return None if last is None else max((last - today) // timedelta(days=1), 0)


def veiled(name: str) -> str:
    """A name that its owner recognises and a guesser of numbers does not learn: "S*** W*****"."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
