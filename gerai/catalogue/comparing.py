"""A service as lines of plain words, and which of them a new file changes: what the second person reads. Pure.

Every line is `{id, en}`. A change that no line tells is shown as it is written, so that nothing passes unseen.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gerai.catalogue import telling, words
from gerai.catalogue.words import Line

Lines = list[Line]
# The parts in the order that matters to who publishes; each says what it tells from a service's values and content.
PARTS: tuple[tuple[str, Callable[[Mapping[str, Any]], Lines]], ...] = (
    ("name", lambda s: telling.texts(s.get("name"))),
    ("kind", lambda s: telling.known(words.KINDS, s.get("kind"))),
    ("online", lambda s: telling.yes_no(s.get("online"))),
    ("active", lambda s: telling.yes_no(s.get("active"))),
    ("fee", lambda s: telling.fee(s.get("fee") or {})),
    ("time", lambda s: telling.time((s.get("standard") or {}).get("time") or {})),
    ("route", lambda s: telling.route(s.get("route") or [])),
    ("requirements", lambda s: telling.requirements(s.get("requirements") or [])),
    ("questions", lambda s: telling.questions(s.get("questions") or [])),
    ("permit", lambda s: telling.permit(s.get("permit") or {})),
    ("amend", lambda s: telling.amend(s.get("amend") or {})),
    ("deemed", lambda s: telling.yes_no(s.get("deemed"))),
    ("system_of_record", lambda s: telling.texts(s.get("system_of_record"))),
    ("form", lambda s: telling.known(words.FORMS, s.get("form"))),
    ("proof", lambda s: telling.known(words.PROOFS, s.get("proof"))),
    ("objection", lambda s: telling.objection(s.get("objection") or {})),
    ("standard", lambda s: telling.standard(s.get("standard") or {})),
    ("summary", lambda s: telling.texts(s.get("summary"))),
    ("keywords", lambda s: telling.texts(", ".join(s.get("keywords") or []))),
    ("counter_minutes", lambda s: telling.minutes(s.get("counter_minutes"))),
    ("source", lambda s: telling.source(s.get("source") or {})),
    ("short", lambda s: telling.texts(s.get("short"))),
    ("opening", lambda s: telling.opening(s.get("opening") or {})),
    ("permit_pattern", lambda s: telling.texts(s.get("permit_pattern"))),
)
IN_ORDER = frozenset({"route"})  # told whole: a stage says little without those around it


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a service or agency that a file changes: the lines of each side that are not on the other."""

    part: str
    before: Lines
    after: Lines


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Difference]:
    """The parts that differ. Without `before` everything is new and there is only one side."""
    out: list[Difference] = []
    for part, told in PARTS:
        old, new = told(before) if before is not None else [], told(after)
        if old != new:
            whole = part in IN_ORDER or not (_without(old, new) or _without(new, old))  # only their order
            out.append(Difference(part, *((old, new) if whole else (_without(old, new), _without(new, old)))))
    if before is not None:
        out += _untold(before, after, {"standard" if d.part == "time" else d.part for d in out})
    return out


def _without(lines: Lines, others: Lines) -> Lines:
    return [line for line in lines if line not in others]


def _untold(before: Mapping[str, Any], after: Mapping[str, Any], told: set[str]) -> list[Difference]:
    """What no line tells, as it is written."""
    keys = [k for k in {**before, **after} if before.get(k) != after.get(k) and k not in told]
    sides = [[telling.both(f"{k}: {_written(side.get(k))}") for k in keys] for side in (before, after)]
    return [Difference("rest", *sides)] if keys else []


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def worded(found: Difference, tongue: str) -> dict[str, Any]:
    """
    One difference for a reader: each side as {text, marked}; where lines that stay are shown, what changes is marked.

    Where only the other language differs, its words are shown too: two equal lines would say nothing.
    """
    mixed = any(line in found.after for line in found.before)

    def side(lines: Lines, others: Lines) -> list[dict[str, Any]]:
        there = [line[tongue] for line in others if line not in lines]
        shown = []
        for line in lines:
            changed = line not in others
            same_words = changed and line[tongue] in there
            text = " / ".join(line.values()) if same_words else line[tongue]
            shown.append({"text": text, "marked": mixed and changed})
        return shown

    return {
        "part": found.part,
        "before": side(found.before, found.after),
        "after": side(found.after, found.before),
    }
