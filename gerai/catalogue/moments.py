"""Checking the mall's moments of life, as they stand in its file. Pure: no Django, no database.

A moment names its services in order. `after` says whose permit a service needs first; that one stands earlier, so
nothing can wait in a circle.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import jsonschema_rs

from gerai.catalogue import misshapen, shape
from gerai.catalogue.yaml_lines import Finding, Path, Problem, line_of, said_twice, shown, twice

_CODES = shape.rows(shape.string(30, shape.SERVICE_CODE), 40, least=1)
EVENT = shape.group(
    {
        "code": shape.string(30, "^[A-Z][A-Z0-9]{1,29}$"),
        "name": shape.text(200),
        "services": _CODES,
        "after": {
            "type": "object",
            "propertyNames": {"pattern": shape.SERVICE_CODE},
            "additionalProperties": _CODES,
        },
    },
    required="code name services",
)
_KEY = "life_events"
_validator = jsonschema_rs.Draft202012Validator(
    {"type": "object", "properties": {_KEY: shape.rows(EVENT, 100)}, "required": [_KEY]}
)


def check(data: Any, lines: dict[Path, int], services: AbstractSet[str]) -> list[Problem]:
    """Everything wrong with `life_events` of a mall's file; `services` are the codes that there are."""
    if found := misshapen.problems(data, lines, _validator):
        return found
    wrong = [
        problem
        for index, event in enumerate(data[_KEY])
        for problem in _event(event, (_KEY, index), services)
    ]
    codes = [event["code"] for event in data[_KEY]]
    wrong += twice(codes, (_KEY,), "code")
    found = [Problem(line_of(lines, path), shown(path), *said) for path, *said in wrong]
    return sorted(found, key=lambda p: (p.line, p.path))


def _event(event: Mapping[str, Any], here: Path, services: AbstractSet[str]) -> Iterator[Finding]:
    named = event["services"]
    for place, code in enumerate(named):
        if code not in services:
            yield (
                (*here, "services", place),
                "service_unknown",
                f"Layanan {code} tidak ada di mal ini.",
                f"There is no service {code} in this mall.",
            )
        if code in named[:place]:
            yield said_twice((*here, "services", place), code)
    for code, needed in misplaced(named, event.get("after", {})):
        yield (
            (*here, "after", code),
            "after_wrong",
            f"{code} menunggu {needed}; keduanya harus ada di services, {needed} lebih dulu.",
            f"{code} waits for {needed}; both must be among services, {needed} first.",
        )


def misplaced(services: list[str], after: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """The pairs (service, needed first) of which the needed one does not stand earlier."""
    place = {code: number for number, code in enumerate(services)}
    return [
        (code, needed)
        for code, wanted in after.items()
        for needed in wanted
        if code not in place or place.get(needed, len(services)) >= place[code]
    ]
