"""Between answers and the inputs of a page: what each input is called, and the text in it. Pure.

An answer has the name of its question; the kelurahan of an address is `key.kelurahan`, a cell of a repeating group is
`key.<row>.<cell>`. `key` itself then tells how many rows the page shows, and `key.<row>` which cells that row shows.
"""

import re
from collections.abc import Mapping
from typing import Any

from gerai.applications import points
from gerai.catalogue import asking

OUTSIDE = "outside"  # in the list of kelurahan: not in this city
MORE, LESS = "row_add", "row_remove"  # the names of the two buttons
LOOK = "row_look"  # an answer was given that decides what else its row asks
Texts = dict[str, str]


def text_of(raw: Mapping[str, str], name: str) -> str:
    """What was typed, without what cannot be stored."""
    return str(raw.get(name, "")).strip().replace("\x00", "")


def texts(field: Mapping[str, Any], value: Any) -> Texts:
    """An answer as the texts of its inputs."""
    key, kind = field["key"], field["type"]
    if value is None:
        return {}
    if kind == asking.GROUP:
        found = {key: str(len(value))}
        for number, row in enumerate(value):
            for cell in field["fields"]:
                typed = texts(cell, row.get(cell["key"]))
                found |= {f"{key}.{number}.{name}": text for name, text in typed.items()}
        return found
    if kind == asking.ADDRESS and isinstance(value, Mapping):
        return {key: value.get("street", ""), f"{key}.kelurahan": value.get("code", OUTSIDE)}
    if kind == asking.POINT and isinstance(value, Mapping):
        return {key: points.written(dict(value))}
    if kind == "yes_no" and isinstance(value, bool):
        return {key: "yes" if value else "no"}
    return {key: str(value)}


def belongs(field: Mapping[str, Any], name: str) -> bool:
    """Whether an input is one of this question."""
    return name == field["key"] or name.startswith(f"{field['key']}.")


def typed_rows(group: Mapping[str, Any], raw: Mapping[str, str]) -> list[tuple[int, Texts]]:
    """The rows in which something was typed, each with its place on the page."""
    cells = {cell["key"] for cell in group["fields"]}
    form = re.compile(rf"{group['key']}\.([0-9]{{1,3}})\.((\w+)(?:\.kelurahan)?)")
    rows: dict[int, Texts] = {}
    for name in raw:
        found = form.fullmatch(name)
        if found and found[3] in cells and (text := text_of(raw, name)):
            rows.setdefault(int(found[1]), {})[found[2]] = text
    return sorted(rows.items())


def cells_shown(group: Mapping[str, Any], number: int, raw: Mapping[str, str]) -> set[str]:
    """The cells of a row that were on the page; all, where that was not told."""
    told = text_of(raw, f"{group['key']}.{number}").split()
    return set(told) or {cell["key"] for cell in group["fields"]}


def rows_shown(group: Mapping[str, Any], raw: Mapping[str, str]) -> int:
    """How many rows the page shows: those that were there, at least those that must be."""
    told = text_of(raw, group["key"])
    there = int(told) if re.fullmatch(r"[0-9]{1,3}", told) else 0
    typed = [number + 1 for number, _ in typed_rows(group, raw)]
    return int(
        min(
            max(there, *typed, asking.least(group)) if typed else max(there, asking.least(group)),
            group["most"],
        )
    )


def pressed(some: list[dict[str, Any]], raw: Mapping[str, str]) -> Texts | None:
    """What stands in the inputs after "add a row" or "remove" was pressed, or a row is looked at; else None."""
    if LOOK in raw:
        return dict(raw)
    key = raw.get(MORE) or str(raw.get(LESS, "")).partition(".")[0]
    group = next((f for f in some if f["key"] == key and f["type"] == asking.GROUP), None)
    if group is None:
        return None
    shown, rest = rows_shown(group, raw), {n: t for n, t in raw.items() if not belongs(group, n)}
    rows = dict(typed_rows(group, raw))
    if MORE in raw:
        shown = min(shown + 1, group["most"])
    else:
        gone = str(raw[LESS]).partition(".")[2]
        number = int(gone) if re.fullmatch(r"[0-9]{1,3}", gone) else shown
        rows = {n - (n > number): row for n, row in rows.items() if n != number}
        shown -= number < shown
    cells = {f"{key}.{n}.{name}": text for n, row in rows.items() for name, text in row.items()}
    return {**rest, key: str(shown), **cells}
