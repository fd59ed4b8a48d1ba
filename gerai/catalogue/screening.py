""" "Which permits do I need?": a few questions that lead to services. Pure: no Django, no database.

The content (shape in README.md) is data; each result and each advice is a condition (CEL) over `answers`. Everything is
tried before it is kept: every condition on every branch, and every path to its end.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

import jsonschema_rs

from gerai.catalogue import branches, expressions, formula_text, misshapen, shape
from gerai.catalogue.yaml_lines import (
    Finding,
    Path,
    Problem,
    Unreadable,
    line_of,
    read,
    said_twice,
    shown,
    twice,
)

LONGEST = 5  # questions that one person is asked
PATHS = 20_000
Content = Mapping[str, Any]
_WHEN = {"when": shape.CEL}
_CHOICE = shape.group({"value": shape.string(40, shape.KEY), "label": shape.text(200)}, all_required=True)
_QUESTION = shape.group(
    {
        "key": shape.string(40, shape.KEY),
        "label": shape.text(200),
        "help": shape.text(600),
        "choices": shape.rows(_CHOICE, 20, least=2),
        **_WHEN,
    },
    required="key label choices",
)
_RESULT = shape.group(
    {"service": shape.string(30, shape.SERVICE_CODE), "why": shape.text(400), **_WHEN}, all_required=True
)
_ADVICE = shape.group({"text": shape.text(600), **_WHEN}, all_required=True)
_FILE = shape.group(
    {
        "title": shape.text(200),
        "questions": shape.rows(_QUESTION, 40, least=1),
        "results": shape.rows(_RESULT, 400, least=1),
        "advice": shape.rows(_ADVICE, 100),
    },
    required="title questions results",
)
_validator = jsonschema_rs.Draft202012Validator(_FILE)


def check(text: str, services: AbstractSet[str]) -> tuple[dict[str, Any], list[Problem]]:
    """The content of a file, and everything wrong with it; `services` are the codes that results may name."""
    try:
        data, lines = read(text)
    except Unreadable as error:
        return {}, [error.problem]
    if found := misshapen.problems(data, lines, _validator):
        return {}, found
    content = {"advice": [], **data}
    wrong = list(_meaning(content, services)) or list(_dead_ends(content))
    found = [Problem(line_of(lines, path), shown(path), *said) for path, *said in wrong]
    return content, sorted(found, key=lambda p: (p.line, p.path))


def _meaning(content: Content, services: AbstractSet[str]) -> Iterator[Finding]:
    """What the shape cannot say: keys, codes, and each condition on every branch."""
    form = branches.Form(_as_form(content))
    earlier: set[str] = set()
    for number, question in enumerate(content["questions"]):
        path: Path = ("questions", number)
        if question["key"] in earlier:
            yield said_twice((*path, "key"), question["key"])
        values = [choice["value"] for choice in question["choices"]]
        yield from twice(values, (*path, "choices"), "value")
        yield from branches.condition(form, (*path, "when"), question.get("when"), earlier)
        earlier = earlier | {question["key"]}
    for number, result in enumerate(content["results"]):
        if result["service"] not in services:
            yield (
                ("results", number, "service"),
                "service_unknown",
                f"Layanan {result['service']} tidak ada di mal ini.",
                f"There is no service {result['service']} in this mall.",
            )
        yield from branches.condition(form, ("results", number, "when"), result["when"])
    for number, advice in enumerate(content["advice"]):
        yield from branches.condition(form, ("advice", number, "when"), advice["when"])


def _dead_ends(content: Content) -> Iterator[Finding]:
    """Paths that are too long, or end in nothing; told at the last question, once for each question."""
    place = {question["key"]: number for number, question in enumerate(content["questions"])}
    told: set[tuple[int, str]] = set()
    for number, answers in enumerate(paths(content)):
        if number >= PATHS:
            words = ("Terlalu banyak jalan untuk diperiksa.", "There are too many paths to check.")
            yield ("questions",), "screener_too_wide", *words
            return
        said = ", ".join(f"{key}={value}" for key, value in answers.items())
        last = max(place[key] for key in answers)
        if len(answers) > LONGEST and (last, "long") not in told:
            told.add((last, "long"))
            yield (
                ("questions", last),
                "screener_too_long",
                f"Jalan ini bertanya {len(answers)} kali; paling banyak {LONGEST} [{said}].",
                f"This path asks {len(answers)} times; at most {LONGEST} [{said}].",
            )
        if not (results(content, answers) or advice(content, answers)) and (last, "end") not in told:
            told.add((last, "end"))
            yield (
                ("questions", last),
                "screener_dead_end",
                f"Jalan ini tidak berujung pada layanan atau saran [{said}].",
                f"This path leads to no service and no advice [{said}].",
            )


def _as_form(content: Content) -> dict[str, Any]:
    """The questions as sections of a service's form, so that the same rules ask them."""
    return {
        "questions": [
            {
                "key": q["key"],
                "title": q["label"],
                "fields": [{"key": q["key"], "label": q["label"], "type": "choice", "choices": q["choices"]}],
                **({"when": q["when"]} if "when" in q else {}),
            }
            for q in content["questions"]
        ]
    }


def settle(content: Content, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that count, in order: up to the first question that is asked and not answered well."""
    counted: dict[str, str] = {}
    while (question := asks(content, counted)) is not None:
        value = given.get(question["key"])
        if value not in {choice["value"] for choice in question["choices"]}:
            break
        counted[question["key"]] = str(value)
    return counted


def asks(content: Content, answers: Mapping[str, str]) -> dict[str, Any] | None:
    """The next question, or None at the end."""
    found: list[dict[str, Any]] = content["questions"]
    return next((q for q in found if q["key"] not in answers and _holds(q.get("when"), answers)), None)


def results(content: Content, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The services that these answers call for, in order, each once with its first reason: {service, why}."""
    found: dict[str, dict[str, Any]] = {}
    for result in content["results"]:
        if _holds(result["when"], answers):
            found.setdefault(result["service"], result)
    return list(found.values())


def advice(content: Content, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """What else is said at the end of this path."""
    return [one["text"] for one in content["advice"] if _holds(one["when"], answers)]


def _holds(source: str | None, answers: Mapping[str, str]) -> bool:
    """Whether a condition holds; one that cannot be told from these answers does not."""
    if source is None:
        return True
    return _true(source, tuple((key, answers[key]) for key in _used(source) if key in answers))


@lru_cache(maxsize=2048)
def _used(source: str) -> tuple[str, ...]:
    return tuple(sorted(formula_text.used(source)))


@lru_cache(maxsize=8192)  # few answers decide each condition, and every path asks for all of them
def _true(source: str, given: tuple[tuple[str, str], ...]) -> bool:
    try:
        return expressions.holds(source, dict(given))
    except expressions.ExpressionFails:
        return False


def paths(content: Content) -> Iterator[dict[str, str]]:
    """The answers of every path from the first question to an end."""
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        answers = waiting.pop()
        question = asks(content, answers)
        if question is None:
            yield answers
            continue
        waiting += [{**answers, question["key"]: choice["value"]} for choice in question["choices"]]
