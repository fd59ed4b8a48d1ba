"""What the role of web and worker may do in the database: rows yes, the ledger's past no, tables no."""

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

# What the web and the worker may never change: the ledger's past, and what has been migrated.
FROZEN = ("ledger_entry", "ledger_position", "ledger_seal", "django_migrations")


def grant(owner_url: str, app_url: str) -> None:
    """Let the role of web and worker read and write rows, but never the ledger's past or a table's shape."""
    role = urlsplit(app_url).username or ""
    if role == (urlsplit(owner_url).username or ""):
        return  # a system server with one role: the triggers alone guard the ledger
    app = sql.Identifier(role)
    with psycopg.connect(owner_url) as connection:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(app))
        for table in FROZEN:
            if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
                connection.execute(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                        sql.Identifier(table), app
                    )
                )
