"""The finders of the architecture tests. Each takes what it looks at, so a planted violation proves it."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import Field, Model
from django.urls import URLPattern, URLResolver

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = PROJECT / "gerai"

# Views of other people's packages, by module, that people reach before they have signed in.
FOREIGN = ("django.views.i18n", "django.views.static", "allauth.")


def addresses(patterns: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its pattern, resolvers opened."""
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here, pattern


def access(view: Any) -> str | None:
    """The access mark of a view, looked for through its wrappers."""
    while view is not None:
        if mark := getattr(view, "access", None):
            return str(mark)
        view = getattr(view, "__wrapped__", None)
    return None


def of_the_api(view: Any) -> bool:
    """Whether the view is made by the API's library: its operations are checked by `operations`."""
    inner = getattr(view, "func", view)
    return str(getattr(inner, "__module__", "")).startswith("ninja.")


def operations(api: Any) -> dict[str, bool]:
    """Every operation of the API as "METHOD /path", with whether it asks for a token."""
    return {
        f"{method} {path}": bool(operation.auth_callbacks)
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def unmarked(patterns: Iterable[Any]) -> list[str]:
    """The addresses that do not say who may enter."""
    return [
        address
        for address, pattern in addresses(patterns)
        if access(pattern.callback) is None
        and not str(pattern.callback.__module__).startswith(FOREIGN)
        and not of_the_api(pattern.callback)
    ]


def room_heights() -> dict[str, int]:
    """How high each room lies, from pyproject: a room may know only lower ones."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"].startswith("Rooms"))
    return {room.strip(): len(layers) - n for n, line in enumerate(layers) for room in line.split("|")}


def upward_keys(models: Iterable[type[Model]], heights: dict[str, int]) -> list[str]:
    """The foreign keys that point to a room beside or above their own."""
    found = []
    for model in models:
        if model._meta.app_label not in heights:
            continue
        own: list[Field[Any, Any]] = [*model._meta.fields, *model._meta.many_to_many]
        for field in own:
            target = (
                field.related_model._meta.app_label if field.is_relation and field.related_model else None
            )
            if target is None or target == model._meta.app_label:
                continue
            if heights.get(target, 0) >= heights[model._meta.app_label]:
                found.append(f"{model._meta.label}.{field.name} -> {target}")
    return found


def database_at_the_edge(source: str) -> list[int]:
    """The lines that reach for `.objects`, `.save` or `.bulk_create`."""
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "save", "bulk_create"}
    )


def positional(source: str) -> list[str]:
    """
    The public use cases of a file that take an argument by its place.

    A use case opens its own transaction; a step inside another's may take its row by place.
    """
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        and (node.args.args or node.args.posonlyargs)
    ]


def files(*names: str) -> list[Path]:
    """The files of all rooms by these names, tests left out; a folder of that name counts."""
    found = [path for name in names for path in ROOMS.glob(f"*/{name}.py")]
    return sorted(found + [path for name in names for path in ROOMS.glob(f"*/{name}/*.py")])


def long(paths: Iterable[Path]) -> list[Path]:
    """The files that are due to be split."""
    return [path for path in paths if len(path.read_text().splitlines()) > 300]


def bad_refusals(refusals: Iterable[type]) -> list[str]:
    """The refusals without a code of their own or without a sentence."""
    seen: dict[str, str] = {}
    found = []
    for refusal in refusals:
        name = f"{refusal.__module__}.{refusal.__name__}"
        code, text = refusal.__dict__.get("code"), getattr(refusal, "text", "")
        if not code or not str(code).isidentifier():
            found.append(f"{name}: no code")
        elif code in seen:
            found.append(f"{name}: {code} is taken by {seen[code]}")
        if len(str(text).split()) < 2:
            found.append(f"{name}: no sentence")
        seen.setdefault(str(code), name)
    return found


def descendants(base: type) -> list[type]:
    """Every class below this one."""
    return [found for child in base.__subclasses__() for found in (child, *descendants(child))]
