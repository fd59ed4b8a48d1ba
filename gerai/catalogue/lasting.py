"""How long a permit holds where its answers say so: until a day that was asked, or days or months from one. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from gerai.catalogue.yaml_lines import Finding, Path

WAYS = ("until", "days", "months")
OPEN = "open"  # of `otherwise`: it has no end where what it counts by is not asked


def last_day(lasts: Mapping[str, Any], answers: Mapping[str, Any], decided: date) -> date | None:
    """
    The last day on which it holds, never before the decision.

    None, no end: an answer is missing, as in a draft, or because it is not asked and `otherwise` says open.

    Days count the first one too; months end on the day of that number, or on the month's last.
    """
    try:
        if "until" in lasts:
            return max(decided, date.fromisoformat(answers[lasts["until"]]))
        first = date.fromisoformat(answers[lasts["from"]]) if "from" in lasts else decided
        way = "days" if "days" in lasts else "months"
        count = lasts[way] if isinstance(lasts[way], int) else int(answers[lasts[way]])
    except (KeyError, TypeError):
        return None
    try:
        last = first + timedelta(days=count - 1) if way == "days" else _months_after(first, count)
    except (OverflowError, ValueError):  # beyond the calendar
        return date.max
    return max(decided, last)


def _months_after(first: date, count: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def problems(service: Any, here: Path = ()) -> Iterator[Finding]:
    """What is wrong with `permit.lasts` of a service: said twice, or by answers that are not always there."""
    permit = service.get("permit", {})
    lasts, path = permit.get("lasts"), (*here, "permit", "lasts")
    if lasts is None:
        return
    if permit.get("valid_years"):
        yield (
            path,
            "validity_twice",
            "Masa berlaku tertulis dua kali. Pakai valid_years atau lasts, bukan keduanya.",
            "How long it holds is said twice. Use valid_years or lasts, not both.",
        )
    if len(lasts.keys() & set(WAYS)) != 1 or {"from", "until"} <= lasts.keys():
        yield (
            path,
            "validity_unclear",
            "Tulis satu saja: until (tanggal terakhir), days, atau months; from hanya bersama days atau months.",
            "Write one of: until (the last day), days, or months; from only with days or months.",
        )
    may_be_open = lasts.get("otherwise") == OPEN
    there = {
        field["key"]: field["type"]
        for section in service.get("questions", [])
        for field in section["fields"]
        if field.get("required", True) and (may_be_open or not (section.get("when") or field.get("when")))
    }
    for name, wanted in (("from", "date"), ("until", "date"), ("days", "integer"), ("months", "integer")):
        key = lasts.get(name)
        if isinstance(key, str) and there.get(key) != wanted:
            yield (
                (*path, name),
                "validity_answer",
                f"{key} harus pertanyaan berjenis {wanted} yang wajib dan selalu ditanyakan. Bila tidak selalu "
                "ditanyakan dan izin lalu tanpa batas waktu, tulis otherwise: open.",
                f"{key} has to be a question of type {wanted} that is required and always asked. If it is not always "
                "asked, and the permit has no end then, write otherwise: open.",
            )
