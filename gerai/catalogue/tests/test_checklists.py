"""Checklists of inspections in an agency's file: what is refused, and how they are told to who publishes. Pure."""

import pytest

from gerai.catalogue import checklists, joining, telling
from gerai.catalogue.tests.make import FILE

OWN = "{key: own, kind: verify, agency: PERPUS, days: 1, title: {id: Periksa data, en: Check the data}}"
VISIT = """key: own
            kind: inspect
            agency: PERPUS
            days: 1
            title: {id: Lihat tempat, en: See the place}
            appointment: true
            checklist_source: {url: umum, verified_on: null}
            checklist:
              - {key: shelf, text: {id: Rak kuat, en: Shelves hold}, kind: yes_no, photo: true, law: Perda 1}
              - {key: area, text: {id: Luas, en: Area}, kind: number, unit: {id: m2, en: m2}}"""


def text(old="", new=""):
    assert old in VISIT
    return FILE.replace(OWN, VISIT.replace(old, new, 1) if old else VISIT)


def test_a_checklist_comes_in_as_it_is_written():
    plan = joining.check(text())

    assert plan.problems == []
    task = plan.services[0]["content"]["route"][0]["tasks"][0]
    assert (task["appointment"], [p["key"] for p in task["checklist"]]) == (True, ["shelf", "area"])
    assert not checklists.is_confirmed(task)
    assert checklists.is_confirmed({"checklist_source": {"url": "x", "verified_on": "2026-11-23"}})


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("kind: inspect", "kind: verify", "only_inspections", "appointment: true"),
        ("key: area", "key: shelf", "written_twice", "key: shelf, text: {id: Luas"),
        ("{id: Luas, en: Area}", "{id: Luas}", "language_missing", "{id: Luas}"),
        ("kind: number", "kind: text", "unit_without_number", "kind: text"),
        ("kind: number", "kind: berapa", "choice_wrong", "kind: berapa"),
        ("photo: true", "photo: ya", "type_wrong", "photo: ya"),
        ("verified_on: null", "verified_on: '2026-02-30'", "date_wrong", "2026-02-30"),
    ],
)
def test_a_wrong_checklist_is_refused_at_its_line(old, new, code, at):
    wrong = text(old, new)
    found = joining.check(wrong).problems

    line = next(n for n, row in enumerate(wrong.splitlines(), 1) if at in row)
    assert (line, code) in {(p.line, p.code) for p in found}


def test_a_source_without_a_checklist_is_refused():
    alone = VISIT[: VISIT.index("            checklist:\n")].rstrip()

    found = joining.check(FILE.replace(OWN, alone)).problems

    assert [p.code for p in found] == ["source_without_checklist"]


def test_who_publishes_reads_every_point():
    route = joining.check(text()).services[0]["content"]["route"]

    assert [line["en"] for line in telling.route(route)][1:] == [
        "by appointment with the applicant",
        "Shelves hold · yes or no, with a photo (Perda 1) [shelf]",
        "Area · a number, m2 [area]",
        "Source: umum, not checked yet",
    ]
