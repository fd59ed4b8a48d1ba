"""Prepared statements: planned once, part of Django's transaction, with Django's errors."""

import pytest
from django.db import IntegrityError, connection, transaction

from gerai.agencies.models import Counter, Mall
from gerai.core import sql

pytestmark = pytest.mark.django_db
COUNT = "SELECT count(*) FROM agencies_mall WHERE code = %s AND 'often' = 'often'"


def test_what_is_asked_often_is_prepared():
    for _ in range(3):
        assert sql.one(COUNT, ["none"]) == (0,)

    assert sql.row("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%'often'%"]) == (
        1,
    )


def test_a_value_named_twice_is_sent_once_and_a_percent_sign_stays():
    both = "SELECT %(a)s || %(b)s || %(a)s, 'x' LIKE '%%x%%'"
    assert sql.one(both, {"a": "A", "b": "B", "more": "than asked for"}) == ("ABA", True)
    assert sql.one("SELECT %s || %s || %s", ["a", "b", "a"]) == ("aba",)


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


def test_a_new_object_is_stored_in_one_statement_as_django_would_store_it(django_assert_num_queries):
    by_hand = Mall(code="0001", name="Satu", city="Satu", details={"entrances": [{"letter": "A"}]})
    with django_assert_num_queries(0):  # none of Django's own
        sql.insert(by_hand)
    Mall.objects.create(code="0002", name="Satu", city="Satu", details={"entrances": [{"letter": "A"}]})

    one, two = Mall.objects.filter(code__in=["0001", "0002"]).order_by("code").values().all()
    assert {**one, "code": ""} == {**two, "code": ""}
    by_hand.name = "Baru"
    by_hand.save()  # it knows that it is stored
    assert Mall.objects.get(code="0001").name == "Baru"


def test_an_objects_id_comes_from_the_database():
    mall = Mall.objects.create(code="0001", name="Satu", city="Satu")
    made = [Counter(mall=mall, number=number) for number in (1, 2)]
    for counter in made:
        sql.insert(counter)

    assert [counter.pk for counter in made] == list(
        Counter.objects.order_by("number").values_list("pk", flat=True)
    )
