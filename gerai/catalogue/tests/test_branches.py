"""Formulas are proved on every branch of the answers they use, before an applicant meets them."""

import copy

import pytest

from gerai.catalogue import asking, branches, expressions

CHOICE = {"choices": [{"value": v, "label": {"id": v, "en": v}} for v in ("small", "middle", "large")]}


def field(key, kind="integer", **more):
    return {"key": key, "label": {"id": key, "en": key}, "type": kind, **more}


SERVICE = {
    "questions": [
        {
            "key": "shop",
            "title": {"id": "Toko", "en": "Shop"},
            "fields": [
                field("size", "choice", **CHOICE),
                field("area", schema={"minimum": 1, "maximum": 500}, when="answers.size == 'large'"),
                field("months", schema={"minimum": 1, "maximum": 12}),
                field("double", "computed", value="answers.months * 2"),
                field("note", "text", required=False),
            ],
        },
        {
            "key": "hall",
            "title": {"id": "Gedung", "en": "Hall"},
            "when": "has(answers.area) && answers.area > 300",
            "fields": [field("exits", schema={"minimum": 2, "maximum": 9})],
        },
    ],
    "requirements": [
        {"code": "KTP", "name": {"id": "KTP", "en": "ID"}},
        {"code": "SLF", "name": {"id": "SLF", "en": "SLF"}, "when": "has(answers.exits)"},
    ],
    "fee": {"amount": "answers.size == 'large' ? answers.area * answers.double : 0"},
    "route": [],
}


def changed(change):
    service = copy.deepcopy(SERVICE)
    change(service)
    return branches.problems(service)


def fee(amount):
    return changed(lambda s: s["fee"].update(amount=amount))


def condition(source, place=1):
    return changed(lambda s: s["requirements"][place].update(when=source))


def test_a_sound_service_has_no_problem():
    assert branches.problems(SERVICE) == []


@pytest.mark.parametrize(
    ("amount", "part"),
    [
        ("answers.area * 1000", "size=small"),  # not asked of small shops
        ("answers.size == 'small' ? 0 : answers.area", "size=middle"),
        ("answers.area > 499 ? 0 - 1 : 0", "size=small"),
        ("has(answers.area) && answers.area > 499 ? 0 - 1 : 0", "area=500"),
        ("has(answers.area) && answers.area == 77 ? 0 - 1 : 0", "area=77"),
        ("has(answers.note) ? 0 : answers.note", "fee formula fails"),
        ("100 / (answers.months - 7)", "divide"),
        ("100 / answers.months", "divide"),
        ("answers.months % 0", "divide"),
        ("answers.size", "is no number"),
        ("answers.rooms", "rooms"),
        ("answers.months > 3", "is no number"),
    ],
)
def test_a_fee_is_tried_on_every_branch(amount, part):
    (problem,) = fee(amount)

    assert problem[:2] == (("fee", "amount"), "fee_fails")
    assert part in problem[3]


@pytest.mark.parametrize("amount", ["1500.0", "double(answers.months) * 1.5", "answers.months * 0.15", "1e3"])
def test_a_fee_that_is_no_whole_rupiah_is_refused_with_how_to_write_it(amount):
    (problem,) = fee(amount)

    assert problem[:2] == (("fee", "amount"), "fee_fails")
    assert "bagi paling akhir" in problem[2]
    assert "int(...)" in problem[3]


@pytest.mark.parametrize("amount", ["int(double(answers.months) * 1.5)", "answers.months * 15 / 100", "1500"])
def test_a_fee_that_says_how_it_becomes_whole_is_fine(amount):
    assert fee(amount) == []


@pytest.mark.parametrize("amount", ["answers.a * 1.5", "2.0", "0.9", "-1", "true", "'5'"])
def test_a_fee_that_is_no_whole_number_is_refused_at_run_time_and_never_cut(amount):
    with pytest.raises(expressions.ExpressionFails):
        expressions.fee({"fee": {"amount": amount}}, {"a": 3.0})


def test_what_a_text_says_is_no_answer():
    assert fee("answers.size == 'answers.rooms' ? 1 : 0") == []


@pytest.mark.parametrize(
    "source",
    [
        "answers.area > 3",
        "answers.size",
        "answers.size == 'huge'",
        "answers.months > 12",
        "answers.rooms > 1",
        "answers.months >",
        "[1].all(x, x > 0)",
    ],
)
def test_a_condition_is_a_yes_or_no_on_every_branch_and_holds_on_some(source):
    (problem,) = condition(source)

    assert problem[:2] == (("requirements", 1, "when"), "condition_fails")


def test_a_question_depends_on_earlier_ones_only():
    found = changed(lambda s: s["questions"][0]["fields"][0].update(when="answers.months > 3"))

    assert [p[0] for p in found][:1] == [("questions", 0, "fields", 0, "when")]
    assert "months" in found[0][3]


def test_a_computed_answer_is_a_whole_number_or_a_text():
    found = changed(
        lambda s: s["questions"][0]["fields"][3].update(
            value="answers.months > 3 ? answers.months : answers.months + 0.5"
        )
    )

    assert found[0][:2] == (("questions", 0, "fields", 3, "value"), "value_fails")


def test_a_formula_with_more_branches_than_anybody_can_check_is_refused():
    keys = [f"n{number}" for number in range(12)]
    many = [field(key, "choice", **CHOICE) for key in keys]
    service = copy.deepcopy(SERVICE)
    service["questions"][0]["fields"] += many
    service["fee"]["amount"] = " + ".join(f"(answers.{key} == 'small' ? 1 : 0)" for key in keys)

    (problem,) = branches.problems(service)
    assert "too many branches" in problem[3]


def test_no_branch_of_a_sound_fee_is_ever_undefined():
    whole = {"questions": SERVICE["questions"]}
    for size in ("small", "middle", "large"):
        for area in (1, 299, 300, 301, 500):
            given = {"size": size, "area": area, "months": 7, "exits": 2}
            settled = asking.settle(whole, given)
            assert ("area" in settled) == (size == "large")
            assert ("exits" in settled) == (size == "large" and area > 300)
            assert expressions.fee(SERVICE, settled) == (area * 14 if size == "large" else 0)
