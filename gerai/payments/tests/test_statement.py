"""The provider's file is read whole or not at all, and what differs is named once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gerai.payments import statement
from gerai.payments.statement import Booked, Found, Kind, Line

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HEAD = "reference,amount,paid_at,invoice\n"


def line(reference: str = "r", amount: int = 30000, invoice: str = "INV-1") -> Line:
    return Line(reference, amount, NOON, invoice)


def kinds(*lines: Line, booked: dict[str, Booked], awaited: dict[str, Booked] | None = None) -> list[Kind]:
    found = statement.compare(list(lines), booked=booked, invoices={"INV-1", "INV-2"}, awaited=awaited or {})
    return [one.kind for one in found]


def test_each_difference_has_its_kind():
    ours = {"r": Booked(30000, "INV-1")}

    assert kinds(line(), booked=ours, awaited=ours) == []
    assert kinds(line(), booked={}) == [Kind.MISSING_HERE]
    assert kinds(booked={}, awaited=ours) == [Kind.MISSING_THERE]
    assert kinds(line(amount=30500), booked=ours, awaited=ours) == [Kind.AMOUNT]
    assert kinds(line(), line(), line(), booked=ours, awaited=ours) == [Kind.DOUBLED]
    assert kinds(line(invoice="INV-9"), booked={}) == [Kind.UNKNOWN]
    assert kinds(line(invoice="INV-2"), booked=ours, awaited=ours) == [Kind.INVOICE]
    assert kinds(line(), line(), booked={}) == [Kind.MISSING_HERE, Kind.DOUBLED]


books = some.dictionaries(
    some.sampled_from("abcdef"),
    some.builds(Booked, some.integers(1, 3), some.sampled_from(["INV-1", "INV-2"])),
)
files = some.lists(
    some.builds(
        line, some.sampled_from("abcdef"), some.integers(1, 3), some.sampled_from(["INV-1", "INV-2", "INV-9"])
    ),
    max_size=8,
)


@given(books, files)
def test_nothing_differs_exactly_where_file_and_books_are_the_same(ours, lines):
    found = statement.compare(lines, booked=ours, invoices={"INV-1", "INV-2"}, awaited=ours)

    told = [(one.reference, one.amount, one.invoice) for one in lines]
    same = sorted(told) == sorted((ref, b.amount, b.invoice) for ref, b in ours.items())
    assert (found == []) == same
    assert len({(one.kind, one.reference) for one in found}) == len(found)
    assert {one.reference for one in found} <= ours.keys() | {one.reference for one in lines}


def test_a_file_is_read_line_by_line():
    text = HEAD + '"a,1",30000,2026-11-23T12:00:00+07:00,INV-1\r\nb,1,2026-11-23T05:00:00+00:00,INV-2\n'

    assert statement.parse(text) == [line("a,1"), line("b", 1, "INV-2")]
    assert statement.parse(HEAD) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("ref,amount\n", 1),
        (HEAD + "a,30000,2026-11-23T12:00:00+07:00,INV-1\nb,3", 3),
        (HEAD + "a,30.000,2026-11-23T12:00:00+07:00,INV-1\n", 2),
        (HEAD + "a,-1,2026-11-23T12:00:00+07:00,INV-1\n", 2),
        (HEAD + "a,30000,2026-11-23T12:00:00,INV-1\n", 2),
        (HEAD + ",30000,2026-11-23T12:00:00+07:00,INV-1\n", 2),
        (HEAD + f"a,{'9' * 19},2026-11-23T12:00:00+07:00,INV-1\n", 2),
        (HEAD + "\n", 2),
        (HEAD + "a,30000,2026-11-23T12:00:00+07:00,INV-1\nb,1,2026-11-23T12:00:00+07:00,IN", 3),
    ],
)
def test_half_a_file_is_refused_with_its_line(text, number):
    with pytest.raises(statement.StatementUnreadable) as refusal:
        statement.parse(text)
    assert refusal.value.data == {"line": number}


def test_a_day_is_the_banks_and_is_over_an_hour_after_its_end():
    end = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # midnight in Jakarta

    assert statement.day_of(end - timedelta(seconds=1)) == date(2026, 11, 23)
    assert statement.day_of(end) == date(2026, 11, 24)
    assert statement.bounds(date(2026, 11, 23)) == (end - timedelta(days=1), end)
    assert statement.days_over(end + timedelta(minutes=59))[-1] == date(2026, 11, 22)
    assert statement.days_over(end + timedelta(hours=1))[-1] == date(2026, 11, 23)
    for wrong in (date(2026, 11, 24), date(2026, 12, 1), date(2026, 11, 9)):
        with pytest.raises(statement.DayNotOver):
            statement.check_day(wrong, end + timedelta(hours=1))
    statement.check_day(date(2026, 11, 10), end + timedelta(hours=1))


def test_a_difference_says_what_both_have():
    (found,) = statement.compare(
        [line(amount=5)], booked={"r": Booked(7, "INV-1")}, invoices={"INV-1"}, awaited={}
    )

    assert found == Found(Kind.AMOUNT, "r", "INV-1", 5, 7)
