"""What an application may do next, and what an answer must look like. No database."""

import pytest

from gerai.applications import answers
from gerai.applications.rules import FINAL, NEXT, MoveNotAllowed, Status, check_move
from gerai.applications.tests.make import CONTENT, FIELDS, GOOD
from gerai.core.errors import Sentence

AREA, ADDRESS, SHAPE, OWN, SINCE = FIELDS


def said(field, raw):
    """The sentence for one answer, or None."""
    return answers.check([field], {field["key"]: raw})[1].get(field["key"])


def kept(field, raw):
    """What is kept of one answer."""
    return answers.check([field], {field["key"]: raw})[0][field["key"]]


def test_every_status_has_its_next_ones_and_the_ends_are_ends():
    assert set(NEXT) == set(Status)
    assert {"approved", "rejected", "withdrawn", "lapsed"} == FINAL


@pytest.mark.parametrize(
    ("current", "target"),
    [("draft", Status.REVIEW), ("submitted", Status.APPROVED), ("signing", Status.WITHDRAWN)]
    + [(end.value, target) for end in sorted(FINAL) for target in Status],
)
def test_a_move_that_skips_or_leaves_an_end_is_refused(current, target):
    with pytest.raises(MoveNotAllowed):
        check_move(current, target)


def test_nothing_is_issued_but_through_a_decision():
    assert [s.value for s, after in NEXT.items() if Status.SIGNING in after] == ["decision"]
    assert [s.value for s, after in NEXT.items() if Status.APPROVED in after] == ["decision", "signing"]
    for end in (Status.APPROVED, Status.REJECTED):  # straight from there only where another system decided
        check_move("decision", end, outside=True)
        with pytest.raises(MoveNotAllowed):
            check_move("decision", end)


def test_good_answers_are_kept_as_what_they_are():
    good, wrong = answers.check(FIELDS, GOOD)

    assert wrong == {}
    assert good == {
        "area": 3,
        "address": "Jalan Suprapto 12",
        "shape": "shop",
        "own": True,
        "since": "2020-01-31",
    }


@pytest.mark.parametrize(("raw", "number"), [("15", 15), (" 1.000 ", 1000), ("1 000", 1000), ("007", 7)])
def test_a_number_may_be_written_as_people_do(raw, number):
    assert kept(AREA, raw) == number


@pytest.mark.parametrize(
    "raw", ["tiga", "1.5", "1,5", "2.00", "--5", "5-", "²", "٣", "1e3", "9" * 40, "NaN", "True", "0x10", "1."]
)
def test_what_is_no_whole_number_is_asked_again(raw):
    assert said(AREA, raw) == "Tulis angka bulat tanpa titik atau koma."


def test_a_number_out_of_bounds_is_told_the_bound_and_can_be_translated():
    small, large = said(AREA, "-5"), said(AREA, "1001")

    assert small == "Angka ini terlalu kecil. Paling kecil 1."
    assert large == "Angka ini terlalu besar. Paling besar 1000."
    assert isinstance(large, Sentence)
    assert (
        large.said({"Angka ini terlalu besar. Paling besar {limit}.": "At most {limit}."}.get)
        == "At most 1000."
    )


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        (AREA, "", answers.MUST),
        (ADDRESS, "   ", answers.MUST),
        (ADDRESS, "\x00", answers.MUST),
        (ADDRESS, "x" * 201, answers.SENTENCES["maxLength"]),
        (SHAPE, "castle", answers.SENTENCES["enum"]),
        (OWN, "maybe", answers.SENTENCES["other"]),
        (SINCE, "31-01-2020", answers.SENTENCES["date"]),
        (SINCE, "2020-02-30", answers.SENTENCES["date"]),
        (SINCE, "", None),
        ({**ADDRESS, "schema": {"minLength": 5}}, "abc", answers.SENTENCES["minLength"]),
        ({**ADDRESS, "schema": {"pattern": "^[0-9]+$"}}, "abc", answers.SENTENCES["digits"]),
    ],
)
def test_each_way_to_be_wrong_has_its_sentence(field, raw, sentence):
    assert said(field, raw) == sentence


def test_what_is_not_asked_is_not_kept():
    assert answers.check([AREA], {"area": "3", "status": "approved"}) == ({"area": 3}, {})


def test_stored_answers_are_checked_once_more_as_a_whole():
    assert answers.recheck(CONTENT, {"area": 3000, "shape": "shop"}) == {
        "area": "Angka ini terlalu besar. Paling besar 1000.",
        "address": answers.MUST,
        "own": answers.MUST,
    }


@pytest.mark.parametrize(
    ("field", "value", "language", "shown"),
    [
        (OWN, True, "id", "Ya"),
        (OWN, False, "id", "Tidak"),
        (OWN, True, "en", "Yes"),
        (OWN, False, "en", "No"),
        (SHAPE, "shop", "id", "Toko"),
        (SHAPE, "shop", "en", "Toko (en)"),
        (AREA, 0, "id", "0"),
        (AREA, None, "id", "-"),
        (AREA, 2026, "id", "2026"),
        (AREA, 2_700_000, "id", "2.700.000"),
        (AREA, 2_700_000, "en", "2,700,000"),
    ],
)
def test_an_answer_is_shown_as_people_read_it(field, value, language, shown):
    assert answers.shown(field, value, language) == shown


PHONE = {
    "key": "phone",
    "label": {"id": "Nomor telepon", "en": "Phone number"},
    "type": "text",
    "schema": {"pattern": r"^\+?[0-9]{9,15}$"},
}


@pytest.mark.parametrize(
    "raw",
    ["081234567890", "0812 3456 7890", "0812-3456-7890", "(0812) 3456.7890", "0812\u00a03456\u00a07890"],
)
def test_a_number_may_be_written_in_parts(raw):
    assert kept(PHONE, raw) == "081234567890"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Tulis angkanya saja"),
        ({"help": {"id": "Misalnya 0812", "en": "Like 0812"}}, "contoh pada petunjuk"),
        ({"schema": {"pattern": "^[A-Z]{2}[0-9]{4}$"}}, "huruf dan angkanya"),
    ],
)
def test_what_is_wrong_with_its_shape_points_to_an_example_only_where_there_is_one(changes, words):
    assert words in said({**PHONE, **changes}, "0812 34")
