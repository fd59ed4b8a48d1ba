"""How long a permit holds by its answers: the last day, and what the checker says of it."""

from datetime import date

import pytest

from gerai.catalogue import lasting

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("lasts", "answers", "last"),
    [
        (
            {"from": "start", "days": "n"},
            {"start": "2026-12-01", "n": 7},
            date(2026, 12, 7),
        ),  # the first day counts
        ({"from": "start", "days": 1}, {"start": "2026-12-01"}, date(2026, 12, 1)),
        ({"days": 30}, {}, date(2026, 12, 22)),
        ({"months": 3}, {}, date(2027, 2, 23)),
        ({"from": "start", "months": "n"}, {"start": "2027-11-30", "n": 3}, date(2028, 2, 29)),
        ({"from": "start", "months": 12}, {"start": "2028-02-29"}, date(2029, 2, 28)),
        ({"until": "end"}, {"end": "2027-01-31"}, date(2027, 1, 31)),
        ({"until": "end"}, {"end": "2026-11-01"}, DAY),  # decided after it: never an end before the beginning
        ({"from": "start", "days": 3660}, {"start": "9999-12-01"}, date.max),
        ({"from": "start", "months": 120}, {"start": "9999-12-01"}, date.max),
        ({"until": "end"}, {}, None),
        ({"from": "start", "days": "n"}, {"start": "2026-12-01"}, None),
        ({"from": "start", "days": "n", "otherwise": "open"}, {}, None),
        ({"from": "start", "days": 1, "otherwise": "open"}, {"start": "2026-12-01"}, date(2026, 12, 1)),
    ],
)
def test_the_last_day(lasts, answers, last):
    assert lasting.last_day(lasts, answers, DAY) == last


def asked(key, kind, **more):
    return {"key": key, "type": kind, **more}


FORM = [
    {
        "key": "a",
        "fields": [asked("start", "date"), asked("n", "integer"), asked("free", "integer", required=False)],
    },
    {"key": "b", "when": "answers.n > 3", "fields": [asked("late", "date")]},
    {"key": "c", "fields": [asked("some", "date", when="answers.n > 3")]},
]


@pytest.mark.parametrize(
    ("lasts", "codes"),
    [
        ({"from": "start", "days": "n"}, []),
        ({"days": 30}, []),
        ({"until": "start"}, []),
        ({"from": "start"}, ["validity_unclear"]),
        ({"days": 3, "months": 2}, ["validity_unclear"]),
        ({"from": "start", "until": "start"}, ["validity_unclear"]),
        ({"from": "n", "days": "start"}, ["validity_answer"] * 2),
        ({"until": "nowhere"}, ["validity_answer"]),
        ({"until": "late"}, ["validity_answer"]),
        ({"until": "some"}, ["validity_answer"]),
        ({"days": "free"}, ["validity_answer"]),
        ({"until": "late", "otherwise": "open"}, []),
        ({"from": "some", "days": "n", "otherwise": "open"}, []),
        ({"until": "nowhere", "otherwise": "open"}, ["validity_answer"]),
        ({"days": "free", "otherwise": "open"}, ["validity_answer"]),  # asked, and may be left empty
    ],
)
def test_only_answers_that_are_always_there_unless_it_may_be_open(lasts, codes):
    service = {"permit": {"lasts": lasts}, "questions": FORM}

    assert [code for _, code, _, _ in lasting.problems(service)] == codes


def test_said_once():
    service = {"permit": {"lasts": {"days": 3}, "valid_years": 5}, "questions": FORM}

    assert [(path, code) for path, code, _, _ in lasting.problems(service)] == [
        (("permit", "lasts"), "validity_twice")
    ]
    assert list(lasting.problems({"permit": {"valid_years": 5}})) == []
