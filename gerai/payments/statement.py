"""The provider's file of a day beside what we have: read, compared. Pure.

The file is CSV: `reference,amount,paid_at,invoice`, one line a payment, the bank's day in western Indonesian time.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import StringIO
from zoneinfo import ZoneInfo

from gerai.core.errors import DomainError

BANK_ZONE = ZoneInfo("Asia/Jakarta")
COLUMNS = ["reference", "amount", "paid_at", "invoice"]
SETTLING = timedelta(hours=1)  # after midnight, until the bank's file of the day is there
REACH = 14  # days that are looked back
PATIENCE = timedelta(
    hours=6
)  # a file may be late; when the office opens its manager knows that it is missing


class Kind(StrEnum):
    """How file and books differ."""

    MISSING_HERE = "missing_here"  # the bank has the money, we know nothing of it
    MISSING_THERE = "missing_there"  # we counted money that the bank does not list
    AMOUNT = "amount"
    DOUBLED = "doubled"
    UNKNOWN = "unknown"  # no invoice of that number is ours
    INVOICE = "invoice"  # we counted it for another invoice


class Trouble(StrEnum):
    """Why a day could not be compared."""

    SILENT = "silent"  # the bank does not answer, or has no file yet
    UNREADABLE = "unreadable"


class StatementUnreadable(DomainError):
    """The provider's file is not the agreed table."""

    code = "statement_unreadable"
    text = "Berkas bank hari itu tidak dapat dibaca (baris {line}). Minta bank mengirim ulang, lalu cocokkan lagi."
    status = 409


class DayNotOver(DomainError):
    """A day is compared once the bank has closed it, and not years later."""

    code = "statement_day_not_over"
    text = "Pilih hari yang sudah lewat, paling lama 14 hari yang lalu."


@dataclass(frozen=True, slots=True)
class Line:
    """One payment, as the bank has it."""

    reference: str
    amount: int
    paid_at: datetime
    invoice: str


@dataclass(frozen=True, slots=True)
class Booked:
    """One payment, as we have it."""

    amount: int
    invoice: str


@dataclass(frozen=True, slots=True)
class Found:
    """One difference."""

    kind: Kind
    reference: str
    invoice: str
    told: int | None
    ours: int | None


def day_of(moment: datetime) -> date:
    """The bank's day."""
    return moment.astimezone(BANK_ZONE).date()


def bounds(day: date) -> tuple[datetime, datetime]:
    """The bank's day from its first instant to the first of the next."""
    return tuple(datetime.combine(d, time(), BANK_ZONE) for d in (day, day + timedelta(days=1)))  # type: ignore[return-value]


def days_over(now: datetime) -> list[date]:
    """The days whose file is there by now, the oldest first."""
    last = day_of(now - SETTLING) - timedelta(days=1)
    return [last - timedelta(days=n) for n in range(REACH - 1, -1, -1)]


def is_missing(day: date, now: datetime) -> bool:
    """Whether the file of a day should long have been there and read."""
    return now >= bounds(day)[1] + SETTLING + PATIENCE


def check_day(day: date, now: datetime) -> None:
    """
    Let a day be compared.

    :raises DayNotOver: if its file cannot be there
    """
    if day not in days_over(now):
        raise DayNotOver


def parse(text: str) -> list[Line]:
    """
    The lines of a file.

    :raises StatementUnreadable: naming the first line that is not one: half a file is not compared
    """
    try:
        rows = list(csv.reader(StringIO(text)))
    except csv.Error:
        raise StatementUnreadable(line=1) from None
    if not rows or rows[0] != COLUMNS:
        raise StatementUnreadable(line=1)
    if not text.endswith("\n"):  # cut off within its last line, which may still look like one
        raise StatementUnreadable(line=len(rows))
    found = []
    for number, row in enumerate(rows[1:], 2):
        try:
            reference, amount, paid_at, invoice = row
            when = datetime.fromisoformat(paid_at)
            if not (0 < len(reference) <= 64 and amount.isascii() and amount.isdigit() and when.tzinfo):
                raise ValueError
            if len(amount) > 18 or len(invoice) > 40:
                raise ValueError
            found.append(Line(reference, int(amount), when, invoice))
        except ValueError:
            raise StatementUnreadable(line=number) from None
    return found


def compare(
    lines: list[Line],
    *,
    booked: Mapping[str, Booked],
    invoices: Collection[str],
    awaited: Mapping[str, Booked],
) -> list[Found]:
    """
    What differs. `booked`: all we have of the file's references; `awaited`: what the file of that day must hold.
    """
    found: dict[tuple[Kind, str], Found] = {}
    seen: set[str] = set()
    for line in lines:
        ours = booked.get(line.reference)
        kind = _kind(line, ours, invoices)
        if line.reference in seen:
            kind = Kind.DOUBLED
        seen.add(line.reference)
        if kind is not None:
            amount = ours.amount if ours else None
            one = Found(kind, line.reference, line.invoice, line.amount, amount)
            found.setdefault((kind, line.reference), one)
    for reference, one_of_ours in awaited.items():
        if reference not in seen:
            found[(Kind.MISSING_THERE, reference)] = Found(
                Kind.MISSING_THERE, reference, one_of_ours.invoice, None, one_of_ours.amount
            )
    return list(found.values())


def _kind(line: Line, ours: Booked | None, invoices: Collection[str]) -> Kind | None:
    if line.invoice not in invoices:
        return Kind.UNKNOWN
    if ours is None:
        return Kind.MISSING_HERE
    if ours.invoice != line.invoice:
        return Kind.INVOICE
    return Kind.AMOUNT if ours.amount != line.amount else None
