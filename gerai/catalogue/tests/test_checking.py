"""What is refused in an agency's file, with its line. No database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerai.catalogue import joining, rules, words
from gerai.catalogue.tests.make import FILE
from gerai.reviews import rules as reviews


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
        ("key: who", "key: who\n            renewing: pensioner", "renewing_wrong", None),
        ("time: {days: 2}", "time: {days: 2, kind: weeks}", "choice_wrong", "services[1].standard.time.kind"),
        (
            "valid_years: 2\n",
            "valid_years: 2\n    system_of_record: SIMBG\n",
            "permit_outside",
            "services[1].permit",
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


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("{number.__class__}", "pattern_wrong"),
        ("{number:099d}", "pattern_wrong"),
        ("{number}/{tahun}", "pattern_wrong"),
        ("{number", "pattern_wrong"),
        ("{{number}}/{year}", "pattern_wrong"),
        ("{service}/{year}", "pattern_without_number"),
        ("number/{year}", "pattern_without_number"),
        ("503/{agency}", "pattern_without_number"),
        ("{number}/{number:04d}", "pattern_without_number"),
        ("{number}{month}", "pattern_ambiguous"),
        ("{month}{number:02d}/{year}", "pattern_ambiguous"),
    ],
)
def test_a_number_pattern_that_would_not_tell_permits_apart_is_refused(pattern, code):
    found = spoilt("kind: opd", f"kind: opd\n  permit_pattern: '{pattern}'")

    assert [(p.code, p.path) for p in found] == [(code, "agency.permit_pattern")]


@pytest.mark.parametrize("pattern", ["{number}", "503/{number:04d}/{service}", "{number}/{month:02d}/{year}"])
def test_a_number_pattern_needs_no_year(pattern):
    assert spoilt("kind: opd", f"kind: opd\n  permit_pattern: '{pattern}'") == []


def promised(days, *stages, kind="working"):
    """The file with this promise and stages of so many days."""
    old = FILE[FILE.index("    route:") : FILE.index("    permit:")]
    tasks = "".join(
        f"      - key: s{n}\n        tasks:\n          - {{key: own, kind: verify, agency: PERPUS, days: {stage}, "
        "title: {id: Periksa, en: Check}}\n"
        for n, stage in enumerate(stages)
    )
    text = FILE.replace("time: {days: 2}", f"time: {{days: {days}, kind: {kind}}}")
    return joining.check(text.replace(old, f"    route:\n{tasks}" if stages else "")).problems


@pytest.mark.parametrize(
    ("days", "stages"),
    [(1, [1]), (2, [1]), (3, [1]), (4, [1, 1]), (7, [2, 3]), (7, [5]), (0, []), (14, [6, 6])],
)
def test_a_promise_is_kept_when_every_step_uses_its_days(days, stages):
    assert promised(days, *stages) == []


@pytest.mark.parametrize(
    ("days", "stages"), [(0, [1]), (1, [2]), (2, [2]), (2, [1, 1]), (3, [2]), (7, [2, 4]), (7, [6])]
)
def test_a_promise_that_the_steps_cannot_keep_is_refused_at_the_route(days, stages):
    (problem,) = promised(days, *stages)

    assert (problem.code, problem.path) == ("route_too_long", "services[1].route")
    assert problem.line == line("    route:")


def test_the_sum_of_the_steps_is_told():
    (problem,) = promised(7, 2, 4)

    assert "Tahapan 2 + 4 hari" in problem.id
    assert "8 hari kerja, padahal dijanjikan 7" in problem.id
    assert "paling lama 5 hari" in problem.id


def test_calendar_days_and_hours_hold_weekends():
    assert promised(7, 3, kind="calendar") == []
    assert [p.code for p in promised(7, 4, kind="calendar")] == ["route_too_long"]
    assert promised(168, 3, kind="hours") == []
    assert [p.code for p in promised(23, 1, kind="hours")] == ["route_too_long"]


def test_the_days_of_the_owners_steps_are_those_of_the_reviews():
    assert (rules.ASSESS_DAYS, rules.DECIDE_DAYS) == (reviews.ASSESS_DAYS, reviews.DECIDE_DAYS)


def test_where_another_system_issues_a_service_may_be_online_without_a_permit():
    start, end = FILE.index("    permit:"), FILE.index("    source: {url: umum}")
    outside = FILE[:start] + "    system_of_record: SIMBG\n" + FILE[end:]

    plan = joining.check(outside)

    assert plan.problems == []
    assert plan.services[0]["online"]
    assert "permit" not in plan.services[0]["content"]
    assert [p.code for p in problems(outside.replace("SIMBG", "Gerai"))] == ["permit_missing"]


def test_what_the_agency_states_once_holds_for_each_service_unless_it_says_otherwise():
    own = FILE.replace(
        "      time: {days: 2}", "      time: {days: 2}\n      staffing: {id: Dua orang, en: Two people}"
    )

    plain, special = (joining.check(text).services[0]["content"]["standard"] for text in (FILE, own))

    assert [name for name in rules.COMPONENTS if name not in plain] == []
    assert plain["staffing"]["id"] == "Menurut jadwal loket"
    assert (special["staffing"]["id"], special["evaluation"]) == ("Dua orang", plain["evaluation"])


def test_an_online_service_without_all_fourteen_components_is_refused_and_others_are_not():
    bare = FILE[: FILE.index("standard:\n")] + FILE[FILE.index("counters:") :]
    part = FILE.replace("  staffing: {id: Menurut jadwal loket, en: By the roster}\n", "")

    (every,), (one,) = problems(bare), problems(part)

    assert (every.code, every.path) == ("component_missing", "services[1].standard")
    assert all(name in every.id for name in rules.COMPONENTS)
    assert "staffing." in one.id
    assert "evaluation" not in one.id
    assert problems(bare.replace("    online: true\n", "")) == []


def test_the_components_have_words():
    assert tuple(words.COMPONENTS) == rules.COMPONENTS


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
