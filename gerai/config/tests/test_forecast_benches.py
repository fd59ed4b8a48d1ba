"""The benches of prediction and planning: what they count, on data small enough to count by hand."""

import gzip
import json
from dataclasses import replace

import pytest

from gerai.config import benches
from gerai.config.benches import clairvoyant, fairness, mall, nightly, order, simulated, told, waits, warsaw
from gerai.foresight import days as synthetic
from gerai.foresight.engine import Mall, Policy

HEAD = "office,queue,service,ts,counters,waiting,svc_min,num\n"


def rows(*samples, day="2020-01-07", queue="1"):
    return "".join(
        f"O,{queue},Q,{day} 09:{minute:02}:00,{counters},{waiting},10,{called}\n"
        for minute, counters, waiting, called in samples
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(warsaw, "FEWEST", 1)

    def write(text):
        with gzip.open(tmp_path / warsaw.FILE, "wt", encoding="utf-8") as file:
            file.write(HEAD + text)
        return tmp_path

    return write


def test_a_wait_ends_half_way_between_the_samples_around_its_call(folder):
    text = rows((0, 1, 2, 10), (5, 1, 2, 10), (10, 1, 1, 11), (15, 1, 0, 12), (20, 1, 0, 12))

    [one] = warsaw.read(folder(text))

    assert [(m.minute - 540, m.waiting, m.wait) for m in one.moments] == [
        (0, 2, 12.5),
        (5, 2, 7.5),
        (10, 1, 2.5),
    ]
    assert one.moments[0].ends == 552.5


def test_the_wait_of_the_last_to_be_called_is_known_after_the_first_call_only(folder):
    text = rows((0, 1, 1, 10), (5, 1, 2, 10), (10, 1, 1, 11), (15, 1, 0, 12))

    [one] = warsaw.read(folder(text))

    assert [m.les for m in one.moments] == [None, None, 7.5]  # 11 was there at 0 and called between 5 and 10


def test_calls_count_only_while_somebody_waits_at_an_open_counter(folder):
    text = rows((0, 1, 1, 10), (5, 0, 2, 11), (10, 1, 0, 13), (15, 1, 1, 13), (40, 1, 0, 14), (45, 1, 0, 14))

    [one] = warsaw.read(folder(text))

    assert one.calls == ((545, 5, 1),)


def test_nothing_is_said_of_a_call_in_a_gap(folder):
    text = rows((0, 1, 1, 10), (5, 1, 1, 10), (30, 1, 1, 11), (35, 1, 0, 12))

    [one] = warsaw.read(folder(text))

    assert [m.minute - 540 for m in one.moments] == [30]


def test_a_queue_whose_numbers_run_backwards_is_left_out(folder):
    torn = rows((0, 1, 1, 90), (5, 1, 1, 10), (10, 1, 1, 95), (15, 1, 0, 96), queue="2")
    whole = rows((0, 1, 1, 10), (5, 1, 0, 11), queue="3")

    assert {one.queue for one in warsaw.read(folder(torn + whole))} == {"O/3/Q"}


def test_no_day_learns_from_itself_before_a_wait_has_ended(folder):
    def a_day(name):
        return rows(*[(5 * n, 1, 3, 10 + n) for n in range(12)], day=name)

    short = warsaw.read(folder(a_day("2020-01-07")))
    changed = warsaw.read(folder(a_day("2020-01-07").replace("09:55:00,1,3,10,21", "09:55:00,1,3,10,99")))

    early, other = (waits._warsaw(days * 40, 1)[0][:3] for days in (short, changed))

    assert [one.middle for one in early] == [one.middle for one in other]


def test_a_number_of_another_series_is_no_call(folder):
    numbers = [10, 11, 904, 13, 13, 601, 603, 14, *range(15, 60)]
    text = rows(*[(n, 1, 2, called) for n, called in enumerate(numbers)])

    [one] = warsaw.read(folder(text))

    assert [calls for _, calls in one.samples][:10] == [0, 1, 0, 2, 0, 0, 2, 0, 1, 1]


def test_the_trained_model_tells_the_same_people_and_leaves_the_plain_figures_alone(folder):
    pytest.importorskip("lightgbm")
    text = "".join(
        rows(*[(5 * n, 1, 3, 10 + n) for n in range(12)], day=f"2020-01-{day:02}") for day in (7, 8, 9)
    )
    days = [one for one in warsaw.read(folder(text)) for _ in range(40)]
    trained = nightly.Nightly()

    beside, _ = waits._warsaw(days, 1, trained)
    alone, _ = waits._warsaw(days, 1)

    figures = trained.figures()
    assert beside == alone
    assert figures["trained_mae_min"] < told.compare(alone)[1]["les_mae_min"]
    assert 0 <= figures["trained_coverage"] <= 1


def test_without_the_data_the_bench_says_what_is_missing(monkeypatch):
    monkeypatch.delenv("GERAI_BENCH_DATA", raising=False)

    with pytest.raises(SystemExit, match="GERAI_BENCH_DATA"):
        waits.run(data="warsaw", days=5)


def test_error_coverage_and_width_are_counted():
    one = told.Told("A", 2, low=5, middle=10, high=15, les=20, mean=0, actual=12)
    missed, free = replace(one, actual=40), replace(one, waiting=0, low=0, middle=0, high=0, actual=0, les=6)

    figures, baselines = told.compare([one] * 150 + [missed] * 50 + [free] * 100)

    assert figures["mae_min"] == pytest.approx((150 * 2 + 50 * 30) / 300)
    assert baselines["les_mae_min"] == pytest.approx((150 * 8 + 50 * 20 + 100 * 6) / 300, abs=0.001)
    assert (figures["coverage"], figures["width_min"], figures["waits_promised"]) == (0.75, 10, 200)
    assert figures["coverage_worst_office"] == 0.75


def test_an_overtaking_is_found_and_the_credit_rule_has_none():
    agencies = synthetic.mall(1, (1,))
    people = [
        synthetic.Visitor(at, (synthetic.Errand(0, 0, 20.0),), at == 22) for at in (0.0, 1.0, 2.0, 22.0)
    ]
    day = synthetic.Day(agencies, tuple(people), (0,))
    roster = [[1] * synthetic.SLOTS]

    fair = Mall(day, Policy(roster, 15.0)).run()
    unfair = Mall(day, Policy(roster, 60.0)).run()

    assert fairness.overtakings(fair) == (0, 1)
    assert fairness.overtakings(unfair) == (1, 1)


def test_the_mall_bench_beats_today_at_the_same_hours():
    agencies = synthetic.mall(5, (3, 2, 1))
    unseen = mall.drawn(agencies, 120, 3)

    today = mall.measure(mall.as_today(unseen))
    plan = mall.learnt(agencies, 120, 1.0)
    ours = mall.measure(mall.by_plan(plan, unseen))

    assert ours.wait < today.wait
    assert ours.hours < 1.1 * today.hours
    assert set(ours.named("_x")) == {name + "_x" for name in today.named()}


def test_the_stored_best_orders_are_those_of_these_instances():
    stored = json.loads(order.STORED.read_text())["instances"]
    first = order.instance(0)

    assert len(stored) == 8
    assert all(one["bound"] <= one["best"] + 0.01 and one["bound"] <= one["under_rule"] for one in stored)
    assert order.mean_visit(order.as_today(first)) >= stored[0]["under_rule"]
    assert clairvoyant.under_rule(first, rounds=1)[0] <= order.mean_visit(order.as_today(first))
    assert clairvoyant.under_rule(first)[0] == pytest.approx(stored[0]["under_rule"], abs=0.001)


def test_the_forecaster_of_the_simulation_tells_before_it_knows():
    found, setting = simulated.waits(days=1, history=range(101, 103), calibrate=0, crowds=(400,))

    assert len(found) > 400
    assert all(one.low <= one.high and one.actual >= 0 for one in found)
    assert setting["days"] == 1


def test_every_bench_has_a_name_a_sentence_and_goals(capsys):
    assert benches.command(["order", "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed["bench"] == "order"
    assert set(printed["goals"]) <= set(printed["figures"])


def test_help_names_every_bench(capsys):
    with pytest.raises(SystemExit) as ended:
        benches.command(["--help"])

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in benches.NAMES)
    assert "90 %" in printed
