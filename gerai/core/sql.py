"""Statements of the busy paths, prepared once per connection: the database plans them once, not at every call.

Django binds values into the text, so that each call is parsed and planned anew. Here they are sent beside it
(psycopg, server-side binding), and what a connection has sent twice it keeps prepared. The transaction is Django's.
"""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import AutoField, JSONField, Model

T = TypeVar("T", bound=Model)
Values = Sequence[Any] | Mapping[str, Any]
_PLACE = re.compile(r"%(?:\((\w+)\))?s|%%")


def rows(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """
    All rows of one statement, in the running transaction. JSON columns come as text.

    :raises django.db.DatabaseError: as from Django's own cursor
    """
    return _sent(statement, values).fetchall()


def row(statement: str, values: Values) -> tuple[Any, ...] | None:
    """The first row, or None."""
    return _sent(statement, values).fetchone()


def one(statement: str, values: Values) -> tuple[Any, ...]:
    """The row of a statement that always gives one."""
    return rows(statement, values)[0]


def act(statement: str, values: Values) -> int:
    """Do it; how many rows it touched."""
    return _sent(statement, values).rowcount


def insert(new: Model) -> None:
    """Store a new object in one statement and give it its id. Its foreign keys' ids are what counts; no signals."""
    stored(new, one(_insert(type(new)), values_of(new))[0])


def put(row: Model, *names: str) -> None:
    """
    Store these fields of an object that is there, as `save(update_fields=names)` would; no signals.

    :raises django.db.DatabaseError: if there is no such row
    """
    here = connections[DEFAULT_DB_ALIAS]
    fields = [row._meta.get_field(name) for name in names]
    values = {f.attname: f.get_db_prep_save(getattr(row, f.attname), here) for f in fields}  # type: ignore[union-attr]
    if act(_update(type(row), names), {**values, "its_key": row.pk}) != 1:
        raise DatabaseError(f"{type(row).__name__} {row.pk} is not there")


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    fields: Any = [model._meta.get_field(name) for name in names]
    key: Any = model._meta.pk
    changes = ", ".join(f'"{field.column}" = %({field.attname})s' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %(its_key)s'  # noqa: S608


def objects(model: type[T], rest: str, values: Values) -> list[T]:
    """The objects of one table (x) that `rest`, "WHERE" and what follows it, names."""
    return [built(model, found) for found in rows(_select(model, rest), values)]


@cache
def _select(model: type[Model], rest: str) -> str:
    return f'SELECT {columns(model, "x")} FROM "{model._meta.db_table}" x {rest}'  # noqa: S608


def stored(new: Model, key: Any) -> None:
    """Tell an object that it stands in the database now, under this key."""
    new.pk = key
    new._state.adding, new._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insert(model: type[Model]) -> str:
    key: Any = model._meta.pk
    return f"{insertion(model)} RETURNING {key.column}"


def insertion(model: type[Model], prefix: str = "", **expressions: str) -> str:
    """The INSERT of one object whose values are `values_of`; some columns by an SQL expression instead."""
    columns, values = [], []
    for field in _fields(model):
        columns.append(f'"{field.column}"')
        values.append(expressions.get(field.attname, f"%({prefix}{field.attname})s"))
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)}'


def values_of(new: Model, prefix: str = "") -> dict[str, Any]:
    """What a new object is stored as, by attribute; `prefix` tells two in one statement apart."""
    here = connections[DEFAULT_DB_ALIAS]
    return {prefix + f.attname: f.get_db_prep_save(getattr(new, f.attname), here) for f in _fields(type(new))}


@cache
def columns(model: type[Model], alias: str) -> str:
    """A model's columns for a SELECT, in the order in which `built` reads them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def built(model: type[Model], values: Sequence[Any]) -> Any:
    """The object that a row of `columns` holds, as Django itself would have read it."""
    fields = model._meta.concrete_fields
    read = [
        json.loads(value) if isinstance(field, JSONField) and value is not None else value
        for field, value in zip(fields, values, strict=True)
    ]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], read)


def split(models: Sequence[type[Model]], row: Sequence[Any]) -> list[Any]:
    """The objects, one of each model, whose `columns` stand one after the other in a row."""
    found, at = list[Any](), 0
    for model in models:
        width = len(model._meta.concrete_fields)
        found.append(built(model, row[at : at + width]))
        at += width
    return found


@cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]


def _sent(statement: str, values: Values) -> "psycopg.Cursor[tuple[Any, ...]]":
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        kept = vars(here.connection)  # one cursor for a connection's life: what it answers is read at once
        if "busy" not in kept:
            kept["busy"] = psycopg.RawCursor(here.connection)
        cursor: psycopg.Cursor[tuple[Any, ...]] = kept["busy"]
        text, names = _numbered(statement)
        return cursor.execute(
            text, [values[name] for name in names] if isinstance(values, Mapping) else values
        )


@lru_cache(maxsize=1000)
def _numbered(statement: str) -> tuple[str, list[str]]:
    """The statement with the database's own $1, $2, and their names (psycopg reads a long one anew each time)."""
    names: list[str] = []
    count = itertools.count(1)

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if not found[1]:
            return f"${next(count)}"
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return _PLACE.sub(number, statement), names
