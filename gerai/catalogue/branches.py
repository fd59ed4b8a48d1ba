"""Tries the formulas of a service before it is published, each on every branch of the answers it uses.

A formula is a fee, a condition or a computed answer (CEL). It uses few answers; those, and the ones that decide
whether they are asked, are taken through all their values (`samples`). So a missing answer, a fee below nought, or a
question that is never asked is found here and not by an applicant. Nothing is divided by an answer, so that what is
defined at both ends of a range is defined between them. A loop goes over the rows of a group, and holds no other loop.
A condition inside a row is tried on every branch of the row's other answers, and of those outside it.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from gerai.catalogue import asking, expressions, formula_text, formula_words, samples
from gerai.catalogue.formula_text import Said, used
from gerai.catalogue.samples import bare
from gerai.catalogue.yaml_lines import Finding, Path

LIMIT = 20_000  # branches of one formula: more is a formula that nobody can check
_FRACTION = re.compile(r"\d\.\d|\bdouble\(")
Field = dict[str, Any]


class Branch(NamedTuple):
    """One way in which answers can stand; of a condition inside a row also the row."""

    answers: dict[str, Any]
    row: dict[str, Any] | None = None


class Form:
    """The questions of a service: where each stands, what each depends on."""

    def __init__(self, service: dict[str, Any]) -> None:
        self.questions: list[dict[str, Any]] = service.get("questions", [])
        self.fields: dict[str, Field] = {}
        self.needs: dict[str, set[str]] = {}
        for section in self.questions:
            for field in section["fields"]:
                self.fields[field["key"]] = field
                cells = [cell.get("when") for cell in field.get("fields", ())]
                sources = (section.get("when"), field.get("when"), field.get("value"), *cells)
                self.needs[field["key"]] = _used_by(filter(None, sources))

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
        keys = self.closure(used(source))
        return self._settled(keys, self._uses([source], keys))

    def count(self, source: str) -> int:
        """How many branches there are."""
        keys = self.closure(used(source))
        return self._count(keys, self._uses([source], keys))

    def row_branches(self, source: str, earlier: list[Field]) -> Iterator[Branch]:
        """Those of a condition inside a row; `earlier` are the questions of the row that stand before it."""
        cells, keys, uses = self._of_row(source, earlier)
        rows = samples.rows(cells, uses)
        for settled in self._settled(keys, uses):
            for row in rows:
                yield Branch(settled, asking.settle_row({"fields": cells}, row, settled))

    def row_count(self, source: str, earlier: list[Field]) -> int:
        """How many of these there are."""
        cells, keys, uses = self._of_row(source, earlier)
        return self._count(keys, uses) * samples.ways(cells, uses)

    def _of_row(self, source: str, earlier: list[Field]) -> tuple[list[Field], set[str], samples.Uses]:
        """What a condition inside a row rests on: questions of the row, answers outside it, and how it uses them."""
        sources, wanted, cells = [source], formula_text.used_in_row(source), list[Field]()
        for cell in reversed(earlier):  # a condition uses only what stands before it
            if cell["key"] in wanted:
                cells.insert(0, cell)
                sources += [cell["when"]] if "when" in cell else []
                wanted |= formula_text.used_in_row(cell.get("when", ""))
        keys = self.closure(_used_by(sources))
        return cells, keys, self._uses(sources, keys)

    def _settled(self, keys: set[str], uses: samples.Uses) -> Iterator[dict[str, Any]]:
        few = {
            "questions": list(_only(self.questions, keys))
        }  # the rest is not answered here: it changes nothing
        asked = [k for k in self.fields if k in keys and self.fields[k]["type"] != asking.COMPUTED]
        columns = [samples.values(self.fields[key], uses) for key in asked]
        for values in itertools.product(*columns):
            given = {k: v for k, v in zip(asked, values, strict=True) if v is not samples.LEFT_OUT}
            yield asking.settle(few, given)

    def _count(self, keys: set[str], uses: samples.Uses) -> int:
        total = 1
        for key in keys:
            if self.fields[key]["type"] != asking.COMPUTED:
                total *= samples.count(self.fields[key], uses)
        return total

    def _uses(self, sources: Iterable[str], keys: set[str]) -> samples.Uses:
        """What is used of the answers, here or where it decides what is asked."""
        deciding = [
            s
            for section in self.questions
            for field in section["fields"]
            if field["key"] in keys
            for s in (section.get("when"), field.get("when"), field.get("value"))
        ]
        uses = samples.Uses.of(filter(None, [*sources, *deciding]))
        for key in keys:
            for cell in reversed(self.fields[key].get("fields", ())):
                if cell["key"] in uses.names and "when" in cell:
                    uses.add(cell["when"])
        return uses


def _used_by(sources: Iterable[str]) -> set[str]:
    return set[str]().union(*map(used, sources))


def _only(questions: list[dict[str, Any]], keys: set[str]) -> Iterator[dict[str, Any]]:
    """The sections with these fields, in order."""
    for section in questions:
        if fields := [field for field in section["fields"] if field["key"] in keys]:
            yield {**section, "fields": fields}


def problems(service: dict[str, Any]) -> list[Finding]:
    """What is wrong with the formulas of one service; paths begin at the service."""
    form = Form(service)
    found: list[Finding] = []
    earlier: set[str] = set()
    for number, section in enumerate(form.questions):
        here: Path = ("questions", number)
        found += _tried(form, (*here, "when"), section.get("when"), "when", earlier)
        for place, field in enumerate(section["fields"]):
            path = (*here, "fields", place)
            found += _tried(form, (*path, "when"), field.get("when"), "when", earlier)
            found += _tried(form, (*path, "value"), field.get("value"), "value", earlier)
            found += _rows(form, path, field, earlier)
            earlier = earlier | {field["key"]}
    if found:  # what rests on them would only fail once more
        return found
    found += _tried(form, ("fee", "amount"), str(service["fee"]["amount"]), "fee")
    if amended := service.get("amend", {}).get("fee"):
        found += _tried(form, ("amend", "fee", "amount"), str(amended["amount"]), "fee")
    for place, requirement in enumerate(service.get("requirements", [])):
        found += _tried(form, ("requirements", place, "when"), requirement.get("when"), "when")
    for number, stage in enumerate(service.get("route", [])):
        for place, task in enumerate(stage["tasks"]):
            found += _tried(form, ("route", number, "tasks", place, "when"), task.get("when"), "when")
    return found


def condition(
    form: Form, path: Path, source: str | None, earlier: set[str] | None = None
) -> Iterator[Finding]:
    """The first thing wrong with one condition; `earlier` are the questions that it may use, if not all."""
    return _tried(form, path, source, "when", earlier)


def _tried(
    form: Form, path: Path, source: str | None, wanted: str, earlier: set[str] | None = None
) -> Iterator[Finding]:
    """The first thing wrong with one formula; `earlier` are the questions that may be used, if not all."""
    if source is None:
        return
    said = _misused(form, source, earlier) or formula_text.forbidden(source, form.fields)
    if said is None and form.count(source) > LIMIT:
        said = _TOO_MANY
    if said:
        yield _problem(path, wanted, *said)
    else:
        yield from _on_every_branch(map(Branch, form.branches(source)), path, source, wanted)


def _rows(form: Form, path: Path, group: Field, earlier: set[str]) -> Iterator[Finding]:
    """The first thing wrong with the conditions inside the rows of a group: later ones may rest on it."""
    cells: list[Field] = group.get("fields", [])
    for place, cell in enumerate(cells):
        if (source := cell.get("when")) is None:
            continue
        before, here = cells[:place], (*path, "fields", place, "when")
        said = _misused(form, source, earlier) or _misused_in_row(source, cells, before)
        said = said or formula_text.forbidden(source, form.fields, before)
        if said is None and form.row_count(source, before) > LIMIT:
            said = _TOO_MANY
        tried = _on_every_branch(form.row_branches(source, before), here, source, "when")
        if found := _problem(here, "when", *said) if said else next(tried, None):
            yield found
            return


def _misused(form: Form, source: str, earlier: set[str] | None) -> Said | None:
    """Which answer a formula uses that is not there, or not yet."""
    names = used(source)
    if unknown := sorted(names - set(form.fields)):
        return f"tidak ada pertanyaan {unknown[0]}", f"there is no question {unknown[0]}"
    if earlier is not None and (late := sorted(names - earlier)):
        return f"{late[0]} baru ditanyakan sesudahnya", f"{late[0]} is asked only after it"
    return None


def _misused_in_row(source: str, cells: list[Field], before: list[Field]) -> Said | None:
    """The same of the answers of one row."""
    names = formula_text.used_in_row(source)
    if unknown := sorted(names - {cell["key"] for cell in cells}):
        return f"baris ini tidak menanyakan {unknown[0]}", f"the row does not ask for {unknown[0]}"
    if late := sorted(names - {cell["key"] for cell in before}):
        return f"{late[0]} baru ditanyakan sesudahnya", f"{late[0]} is asked only after it"
    return None


def _on_every_branch(branches: Iterable[Branch], path: Path, source: str, wanted: str) -> Iterator[Finding]:
    if said := (formula_words.money(source) if wanted == "fee" else None) or formula_words.unwritten(source):
        yield _problem(path, wanted, *said)
        return
    ever, seen = wanted != "when", dict[str, list[Any]]()
    for branch in branches:
        if said := _reason(source, branch, wanted):
            told = {f"row.{key}": value for key, value in (branch.row or {}).items()} | branch.answers
            answers = ", ".join(f"{key}={value}" for key, value in list(told.items())[:6])[:160]
            with_these = (f" (dicoba dengan {answers})", f" (tried with {answers})") if answers else ("", "")
            yield _problem(path, wanted, said[0] + with_these[0], said[1] + with_these[1])
            return
        ever = ever or expressions.holds(source, *branch)
        formula_words.note(seen, branch.answers | (branch.row or {}))
    if not ever:
        yield _problem(path, wanted, *formula_words.never(source, seen))


def _reason(source: str, branch: Branch, wanted: str) -> Said | None:
    """Why a formula is not good on this branch, in a few words, or None."""
    try:
        value = expressions.evaluate(source, *branch)
    except expressions.ExpressionFails as error:
        if wanted == "fee" and _FRACTION.search(bare(source)):
            return formula_words.BROKEN_FEE  # whole and broken numbers do not mix
        return formula_words.failed(source, error.__cause__, fee=wanted == "fee")
    if wanted == "when":
        good = isinstance(value, bool)
        return (
            None
            if good
            else ("hasilnya harus ya atau tidak (==, <, has(...))", "it must say yes or no (==, <, has(...))")
        )
    if wanted == "fee":
        if isinstance(value, float):
            return formula_words.BROKEN_FEE
        if isinstance(value, bool) or not isinstance(value, int):
            return "hasilnya bukan angka", "the result is no number"
        return (
            None
            if value >= 0
            else (f"hasilnya {value}; biaya paling sedikit 0", f"it gives {value}; a fee is at least 0")
        )
    good = isinstance(value, int | str)
    return (
        None
        if good
        else ("hasilnya bukan angka bulat atau teks", "the result is neither a whole number nor text")
    )


_TOO_MANY = ("terlalu banyak cabang jawaban untuk diperiksa", "too many branches of answers to check")
_NAMES = {
    "fee": ("fee_fails", "Rumus biaya gagal", "The fee formula fails"),
    "when": ("condition_fails", "Syarat ini gagal", "This condition fails"),
    "value": ("value_fails", "Rumus ini gagal", "This formula fails"),
}


def _problem(path: Path, wanted: str, indonesian: str, english: str) -> Finding:
    code, one, two = _NAMES[wanted]
    return path, code, f"{one}: {indonesian}.", f"{two}: {english}."
