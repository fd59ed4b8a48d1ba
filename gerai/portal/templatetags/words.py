"""Filters for words, dates and money, in the reader's language and the mall's time."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language, gettext, ngettext

from gerai.agencies import queries as agencies
from gerai.core import money
from gerai.core.dates import MONTHS, day_in_words
from gerai.core.errors import NotFound, Sentence

register = template.Library()
COUNTS = {
    "id": ("Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan"),
    "en": ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"),
}


@lru_cache(maxsize=1)
def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(agencies.the_mall().timezone)
    except NotFound:
        return ZoneInfo("Asia/Jakarta")


def _local(value: Any) -> Any:
    return value.astimezone(_zone()) if isinstance(value, datetime) else value


@register.filter
def lang(value: Any) -> str:
    """The text of a bilingual value in the reader's language."""
    if isinstance(value, dict):
        return str(value.get((get_language() or "id")[:2]) or value.get("id") or "")
    return str(value or "")


@register.filter
def translated(value: Any) -> str:
    """The translation of a sentence that came from a rule, its placeholders filled afterwards."""
    if isinstance(value, Sentence):
        return value.said(gettext)
    return gettext(str(value)) if value else ""


@register.filter
def situs(value: Any) -> str:
    """The site of a long address: dpmptsp.bengkulukota.go.id."""
    return (urlsplit(str(value)).hostname or str(value)).removeprefix("www.")


@register.filter
def item(value: Any, key: Any) -> Any:
    """One entry of a mapping, or of a list."""
    if isinstance(value, list):
        return value[key]
    return value.get(key, "") if value else ""


@register.filter
def menit(value: float) -> int:
    """Seconds in whole minutes."""
    return round(value / 60)


@register.filter
def bilangan(value: int) -> str:
    """A small number as a word that begins a sentence: Tiga / Three; from ten on as figures."""
    words = COUNTS["en" if (get_language() or "id").startswith("en") else "id"]
    return words[value - 1] if 0 < value <= len(words) else str(value)


@register.filter
def rupiah(value: Any) -> str:
    """Rp30.000 / Rp30,000"""
    return money.rupiah(int(value), get_language() or "id") if value not in (None, "") else "-"


@register.filter
def tanggal(value: Any) -> str:
    """Senin, 23 November 2026 / Monday, 23 November 2026."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    if not isinstance(value, date):
        return "-"
    here = _local(value)
    return day_in_words(here, get_language() or "id")


@register.filter
def jam(value: Any) -> str:
    """09.42 (in English 09:42); takes "09:42" too."""
    if isinstance(value, str) and value:
        return value.replace(":", ":" if (get_language() or "id").startswith("en") else ".")
    if not isinstance(value, datetime):
        return "-"
    return f"{_local(value):%H:%M}".replace(":", ":" if (get_language() or "id").startswith("en") else ".")


@register.filter
def tanggal_jam(value: Any) -> str:
    """23 Nov 2026, 09.42"""
    if not isinstance(value, datetime):
        return "-"
    here = _local(value)
    month = f"{here:%b}" if (get_language() or "id").startswith("en") else MONTHS[here.month - 1][:3]
    return f"{here.day} {month} {here.year}, {jam(value)}"


@register.filter
def desimal(value: Any) -> str:
    """One decimal, with a comma in Indonesian."""
    if value is None:
        return "-"
    text = f"{float(value):.1f}"
    return text if (get_language() or "id").startswith("en") else text.replace(".", ",")


@register.filter
def jam_menit(minutes: int) -> str:
    """A long wait as people say it: 3 jam 45 menit."""
    hours, rest = divmod(int(minutes), 60)
    parts = [ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)d menit", "%(n)d menit", rest) % {"n": rest})
    return " ".join(parts)


@register.filter
def lama(promise: Any) -> str:
    """A promise of the catalogue ({days, kind}) as a length of time: "5 hari kerja"."""
    # In the same visit: of what is sent from home the clock counts one day.
    count, kind = max(int(promise["days"]), 1), promise.get("kind", "working")
    if kind == "calendar":
        text = ngettext("%(n)d hari kalender", "%(n)d hari kalender", count)
    elif kind == "hours":
        text = ngettext("%(n)d jam", "%(n)d jam", count)
    else:
        text = ngettext("%(n)d hari kerja", "%(n)d hari kerja", count)
    return text % {"n": count}
