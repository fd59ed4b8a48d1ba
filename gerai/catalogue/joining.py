"""From an agency's YAML file to a checked plan. Everything is checked, and said, before anything is written.

No database here: what the mall knows comes in as arguments.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import jsonschema_rs

from gerai.agencies.rules import OpeningWrong, check_opening
from gerai.catalogue import branches, shape
from gerai.catalogue.yaml_lines import Path, Problem, Unreadable, line_of, read, shown

PATTERN = re.compile(
    r"^(?:[^{}]|\{number(?::0\d{1,2}d)?\}|\{agency\}|\{service\}|\{year\}|\{month(?::02d)?\}|\{roman_month\})+$"
)


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
    problems = shape.problems(data, lines)
    if problems:
        return Plan(problems=problems)
    found = [
        Problem(line_of(lines, path), shown(path), code, indonesian, english)
        for path, code, indonesian, english in _meaning(data, agencies, taken or {})
    ]
    if found:
        return Plan(problems=sorted(found, key=lambda p: (p.line, p.path)))
    return Plan(
        agency=_agency(data["agency"]),
        counters=[(c["number"], c.get("zone", ""), c.get("shared", False)) for c in data.get("counters", [])],
        services=[_service(service) for service in data["services"]],
    )


Found = Iterator[tuple[Path, str, str, str]]


def _meaning(data: Any, agencies: AbstractSet[str], taken: Mapping[int, AbstractSet[str]]) -> Found:
    """What the shape cannot say."""
    agency = data["agency"]
    own = agency["code"]
    pattern = agency.get("permit_pattern")
    if pattern is not None and (not PATTERN.match(pattern) or "{number" not in pattern):
        yield (
            ("agency", "permit_pattern"),
            "pattern_wrong",
            "Pola nomor perlu {number}; selain itu hanya {agency} {service} {year} {month} {roman_month}.",
            "The pattern needs {number} and may only use {agency} {service} {year} {month} {roman_month}.",
        )
    try:
        check_opening(agency.get("opening", {}))
    except OpeningWrong as error:
        day = error.data["day"]
        yield ("agency", "opening", day), error.code, str(error), f"The hours of {day} are not right."
    yield from _date(agency["source"], ("agency", "source"))
    yield from _twice([c["number"] for c in data.get("counters", [])], ("counters",), "number")
    for index, counter in enumerate(data.get("counters", [])):
        others = sorted(taken.get(counter["number"], frozenset()) - {own})
        if others and not counter.get("shared"):
            free = next(n for n in range(1, 1000) if n not in taken)
            yield (
                ("counters", index, "number"),
                "counter_taken",
                f"Loket {counter['number']} sudah dipakai {others[0]}. Nomor bebas berikutnya: {free}. "
                "Untuk berbagi loket tulis shared: true.",
                f"Counter {counter['number']} is used by {others[0]}. The next free number is {free}. "
                "To share it, write shared: true.",
            )
    yield from _twice([s["code"] for s in data["services"]], ("services",), "code")
    for index, service in enumerate(data["services"]):
        here = ("services", index)
        if not service["code"].startswith(f"{own}-"):
            yield (
                (*here, "code"),
                "code_not_own",
                f"Kode layanan harus diawali {own}-.",
                f"The service code must begin with {own}-.",
            )
        yield from _service_meaning(service, here, agencies | {own})


def _service_meaning(service: Any, here: Path, agencies: AbstractSet[str]) -> Found:
    yield from _date(service["source"], (*here, "source"))
    yield from _twice([r["code"] for r in service.get("requirements", [])], (*here, "requirements"), "code")
    yield from _twice([s["key"] for s in service.get("questions", [])], (*here, "questions"), "key")
    keys: set[str] = set()
    wrong = False
    for number, section in enumerate(service.get("questions", [])):
        for place, asked in enumerate(section["fields"]):
            path = (*here, "questions", number, "fields", place)
            if asked["key"] in keys:
                yield (
                    (*path, "key"),
                    "written_twice",
                    f"{asked['key']} sudah dipakai pertanyaan lain.",
                    f"{asked['key']} is already used by another question.",
                )
            keys.add(asked["key"])
            for problem in _field_meaning(asked, path):
                wrong = True
                yield problem
    for place, row in enumerate(service.get("permit", {}).get("body", [])):
        if row["value"] not in keys:
            yield (
                (*here, "permit", "body", place, "value"),
                "answer_unknown",
                f"Tidak ada pertanyaan dengan kunci {row['value']}.",
                f"There is no question with the key {row['value']}.",
            )
    if service.get("online") and "permit" not in service:
        yield (
            (*here, "online"),
            "permit_missing",
            "Layanan online perlu bagian permit: dokumen apa yang terbit.",
            "An online service needs the part permit: which document is issued.",
        )
    if not wrong:
        for path, code, indonesian, english in branches.problems(service):
            yield (*here, *path), code, indonesian, english
    yield from _route_meaning(service, here, agencies)


def _field_meaning(asked: Any, path: Path) -> Found:
    if (asked["type"] == "choice") != ("choices" in asked):
        yield (
            path,
            "choices_wrong",
            "Pilihan (choices) ada pada pertanyaan choice, dan hanya di situ.",
            "A question of type choice needs choices, and no other has them.",
        )
    if (asked["type"] == "computed") != ("value" in asked):
        yield (
            path,
            "value_wrong",
            "Rumus (value) ada pada isian computed, dan hanya di situ.",
            "A field of type computed needs a value, and no other has one.",
        )
    yield from _twice([c["value"] for c in asked.get("choices", [])], (*path, "choices"), "value")
    schema = asked.get("schema", {})
    if "$ref" in str(schema) or "$dynamicRef" in str(schema) or "$recursiveRef" in str(schema):
        yield (*path, "schema"), "schema_wrong", "$ref tidak diterima di sini.", "$ref is not accepted here."
        return
    try:
        jsonschema_rs.Draft202012Validator({"type": "string", **schema})
    except ValueError as error:
        reason = str(error).splitlines()[0][:160]
        yield (
            (*path, "schema"),
            "schema_wrong",
            f"Bukan JSON Schema yang benar: {reason}.",
            f"This is no correct JSON Schema: {reason}.",
        )


def _route_meaning(service: Any, here: Path, agencies: AbstractSet[str]) -> Found:
    route = service.get("route", [])
    yield from _twice([s["key"] for s in route], (*here, "route"), "key")
    longest = 0
    for number, stage in enumerate(route):
        path = (*here, "route", number, "tasks")
        yield from _twice([t["key"] for t in stage["tasks"]], path, "key")
        longest += max(t["days"] for t in stage["tasks"])
        for place, task in enumerate(stage["tasks"]):
            if task["agency"] not in agencies:
                yield (
                    (*path, place, "agency"),
                    "agency_unknown",
                    f"Instansi {task['agency']} belum bergabung di mal ini.",
                    f"The agency {task['agency']} has not joined this mall.",
                )
    time = service["standard"]["time"]
    if route and time.get("kind", "working") == "working" and longest > time["days"]:
        yield (
            (*here, "standard", "time", "days"),
            "route_too_long",
            f"Tahapan perlu {longest} hari, tetapi janji layanan {time['days']} hari.",
            f"The stages take {longest} days, but {time['days']} are promised.",
        )


def _date(source: Any, here: Path) -> Found:
    day = source.get("verified_on")
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield (*here, "verified_on"), "date_wrong", "Tanggal ini tidak ada.", "There is no such date."


def _twice(values: list[Any], here: Path, name: str) -> Found:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield (
                (*here, index, name),
                "written_twice",
                f"{value} tertulis dua kali.",
                f"{value} is written twice.",
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


def _service(raw: dict[str, Any]) -> dict[str, Any]:
    """A service with every default written out, its content as it is frozen in an edition."""
    standard = raw["standard"]
    content = {
        "summary": raw["summary"],
        "standard": {**standard, "time": {"kind": "working", **standard["time"]}},
        "requirements": [{"file": False, "required": True, **r} for r in raw.get("requirements", [])],
        "questions": [
            {**section, "fields": [{"required": True, "personal": False, **f} for f in section["fields"]]}
            for section in raw.get("questions", [])
        ],
        "fee": {"confirmed": False, "source": "", **raw["fee"], "amount": str(raw["fee"]["amount"])},
        "route": [
            {**stage, "tasks": [{"role": "reviewer", **task} for task in stage["tasks"]]}
            for stage in raw.get("route", [])
        ],
        "permit": {"title": standard["product"], "body": [], "valid_years": None, **raw.get("permit", {})},
        "deemed": raw.get("deemed", False),
        "system_of_record": raw.get("system_of_record", "gerai"),
        "source": {"verified_on": None, **raw["source"]},
    }
    return {
        "code": raw["code"],
        "name": raw["name"],
        "keywords": raw.get("keywords", []),
        "kind": raw["kind"],
        "online": raw.get("online", False),
        "counter_minutes": raw["counter_minutes"],
        "content": content,
    }
