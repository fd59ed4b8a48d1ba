"""From sums to figures, without a database."""

from datetime import UTC, datetime

import pytest

from gerai.insight.rules import Sums, alarms, figures, line, verdict

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_without_data_no_figure_is_zero():
    assert set(figures(Sums(), None).values()) == {None}


def test_a_share_counts_only_what_there_is():
    found = figures(Sums(decided=4, on_time=3, submitted=2, online=0), 1)

    assert (found["on_time"], found["online"], found["late"], found["complaints"]) == (75, 0, 1, None)


@pytest.mark.parametrize(
    ("value", "target", "low", "expected"),
    [(95, 95, False, "ok"), (90, 95, False, "warn"), (60, 95, False, "late"), (10, 15, True, "ok"),
     (17, 15, True, "warn"), (25, 15, True, "late"), (None, 15, True, ""), (3, None, False, "")],
)  # fmt: skip
def test_a_figure_is_judged_by_its_target(value, target, low, expected):
    assert verdict(value, target, low_is_good=low) == expected


def test_late_tasks_come_before_everything_else():
    found = alarms(
        late={"A": (1, NOON), "B": (4, NOON), "C": (0, NOON)},
        waiting={"C": (9, NOON)},
        unanswered={"D": (1, NOON)},
        unsigned={"F": (2, NOON)},
        silent={"E": 6},
        unmanned=["G", "H"],
    )

    assert [(a.kind, a.agency) for a in found] == [
        ("late", "B"), ("late", "A"), ("unsigned", "F"), ("waiting", "C"), ("unmanned", ""), ("complaints", "D"),
        ("silent", "E"),
    ]  # fmt: skip
    assert (found[4].count, found[4].among) == (2, ("G", "H"))


def test_a_line_is_drawn_only_where_something_happened():
    assert line([0, 0, 0]) == ""
    assert line([0, 2], width=10, height=10) == "0.0,8.0 10.0,2.0"
