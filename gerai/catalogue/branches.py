"""Tries the formulas of a service before it is published, each on every branch of the answers it uses.

A formula is a fee, a condition or a computed answer (CEL). It uses few answers; those, and the ones that decide whether
they are asked, are taken through all their values: each choice, yes and no, answered or left out where it may be, and
for whole numbers the limits, the middle and both sides of every number they are compared with. So a missing
answer, a fee below nought, or a question that is never asked is found here and not by an applicant. Nothing is divided
by an answer, so that what is defined at both ends of a range is defined between them.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from gerai.catalogue import asking, expressions
from gerai.catalogue.yaml_lines import Path

Problem = tuple[Path, str, str, str]
LIMIT = 20_000  # branches of one formula: more is a formula that nobody can check
_LEFT_OUT = object()
_LOOP = re.compile(r"\.\s*(map|filter|all|exists|exists_one)\s*\(")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_DIVIDED = re.compile(r"[/%](?!\s*[1-9]\d*\b)")
_USED = re.compile(r"\banswers\s*\.\s*(\w+)")
_LIMITS = re.compile(
    r"answers\.(?P<left>\w+)\s*(?:[<>]=?|==|!=)\s*(?P<right_number>\d+)"
    r"|(?P<left_number>\d+)\s*(?:[<>]=?|==|!=)\s*answers\.(?P<right>\w+)"
)
_TEXTS = {"date": "2026-11-23", "address": "Jalan Contoh 1, Bengkulu"}


class Form:
    """The questions of a service: where each stands, what each depends on."""

    def __init__(self, service: dict[str, Any]) -> None:
        self.questions: list[dict[str, Any]] = service.get("questions", [])
        self.content = {"questions": self.questions}
        self.fields: dict[str, dict[str, Any]] = {}
        self.needs: dict[str, set[str]] = {}
        for section in self.questions:
            for field in section["fields"]:
                self.fields[field["key"]] = field
                sources = (section.get("when"), field.get("when"), field.get("value"))
                self.needs[field["key"]] = set().union(*(used(s) for s in sources if s))

    def closure(self, keys: set[str]) -> set[str]:
        """These answers and all that decide whether they are asked, or what they are."""
        found: set[str] = set()
        todo = [key for key in keys if key in self.fields]
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += [need for need in self.needs[key] if need in self.fields]
        return found

    def branches(self, source: str) -> Iterator[dict[str, Any]]:
        """The settled answers of every branch that this formula can tell apart; those it does not use stay out."""
        keys = [key for key in self.fields if key in self.closure(used(source))]
        asked = [key for key in keys if self.fields[key]["type"] != asking.COMPUTED]
        compared = self._compared(source, keys)
        columns = [_values(self.fields[key], compared.get(key, set())) for key in asked]
        for row in itertools.product(*columns):
            given = {key: value for key, value in zip(asked, row, strict=True) if value is not _LEFT_OUT}
            yield asking.settle(self.content, given)

    def count(self, source: str) -> int:
        """How many branches there are."""
        keys = self.closure(used(source))
        compared, total = self._compared(source, list(keys)), 1
        for key in keys:
            if self.fields[key]["type"] != asking.COMPUTED:
                total *= len(_values(self.fields[key], compared.get(key, set())))
        return total

    def _compared(self, source: str, keys: list[str]) -> dict[str, set[int]]:
        """The numbers with which each answer is compared, here or where it decides what is asked."""
        found: dict[str, set[int]] = {}
        deciding = [
            s
            for section in self.questions
            for field in section["fields"]
            if field["key"] in keys
            for s in (section.get("when"), field.get("when"), field.get("value"))
        ]
        for text in filter(None, [source, *deciding]):
            for match in _LIMITS.finditer(text):
                key = match["left"] or match["right"]
                found.setdefault(key, set()).add(int(match["right_number"] or match["left_number"]))
        return found


def used(source: str) -> set[str]:
    """The answers that a formula uses."""
    return set(_USED.findall(_QUOTED.sub("''", source)))


def _values(field: dict[str, Any], compared: set[int]) -> list[Any]:
    """All that makes a difference to answer here."""
    if field["type"] == "choice":
        found: list[Any] = [choice["value"] for choice in field["choices"]]
    elif field["type"] == "yes_no":
        found = [True, False]
    elif field["type"] == "integer":
        schema = field.get("schema", {})
        least, most = int(schema.get("minimum", 0)), int(schema.get("maximum", 1_000_000))
        near = {near for number in compared for near in (number - 1, number, number + 1)}
        found = sorted({least, (least + most) // 2, most} | {n for n in near if least <= n <= most})
    else:
        found = [_TEXTS.get(field["type"], "Contoh")]
    return found if field.get("required", True) else [*found, _LEFT_OUT]


def problems(service: dict[str, Any]) -> list[Problem]:
    """What is wrong with the formulas of one service; paths begin at the service."""
    form = Form(service)
    found: list[Problem] = []
    earlier: set[str] = set()
    for number, section in enumerate(form.questions):
        here: Path = ("questions", number)
        found += _tried(form, (*here, "when"), section.get("when"), "when", earlier)
        for place, field in enumerate(section["fields"]):
            path = (*here, "fields", place)
            found += _tried(form, (*path, "when"), field.get("when"), "when", earlier)
            found += _tried(form, (*path, "value"), field.get("value"), "value", earlier)
            earlier = earlier | {field["key"]}
    if found:  # what rests on them would only fail once more
        return found
    found += _tried(form, ("fee", "amount"), str(service["fee"]["amount"]), "fee")
    for place, requirement in enumerate(service.get("requirements", [])):
        found += _tried(form, ("requirements", place, "when"), requirement.get("when"), "when")
    for number, stage in enumerate(service.get("route", [])):
        for place, task in enumerate(stage["tasks"]):
            found += _tried(form, ("route", number, "tasks", place, "when"), task.get("when"), "when")
    return found


def _tried(
    form: Form, path: Path, source: str | None, wanted: str, earlier: set[str] | None = None
) -> Iterator[Problem]:
    """The first thing wrong with one formula; `earlier` are the questions that may be used, if not all."""
    if source is None:
        return
    names = used(source)
    if unknown := sorted(names - set(form.fields)):
        yield _problem(
            path, wanted, f"tidak ada pertanyaan {unknown[0]}", f"there is no question {unknown[0]}"
        )
    elif earlier is not None and (late := sorted(names - earlier)):
        yield _problem(
            path, wanted, f"{late[0]} baru ditanyakan sesudahnya", f"{late[0]} is asked only after it"
        )
    elif _LOOP.search(source):
        yield _problem(
            path, wanted, "map/filter/all/exists tidak diterima", "map/filter/all/exists is not accepted"
        )
    elif _DIVIDED.search(_QUOTED.sub("''", source)):
        text = (
            "bagi (/ atau %) hanya dengan angka dari 1 ke atas",
            "divide (/ or %) only by a number from 1 up",
        )
        yield _problem(path, wanted, *text)
    elif form.count(source) > LIMIT:
        text = ("terlalu banyak cabang jawaban untuk diperiksa", "too many branches of answers to check")
        yield _problem(path, wanted, *text)
    else:
        yield from _on_every_branch(form, path, source, wanted)


def _on_every_branch(form: Form, path: Path, source: str, wanted: str) -> Iterator[Problem]:
    ever = wanted != "when"
    for branch in form.branches(source):
        reason = _reason(source, branch, wanted)
        if reason is not None:
            answers = ", ".join(f"{key}={value}" for key, value in list(branch.items())[:6])[:160]
            text = f"{reason} [{answers}]"
            yield _problem(path, wanted, text, text)
            return
        ever = ever or expressions.holds(source, branch)
    if not ever:
        yield _problem(path, wanted, "tidak pernah terpenuhi", "it never holds")


def _reason(source: str, branch: dict[str, Any], wanted: str) -> str | None:
    """Why a formula is not good on this branch, in a few words, or None."""
    try:
        value = expressions.evaluate(source, branch)
    except expressions.ExpressionFails as error:
        lines = str(error.__cause__ or "").splitlines()
        return (lines[0] if lines else "gagal (fails)")[:140]
    if wanted == "when":
        return None if isinstance(value, bool) else "bukan ya/tidak (not a boolean)"
    if wanted == "fee":
        good = not isinstance(value, bool) and isinstance(value, int | float) and value >= 0
        return None if good else "bukan angka dari 0 ke atas (not a number from 0 up)"
    return (
        None if isinstance(value, int | str) else "bukan angka bulat atau teks (not a whole number or text)"
    )


_NAMES = {
    "fee": ("fee_fails", "Rumus biaya gagal", "The fee formula fails"),
    "when": ("condition_fails", "Syarat ini gagal", "This condition fails"),
    "value": ("value_fails", "Rumus ini gagal", "This formula fails"),
}


def _problem(path: Path, wanted: str, indonesian: str, english: str) -> Problem:
    code, one, two = _NAMES[wanted]
    return path, code, f"{one}: {indonesian}.", f"{two}: {english}."
