"""The bench of the day of completion: what it reads of a log, what it counts, and that our ledger gives a log back."""

import argparse
import csv
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gerai.config import benches
from gerai.config.benches import permitlog, permits
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM

BEGIN = datetime(2010, 1, 4, 8, 0, tzinfo=UTC)
DUTCH = ("case:startDate", "case:endDate", "case:parts", "case:caseStatus", "dateFinished")


def building_permits(number=60):
    """Rows of a log such as BPIC15: a case every two days, every third one slow; those end after eight weeks."""
    for n in range(number):
        began, slow = BEGIN + timedelta(days=2 * n), n % 3 == 0
        steps = [("01", 0), ("02", 1), ("03", 30 if slow else 3), ("04", 70 if slow else 33)]
        for step, days in steps:
            yield {
                "case:concept:name": f"c{n}",
                "concept:name": step,
                "time:timestamp": (began + timedelta(days=days, microseconds=n)).isoformat(),
                "case:startDate": began.isoformat(),
                "case:endDate": (began + timedelta(days=steps[-1][1])).isoformat() if n % 10 else "",
                "case:parts": "Bouw,Kap" if slow else "Kap",
                "case:caseStatus": "late" if slow else "in time",
                "dateFinished": (began + timedelta(days=99)).isoformat(),
            }


@pytest.fixture
def write(tmp_path):
    def to(rows, name="BPIC15_9.csv.gz"):
        found = list(rows)
        with gzip.open(tmp_path / name, "wt", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, found[0])
            writer.writeheader()
            writer.writerows(found)
        return tmp_path / name

    return to


def test_a_log_is_read_case_by_case_in_order_of_time(write):
    shuffled = sorted(building_permits(), key=lambda row: row["concept:name"], reverse=True)

    log = permitlog.read(write(shuffled))

    first = log[0]
    assert [one.key for one in log[:3]] == ["c0", "c1", "c2"]
    assert [step for step, _ in first.steps] == ["01", "02", "03", "04"]
    assert (first.began, first.due, first.ended) == (BEGIN, BEGIN + timedelta(days=56), None)
    assert (first.sort, first.traits) == ("Bouw,Kap", {"Bouw", "Kap"})
    assert first.case().closed_at == permitlog.day(first.steps[-1][1])


def test_an_intake_has_its_own_deadline(write):
    row = {
        "case:concept:name": "case-1",
        "concept:name": "Confirmation",
        "time:timestamp": "2011-10-11T13:45:40.276+02:00",
        "case:startdate": "2011-10-01T13:42:22.688+02:00",
        "case:enddate": "2012-01-05T00:00:00.000+01:00",
        "case:deadline": "2011-12-06T13:41:31.788+01:00",
        "case:department": "General",
        "case:channel": "Internet",
    }

    [one] = permitlog.read(write([row], "receipt_env_permit.csv.gz"))

    assert (one.sort, one.traits) == ("General", {"Internet"})
    assert one.due == datetime.fromisoformat(row["case:deadline"])
    assert [step for step, _ in one.dated().events] == [permitlog.OPENED, "Confirmation"]
    assert one.dated().closed_at == permitlog.day(datetime.fromisoformat(row["case:enddate"]))


def test_columns_that_a_case_gets_at_its_end_change_no_forecast(write):
    other = [{**row, "case:caseStatus": "x", "dateFinished": ""} for row in building_permits()]

    told = [permits.completion(permitlog.read(write(rows))) for rows in (building_permits(), other)]

    assert told[0] == told[1]


def test_prefixes_go_from_the_second_step_to_the_last_but_one(write):
    case = permitlog.read(write(building_permits()))[0].case()

    assert [[step for step, _ in one.events] for one in permits.prefixes(case)] == [
        ["01", "02"],
        ["01", "02", "03"],
    ]
    assert {one.closed_at for one in permits.prefixes(case)} == {None}


def test_the_bench_counts_errors_beside_the_constant_median(write):
    figures, baselines = permits.completion(permitlog.read(write(building_permits())))

    assert figures["forecasts"] == 2 * 12
    assert figures["mae_days"] < 1 < baselines["constant_median_mae_days"]
    assert figures["mae_to_median"] < 1
    assert figures["coverage"] > 0.9


def test_the_constant_median_is_of_the_type_and_of_what_had_closed(write):
    cases = [one.case() for one in permitlog.read(write(building_permits()))]
    median = permits.Medians(cases)
    all_closed = cases[-1].closed_at + 100

    assert median.of("Kap", all_closed) == pytest.approx((32 + 30) / 2, abs=0.1)
    assert median.of("Bouw,Kap", all_closed) == pytest.approx((69 + 40) / 2, abs=0.1)
    assert median.of("unknown", all_closed) == median.of(None, all_closed)
    assert median.of("Kap", cases[0].events[0][1]) == 0


def test_warnings_are_of_cases_still_open_on_the_28th_day(write):
    figures, setting = permits.warnings(permitlog.read(write(building_permits(120))))

    assert setting["open_on_day_28"] == 32  # three tenths of those with an end
    assert figures["breach_auc_day28"] == figures["breach_auc_day28_responsible"] == 1.0
    assert figures["breach_precision_day28"] == 1.0


def test_what_comes_after_the_28th_day_changes_no_warning(write):
    log = permitlog.read(write(building_permits(120)))
    last = max(n for n, one in enumerate(log) if one.key == "c117")  # slow: its third step is on day 30
    unlike = replace(log[last], steps=(*log[last].steps[:2], ("09", log[last].steps[2][1])))
    changed = [*log[:last], unlike, *log[last + 1 :]]

    told, late = permits.chances(log)

    assert (told > 0).all()
    assert (permits.chances(changed)[0] == told).all()
    assert late.any()


def test_the_responsible_officer_is_used_only_where_it_is_said_so(write):
    rows = [{**row, "case:Responsible_actor": f"r{n}"} for n, row in enumerate(building_permits(120))]

    logs = [permitlog.read(write(some)) for some in (building_permits(120), rows)]

    told = [permits.chances(log)[0] for log in logs]
    named = [permits.chances(log, responsible=True)[0] for log in logs]
    assert (told[0] == told[1]).all()
    assert (named[0] != named[1]).any()


def test_auc_counts_ties_as_half_and_precision_is_read_at_the_recall():
    told = np.array([0.9, 0.5, 0.5, 0.1])
    came = np.array([True, True, False, False])

    assert permits.auc(told, came) == (4 - 0.5) / 4
    assert permits.precision(told, came) == pytest.approx(2 / 3)


@pytest.mark.django_db
def test_a_log_comes_back_from_the_ledger_as_it_was(write):
    log = permitlog.read(write(building_permits(8)))

    assert permitlog.replay(log, "LOG") == 1.0


@pytest.mark.django_db
def test_an_entry_too_many_is_noticed(write):
    log = permitlog.read(write(building_permits(8)))
    ledger.append(
        mall="LOG",
        kind="reviews.task_done",
        subject="application:3",
        actor=SYSTEM,
        now=BEGIN,
        data={"task": "00"},
    )

    assert permitlog.replay(log, "LOG") == 7 / 8


def test_a_log_that_is_nowhere_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("GERAI_BENCH_DATA", str(tmp_path))

    with pytest.raises(argparse.ArgumentTypeError, match="nowhere"):
        permitlog.file("nowhere")


def test_a_log_is_found_by_its_name_in_the_folder_of_the_data(write, monkeypatch):
    path = write(building_permits(1))
    monkeypatch.setenv("GERAI_BENCH_DATA", str(path.parent))

    assert permitlog.file("BPIC15_9") == path


def test_the_bench_is_offered_and_its_goals_are_figures(write):
    told = permits.run(data=write(building_permits(), "BPIC15_1.csv.gz"), replay=0, inside=False)

    assert "permits" in benches.NAMES
    assert set(told["goals"]) - {"replayed_share"} <= set(told["figures"])
    assert told["baselines"]["pgtnet_mae_days"] == 20.4
    assert told["setting"]["cases"] == 60
