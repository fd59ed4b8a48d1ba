"""From an agency's YAML file to a checked plan. Everything is checked, and said, before anything is written.

No database here: what the mall knows comes in as arguments.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from gerai.catalogue import checking, generic, misshapen, permit_text, rules
from gerai.catalogue.yaml_lines import Problem, Unreadable, line_of, read, shown


@dataclass(slots=True)
class Plan:
    """What a file asks for, or what is wrong with it."""

    agency: dict[str, Any] = field(default_factory=dict)
    counters: list[tuple[int, str, bool]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check(
    text: str,
    *,
    agencies: AbstractSet[str] = frozenset(),
    taken: Mapping[int, AbstractSet[str]] | None = None,
) -> Plan:
    """
    Read and check a file whole.

    `agencies` are the codes that routes may name beside the file's own; `taken`: who sits at which counter.
    """
    try:
        data, lines = read(text)
    except Unreadable as error:
        return Plan(problems=[error.problem])
    problems = misshapen.problems(data, lines)
    if problems:
        return Plan(problems=problems)
    found = [
        Problem(line_of(lines, path), shown(path), code, indonesian, english)
        for path, code, indonesian, english in checking.meaning(data, agencies, taken or {})
    ]
    if found:
        return Plan(problems=sorted(found, key=lambda p: (p.line, p.path)))
    return Plan(
        agency=_agency(data["agency"]),
        counters=[(c["number"], c.get("zone", ""), c.get("shared", False)) for c in data.get("counters", [])],
        services=[_service(service, data.get("standard", {})) for service in data["services"]],
    )


def _agency(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "name": raw["name"],
        "short": raw["short"],
        "kind": raw["kind"],
        "permit_pattern": raw.get("permit_pattern"),
        "opening": raw.get("opening", {}),
        "source": {"verified_on": None, **raw["source"]},
    }


def _fee(raw: dict[str, Any]) -> dict[str, Any]:
    return {"confirmed": False, "source": "", **raw, "amount": str(raw["amount"])}


def _time(raw: dict[str, Any]) -> dict[str, Any]:
    """The promise. The same visit is the same in every kind of days; sent from home it is a working day."""
    kept = {"kind": "working", **raw}
    return kept if kept["days"] else {**kept, "kind": "working"}


def _service(raw: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """A service with every default written out, its content as it is frozen in an edition; `common` is the agency's."""
    wanted, raw = generic.is_wanted(raw), generic.filled(raw)
    standard = {**common, **raw["standard"]}
    system = raw.get("system_of_record", rules.OURS)
    content = {
        "summary": raw["summary"],
        "standard": {**standard, "time": _time(standard["time"])},
        "requirements": [{"file": False, "required": True, **r} for r in raw.get("requirements", [])],
        "questions": [
            {
                **section,
                "fields": [{"required": True, "personal": False, **_rows(f)} for f in section["fields"]],
            }
            for section in raw.get("questions", [])
        ],
        "fee": _fee(raw["fee"]),
        "route": [
            {**stage, "tasks": [{"role": "reviewer", **task} for task in stage["tasks"]]}
            for stage in raw.get("route", [])
        ],
        "deemed": raw.get("deemed", False),
        "system_of_record": system if rules.is_outside(system) else rules.OURS,
        "source": {"verified_on": None, **raw["source"]},
    }
    if not rules.is_outside(system):
        permit = {"title": standard["product"], "body": [], "valid_years": None}
        content["permit"] = {**permit, **raw.get("permit", {})}
        if text := content["permit"].get("text"):
            lines = {tongue: permit_text.lines(words) for tongue, words in text.items()}
            content["permit"]["text"] = {tongue: "\n".join(kept) for tongue, kept in lines.items()}
    if wanted:
        content["form"] = generic.GENERIC
    for part in ("proof", "objection"):
        if part in raw:
            content[part] = raw[part]
    if "amend" in raw:
        content["amend"] = {"fee": _fee(raw["amend"]["fee"])} if "fee" in raw["amend"] else {}
    return {
        "code": raw["code"],
        "name": raw["name"],
        "keywords": raw.get("keywords", []),
        "kind": raw["kind"],
        "online": bool(raw.get("online", False)),
        "counter_minutes": raw["counter_minutes"],
        "content": content,
    }


def _rows(field: dict[str, Any]) -> dict[str, Any]:
    """A question; of a group what each row asks has its default too."""
    cells = field.get("fields")
    return {**field, "fields": [{"required": True, **cell} for cell in cells]} if cells else field
