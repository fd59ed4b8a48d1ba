"""The optional trained forecast: scored as lightgbm scores, and never with knowledge of the future."""

import builtins
import json

import numpy as np
import pytest

from gerai.foresight import trained
from gerai.foresight.hall import NAMES, Hall
from gerai.foresight.pace import Forecast
from gerai.foresight.trained import PLAIN, Forest, LightgbmMissing, TooFewWaits, Trained, boosters, fit

TOLD = Forecast(5.0, 12.0, 30.0, 11.0)


def examples(seed, number=2000):
    """Rows whose third feature decides the wait; one in ten values is unknown. Minutes."""
    random = np.random.default_rng(seed)
    rows = random.uniform(0, 40, (number, len(NAMES)))
    waits = 3 * rows[:, 2] * random.uniform(0.8, 1.2, number)
    unknown = random.random(rows.shape) < 0.1
    unknown[:, [PLAIN, 2]] = False
    unknown[:, 7] = False  # known in training, unknown later
    rows[unknown] = np.nan
    return rows, waits


def leaf(value):
    return {"leaf_value": value}


def split(feature, threshold, low, high, **more):
    usual = {"decision_type": "<=", "missing_type": "None", "default_left": False}
    return {
        "split_feature": feature, "threshold": threshold, "left_child": low, "right_child": high, **usual, **more
    }  # fmt: skip


@pytest.mark.slow
def test_the_scorer_says_what_lightgbm_says():
    pytest.importorskip("lightgbm")
    rows, waits = examples(1)
    other, _ = examples(2, 3000)
    other[::5, 7] = np.nan

    for model in boosters(rows, waits, rounds=40):
        forest = Forest.of_lightgbm([tree["tree_structure"] for tree in model.dump_model()["tree_info"]])

        assert forest.score(other) == pytest.approx(model.predict(other), abs=1e-9)
        assert forest.score(other[0]) == pytest.approx(model.predict(other[:1]), abs=1e-9)


def test_trees_are_walked_by_hand():
    tree = split(0, 5.0, leaf(1.0), split(1, 2.0, leaf(10.0), leaf(20.0)))
    forest = Forest.of_lightgbm([tree, leaf(0.5)])

    assert forest.score([[5, 9], [6, 2], [6, 3]]).tolist() == [1.5, 10.5, 20.5]
    assert forest.score(np.zeros((0, 2))).tolist() == []


def test_an_unknown_value_goes_where_the_tree_says_or_counts_as_zero():
    said = split(0, -5.0, leaf(1.0), leaf(2.0), missing_type="NaN", default_left=True)
    zero = split(0, -5.0, leaf(1.0), leaf(2.0))

    assert Forest.of_lightgbm([said]).score([[np.nan]]) == [1.0]
    assert Forest.of_lightgbm([zero]).score([[np.nan]]) == [2.0]


def test_a_split_that_the_scorer_does_not_know_is_refused():
    with pytest.raises(ValueError, match="=="):
        Forest.of_lightgbm([split(0, 1.0, leaf(1.0), leaf(2.0), decision_type="==")])


@pytest.mark.slow
def test_fit_learns_what_is_obvious_and_survives_being_stored():
    pytest.importorskip("lightgbm")
    rows, waits = examples(3, 4000)
    unseen, came = examples(4)

    model = fit(rows, waits, rounds=80)
    stored = Trained.of(json.loads(json.dumps(model.as_json())))

    constant = np.abs(np.median(waits) - came).mean()
    assert np.abs(model.forecast(unseen) - came).mean() < constant / 2
    assert (stored.forecast(unseen) == model.forecast(unseen)).all()


def test_a_model_of_other_features_is_not_read():
    with pytest.raises(ValueError, match="train it anew"):
        Trained.of({"forests": [], "powers": [], "names": ["something"]})


def test_few_waits_train_nothing():
    pytest.importorskip("lightgbm")
    rows, waits = examples(5, 20)

    with pytest.raises(TooFewWaits, match="20 waits"):
        fit(rows, waits)


def test_without_lightgbm_a_sentence_says_so_in_both_languages(monkeypatch):
    usual = builtins.__import__

    def without(name, *more, **others):
        if name == "lightgbm":
            raise ImportError(name)
        return usual(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(LightgbmMissing, match=r"belum terpasang.*is not installed"):
        trained.fit(*examples(6))


def a_day(hall, until, later=1):
    """Two lines of an office every five minutes up to `until`; what comes after minute 600 goes by `later`."""
    rows, waiting = {}, 0
    for at in range(540, until, 5):
        calls = (at // 5) % 3 if at <= 600 else later
        waiting = max(0, waiting - calls) + 1 + (at // 10) % 2
        hall.seen("office", "b", at, waiting=2, counters=1, calls=0, number=0)
        hall.seen("office", "a", at, waiting=waiting, counters=2, calls=calls, number=at)
        rows[at] = hall.features("office", "a", at, weekday=1, waiting=waiting, forecast=TOLD, per_call=6.0)
        hall.told("a", at, at, TOLD)
        if at % 15 == 0 and at > 560:
            wait = 20.0 if at <= 600 else 20.0 * later
            hall.ended("office", "a", at - 20, at - 20, waiting, TOLD, wait)
    return rows


def test_features_are_as_many_as_their_names():
    [row] = a_day(Hall(), 545).values()

    assert len(row) == len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("former_days", [0, 2])
def test_another_future_leaves_the_features_as_they_are(former_days):
    halls = Hall(), Hall()
    for hall in halls:
        for _ in range(former_days):
            a_day(hall, 660)
            hall.next_day()

    one, other = (a_day(hall, 660, later) for hall, later in zip(halls, (0, 9), strict=True))

    for at in one:
        same = np.array_equal(one[at], other[at], equal_nan=True)
        assert same == (at <= 600)


def test_today_is_no_former_day_yet():
    hall = Hall()

    before = a_day(hall, 660)[655]
    hall.next_day()
    after = a_day(hall, 660)[655]

    usual = NAMES.index("usual_wait")
    assert np.isnan(before[usual])
    assert after[usual] == pytest.approx(20.0)


def test_what_is_known_of_a_line_is_counted():
    hall = Hall()
    hall.seen("office", "a", 540, waiting=1, counters=1, calls=0, number=10)
    hall.seen("office", "a", 550, waiting=3, counters=1, calls=0, number=10)
    hall.seen("office", "a", 560, waiting=2, counters=1, calls=1, number=11)

    row = dict(
        zip(
            NAMES,
            hall.features("office", "a", 560, weekday=0, waiting=2, forecast=TOLD, per_call=6.0),
            strict=True,
        )
    )

    assert row["last_wait"] == 15  # joined at 540, called half-way between 550 and 560
    assert (row["head_since"], row["joined_since"]) == (15, 15)
    assert (row["since_call"], row["number"], row["odd"], row["office_waiting"]) == (5, 11, 10, 2)
    assert np.isnan(row["since_2"])
