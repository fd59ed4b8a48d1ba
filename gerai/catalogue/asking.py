"""What an edition asks of one applicant: questions and requirements whose conditions hold, and what is computed. Pure.

A condition uses questions that stand before it (`branches` checks it), so one pass in order settles everything.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gerai.catalogue import expressions

ADDRESS, COMPUTED, FILE, GROUP, POINT = "address", "computed", "file", "group", "point"
OLD_NUMBER = "permit.number"  # in `renewing`: the number of the permit that is renewed


def least(group: Mapping[str, Any]) -> int:
    """How many rows of a repeating group there must be."""
    return int(group.get("least", 1 if group.get("required", True) else 0))


def settle(content: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count: of questions that are asked, with what is computed from them."""
    settled: dict[str, Any] = {}
    for _, field in _asked(content, settled):
        value = answers.get(field["key"])
        if field["type"] == COMPUTED:
            value = _computed(field, settled)
        elif field["type"] == GROUP:
            if value is None and not least(field):
                value = []  # no row is an answer too: formulas count it
            if isinstance(value, list):
                value = [settle_row(field, r, settled) if isinstance(r, Mapping) else r for r in value]
        if value is not None:
            settled[field["key"]] = value
    return settled


def settle_row(
    group: Mapping[str, Any], row: Mapping[str, Any], settled: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers of one row of a group that count."""
    found: dict[str, Any] = {}
    for cell in cells(group, found, settled):
        if cell["key"] in row:
            found[cell["key"]] = row[cell["key"]]
    return found


def cells(
    group: Mapping[str, Any], row: Mapping[str, Any], settled: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """What one row of a group asks. Conditions look at `row` when their turn comes: it may grow meanwhile."""
    for cell in group["fields"]:
        if _holds(cell, settled, row):
            yield cell


def sections(content: Mapping[str, Any], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sections with the fields that are asked; what cannot be told yet is not asked."""
    settled = settle(content, answers)
    found: list[dict[str, Any]] = []
    for section, field in _asked(content, settled):
        if not found or found[-1]["key"] != section["key"]:
            found.append({**section, "fields": []})
        found[-1]["fields"].append(field)
    return found


def fields(content: Mapping[str, Any], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that are asked, in order."""
    return [field for section in sections(content, answers) for field in section["fields"]]


def requirements(content: Mapping[str, Any], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What must be shown by who gives these answers."""
    settled = settle(content, answers)
    return [r for r in content["requirements"] if _holds(r, settled)]


def _asked(content: Mapping[str, Any], settled: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each asked field with its section. Conditions look at `settled` when their turn comes: it may grow meanwhile."""
    for section in content["questions"]:
        if _holds(section, settled):
            for field in section["fields"]:
                if _holds(field, settled):
                    yield section, field


def _holds(
    thing: Mapping[str, Any], settled: Mapping[str, Any], row: Mapping[str, Any] | None = None
) -> bool:
    try:
        return expressions.holds(thing.get("when"), settled, row)
    except expressions.ExpressionFails:  # an answer is still missing
        return False


def _computed(field: Mapping[str, Any], settled: Mapping[str, Any]) -> Any:
    try:
        return expressions.evaluate(field["value"], settled)
    except expressions.ExpressionFails:
        return None
