""" "Which permits do I need?": what is refused in its file, with its line, and how its questions lead to an end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerai.catalogue import queries, screening, services
from gerai.catalogue.models import Screener
from gerai.catalogue.rules import FileRefused
from gerai.catalogue.tests.make import FILE, MORNING, mall
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM

CODES = {"PERPUS-01"}
SCREENER = """\
title: {id: Izin apa?, en: Which permit?}
questions:
  - key: wish
    label: {id: Mau apa?, en: What do you want?}
    choices:
      - {value: borrow, label: {id: Pinjam buku, en: Borrow books}}
      - {value: read, label: {id: Membaca saja, en: Only read}}
  - key: where
    label: {id: Di mana?, en: Where?}
    when: answers.wish == 'borrow'
    choices:
      - {value: home, label: {id: Di rumah, en: At home}}
      - {value: here, label: {id: Di sini, en: Here}}
results:
  - service: PERPUS-01
    when: answers.wish == 'borrow' && answers.where == 'home'
    why: {id: karena buku dibawa pulang, en: because books go home}
  - service: PERPUS-01
    when: answers.wish == 'borrow'
    why: {id: karena meminjam, en: because you borrow}
advice:
  - when: answers.wish == 'read'
    text: {id: Tidak perlu izin di sini., en: No permit needed here.}
"""


def problems(text, codes=frozenset(CODES)):
    return screening.check(text, codes)[1]


def spoilt(old, new):
    assert old in SCREENER
    return problems(SCREENER.replace(old, new, 1))


def line(part, text=SCREENER):
    return next(n for n, row in enumerate(text.splitlines(), 1) if part in row)


def content():
    return screening.check(SCREENER, CODES)[0]


def test_a_clean_file_has_no_problems_and_each_path_has_its_end():
    assert problems(SCREENER) == []

    assert sorted(map(str, screening.paths(content()))) == sorted(
        map(str, [{"wish": "read"}, {"wish": "borrow", "where": "home"}, {"wish": "borrow", "where": "here"}])
    )


BOTH = "answers.wish == 'borrow' && answers.where == 'home'"


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("service: PERPUS-01", "service: PERPUS-99", "service_unknown", "results[1].service"),
        ("key: where", "key: wish", "written_twice", "questions[2].key"),
        ("value: read", "value: borrow", "written_twice", "questions[1].choices[2].value"),
        (", en: Which permit?", "", "language_missing", "title"),
        ("    why: {id: karena meminjam, en: because you borrow}\n", "", "field_missing", "results[2]"),
        (BOTH, "answers.what == 'x'", "condition_fails", "results[1].when"),
        (BOTH, "answers.where == 'home'", "condition_fails", "results[1].when"),
        (BOTH, "answers.wish == 'buy'", "condition_fails", "results[1].when"),
        (BOTH, "answers.wish ==", "condition_fails", "results[1].when"),
        ("answers.wish == 'read'", "answers.wish", "condition_fails", "advice[1].when"),
        ("answers.wish == 'borrow'\n    c", "answers.where == 'home'\n    c", "condition_fails", "questions[2].when"),
        ("title: {", "titel: {", "field_missing", ""),
        ("title: {", "title: [", "yaml_broken", ""),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_field(old, new, code, path):
    found = spoilt(old, new)

    assert (code, path) in [(p.code, p.path) for p in found]
    assert all(p.id and p.en and p.line >= 1 for p in found)


def test_a_mistake_is_told_with_its_line():
    (unknown,) = spoilt("  - service: PERPUS-01\n    when: answers.wish == 'borrow'\n",
                        "  - service: PERPUS-07\n    when: answers.wish == 'borrow'\n")  # fmt: skip

    text = SCREENER.replace("answers.wish == 'read'", "answers.wish == 'sleep'")
    (never,) = problems(text)

    assert unknown.line == len(SCREENER.splitlines()) - 5
    assert never.line == line("'sleep'", text)


def test_a_path_that_ends_in_nothing_is_told_at_its_last_question():
    (problem,) = problems(SCREENER[: SCREENER.index("advice:")])

    assert (problem.code, problem.path) == ("screener_dead_end", "questions[1]")
    assert problem.line == line("key: wish")
    assert "wish=read" in problem.id


def test_nobody_is_asked_more_than_five_times():
    more = "".join(
        f"  - key: q{n}\n    label: {{id: Apa?, en: What?}}\n    choices:\n"
        "      - {value: one, label: {id: Satu, en: One}}\n      - {value: two, label: {id: Dua, en: Two}}\n"
        for n in range(4)
    )
    text = SCREENER.replace("results:", f"{more}results:", 1)

    (problem,) = problems(text)

    assert (problem.code, problem.path) == ("screener_too_long", "questions[6]")
    assert "bertanya 6 kali" in problem.id


def test_answers_count_up_to_the_first_that_is_missing_or_wrong():
    made = content()

    assert screening.settle(made, {"where": "home"}) == {}
    assert screening.settle(made, {"wish": "fly", "where": "home"}) == {}
    assert screening.settle(made, {"wish": "read", "where": "home"}) == {"wish": "read"}
    assert screening.asks(made, {"wish": "borrow"})["key"] == "where"
    assert screening.asks(made, {"wish": "read"}) is None


def test_a_service_is_told_once_with_its_first_reason():
    (result,) = screening.results(content(), {"wish": "borrow", "where": "home"})

    assert result["why"]["id"] == "karena buku dibawa pulang"


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, len(SCREENER) - 1),
    st.integers(1, 60),
    st.sampled_from(["", "x", ": ", "\n", "- ", "{", "''"]),
)
def test_no_damage_to_a_file_breaks_the_checker(start, length, instead):
    made, found = screening.check(SCREENER[:start] + instead + SCREENER[start + length :], CODES)

    assert found or made


@pytest.fixture
def place(db):
    found = mall()
    services.join(mall=found, text=FILE, actor=SYSTEM, now=MORNING)
    return found


def test_it_is_kept_once_and_written_down_once(place):
    assert services.set_screener(mall=place, text=SCREENER, actor=SYSTEM, now=MORNING)
    assert not services.set_screener(mall=place, text=SCREENER, actor=SYSTEM, now=MORNING)

    assert queries.screener(place)["title"]["en"] == "Which permit?"
    assert Entry.objects.get(kind="catalogue.screener_changed").data == {"questions": 2, "results": 2}


def test_a_file_with_mistakes_is_refused_and_nothing_changes(place):
    services.set_screener(mall=place, text=SCREENER, actor=SYSTEM, now=MORNING)
    before = Screener.objects.get().content

    with pytest.raises(FileRefused) as refused:
        services.set_screener(mall=place, text=SCREENER.replace("S-01", "S-99"), actor=SYSTEM, now=MORNING)

    assert {p.code for p in refused.value.problems} == {"service_unknown"}
    assert Screener.objects.get().content == before
    assert Entry.objects.filter(kind="catalogue.screener_changed").count() == 1


def test_the_first_answer_is_the_occasion_for_which_services_are_applied_for(place):
    services.set_screener(mall=place, text=SCREENER, actor=SYSTEM, now=MORNING)

    found = queries.occasion(place, "izin-borrow")

    assert (found.name["id"], found.services) == ("Pinjam buku", ["PERPUS-01"])
    for code in ("izin-fly", "izin-", "NOTHING"):
        with pytest.raises(NotFound):
            queries.occasion(place, code)
