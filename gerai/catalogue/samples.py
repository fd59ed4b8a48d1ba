"""With which values a question is tried, so that a formula meets every branch of its answers. Pure.

Each choice, yes and no, answered or left out where it may be; for whole numbers the limits, the middle and both sides
of every number they are compared with. A repeating group is tried with no row (where it may have none), one, the most,
and as many as any number written in the formula and its neighbours; all rows alike, and the first unlike the rest.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gerai.catalogue import asking

LEFT_OUT = object()
ROWS_AT_A_TIME = 5
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAME = re.compile(r"\.\s*(\w+)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_LIMITS = re.compile(
    r"\w\.(?P<left>\w+)\s*(?:[<>]=?|==|!=)\s*(?P<right_number>\d+)"
    r"|(?P<left_number>\d+)\s*(?:[<>]=?|==|!=)\s*\w+\.(?P<right>\w+)"
)
_SAMPLES: dict[str, Any] = {
    "date": "2026-11-23",
    asking.ADDRESS: {"street": "Jalan Contoh 1"},
    asking.POINT: {"lat": -3.8, "lon": 102.26},
}


def bare(source: str) -> str:
    """A formula without the words that stand in quotes."""
    return _QUOTED.sub("''", source)


@dataclass(slots=True)
class Uses:
    """What formulas use of the answers: names, the numbers written in them, and with which names they are compared."""

    names: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    compared: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[str]) -> "Uses":
        """Of these formulas together."""
        found = cls()
        for source in sources:
            found.add(source)
        return found

    def add(self, source: str) -> None:
        """And of this one."""
        source = bare(source)
        self.names |= set(_NAME.findall(source))
        self.numbers |= {int(number) for number in _NUMBER.findall(source)}
        for match in _LIMITS.finditer(source):
            name = match["left"] or match["right"]
            self.compared.setdefault(name, set()).add(int(match["right_number"] or match["left_number"]))


def _near(numbers: Iterable[int], least: int, most: int) -> set[int]:
    return {n for number in numbers for n in (number - 1, number, number + 1) if least <= n <= most}


def values(asked: dict[str, Any], uses: Uses) -> list[Any]:
    """All that makes a difference to answer here."""
    if asked["type"] == asking.GROUP:
        return _lists(asked, uses)
    if asked["type"] == "choice":
        found: list[Any] = [choice["value"] for choice in asked["choices"]]
    elif asked["type"] == "yes_no":
        found = [True, False]
    elif asked["type"] == "integer":
        schema = asked.get("schema", {})
        least, most = int(schema.get("minimum", 0)), int(schema.get("maximum", 1_000_000))
        near = _near(uses.compared.get(asked["key"], ()), least, most)
        found = sorted({least, (least + most) // 2, most} | near)
    else:
        found = [_SAMPLES.get(asked["type"], "Contoh")]
    return found if asked.get("required", True) else [*found, LEFT_OUT]


def count(asked: dict[str, Any], uses: Uses) -> int:
    """How many `values` there are, without making them; a long list counts for several, because it takes as long."""
    if asked["type"] != asking.GROUP:
        return len(values(asked, uses))
    different = ways(_cells(asked, uses), uses)
    return sum(different ** min(n, 2) * max(1, n // ROWS_AT_A_TIME) for n in _lengths(asked, uses))


def rows(cells: list[dict[str, Any]], uses: Uses) -> list[dict[str, Any]]:
    """All that makes a difference in these answers of one row."""
    columns = [values(cell, uses) for cell in cells]
    return [
        {c["key"]: value for c, value in zip(cells, row, strict=True) if value is not LEFT_OUT}
        for row in itertools.product(*columns)
    ]


def ways(cells: list[dict[str, Any]], uses: Uses) -> int:
    """How many `rows` there are, without making them."""
    found = 1
    for cell in cells:
        found *= len(values(cell, uses))
    return found


def _cells(group: dict[str, Any], uses: Uses) -> list[dict[str, Any]]:
    return [cell for cell in group["fields"] if cell["key"] in uses.names]


def _lengths(group: dict[str, Any], uses: Uses) -> list[int]:
    least, most = asking.least(group), int(group["most"])
    return sorted({least, max(least, 1), most} | _near(uses.numbers, least, most))


def _lists(group: dict[str, Any], uses: Uses) -> list[list[dict[str, Any]]]:
    different = rows(_cells(group, uses), uses)
    found: list[list[dict[str, Any]]] = []
    for length in _lengths(group, uses):
        if length < 2:
            found += [[row] for row in different] if length else [[]]
        else:
            found += [[first, *[other] * (length - 1)] for first in different for other in different]
    return found
