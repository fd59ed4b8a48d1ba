"""An answer as people read it: a text, a table of rows, a point with its link; and what changed in it. Pure."""

from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from gerai.applications import points
from gerai.catalogue import asking
from gerai.core.dates import day_in_words

GROUPED = 10_000  # from here on the digits stand in groups; a year never does


class Cell(NamedTuple):
    """One answer of a row: its text, and of a point where the map shows it."""

    text: str
    link: str = ""


Row = tuple[Cell, ...]


def shown(field: Mapping[str, Any], value: Any, language: str) -> str:
    """An answer as one text."""
    if value in (None, "", []):
        return "-"
    if field["type"] == "yes_no":
        return {("id", True): "Ya", ("id", False): "Tidak", ("en", True): "Yes"}.get((language, value), "No")
    if field["type"] == "date" and (day := _day(value)):
        return day_in_words(day, language)
    if field["type"] == "choice":
        for choice in field["choices"]:
            if choice["value"] == value:
                return _in(choice["label"], language)
    if field["type"] == asking.GROUP:
        return "; ".join(_line(field, row, language) for row in value if isinstance(row, Mapping))
    if field["type"] == asking.ADDRESS and isinstance(value, Mapping):
        parts = (("", "street"), ("Kel. ", "kelurahan"), ("Kec. ", "kecamatan"))
        return ", ".join(f"{before}{value[part]}" for before, part in parts if value.get(part))
    if field["type"] == asking.POINT and isinstance(value, Mapping):
        return points.written(dict(value))
    if isinstance(value, int) and abs(value) >= GROUPED:
        return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")
    return str(value)


def _day(value: Any) -> date | None:
    """A date as it was typed; None for what is no date: a later edition may ask for one where there was a text."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def told(field: Mapping[str, Any], value: Any, language: str, before: Any = None) -> dict[str, Any]:
    """
    An answer for a page: `text`, of a group also `heads` and `rows`, of a point its `link`.

    `before` is what stood there earlier, where that is known: `was` is then its text if it differs, and each row of a
    group says whether it is new, changed (with what its cells were) or gone.
    """
    found: dict[str, Any] = {"text": shown(field, value, language), "was": ""}
    if before is not None and (was := shown(field, before, language)) != found["text"]:
        found["was"] = was
    if field["type"] == asking.POINT and isinstance(value, Mapping):
        found["link"] = points.link(dict(value))
    if field["type"] == asking.GROUP and (value or before):
        cells = [cell for cell in field["fields"] if _answered(cell, [*(value or []), *(before or [])])]
        rows = _rows(cells, value or [], language)
        earlier = rows if before is None else _rows(cells, before or [], language)
        found["heads"] = [_in(cell["label"], language) for cell in cells]
        found["rows"] = compared(earlier, rows)
    return found


def _answered(cell: Mapping[str, Any], rows: list[Any]) -> bool:
    """Whether a column has anything to show: what no row is asked has no place in the table."""
    return "when" not in cell or any(cell["key"] in row for row in rows if isinstance(row, Mapping))


def compared(before: list[Row], now: list[Row]) -> list[dict[str, Any]]:
    """
    The rows as they stand, and between them those that are gone.

    Each is {"number" (none of who is gone), "state", "cells": [{"text", "link", "was"}]}.
    """
    found: list[dict[str, Any]] = []
    for _, first, after_first, second, after_second in SequenceMatcher(
        None, before, now, False
    ).get_opcodes():
        old, new = before[first:after_first], now[second:after_second]
        for number in range(max(len(old), len(new))):
            was = old[number] if number < len(old) else None
            there = new[number] if number < len(new) else None
            place = None if there is None else second + number + 1
            found.append({"number": place, **_row(was, there)})
    return found


def _row(was: Row | None, now: Row | None) -> dict[str, Any]:
    state = "gone" if now is None else "new" if was is None else "" if was == now else "changed"
    shown = now or was or ()
    cells = [
        {**cell._asdict(), "was": old.text if old.text != cell.text else ""}
        for cell, old in zip(shown, was or shown, strict=True)
    ]
    return {"state": state, "cells": cells}


def _rows(cells: list[dict[str, Any]], value: Any, language: str) -> list[Row]:
    return [
        tuple(_cell(cell, row.get(cell["key"]), language) for cell in cells)
        for row in value
        if isinstance(row, Mapping)
    ]


def _cell(cell: Mapping[str, Any], value: Any, language: str) -> Cell:
    is_point = cell["type"] == asking.POINT and isinstance(value, Mapping)
    return Cell(shown(cell, value, language), points.link(dict(value)) if is_point else "")


def _line(group: Mapping[str, Any], row: Mapping[str, Any], language: str) -> str:
    """A row as one text: words speak for themselves, a number or a yes says what it is about."""
    found = []
    for cell in group["fields"]:
        text = shown(cell, row.get(cell["key"]), language)
        named = cell["type"] in ("integer", "yes_no", "date")
        if text != "-":
            found.append(f"{_in(cell['label'], language)}: {text}" if named else text)
    return ", ".join(found)


def _in(label: Mapping[str, str], language: str) -> str:
    return str(label.get(language) or label["id"])
