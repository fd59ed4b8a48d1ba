"""A moment in words, in both languages, for messages; pages have their own filters."""

from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def said(moment: datetime, timezone: str) -> dict[str, str]:
    """{"id": "Senin, 23 November 2026 pukul 09.42", "en": "Monday, 23 November 2026 at 09:42"}."""
    here = moment.astimezone(ZoneInfo(timezone))
    date = f"{here.day} {MONTHS[here.month - 1]} {here.year}"
    return {
        "id": f"{DAYS[here.weekday()]}, {date} pukul {here:%H.%M}",
        "en": f"{here:%A}, {here.day} {here:%B %Y at %H:%M}",
    }
