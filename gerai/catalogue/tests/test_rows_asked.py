"""Questions inside a row: conditions on the row and on answers outside it, addresses, points; each branch is tried."""

import pytest

from gerai.catalogue import asking, joining, telling
from gerai.catalogue.tests.make import FILE

OWNERS = """\
          - key: shared_land
            label: {id: Milik bersama, en: Shared}
            type: yes_no
          - key: owners
            label: {id: Pemilik, en: Owners}
            type: group
            most: 8
            fields:
              - {key: name, label: {id: Nama, en: Name}, type: text}
              - key: how
                label: {id: Cara, en: How}
                type: choice
                choices: [{value: bought, label: {id: Beli, en: Bought}}, {value: left, label: {id: Waris, en: Left}}]
              - {key: died, label: {id: Meninggal, en: Died}, type: date, when: "row.how == 'left'"}
              - key: share
                label: {id: Bagian, en: Share}
                type: integer
                schema: {minimum: 1, maximum: 100}
                when: answers.shared_land
              - key: home
                label: {id: Rumah, en: Home}
                type: address
                outside: true
                when: "has(row.share) && row.share > 25"
              - {key: spot, label: {id: Titik, en: Point}, type: point, required: false}
          - key: shares
            label: {id: Jumlah bagian, en: All shares}
            type: computed
            value: "sum(answers.owners.filter(r, has(r.share)).map(r, r.share))"
"""
AFTER = "            schema: {minimum: 1, maximum: 9}\n"
WITH = FILE.replace(AFTER, AFTER + OWNERS)


def problems(old, new):
    assert old in WITH
    return joining.check(WITH.replace(old, new, 1)).problems


def content():
    found = joining.check(WITH)
    assert not found.problems
    return found.services[0]["content"]


def test_each_row_keeps_only_what_it_is_asked():
    rows = [
        {"name": "A", "how": "left", "died": "2020-01-02", "share": 60, "home": {"street": "Jalan A"}},
        {"name": "B", "how": "bought", "died": "2020-01-02", "share": 10, "home": {"street": "Jalan B"}},
    ]

    shared = asking.settle(content(), {"shared_land": True, "owners": rows})
    alone = asking.settle(content(), {"shared_land": False, "owners": rows})

    assert shared["owners"] == [rows[0], {"name": "B", "how": "bought", "share": 10}]
    assert alone["owners"][0] == {"name": "A", "how": "left", "died": "2020-01-02"}
    assert (shared["shares"], alone["shares"]) == (70, 0)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("row.how == 'left'", "row.kind == 'left'", "the row does not ask for kind"),
        ("row.how == 'left'", "row.share > 2", "share is asked only after it"),
        ("row.how == 'left'", "row.how == 'gift'", "it never holds"),
        ("row.how == 'left'", "row.how", "must say yes or no"),
        ("when: answers.shared_land", "when: size(answers.owners) > 1", "owners is asked only after it"),
        ("when: answers.shared_land", "when: answers.unknown", "there is no question unknown"),
        ("when: answers.shared_land", "when: \"answers.books > 3 || row.died > '2'\"", "row.how=bought"),
        ("has(row.share) && row.share > 25", "row.share > 25", "shared_land=False"),
        ("has(row.share) && row.share > 25", "has(row.share) && 9 / row.share > 1", "divide"),
    ],
)
def test_a_condition_inside_a_row_that_fails_on_a_branch_is_told_at_its_line(old, new, part):
    (problem,) = problems(old, new)

    assert problem.code == "condition_fails"
    assert "owners" not in part or problem.line
    assert part in problem.en
    assert abs(problem.line - next(n for n, row in enumerate(WITH.splitlines(), 1) if old in row)) <= 1


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("sum(answers.owners.map(r, r.share))", "shared_land=False"),  # not asked of everybody
        ("size(answers.owners.filter(r, r.home.street == 'x'))", "home is an address"),
        ("answers.owners[0].spot.lat > 1.0 ? 1 : 0", "spot is a point"),
        ("answers.owners.exists(r, r.died > '2000') ? 1 : 0", "owners=[{'how': 'bought'}"),
    ],
)
def test_a_formula_over_rows_fails_where_a_row_does_not_ask(source, part):
    (problem,) = problems('"sum(answers.owners.filter(r, has(r.share)).map(r, r.share))"', f'"{source}"')

    assert problem.code == "value_fails"
    assert part in problem.en


@pytest.mark.parametrize(
    "source", ["size(answers.owners.filter(r, has(r.home)))", "has(answers.owners[0].spot) ? 1 : 0"]
)
def test_a_formula_may_ask_whether_a_row_has_an_address_or_a_point(source):
    assert problems('"sum(answers.owners.filter(r, has(r.share)).map(r, r.share))"', f'"{source}"') == []


def test_who_publishes_reads_the_conditions_of_a_row():
    told = telling.questions(content()["questions"])
    (line,) = [one["en"] for one in told if "[owners]" in one["en"]]

    assert "if row.how == 'left'" in line
    assert "may lie outside the city" in line
