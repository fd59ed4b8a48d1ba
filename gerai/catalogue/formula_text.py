"""What the text of a formula (CEL) tells: which answers it uses, and what no formula may do. Pure.

What it does with them is tried in `branches`. `answers.key` is an answer, `row.key` another answer of the same row.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gerai.catalogue import asking
from gerai.catalogue.samples import bare

Said = tuple[str, str]  # in both languages
_LOOP = re.compile(r"\.\s*(?:map|filter|all|exists|exists_one)\s*\(")
_DIVIDED = re.compile(r"[/%](?!\s*[1-9]\d*\b)")
_USED = re.compile(r"\banswers\s*\.\s*(\w+)")
_USED_IN_ROW = re.compile(r"\brow\s*\.\s*(\w+)")
_LAST_USED = re.compile(_USED.pattern + "$")
_ASKS_WHETHER = re.compile(r"\bhas\s*\(\s*\w+\s*\.\s*\w+\s*(?:\[\s*\d+\s*\]\s*\.\s*\w+\s*)?\)")
_OF_A_ROW = re.compile(r"(\w+|\])\s*\.\s*(\w+)")
# Answers that no formula can weigh: a word for each.
_NOT_WEIGHED = {
    asking.FILE: ("berkas", "a file"),
    asking.ADDRESS: ("alamat", "an address"),
    asking.POINT: ("titik peta", "a point on the map"),
}


def used(source: str) -> set[str]:
    """The answers that a formula uses."""
    return set(_USED.findall(bare(source)))


def used_in_row(source: str) -> set[str]:
    """The answers of the same row that a condition inside a row uses."""
    return set(_USED_IN_ROW.findall(bare(source)))


def forbidden(
    source: str, fields: Mapping[str, dict[str, Any]], cells: Iterable[dict[str, Any]] = ()
) -> Said | None:
    """What a formula must not do and does; `cells` are those of the row that a condition stands in."""
    groups = [fields[key] for key in used(source) if fields[key]["type"] == asking.GROUP]
    cells = [*cells, *(cell for group in groups for cell in group["fields"])]
    if said := _weighs(source, fields) or _weighs_cells(source, cells) or _loops(source, fields):
        return said
    if _DIVIDED.search(bare(source)):
        return (
            "bagi (/ atau %) hanya dengan angka dari 1 ke atas",
            "divide (/ or %) only by a number from 1 up",
        )
    return None


def _weighs(source: str, fields: Mapping[str, dict[str, Any]]) -> Said | None:
    """A formula may only ask whether an address or a point is there, and nothing of a file."""
    more = set(_USED.findall(_ASKS_WHETHER.sub("", bare(source))))
    for name in sorted(used(source)):
        kind = fields[name]["type"]
        if kind in _NOT_WEIGHED and (kind == asking.FILE or name in more):
            return _not_weighed(name, kind)
    return None


def _weighs_cells(source: str, cells: Iterable[dict[str, Any]]) -> Said | None:
    """The same of the addresses and points in rows, whatever the row is called."""
    more = {name for of, name in _OF_A_ROW.findall(_ASKS_WHETHER.sub("", bare(source))) if of != "answers"}
    found = (cell for cell in cells if cell["type"] in _NOT_WEIGHED and cell["key"] in more)
    return next((_not_weighed(cell["key"], cell["type"]) for cell in found), None)


def _not_weighed(name: str, kind: str) -> Said:
    one, two = _NOT_WEIGHED[kind]
    return f"{name} adalah {one} dan tidak dapat dihitung", f"{name} is {two} and cannot be computed with"


def _loops(source: str, fields: Mapping[str, dict[str, Any]]) -> Said | None:
    """Why a formula goes round too often: map, filter, all and exists are for the rows of a group, one at a time."""
    text = bare(source)
    starts = [match.start() for match in _LOOP.finditer(text)]
    for start in starts:
        before = text[:start].rstrip()
        over = _LAST_USED.search(before)
        rows = over is not None and fields[over[1]]["type"] == asking.GROUP
        if not rows and not before.endswith(")"):
            return (
                "map/filter/all/exists hanya untuk baris pertanyaan group (answers.kunci.map)",
                "map/filter/all/exists is only for the rows of a group (answers.key.map)",
            )
    if any(_within(text, start, other) for start in starts for other in starts):
        return (
            "map/filter/all/exists tidak boleh di dalam yang lain",
            "no map/filter/all/exists inside another",
        )
    return None


def _within(text: str, start: int, other: int) -> bool:
    """Whether the loop at `other` stands between the brackets of the one at `start`."""
    depth = 0
    for place in range(text.index("(", start), len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return start < other < place
    return start < other
