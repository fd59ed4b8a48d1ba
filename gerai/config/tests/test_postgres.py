"""The built-in database."""

import os

import psycopg
import pytest


def test_the_test_database_answers() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("gerai_owner",)


@pytest.mark.django_db
def test_every_migration_runs_on_an_empty_database() -> None:
    from django.db import connection

    assert "ledger_entry" in connection.introspection.table_names()
