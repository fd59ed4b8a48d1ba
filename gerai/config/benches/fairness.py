"""Is anybody overtaken, does priority help, does anybody pay for it? The unseen days of `bench mall`, in simulation."""

from argparse import ArgumentParser
from typing import Any

import numpy as np

from gerai.config.benches import mall
from gerai.foresight import days as synthetic
from gerai.foresight.engine import Mall, Outcome, Policy
from gerai.foresight.waits import CREDIT

GOALS = {
    "overtaken_share": "<= 0",
    "priority_to_regular": "<= 0.6",
    "single_worse_days": "<= 0",
    "largest_wait_over_60_share": "<= 0.1",
}


def add_arguments(parser: ArgumentParser) -> None:
    """How many days."""
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--visitors", type=int, default=1200)


def overtakings(outcome: Outcome) -> tuple[int, int]:
    """(pairs in which the later was called first, all pairs): walk-ins of one line, the later more than 15 min later.

    A pair counts while both wait: the earlier had not been called when the later joined.
    """
    passed = pairs = 0
    for agency in range(len(outcome.day.agencies)):
        line = [t for t in outcome.tickets if t.agency == agency and t.errand.slot is None]
        joined = np.array([t.joined for t in line])
        called = np.array([t.called for t in line])
        both = (joined[None, :] > joined[:, None] + CREDIT) & (called[:, None] > joined[None, :])
        pairs += int(both.sum())
        passed += int((both & (called[None, :] < called[:, None])).sum())
    return passed, pairs


def priority_to_regular(outcomes: list[Outcome]) -> float:
    """Mean wait of an errand with priority over that of one without."""
    tickets = [ticket for outcome in outcomes for ticket in outcome.tickets]
    first, rest = ([t.wait for t in tickets if t.priority is one] for one in (True, False))
    return float(np.mean(first) / np.mean(rest))


def largest(outcomes: list[Outcome]) -> list[float]:
    """Each day's largest wait of one visitor, all errands together."""
    return [max(sum(t.wait for t in tickets) for _, tickets in outcome.visits()) for outcome in outcomes]


def run(*, days: int, visitors: int) -> dict[str, Any]:
    """Gerai's way beside today's, and the credit rule alone on today's roster."""
    agencies = synthetic.mall()
    unseen = mall.drawn(agencies, visitors, days)
    today = mall.as_today(unseen)
    credit = [Mall(day, Policy(synthetic.usual_roster(day), CREDIT)).run() for day in unseen]
    ours = mall.by_plan(mall.learnt(agencies, visitors, 1.0), unseen)
    counted = np.array([overtakings(outcome) for outcome in [*ours, *credit]]).sum(axis=0)
    worse = sum(
        mall.measure([new]).single > mall.measure([old]).single for new, old in zip(ours, today, strict=True)
    )
    most = largest(ours)
    figures = {
        "overtaken_share": round(counted[0] / counted[1], 5),
        "pairs": int(counted[1]),
        "priority_to_regular": round(priority_to_regular(ours), 3),
        "priority_to_regular_credit_alone": round(priority_to_regular(credit), 3),
        "single_worse_days": int(worse),
        "largest_wait_min": round(float(np.mean(most)), 1),
        "largest_wait_over_60_share": round(sum(wait > 60 for wait in most) / days, 3),
    }
    baselines = {
        "priority_to_regular_status_quo": round(priority_to_regular(today), 3),
        "largest_wait_min_status_quo": round(float(np.mean(largest(today))), 1),
        "regular_wait_cost_of_credit_min": round(_regular(credit) - _regular(today), 2),
    }
    setting = {"in": "simulation", "days": days, "visitors": visitors, "first_seed": mall.FIRST_SEED}
    setting["pairs"] = (
        "walk-ins of one line, the later over 15 min later, both waiting; both ways with the credit rule"
    )
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


def _regular(outcomes: list[Outcome]) -> float:
    return float(np.mean([t.wait for outcome in outcomes for t in outcome.tickets if not t.priority]))
