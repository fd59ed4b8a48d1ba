"""The rows of a repeating group on a page: which are open, what each asks, what stands in it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from gerai.applications import answers as form
from gerai.applications import inputs, queries, services
from gerai.applications.models import Application
from gerai.catalogue import asking, formula_text

LARGE_CHOICE = 6  # from here on a list to open instead of all options below each other
LOST = "!"  # after the name of an input: what stood there before
Texts = Mapping[str, str]


def is_whole(application: Application, field: dict[str, Any]) -> bool:
    """Whether all of an answer is open, and not some rows of it alone."""
    is_open = services.may_change(application, f"answer:{field['key']}")
    return is_open and (field["type"] != asking.GROUP or services.open_rows(application, field) is None)


def typed(application: Application, group: dict[str, Any], raw: Texts) -> dict[str, str]:
    """What was typed in the rows that are open; the others as they were kept."""
    rows = services.open_rows(application, group) or ()
    starts = tuple(f"{group['key']}.{number}." for number in rows)
    kept = inputs.texts(group, queries.answers_of(application).get(group["key"]))
    return {
        **{name: text for name, text in kept.items() if not name.startswith(starts)},
        **{name: text for name, text in raw.items() if name.startswith(starts)},
    }


def question(field: dict[str, Any], name: str, texts: Texts, wrong: Texts, is_open: bool) -> dict[str, Any]:
    """A question ready for `applications/_field.html`: what to ask, what is there, what is wrong."""
    return {
        "field": field,
        "name": name,
        "id": f"id_{name.replace('.', '_')}",
        "value": texts.get(name, ""),
        "chosen": texts.get(f"{name}.kelurahan", ""),
        "error": wrong.get(name),
        "choice_error": wrong.get(f"{name}.kelurahan"),
        "lost": texts.get(f"{name}{LOST}", ""),
        "open": is_open,
        "digits": form.is_number(field),
        "radio": field["type"] == "yes_no" or len(field.get("choices", ())) in range(1, LARGE_CHOICE),
    }


def lost(
    application: Application, fields: list[dict[str, Any]], kept: Mapping[str, Any], wrong: Texts
) -> dict[str, str]:
    """
    What stood where something wrong was typed now, by the name of the input that carries it to the next try.

    Not in rows that may come and go: which of them stood where is not known.
    """
    language = (get_language() or "id")[:2]
    known = {field["key"]: field for field in fields}
    found: dict[str, str] = {}
    for name in wrong:
        key, _, place = name.removesuffix(".kelurahan").partition(".")
        field, value = known[key], kept.get(key)
        if place and is_whole(application, field):
            continue
        if place:
            number, _, key = place.partition(".")
            field = next(cell for cell in field["fields"] if cell["key"] == key)
            value = value[int(number)].get(key) if value and int(number) < len(value) else None
        if value is not None and field["type"] != asking.GROUP:
            found[f"{name.removesuffix('.kelurahan')}{LOST}"] = form.shown(field, value, language)
    return found


def shown(
    application: Application, group: dict[str, Any], texts: Texts, wrong: Texts
) -> list[dict[str, Any]]:
    """
    Each row with the questions that it asks, by what stands in it and in the answers outside.

    `looks` marks a question whose answer decides what else its row asks.
    """
    key, whole, places = group["key"], is_whole(application, group), queries.places_of(application)
    some = services.open_rows(application, group) or set()
    notes = {c["what"]: c["text"] for c in application.corrections}
    known = _known(application, texts)
    rows, found = dict(inputs.typed_rows(group, texts)), []
    deciding = set[str]().union(*(formula_text.used_in_row(c.get("when", "")) for c in group["fields"]))
    for number in range(inputs.rows_shown(group, texts)):
        is_open = whole or number in some
        *_, asked = form.read_row(group, rows.get(number, {}), places, known, frozenset())
        cells = [question(cell, f"{key}.{number}.{cell['key']}", texts, wrong, is_open) for cell in asked]
        for cell in cells:
            cell["looks"] = is_open and cell["field"]["key"] in deciding
            cell["group_id"] = f"id_{key}"
        row = {"cells": cells, "open": is_open, "note": notes.get(f"answer:{key}.{number}")}
        row["asked"] = " ".join(cell["key"] for cell in asked)
        found.append(row)
    return found


def _known(application: Application, texts: Texts) -> dict[str, Any]:
    """The answers outside the rows that count, with what is typed on this page and not kept yet."""
    content = application.edition.content
    here = [f for f in form.fields(content) if f["type"] != asking.GROUP and f["key"] in texts]
    good, _ = form.check(here, texts, queries.places_of(application))
    return asking.settle(content, {**queries.kept_answers(application), **good})
