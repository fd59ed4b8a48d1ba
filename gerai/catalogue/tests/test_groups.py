"""Repeating rows, points, files and addresses in an agency's file: what formulas may use, what is refused where."""

import time

import pytest

from gerai.catalogue import asking, branches, comparing, expressions, joining
from gerai.catalogue.tests.make import FILE

ROOMS = """\
          - key: rooms
            label: {id: Ruang, en: Rooms}
            type: group
            least: 0
            most: 20
            fields:
              - {key: name, label: {id: Nama ruang, en: Name of the room}, type: text}
              - {key: area, label: {id: Luas, en: Area}, type: integer, schema: {minimum: 1, maximum: 500}}
              - {key: seats, label: {id: Kursi, en: Seats}, type: integer, required: false}
          - key: photo
            label: {id: Foto tempat, en: Photo of the place}
            type: file
          - key: spot
            label: {id: Titik lokasi, en: Point}
            type: point
            required: false
          - key: total
            label: {id: Luas semua, en: Whole area}
            type: computed
            value: "sum(answers.rooms.map(r, r.area))"
"""
AFTER = "            schema: {minimum: 1, maximum: 9}\n"
WITH = FILE.replace(AFTER, AFTER + ROOMS)


def problems(old="", new=""):
    assert old in WITH
    return joining.check(WITH.replace(old, new, 1)).problems


def formula(source):
    """What is wrong with a formula as the value of `total`."""
    return problems('"sum(answers.rooms.map(r, r.area))"', f'"{source}"')


def line(part):
    return next(n for n, row in enumerate(WITH.splitlines(), 1) if part in row)


def content():
    return joining.check(WITH).services[0]["content"]


def test_a_group_is_published_with_its_defaults_and_counts_also_without_a_row():
    fields = {f["key"]: f for f in content()["questions"][0]["fields"]}

    assert fields["rooms"]["fields"][0]["required"] is True
    assert asking.settle(content(), {"books": 1}) == {"books": 1, "rooms": [], "total": 0}
    assert (
        asking.settle(content(), {"rooms": [{"name": "a", "area": 3}, {"name": "b", "area": 4}]})["total"]
        == 7
    )


@pytest.mark.parametrize(
    "source",
    [
        "size(answers.rooms)",
        "answers.rooms.filter(r, r.area > 10).size()",
        "sum(answers.rooms.filter(r, has(r.seats)).map(r, r.seats))",
        "answers.rooms.exists(r, r.area > 100) ? 'besar' : 'kecil'",
        "size(answers.rooms) > 3 ? answers.rooms[3].area : 0",
        "has(answers.spot) ? 1 : 0",
    ],
)
def test_formulas_may_count_choose_and_sum_rows(source):
    assert formula(source) == []


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("answers.rooms[0].area", "rooms=[]"),  # there may be no row
        ("size(answers.rooms) > 2 ? answers.rooms[3].area : 0", "out of bounds"),  # only with three rows
        ("sum(answers.rooms.map(r, r.seats))", "fails"),  # seats may be left out
        ("sum(answers.rooms.map(r, r.name))", "fails"),  # no numbers
        ("size(answers.rooms.filter(r, r.area == 77)) == 0 ? 1 : 1.5", "area': 77"),
        ("answers.rooms.map(r, r.area)", "fails"),  # a list is no answer
        ("[1, 2].map(x, x).size()", "rows of a group"),
        ("answers.books.map(x, x).size()", "rows of a group"),
        ("answers.rooms.map(r, answers.rooms.exists(s, s.area > r.area)).size()", "inside another"),
        ("answers.spot.lat > 1.0 ? 1 : 0", "a point on the map"),
        ("has(answers.photo) ? 1 : 0", "a file"),
        ("100 / size(answers.rooms)", "divide"),
    ],
)
def test_a_formula_that_fails_for_some_rows_is_refused_at_its_line(source, part):
    (problem,) = formula(source)

    assert (problem.code, problem.line) == ("value_fails", line("value: "))
    assert part in problem.en


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("            most: 20\n", "", "most_wrong", "key: rooms"),
        ("most: 20", "most: 31", "limit_passed", "most: 20"),
        ("least: 0\n            most: 20", "least: 9\n            most: 2", "most_wrong", "most: 20"),
        ("key: seats", "key: area", "written_twice", "key: seats"),
        ("type: integer, required: false", "type: group, required: false", "choice_wrong", "key: seats"),
        ("type: text}", "type: text, schema: {pattern: '['}}", "schema_wrong", "key: name"),
        ("type: file\n", "type: file\n            schema: {minLength: 1}\n", "part_unfit", "type: file"),
        ("type: file\n", "type: file\n            shared: true\n", "part_unfit", "type: file"),
        ("type: point\n", "type: point\n            from: person.address\n", "part_unfit", "type: point"),
        ("type: point\n", "type: point\n            outside: true\n", "part_unfit", "type: point"),
        ("type: point\n", "type: point\n            renewing: true\n", "part_unfit", "type: point"),
        ("key: photo", "key: photo_of_the_place_from_the_street", "key_too_long", "key: photo"),
        ("value: books}]", "value: photo}]", "answer_not_printable", "value: books}]"),
    ],
)
def test_each_mistake_in_a_question_is_told_at_its_line(old, new, code, at):
    (problem,) = problems(old, new)

    assert problem.code == code
    assert abs(problem.line - line(at)) <= 1


def test_a_fee_may_be_the_sum_of_rows_and_a_negative_one_is_found():
    service = content() | {"fee": {"amount": "sum(answers.rooms.map(r, r.area)) * 1000"}}
    below = content() | {"fee": {"amount": "3 - size(answers.rooms)"}}

    assert branches.problems(service) == []
    assert expressions.fee(service, {"rooms": [{"area": 2}, {"area": 3}]}) == 5000
    assert [p[1] for p in branches.problems(below)] == ["fee_fails"]


def test_rows_with_too_many_ways_to_be_filled_are_refused_at_once():
    letters = [{"value": str(n), "label": {"id": str(n), "en": str(n)}} for n in range(40)]
    group = next(f for f in content()["questions"][0]["fields"] if f["key"] == "rooms")
    cells = [{"key": f"c{n}", "label": {}, "type": "choice", "choices": letters} for n in range(12)]
    service = content() | {"questions": [{"key": "a", "fields": [{**group, "fields": cells}]}]}
    service["fee"] = {
        "amount": "answers.rooms.exists(r, " + " && ".join(f"r.c{n} == '1'" for n in range(12)) + ") ? 1 : 0"
    }

    begin = time.monotonic()
    (problem,) = branches.problems(service)

    assert "too many branches" in problem[3]
    assert time.monotonic() - begin < 1


def test_a_change_in_a_row_is_told_to_who_publishes():
    after = content()
    after["questions"][0]["fields"][1] = {**after["questions"][0]["fields"][1], "most": 5}

    (found,) = comparing.differences(content(), after)

    assert found.part == "questions"
    assert "0 to 20 rows" in found.before[0]["en"]
    assert "0 to 5 rows" in found.after[0]["en"]
    assert "Luas · angka bulat · paling sedikit 1" in found.after[0]["id"]


@pytest.mark.parametrize("value", [None, 3, "ab", [True], [1.5], ["a"], {}])
def test_a_sum_of_what_is_no_list_of_whole_numbers_is_nothing(value):
    assert expressions.evaluate("sum(answers.x)", {"x": value}) is None
