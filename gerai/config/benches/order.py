"""The order of errands on small days, beside the best that somebody who knew every service time could do. Simulation.

Best values are stored beside this file with how they were made (`clairvoyant.py`, not needed to run the bench).
"""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gerai.config.benches.mall import measure
from gerai.foresight import days as synthetic
from gerai.foresight.engine import Mall, Outcome, Policy

SIZES = (3, 2, 2, 1, 1, 1)  # 6 agencies, 10 counters
VISITORS, MINUTES = 40, 75.0
FIRST_SEED = 7000
FURTHER = range(
    100, 180
)  # instances without a stored best: whether somebody pays takes more than eight days to see
STORED = Path(__file__).with_name("order_best.json")
GOALS = {"gap_closed": ">= 0.5", "single_loss_min": "<= 0.0", "gap_closed_under_rule": ">= 0.5"}


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing to choose: the best values are stored for these instances only."""
    del parser


def instance(number: int) -> synthetic.Day:
    """A small day: about 40 visitors in 75 minutes, every counter open, nobody absent."""
    agencies = synthetic.mall(number, SIZES)
    day = synthetic.draw(agencies, FIRST_SEED + number, VISITORS)
    squeezed = (replace(v, arrives=v.arrives * MINUTES / synthetic.LAST_NUMBER) for v in day.visitors)
    return replace(day, visitors=tuple(squeezed), absent=(0,) * len(agencies))


def as_today(day: synthetic.Day) -> Outcome:
    """Everybody in their own order, first come first served."""
    return Mall(day, Policy(_open(day))).run()


def advised(day: synthetic.Day) -> Outcome:
    """Advised before each errand, first come first served; nothing is known but queues and the catalogue's minutes."""
    rate = VISITORS / MINUTES * 1.46
    arrivals = [[a.popularity * rate] * 3 + [0.0] * (synthetic.SLOTS - 3) for a in day.agencies]
    return Mall(day, Policy(_open(day), arrivals=arrivals)).run()


def _open(day: synthetic.Day) -> list[list[int]]:
    return [[agency.counters] * synthetic.SLOTS for agency in day.agencies]


def mean_visit(outcome: Outcome) -> float:
    """Minutes from arrival to the end of the last errand, mean of the visitors."""
    return float(np.mean([tickets[-1].ended - visitor.arrives for visitor, tickets in outcome.visits()]))


def run() -> dict[str, Any]:
    """Status quo, advice, and the stored best, on the same days."""
    stored = json.loads(STORED.read_text())
    instances = [instance(one["instance"]) for one in stored["instances"]]
    today = [as_today(day) for day in instances]
    ours = [advised(day) for day in instances]
    quo, smart = (float(np.mean([mean_visit(o) for o in outcomes])) for outcomes in (today, ours))
    best, bound, rule = (
        float(np.mean([one[name] for one in stored["instances"]])) for name in ("best", "bound", "under_rule")
    )
    more = [instance(number) for number in FURTHER]
    further_today, further_ours = (measure([way(day) for day in more]) for way in (as_today, advised))
    figures = {
        "mean_visit_min": round(smart, 3),
        "gap_closed": round((quo - smart) / (quo - best), 3),
        "gap_closed_under_rule": round((quo - smart) / (quo - rule), 3),
        "single_loss_min": round(further_ours.single - further_today.single, 3),
        "multi_gain_min": round(further_today.multi - further_ours.multi, 3),
        "single_loss_min_stored": round(measure(ours).single - measure(today).single, 3),
    }
    baselines = {
        "mean_visit_min_status_quo": round(quo, 3),
        "mean_visit_min_clairvoyant": round(best, 3),
        "mean_visit_min_clairvoyant_bound": round(bound, 3),
        "mean_visit_min_best_orders_under_rule": round(rule, 3),
    }
    setting = {
        "in": "simulation",
        "instances": len(instances),
        "further": len(FURTHER),
        "made": stored["made"],
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}
