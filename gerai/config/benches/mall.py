"""A day of the mall in simulation: as malls run today beside Gerai's way, at the same counter-hours."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

import numpy as np

from gerai.config.benches import shortage
from gerai.foresight import days as synthetic
from gerai.foresight import planning
from gerai.foresight.engine import Mall, Outcome
from gerai.foresight.planning import Plan

FIRST_SEED = 5000  # days that nothing was tuned on
PAST = range(1, 13)  # days that the plan is learnt from
MORE = 5.0, 1.5  # with more hours, a counter opens at a shorter wait
GOALS = {
    "mean_wait_min": "<= 5.0",
    "over_15_share": "<= 0.06",
    "p90_visit_min": "<= 40",
    "counter_hours_ratio": "<= 1.01",
    "multi_visit_min": "<= 33",
    "done_by_closing_share": ">= 0.995",
    "mean_wait_min_plus10": "<= 3.0",
    "over_15_share_plus10": "<= 0.03",
    "counter_hours_ratio_plus10": "<= 1.11",
    "binding_named_share": ">= 0.9",
    "mean_wait_min_crowd": "<= 6.0",
    "counter_hours_ratio_crowd": "<= 1.12",
}


def add_arguments(parser: ArgumentParser) -> None:
    """How many days, how large a crowd, which mall."""
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--visitors", type=int, default=1200)
    parser.add_argument("--crowd", type=int, default=1350, help="visitors of the crowded days")
    parser.add_argument("--mall", type=int, default=0, help="another seed is a mall with other agencies")


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over days of one way to run the mall."""

    wait: float
    over_15: float
    p90_visit: float
    single: float
    multi: float
    done: float
    hours: float

    def named(self, end: str = "") -> dict[str, float]:
        """For the object that the bench prints."""
        told = {
            "mean_wait_min": self.wait,
            "over_15_share": self.over_15,
            "p90_visit_min": self.p90_visit,
            "single_visit_min": self.single,
            "multi_visit_min": self.multi,
            "done_by_closing_share": self.done,
        }
        return {name + end: round(value, 4) for name, value in told.items()}


def measure(outcomes: list[Outcome]) -> Figures:
    """Means over the days. A visitor's wait is that of all errands together; the visit ends with the last."""
    rows = []
    for outcome in outcomes:
        visits = outcome.visits()
        wait = np.array([sum(t.wait for t in tickets) for _, tickets in visits])
        ends = np.array([tickets[-1].ended for _, tickets in visits])
        visit = ends - np.array([visitor.arrives for visitor, _ in visits])
        multi = np.array([len(tickets) > 1 for _, tickets in visits])
        rows.append(
            (
                wait.mean(),
                (wait > 15).mean(),
                np.quantile(visit, 0.9),
                visit[~multi].mean(),
                visit[multi].mean() if multi.any() else 0.0,
                (ends <= synthetic.CLOSES).mean(),
                outcome.counter_hours,
            )
        )
    return Figures(*(float(column.mean()) for column in np.array(rows).T))


def drawn(agencies: tuple[synthetic.Agency, ...], visitors: int, number: int) -> list[synthetic.Day]:
    """Days nobody has seen before."""
    return [synthetic.draw(agencies, FIRST_SEED + n, visitors) for n in range(number)]


def as_today(unseen: list[synthetic.Day]) -> list[Outcome]:
    """The days as malls run them."""
    return [Mall(day, planning.status_quo(day)).run() for day in unseen]


def learnt(
    agencies: tuple[synthetic.Agency, ...],
    visitors: int,
    ratio: float,
    limits: tuple[float, float] = (10.0, 3.0),
) -> Plan:
    """A plan from the past days; a breath under the hours allowed, since the days to come are others."""
    past = [synthetic.draw(agencies, seed, visitors) for seed in PAST]
    return planning.learn(past, ratio=ratio - 0.005, open_at=limits[0], close_at=limits[1])


def by_plan(plan: Plan, unseen: list[synthetic.Day]) -> list[Outcome]:
    """The days as Gerai would run them."""
    return [plan.run(day, FIRST_SEED + n) for n, day in enumerate(unseen)]


def run(*, days: int, visitors: int, crowd: int, mall: int) -> dict[str, Any]:
    """The same unseen days under each way."""
    agencies = synthetic.mall(mall)
    unseen = drawn(agencies, visitors, days)
    today = measure(as_today(unseen))
    pooled = measure([Mall(day, planning.status_quo(day)).run() for day in map(synthetic.pooled, unseen)])
    same = measure(by_plan(learnt(agencies, visitors, 1.0), unseen))
    more = measure(by_plan(learnt(agencies, visitors, 1.1, MORE), unseen))
    crowded, binding = _crowd(agencies, crowd, days)
    figures = {
        **same.named(),
        "counter_hours_ratio": round(same.hours / today.hours, 4),
        **more.named("_plus10"),
        "counter_hours_ratio_plus10": round(more.hours / today.hours, 4),
        **crowded,
    }
    baselines = {
        **today.named("_status_quo"),
        "counter_hours_status_quo": round(today.hours, 1),
        "mean_wait_min_pooled": round(pooled.wait, 3),
        "p90_visit_min_pooled": round(pooled.p90_visit, 2),
        **binding,
    }
    setting = {
        "in": "simulation: 25 agencies, 60 counters, lognormal services, half of the visitors book; see docs/decisions",
        "days": days,
        "visitors": visitors,
        "mall": mall,
        "first_seed": FIRST_SEED,
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


def _crowd(
    agencies: tuple[synthetic.Agency, ...], visitors: int, number: int
) -> tuple[dict[str, float], dict[str, Any]]:
    """More than the mall can serve: is the agency named at which most is lost, and do the advised hours help?"""
    unseen = drawn(agencies, visitors, number)
    past = as_today([synthetic.draw(agencies, seed, visitors) for seed in PAST])
    before, named, example = shortage.measure(past, unseen)
    today, ours = measure(before), measure(by_plan(learnt(agencies, visitors, 1.12), unseen))
    hours = {"counter_hours_ratio_crowd": round(ours.hours / today.hours, 4)}
    wait = {"mean_wait_min_crowd": round(ours.wait, 3)}
    return {**named, **wait, **hours}, {"mean_wait_min_crowd_status_quo": round(today.wait, 3), **example}
