"""Moments of life: their services in order, whose permit comes first, and what is refused with its line."""

import pytest

from gerai.catalogue import moments, queries, services
from gerai.catalogue.rules import LifeEventWrong
from gerai.catalogue.tests.make import MORNING, mall
from gerai.catalogue.yaml_lines import read
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM

CODES = {"A1-01", "A1-02", "A1-03"}
MALL = """\
life_events:
  - code: LAHIR
    name: {id: Kelahiran, en: Birth}
    services: [A1-01, A1-02, A1-03]
    after: {A1-03: [A1-01, A1-02]}
  - code: NIKAH
    name: {id: Menikah, en: Marriage}
    services: [A1-02]
"""


def problems(text):
    return moments.check(*read(text), CODES)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("services: [A1-02]", "services: [A1-09]", "service_unknown", 8),
        ("services: [A1-02]", "services: [A1-02, A1-02]", "written_twice", 8),
        ("services: [A1-02]", "services: []", "limit_passed", 8),
        ("code: NIKAH", "code: LAHIR", "written_twice", 6),
        (", en: Birth", "", "language_missing", 3),
        ("{A1-03: [A1-01, A1-02]}", "{A1-01: [A1-03]}", "after_wrong", 5),
        ("{A1-03: [A1-01, A1-02]}", "{A1-01: [A1-01]}", "after_wrong", 5),
        ("{A1-03: [A1-01, A1-02]}", "{A1-04: [A1-01]}", "after_wrong", 5),
        ("{A1-03: [A1-01, A1-02]}", "{A1-03: [A1-04]}", "after_wrong", 5),
        ("{A1-03: [A1-01, A1-02]}", "{A1-03: A1-01}", "type_wrong", 5),
    ],
)
def test_each_mistake_is_told_with_its_line(old, new, code, line):
    assert problems(MALL) == []
    assert old in MALL

    (problem,) = problems(MALL.replace(old, new, 1))

    assert (problem.code, problem.line) == (code, line)
    assert problem.id
    assert problem.en


def events():
    return read(MALL)[0]["life_events"]


def test_they_are_kept_with_what_waits_and_twice_is_once(db):
    place = mall()

    assert services.set_life_events(mall=place, events=events(), actor=SYSTEM, now=MORNING)
    assert not services.set_life_events(mall=place, events=events(), actor=SYSTEM, now=MORNING)

    assert queries.occasion(place, "LAHIR").after == {"A1-03": ["A1-01", "A1-02"]}
    assert queries.occasion(place, "NIKAH").after == {}
    assert Entry.objects.filter(kind="catalogue.life_events_changed").count() == 1


def test_a_circle_is_refused_and_nothing_changes(db):
    place = mall()
    services.set_life_events(mall=place, events=events(), actor=SYSTEM, now=MORNING)
    circle = [{**events()[0], "after": {"A1-02": ["A1-01"], "A1-01": ["A1-02"]}}]

    with pytest.raises(LifeEventWrong):
        services.set_life_events(mall=place, events=circle, actor=SYSTEM, now=MORNING)

    assert queries.life_events(place).count() == 2
