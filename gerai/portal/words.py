"""Finding every sentence meant for people: in templates, in Python, and the texts of refusals."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

import gerai
from gerai.core.errors import DomainError

ROOT = Path(gerai.__file__).resolve().parent
ENGLISH = ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Sentences that reach a person as data and are translated where they are shown (filter `translated`).
TABLES = (
    "gerai.core.dates:WEEKDAYS",
    "gerai.portal.context:SCREENS",
    "gerai.portal.context:MORE",
    "gerai.privacy.queries:OPENINGS",
    "gerai.applications.pages.following:TIMELINE",
    "gerai.applications.answers:SENTENCES",
    "gerai.applications.answers:MUST",
    "gerai.feedback.rules:LABELS",
    "gerai.floor.rules:PAUSES",
    "gerai.floor.rules:OUT_OF_ORDER",
    "gerai.floor.rules:STEPS",
    "gerai.floor.rules:CALLING",
    "gerai.floor.files:HAPPENED",
    "gerai.insight.indicators:EVENTS",
    "gerai.floor.hall:NAMES",
    "gerai.visits.who:PRIORITIES",
    "gerai.visits.who:COMPANY",
    "gerai.floor.hall:PRINTED",
    "gerai.floor.hall:TROUBLES",
)

KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "gettext_lazy": None, "ngettext_lazy": (1, 2)}

Found = tuple[str, str | tuple[str, str], str | None]  # where, message (or singular and plural), context


def _of(source: bytes, where: str) -> Iterator[Found]:
    # A `#` comment could hold an odd quote in templates; templatize has already turned those into Python.
    for _, message, _, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        parts = message if isinstance(message, tuple) else (message,)
        if any(parts):
            yield where, (parts[0], parts[1]) if len(parts) > 1 else parts[0], context


def in_templates(root: Path = ROOT) -> Iterator[Found]:
    """Every sentence marked in a template."""
    for path in sorted([*root.glob("*/templates/**/*.html"), *root.glob("*/templates/**/*.txt")]):
        where = str(path.relative_to(root.parent))
        yield from _of(templatize(path.read_text(), origin=where).encode(), where)


def in_python(root: Path = ROOT) -> Iterator[Found]:
    """Every sentence marked with gettext in Python."""
    for path in sorted(root.glob("**/*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield from _of(path.read_bytes(), str(path.relative_to(root.parent)))


def in_refusals() -> Iterator[Found]:
    """The sentence of every refusal."""
    for module in pkgutil.walk_packages(gerai.__path__, "gerai."):
        if not set(module.name.split(".")) & {"tests", "migrations", "config", "double", "__main__"}:
            importlib.import_module(module.name)
    waiting = [DomainError]
    while waiting:
        refusal = waiting.pop()
        waiting += refusal.__subclasses__()
        if refusal.__module__.startswith("gerai.") and ".tests" not in refusal.__module__:
            yield refusal.__module__.replace(".", "/") + ".py", refusal.text, None


def in_tables() -> Iterator[Found]:
    """The sentences of tables that templates show with the filter `translated`."""
    for place in TABLES:
        module, name = place.split(":")
        table = getattr(importlib.import_module(module), name)
        for value in table.values() if isinstance(table, dict) else (table,):
            yield module.replace(".", "/") + ".py", value[-1] if isinstance(value, tuple) else value, None


def in_forms(root: Path = ROOT) -> Iterator[Found]:
    """What is said beside a field: `wrong["name"] = "..."`, shown with the filter `translated`."""
    for path in sorted([*root.glob("accounts/*.py"), *root.glob("applications/**/*.py")]):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
                continue
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(value, str) and value.endswith("."):
                yield str(path.relative_to(root.parent)), value, None


def collect() -> Catalog:
    """Everything that needs English."""
    catalogue = Catalog(locale="en", domain="django", project="Gerai", charset="utf-8")
    for found in (in_templates(), in_python(), in_refusals(), in_tables(), in_forms()):
        for where, message, context in found:
            catalogue.add(message, locations=[(where, 0)], context=context)
    return catalogue


def read(path: Path = ENGLISH) -> Catalog:
    """The translations there are."""
    if not path.exists():
        return Catalog(locale="en", domain="django", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def missing(known: Catalog, wanted: Catalog) -> list[str]:
    """The sentences without English, or whose English lost or invented a placeholder."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        have = known.get(message.id, message.context)
        if have is None or have.fuzzy or list(have.check()) or not _english(ids, have):
            found.append(ids[0])
    return found


def _english(ids: list[str], have: Message) -> bool:
    texts = [have.string] if isinstance(have.string, str) else list(have.string or ())
    return bool(texts) and all(texts) and same_places(ids, texts)


def places(text: str) -> set[str]:
    """The {names} a sentence is filled with."""
    from string import Formatter

    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return set()


def same_places(ids: list[str], texts: list[str]) -> bool:
    """Whether the English is filled with the same names."""
    wanted = set().union(*(places(i) for i in ids))
    return all(places(text) <= wanted for text in texts) and places(texts[-1]) == places(ids[-1])


def merge(known: Catalog, wanted: Catalog) -> bytes:
    """The .po file: what is wanted, with the English that is known; what nobody needs any more goes."""
    for message in wanted:
        if message.id and (have := known.get(message.id, message.context)) is not None and not have.fuzzy:
            message.string = have.string
    out = BytesIO()
    write_po(out, wanted, width=110, sort_output=True, omit_header=False)
    return (
        b"\n".join(
            line
            for line in out.getvalue().splitlines()
            if not line.startswith((b'"POT-Creation', b'"PO-Revision'))
        )
        + b"\n"
    )
