"""Dates in words, Indonesian and English."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS = dict(enumerate(DAYS))  # 0 is Monday
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def day_in_words(day: date, language: str = "id") -> str:
    """Senin, 23 November 2026 / Monday, 23 November 2026."""
    if language.startswith("en"):
        return f"{day:%A}, {day.day} {day:%B %Y}"
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(at: datetime, language: str = "id") -> str:
    """Senin, 23 November 2026 pukul 09.30 / Monday, 23 November 2026 at 09:30. `at` is on the mall's clock."""
    if language.startswith("en"):
        return f"{day_in_words(at, language)} at {at:%H:%M}"
    return f"{day_in_words(at, language)} pukul {at:%H.%M}"


def said(moment: datetime, timezone: str) -> dict[str, str]:
    """A moment in both languages on the clock of a time zone, for messages."""
    here = moment.astimezone(ZoneInfo(timezone))
    return {language: moment_in_words(here, language) for language in ("id", "en")}
