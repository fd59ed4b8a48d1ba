"""The wording of a permit: what the small Markdown knows, and every way to write it wrongly, at its line."""

from typing import Any

import pytest
import yaml

from gerai.catalogue import comparing, joining, permit_checks, permit_text
from gerai.catalogue.tests.make import FILE

FIELDS: list[dict[str, Any]] = [
    {"key": "area", "type": "integer", "schema": {"minimum": 1, "maximum": 100}},
    {"key": "note", "type": "text", "required": False},
    {"key": "sick", "type": "yes_no", "personal": True},
    {"key": "since", "type": "date", "when": "answers.sick"},
    {"key": "twice", "type": "computed", "value": "answers.area * 2"},
]


def service(text: str) -> dict[str, Any]:
    fields = [{"required": True, "label": {"id": f["key"]}, **f} for f in FIELDS]
    return {"questions": [{"key": "a", "fields": fields}], "permit": {"text": {"id": text}}}


def wrong(text: str) -> list[tuple[int, str]]:
    return [(path[-1], code) for path, code, _, _ in permit_checks.problems(service(text))]


GOOD = """## Diberikan kepada {holder}

{rows}

{when: answers.area > 10 && has(answers.note)} Luas **{answers.area} m2**, catatan {answers.note},
berlaku sampai {valid_until}.

### Ketentuan

1. Taat aturan.
2. {when: answers.twice > 20} Lapor tiap tahun.
   - kepada {agency}
"""


def test_a_wording_with_everything_it_may_have_is_without_a_mistake():
    assert wrong(GOOD) == []
    blocks, _ = permit_text.read(GOOD)
    assert [b.kind for b in blocks] == ["h", "rows", "p", "h", "ol"]
    assert [(r.text, r.name, r.bold) for r in blocks[2].runs][:3] == [
        ("Luas ", "", False), ("", "answers.area", True), (" m2", "", True),
    ]  # fmt: skip
    assert blocks[4].blocks[1].when == "answers.twice > 20"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n\n{nope}", [(2, "placeholder_unknown")]),
        ("a\nb {answers.nope}", [(1, "answer_unknown")]),
        ("{answers.note}", [(0, "answer_may_lack")]),
        ("- {when: answers.area > 3} a\n- b {answers.note}", [(1, "answer_may_lack")]),
        ("{when: answers.nope > 3} a", [(0, "condition_fails")]),
        ("{when: answers.area >} a", [(0, "condition_fails")]),
        ("{when: answers.area > 1000} a", [(0, "condition_fails")]),
        ("{when:} a", [(0, "condition_fails")]),
        ("{when: answers.sick} a", [(0, "condition_personal")]),
        ("{when: has(answers.since)} a", [(0, "condition_personal")]),
        ("a {when: answers.area > 3} b", [(0, "condition_misplaced")]),
        ("{when: answers.area > 3} ## b", [(0, "condition_misplaced")]),
        ("{when: answers.area > 3} 1. b", [(0, "condition_misplaced")]),
        ("a { b", [(0, "brace_alone")]),
        ("# a", [(0, "heading_level")]),
        ("### a\n\n## b", [(0, "heading_level")]),
        ("a *b*", [(0, "italic")]),
        ("a {rows}", [(0, "rows_misplaced")]),
        ("- {rows}", [(0, "rows_misplaced")]),
        ("{rows}\n\n{rows}", [(2, "rows_misplaced")]),
        (" \n", [(0, "text_empty")]),
    ],
)
def test_each_mistake_is_told_at_its_line(text, found):
    assert wrong(text) == found


def test_a_value_that_an_outer_condition_makes_sure_of_may_stand_in_an_inner_item():
    assert wrong("- {when: has(answers.note)} a\n  - {when: answers.area > 3} b {answers.note}") == []


@pytest.mark.parametrize(
    "text",
    ['#read("/etc/passwd")', "$x$ @label <label>", "<script>alert(1)</script>", "[a](http://b) ![c](d)",
     "`#eval(1)`", "| a | b |", "\\u &amp; ~~a~~", "#import \"@preview/x:1.0.0\"", "---"],
)  # fmt: skip
def test_what_is_code_elsewhere_is_plain_words_here(text):
    (block,), found = permit_text.read(text)
    assert (block.kind, found) == ("p", [])
    assert "".join(run.text for run in block.runs) == text


def test_a_value_that_is_personal_in_any_way_is_known_as_such():
    assert permit_checks.personal(service("a")) == {"sick", "since"}


def in_file(text: str) -> str:
    data = yaml.safe_load(FILE)
    data["services"] = data["services"][:1]
    data["services"][0].pop("permit", None)
    data["services"][0]["permit"] = {"title": {"id": "Kartu", "en": "Card"}}
    written = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    lines = "".join(f"        {line}\n" for line in text.split("\n"))
    return written.rstrip("\n") + f"\n    text:\n      id: |\n{lines}      en: |\n{lines}"


def test_a_mistake_in_an_agencys_file_is_at_the_line_of_the_file():
    text = in_file("Satu.\n\nDua {nope}.")
    problems = joining.check(text).problems

    assert {p.code for p in problems} == {"placeholder_unknown"}
    for problem in problems:
        assert text.split("\n")[problem.line - 1].strip() == "Dua {nope}."


def test_every_line_that_changes_is_told_to_who_publishes():
    sides = []
    for text in ("Satu.\n\nDua.\n\nDua.", "Satu.\n\nDua.\n\nTiga."):
        plan = joining.check(in_file(text))
        assert plan.problems == []
        sides.append(plan.services[0]["content"])
    (found,) = comparing.differences(*sides)

    assert [line["id"] for line in found.before] == ["naskah: Dua. (2)", "naskah Inggris: Dua. (2)"]
    assert [line["id"] for line in found.after] == ["naskah: Tiga.", "naskah Inggris: Tiga."]


@pytest.mark.parametrize(
    ("place", "codes"),
    [("spot", []), ("home", ["place_personal"]), ("area", ["place_no_point"]), ("nope", ["place_no_point"])],
)
def test_only_a_point_that_is_nobodys_own_affair_comes_on_the_map(place, codes):
    points = [{"key": "spot", "type": "point"}, {"key": "home", "type": "point", "personal": True}]
    wanted = {"questions": [{"key": "a", "fields": [*points, FIELDS[0]]}], "permit": {"place": place}}
    assert [code for _, code, _, _ in permit_checks.place(wanted)] == codes


def test_a_fee_for_changes_is_tried_like_the_fee_and_only_for_what_is_issued_here():
    text = in_file("Satu.") + "    {}\n"
    broken = text.replace("    {}\n", '  amend:\n    fee: {amount: "answers.nope", text: {id: a, en: b}}\n')
    assert [p.code for p in joining.check(broken).problems] == ["fee_fails"]

    outside = text.replace("    {}\n", "  amend: {}\n  system_of_record: SIMBG\n")
    assert {p.code for p in joining.check(outside).problems} == {"amend_without_permit", "permit_outside"}
