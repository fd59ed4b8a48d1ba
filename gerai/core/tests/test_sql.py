"""Prepared statements: planned once, part of Django's transaction, with Django's errors."""

import pytest
from django.db import IntegrityError, connection, transaction

from gerai.agencies.models import Mall
from gerai.core import sql

pytestmark = pytest.mark.django_db
COUNT = "SELECT count(*) FROM agencies_mall WHERE code = %s AND 'often' = 'often'"


def test_what_is_asked_often_is_prepared():
    for _ in range(3):
        assert sql.one(COUNT, ["none"]) == (0,)

    assert sql.row("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%'often'%"]) == (
        1,
    )


def test_it_is_part_of_the_running_transaction():
    def change() -> None:
        with transaction.atomic():
            Mall.objects.create(code="0001", name="Satu", city="Satu")
            assert sql.act("UPDATE agencies_mall SET name = %(to)s WHERE code = '0001'", {"to": "Dua"}) == 1
            assert sql.row("SELECT name FROM agencies_mall WHERE code = %s", ["0001"]) == ("Dua",)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert sql.rows("SELECT name FROM agencies_mall WHERE code = %s", ["0001"]) == []


def test_what_the_database_refuses_is_djangos_error_and_breaks_the_transaction():
    Mall.objects.create(code="0001", name="Satu", city="Satu")
    again = "INSERT INTO agencies_mall SELECT * FROM agencies_mall WHERE code = %s"
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.act(again, ["0001"])

    assert connection.in_atomic_block
    assert sql.one("SELECT count(*) FROM agencies_mall WHERE code = %s", ["0001"]) == (1,)
