"""Statements of the busy paths, prepared once per connection: the database plans them once, not at every call.

Django binds values into the text, so that each call is parsed and planned anew. Here they are sent beside it
(psycopg, server-side binding), and what a connection has sent twice it keeps prepared. The transaction is Django's.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Model

Values = Sequence[Any] | Mapping[str, Any]


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
    new.pk = one(_insert(type(new)), values_of(new))[0]
    new._state.adding, new._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insert(model: type[Model]) -> str:
    key: Any = model._meta.pk
    return f"{insertion(model)} RETURNING {key.column}"


def insertion(model: type[Model], **expressions: str) -> str:
    """The INSERT of one object whose values are `values_of`; some columns by an SQL expression instead."""
    columns, values = [], []
    for field in _stored(model):
        columns.append(f'"{field.column}"')
        values.append(expressions.get(field.attname, f"%({field.attname})s"))
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)}'


def values_of(new: Model) -> dict[str, Any]:
    """What a new object is stored as, by attribute."""
    here = connections[DEFAULT_DB_ALIAS]
    return {f.attname: f.get_db_prep_save(getattr(new, f.attname), here) for f in _stored(type(new))}


@cache
def _stored(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]


def _sent(statement: str, values: Values) -> "psycopg.Cursor[tuple[Any, ...]]":
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        kept = vars(here.connection)  # one cursor for a connection's life: what it answers is read at once
        if "busy" not in kept:
            kept["busy"] = psycopg.Cursor(here.connection)
        cursor: psycopg.Cursor[tuple[Any, ...]] = kept["busy"]
        return cursor.execute(statement, values)
