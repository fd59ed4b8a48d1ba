"""What a new file changes is told in plain words, and nothing passes unseen. No database."""

import copy

from django.conf import settings

from gerai.catalogue import comparing, joining
from gerai.catalogue.tests.make import FILE


def service(text=FILE):
    plan = joining.check(text)
    assert plan.problems == []
    (one,) = plan.services
    content = one.pop("content")
    return {**one, **content}


BEFORE = service()


def changed(old, new):
    assert old in FILE
    return comparing.differences(BEFORE, service(FILE.replace(old, new, 1)))


def words(difference, tongue="id"):
    told = comparing.worded(difference, tongue)
    return [line["text"] for line in told["before"]], [line["text"] for line in told["after"]]


def leaves(value, path=()):
    """Every single value of a content, with where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


CONTENT = {k: v for k, v in BEFORE.items() if k != "code"}


def a_pilot_service(code):
    """The content of one rich service of the pilot."""
    files = settings.PACKAGE / "config" / "pilot" / "agencies"
    text = (files / f"{code.partition('-')[0]}.yaml").read_text()
    plan = joining.check(text, agencies=frozenset(f.stem for f in files.glob("*.yaml")))
    return next(s["content"] for s in plan.services if s["code"] == code)


def test_no_value_changes_unseen():
    for content in (CONTENT, a_pilot_service("PUPR-04"), a_pilot_service("DPMPTSP-33")):
        paths = list(leaves(content))
        assert len(paths) > 60
        for path in paths:
            seen_when_changed(content, path)


def seen_when_changed(content, path):
    after = copy.deepcopy(content)
    place = after
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}!"
    if path[-1] == "kind" and path[0] == "standard":
        place[path[-1]] = "calendar"

    found = comparing.differences(content, after)

    assert [d.part for d in found] in ([path[0]], ["time"]), path
    before, now = words(found[0], "id")
    assert before != now
    before, now = words(found[0], "en")
    assert before != now


def test_a_fee_is_told_with_its_formula_and_its_words():
    found = changed("answers.books * 1000", "answers.books * 2000")

    assert [d.part for d in found] == ["fee"]
    before, after = words(found[0])
    assert before == ["Rumus: answers.who == 'child' ? 0 : answers.books * 1000"]
    assert after == ["Rumus: answers.who == 'child' ? 0 : answers.books * 2000"]


def test_a_fixed_fee_is_told_in_rupiah():
    (found,) = changed("\"answers.who == 'child' ? 0 : answers.books * 1000\"", "25000")

    assert words(found)[1] == ["Jumlah: Rp25.000"]


def test_a_route_is_told_whole_and_the_new_step_is_marked():
    more = "\n      - key: two\n        tasks:\n          - {key: b, kind: inspect, agency: PERPUS, days: 1, "
    more += "role: signer, when: \"answers.who == 'adult'\", title: {id: Tinjau, en: Look}}\n    permit:"
    text = FILE.replace("time: {days: 2}", "time: {days: 4}").replace("\n    permit:", more)
    found = {d.part: d for d in comparing.differences(BEFORE, service(text))}

    assert words(found["time"]) == (["2 hari kerja"], ["4 hari kerja"])
    told = comparing.worded(found["route"], "id")["after"]
    assert [line["marked"] for line in told] == [False, True]
    assert told[1]["text"] == (
        "Tahap 2 · Tinjau · peninjauan lapangan · PERPUS, pejabat penanda tangan · 1 hari kerja · "
        "bila answers.who == 'adult' · [two.b]"
    )


def test_of_requirements_and_questions_only_what_differs_is_shown():
    (paper,) = changed(
        "      - {code: KTP", "      - {code: FOTO, name: {id: Pasfoto, en: Photo}}\n      - {code: KTP"
    )
    (question,) = changed("schema: {minimum: 1, maximum: 9}", "schema: {minimum: 1, maximum: 5}")

    assert words(paper) == ([], ["Pasfoto · dibawa · [FOTO]"])
    assert words(question) == (
        ["Jumlah buku · angka bulat · paling sedikit 1 · paling banyak 9 · [books]"],
        ["Jumlah buku · angka bulat · paling sedikit 1 · paling banyak 5 · [books]"],
    )


def test_a_new_order_shows_all():
    after = copy.deepcopy(CONTENT)
    after["questions"][0]["fields"].reverse()
    (found,) = comparing.differences(CONTENT, after)

    assert len(words(found)[0]) == len(words(found)[1]) == 3


def test_where_only_the_english_differs_it_is_shown_to_an_indonesian_reader():
    (found,) = changed("en: Member card}\n      complaints", "en: Card of members}\n      complaints")

    assert words(found) == (
        ["Hasil: Kartu anggota / Result: Member card"],
        ["Hasil: Kartu anggota / Result: Card of members"],
    )


def test_a_new_service_has_one_side_and_the_same_has_none():
    assert all(d.before == [] for d in comparing.differences(None, BEFORE))
    assert comparing.differences(BEFORE, copy.deepcopy(BEFORE)) == []


def test_what_no_line_tells_is_shown_as_written():
    (found,) = comparing.differences(CONTENT, {**CONTENT, "map": {"x": 1}})

    assert found.part == "rest"
    assert words(found) == (["map: null"], ['map: {"x": 1}'])
