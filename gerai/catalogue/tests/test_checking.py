"""What is refused in an agency's file, with its line. No database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerai.catalogue import joining
from gerai.catalogue.tests.make import FILE


def problems(text):
    return joining.check(text).problems


def spoilt(old, new):
    assert old in FILE
    return problems(FILE.replace(old, new, 1))


def line(part):
    return next(n for n, row in enumerate(FILE.splitlines(), 1) if part in row)


def test_a_clean_file_gives_a_plan_with_every_default_written_out():
    plan = joining.check(FILE)

    assert plan.problems == []
    content = plan.services[0]["content"]
    assert content["questions"][0]["fields"][0]["required"] is True
    assert content["route"][0]["tasks"][0]["role"] == "reviewer"
    assert content["deemed"] is False
    assert content["system_of_record"] == "gerai"
    assert plan.counters == [(7, "A", False)]


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("en: Library Office", "xx: Library Office", "field_unknown", "agency.name.xx"),
        (", en: Library card", "", "language_missing", "services[1].name"),
        ("kind: opd", "kind: kantor", "choice_wrong", "agency.kind"),
        ("counter_minutes: 5", "counter_minutes: lima", "type_wrong", "services[1].counter_minutes"),
        ("counter_minutes: 5", "counter_minutes: 0", "limit_passed", "services[1].counter_minutes"),
        ("counter_minutes: 5", "minutes: 5", "field_missing", "services[1]"),
        ("code: PERPUS-01", "code: LAIN-01", "code_not_own", "services[1].code"),
        ("agency: PERPUS, days: 1", "agency: BUKANINI, days: 1", "agency_unknown", None),
        ("agency: PERPUS, days: 1", "agency: PERPUS, days: 3", "route_too_long", None),
        ("answers.books * 1000", "answers.pages * 1000", "fee_fails", "services[1].fee.amount"),
        ("answers.books * 1000", "answers.books *", "fee_fails", "services[1].fee.amount"),
        ("answers.books * 1000", "0 - answers.books", "fee_fails", "services[1].fee.amount"),
        ("answers.books * 1000", "[1].map(x, x)[0]", "fee_fails", "services[1].fee.amount"),
        ("value: books}]", "value: pages}]", "answer_unknown", None),
        ("{minimum: 1, maximum: 9}", "{minimum: satu}", "schema_wrong", None),
        ("{minimum: 1, maximum: 9}", "{$ref: 'http://127.0.0.1/x'}", "schema_wrong", None),
        ("key: who", "key: books", "written_twice", None),
        ("{value: adult", "{value: child", "written_twice", None),
        (
            "kind: opd",
            "kind: opd\n  permit_pattern: '{number.__class__}'",
            "pattern_wrong",
            "agency.permit_pattern",
        ),
        ("kind: opd", "kind: opd\n  kind: opd", "yaml_key_twice", "agency.kind"),
        ("short: Perpustakaan", "short: &a Perpustakaan", "yaml_alias", ""),
        ("short: Perpustakaan", "short: *a", "yaml_alias", ""),
        ("short: Perpustakaan", "short: !!python/object:os.system x", "yaml_tag", "agency.short"),
        ("short: Perpustakaan", "short: [", "yaml_broken", ""),
    ],
)
def test_each_mistake_is_named_with_its_field(old, new, code, path):
    found = spoilt(old, new)

    assert code in [p.code for p in found]
    if path is not None:
        assert path in [p.path for p in found if p.code == code]
    assert all(p.id and p.en for p in found)


def test_a_mistake_is_told_with_its_line():
    found = spoilt("answers.books * 1000", "answers.pages")

    assert [p.line for p in found] == [line("amount: ")]


def test_every_mistake_is_told_at_once():
    text = FILE.replace("kind: opd", "kind: kantor").replace("counter_minutes: 5", "counter_minutes: lima")

    assert len(problems(text)) == 2


def test_a_huge_file_is_refused_before_it_is_read():
    assert [p.code for p in problems("a: " + "x" * 1_000_001)] == ["file_too_big"]


def test_a_file_of_aliases_does_not_blow_up():
    bomb = "a: &a [x, x]\n" + "\n".join(
        f"{c}: &{c} [*{p}, *{p}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert [p.code for p in problems(bomb)] == ["yaml_alias"]


def test_a_very_deep_file_is_refused():
    assert [p.code for p in problems("[" * 3000)] == ["yaml_too_deep"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_checker(text):
    assert problems(text)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(FILE) - 1), st.integers(1, 60), st.sampled_from(["", "x", ": ", "\n", "- ", "{", "''"])
)
def test_no_damage_to_a_file_breaks_the_checker(start, length, instead):
    plan = joining.check(FILE[:start] + instead + FILE[start + length :])

    assert plan.problems or plan.services
