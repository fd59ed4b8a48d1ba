"""What leaders see, computed from entries of the ledger."""

from datetime import timedelta
from typing import Any

import pytest

from gerai.insight import pages, queries
from gerai.insight.indicators import BY_KEY, INDICATORS
from gerai.insight.rules import Sums
from gerai.insight.tests.make import NOW, World
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(pages, "clock", lambda: NOW)
    return World()


def row(world, code="DINKES", span="month"):
    found = {r["agency"].code: r for r in queries.table(world.mall, span, NOW)}[code]
    return {cell["indicator"].key: cell["value"] for cell in found["cells"]}


def fill(world):
    for number, (wait, on_time, days) in enumerate([(300, True, 1), (900, True, 2), (1200, False, 9)]):
        world.entry("floor.called", f"v{number}", wait_s=wait)
        world.entry("floor.finished", f"v{number}")
        world.entry("reviews.decided", f"a{number}", on_time=on_time, working_days=days, calendar_days=days)
        world.entry("applications.submitted", f"a{number}", channel="online" if number else "desk")
    world.entry("reviews.returned", "a1")
    world.entry("reviews.returned", "a1")
    world.entry("feedback.rated", "r1", score=4)
    world.entry("feedback.rated", "r2", score=3)
    world.entry("feedback.complained", "c1")
    world.entry("feedback.answered", "c1")
    world.entry("feedback.complained", "c2")


def test_every_figure_is_computed_from_the_ledger(world):
    fill(world)

    assert row(world) == {
        "wait": pytest.approx(800 / 60), "served": 3, "on_time": pytest.approx(200 / 3), "days": 2, "whole_days": 2,
        "returned": pytest.approx(100 / 3), "late": 0, "online": pytest.approx(200 / 3), "satisfaction": 3.5,
        "complaints": 50,
    }  # fmt: skip


def test_an_agency_without_entries_has_no_figures(world):
    fill(world)

    assert set(row(world, "PUPR").values()) == {None}


def test_agencies_with_figures_come_first(world):
    world.entry("floor.finished", "v1", agency="PUPR")

    rows = queries.table(world.mall, "month", NOW)

    assert [(r["agency"].code, r["empty"]) for r in rows] == [("PUPR", False), ("DINKES", True)]


def test_today_begins_at_midnight_of_the_mall(world):
    world.entry("floor.finished", "early", ago=timedelta(hours=10))  # 00.15 in Bengkulu, yesterday in UTC
    world.entry("floor.finished", "yesterday", ago=timedelta(hours=11))

    assert (row(world, span="day")["served"], row(world)["served"]) == (1, 2)


def test_what_happened_in_another_mall_is_not_counted(world):
    ledger.append(
        mall="3273", kind="floor.finished", subject="x", actor=SYSTEM, now=NOW, data={"agency": "DINKES"}
    )

    assert row(world)["served"] is None


def test_the_mayor_reads_sentences_first(client, world):
    fill(world)
    client.force_login(world.member("walikota", "mayor"))

    shown = client.get("/wali-kota/")

    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Dua hal perlu perhatian Anda" in text
    assert "DINKES: 1 pengaduan belum dijawab" in text
    assert "PUPR: " in text
    assert "hari kerja tanpa kegiatan" in text
    assert "belum ada data" in text
    assert text.index("perlu perhatian") < text.index("<table")
    assert "style=" not in text


def test_a_complaint_about_the_mall_itself_is_not_forgotten(client, world):
    world.entry("feedback.complained", "c9", agency=None)
    client.force_login(world.member("walikota", "mayor"))

    assert "Mal Uji: 1 pengaduan belum dijawab" in client.get("/wali-kota/").content.decode()


def test_an_empty_mall_says_so_and_never_zero_percent(client, world):
    world.mall.agencies.update(live_at=NOW)
    client.force_login(world.member("walikota", "mayor"))

    text = client.get("/wali-kota/").content.decode()

    assert "Tidak ada yang mendesak saat ini" in text
    assert "belum ada data" in text
    assert ">0 %" not in text


@pytest.mark.parametrize("key", [i.key for i in INDICATORS])
def test_each_figure_shows_its_definition_and_its_entries(client, world, key):
    fill(world)
    client.force_login(world.member("walikota", "mall_manager"))

    shown = client.get(f"/wali-kota/angka/{key}/?agency=DINKES")

    assert shown.status_code == 200
    assert BY_KEY[key].definition["id"] in shown.content.decode()
    begin, end = queries.period(world.mall, "month", NOW)
    expected = queries.entries(world.mall, BY_KEY[key], begin, end, world.agencies["DINKES"])
    assert shown.context["page"].paginator.count == expected.count()


def test_an_unknown_figure_or_agency_is_not_found(client, world):
    client.force_login(world.member("walikota", "mayor"))

    assert client.get("/wali-kota/angka/nothing/").status_code == 404
    assert client.get("/wali-kota/angka/wait/?agency=NOBODY").status_code == 404


def test_an_administrator_sees_only_their_own_agency(client, world):
    fill(world)
    client.force_login(world.member("admin", "agency_admin", "PUPR"))

    assert client.get("/wali-kota/").status_code == 404
    assert [r["agency"].code for r in client.get("/wali-kota/instansi/").context["rows"]] == ["PUPR"]
    shown = client.get("/wali-kota/angka/served/?agency=DINKES")
    assert shown.context["agency"].code == "PUPR"
    assert shown.context["page"].paginator.count == 0


def test_the_page_of_the_mayor_asks_the_database_little(client, world, django_assert_max_num_queries):
    fill(world)
    client.force_login(world.member("walikota", "mayor"))

    with django_assert_max_num_queries(35):
        client.get("/wali-kota/")


def test_three_things_stand_open_and_the_others_one_click_away(client, world):
    for number, agency in enumerate(("DINKES", "PUPR", None)):
        world.entry("feedback.complained", f"c{number}", agency=agency)
    world.mall.agencies.update(live_at=NOW - timedelta(days=40))
    client.force_login(world.member("walikota", "mayor"))

    shown = client.get("/wali-kota/")

    assert len(shown.context["alarms"]) == 3
    assert len(shown.context["more"]) == shown.context["count"] - 3 > 0
    assert "hal lain</summary>" in shown.content.decode()


def test_entries_are_told_in_words(client, world):
    fill(world)
    client.force_login(world.member("walikota", "mayor"))

    text = client.get("/wali-kota/angka/on_time/").content.decode()

    assert "Permohonan diputuskan" in text
    assert "tepat waktu" in text
    assert "True" not in text


def test_a_chosen_number_is_a_call_and_what_was_taken_back_is_none(world):
    def call(kind: str, wait: int) -> Any:
        data = {"agency": "DINKES", "wait_s": wait}
        return ledger.append(
            mall="1771", kind=kind, subject="visit:1", actor=SYSTEM, now=NOW - timedelta(minutes=5), data=data
        )

    begin, end = queries.period(world.mall, "day", NOW)
    before = queries.sums(world.mall, begin, end).get("DINKES", Sums())
    call("floor.called", 600)
    call("floor.called_out_of_order", 1200)
    mistake = call("floor.called", 60_000)
    ledger.append(
        mall="1771", kind="floor.undone", subject="visit:1", actor=SYSTEM, now=NOW, cause=mistake.pk,
        data={"agency": "DINKES"},
    )  # fmt: skip

    after = queries.sums(world.mall, begin, end)["DINKES"]
    assert (after.waits - before.waits, after.wait_s - before.wait_s) == (2, 1800)
    listed = queries.entries(world.mall, BY_KEY["wait"], begin, end)
    assert mistake.pk not in [e.pk for e in listed]
    assert listed.filter(kind="floor.called_out_of_order").count() == 1
