"""Checking the places of the mall's own file: kecamatan, kelurahan, the box of the city. Pure.

What they are for: `agencies.places`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from gerai.catalogue import misshapen, shape
from gerai.catalogue.yaml_lines import Finding, Path, Problem, line_of, said_twice, shown

_DEGREES = {"type": "number", "minimum": -180, "maximum": 180}
_KELURAHAN = shape.group(
    {"code": shape.string(13, r"^\d\d\.\d\d\.\d\d\.\d{4}$"), "name": shape.string(60)}, all_required=True
)
_KECAMATAN = shape.group(
    {
        "code": shape.string(8, r"^\d\d\.\d\d\.\d\d$"),
        "name": shape.string(60),
        "kelurahan": shape.rows(_KELURAHAN, 100, least=1),
    },
    all_required=True,
)
PLACES = shape.group(
    {
        "source": shape.SOURCE,
        "bounds": shape.group(dict.fromkeys(("south", "west", "north", "east"), _DEGREES), all_required=True),
        "kecamatan": shape.rows(_KECAMATAN, 100, least=1),
    },
    all_required=True,
)
_KEY = "places"
_validator = jsonschema_rs.Draft202012Validator({"type": "object", "properties": {_KEY: PLACES}})


def check(data: Any, lines: dict[Path, int]) -> list[Problem]:
    """Everything wrong with `places` of a mall's file; a mall may have none."""
    if found := misshapen.problems(data, lines, _validator):
        return found
    wrong = _meaning(data[_KEY]) if _KEY in data else ()
    found = [Problem(line_of(lines, path), shown(path), *said) for path, *said in wrong]
    return sorted(found, key=lambda p: (p.line, p.path))


def _meaning(places: Mapping[str, Any]) -> Iterator[Finding]:
    box = places["bounds"]
    if box["south"] >= box["north"] or box["west"] >= box["east"]:
        yield (
            (_KEY, "bounds"),
            "bounds_wrong",
            "south harus lebih kecil dari north, dan west lebih kecil dari east.",
            "south must be less than north, and west less than east.",
        )
    seen: set[str] = set()
    for number, district in enumerate(places["kecamatan"]):
        for place, one in enumerate(district["kelurahan"]):
            path = (_KEY, "kecamatan", number, "kelurahan", place, "code")
            if one["code"] in seen:
                yield said_twice(path, one["code"])
            seen.add(one["code"])
            if not one["code"].startswith(f"{district['code']}."):
                yield (
                    path,
                    "code_not_own",
                    f"Kode kelurahan harus diawali {district['code']}.",
                    f"The code of a kelurahan must begin with {district['code']}.",
                )
