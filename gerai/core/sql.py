"""Statements of the busy paths, prepared once per connection: the database plans them once, not at every call.

Django binds values into the text, so that each call is parsed and planned anew. Here they are sent beside it
(psycopg, server-side binding), and what a connection has sent twice it keeps prepared. The transaction is Django's.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.db.models import AutoField, Model

Values = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """
    All rows of one statement, in the running transaction. JSON columns come as text.

    :raises django.db.DatabaseError: as from Django's own cursor
    """
    with _sent(statement, values) as cursor:
        return cursor.fetchall()


def row(statement: str, values: Values) -> tuple[Any, ...] | None:
    """The first row, or None."""
    with _sent(statement, values) as cursor:
        return cursor.fetchone()


def one(statement: str, values: Values) -> tuple[Any, ...]:
    """The row of a statement that always gives one."""
    return rows(statement, values)[0]


def act(statement: str, values: Values) -> int:
    """Do it; how many rows it touched."""
    with _sent(statement, values) as cursor:
        return cursor.rowcount


def insert(new: Model) -> None:
    """Store a new object in one statement and give it its id. Its foreign keys' ids are what counts; no signals."""
    table = _table(type(new))
    values = [field.get_db_prep_save(getattr(new, field.attname), connection) for field in table.fields]
    new.pk = one(table.insert, values)[0]
    new._state.adding, new._state.db = False, connection.alias


class _Table(NamedTuple):
    fields: list[Any]
    insert: str


@cache
def _table(model: type[Model]) -> _Table:
    meta: Any = model._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = meta.pk.column
    return _Table(fields, f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}) RETURNING "{key}"')  # noqa: S608


def _sent(statement: str, values: Values) -> "psycopg.Cursor[tuple[Any, ...]]":
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
        return cursor.execute(statement, values)
