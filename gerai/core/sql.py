"""Statements of the busy paths, prepared once per connection: the database plans them once, not at every call.

Django binds values into the text, so that each call is parsed and planned anew. Here they are sent beside it
(psycopg, server-side binding), and what a connection has sent twice it keeps prepared. The transaction is Django's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

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


def _sent(statement: str, values: Values) -> "psycopg.Cursor[tuple[Any, ...]]":
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
        return cursor.execute(statement, values)
