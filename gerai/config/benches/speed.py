"""How long prediction and planning take: a simulated day, one look-ahead, a whole mall's refresh, a re-plan."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from gerai.foresight import days as synthetic
from gerai.foresight import order, planning, waits
from gerai.foresight.engine import Mall

GOALS = {"day_s": "<= 0.25", "look_ahead_ms": "<= 5", "refresh_300_s": "<= 1.5", "replan_ms": "<= 10"}
TICKETS, LINES = 300, 25


def add_arguments(parser: ArgumentParser) -> None:
    """How often each is repeated; the best counts."""
    parser.add_argument("--rounds", type=int, default=7)


def run(*, rounds: int) -> dict[str, Any]:
    """Time each on its own."""
    agencies = synthetic.mall()
    day = synthetic.draw(agencies, 5000)
    plan = planning.learn([synthetic.draw(agencies, seed) for seed in (1, 2)])
    booked = plan.book(day, 1)
    each = TICKETS // LINES
    ahead, busy, elapsed = [9.0] * each, [9.0, 12.0, 7.0], [1.0, 6.0, 11.0]

    def refresh() -> None:
        for seed in range(LINES):
            found = waits.line(ahead=ahead, busy=busy, elapsed=elapsed, free=0, seed=seed)
            for place in range(each):
                waits.told(found[:, place])

    def one_by_one() -> None:
        for seed in range(TICKETS):
            waits.look_ahead(ahead=ahead, busy=busy, elapsed=elapsed, free=0, seed=seed)

    def replan() -> None:
        lines = {a: order.fluid_wait(9.0, 8.0, [2.0, 3.0, 3.0], [0.3, 0.2, 0.2]) for a in "ABCD"}
        errands = [order.Errand(agency, 8.0) for agency in lines]
        order.advise(errands, now=0.0, wait=lambda agency, at: lines[agency](at), present=(0, 1, 2, 3))

    replan_ms = 1000 * best(replan, rounds)
    figures = {
        "day_s": best(lambda: Mall(booked, plan.policy(booked)).run(), rounds),
        "look_ahead_ms": 1000
        * best(lambda: waits.look_ahead(ahead=[9.0] * 40, busy=busy, elapsed=elapsed, free=0), rounds),
        "refresh_300_s": best(refresh, rounds),
        "replan_ms": replan_ms,
    }
    baselines = {
        "day_as_today_s": best(lambda: Mall(day, planning.status_quo(day)).run(), rounds),
        "refresh_300_one_by_one_s": best(one_by_one, rounds),
    }
    setting = {
        "visitors": len(day.visitors),
        "look_ahead": "40 people ahead, 3 counters, 200 runs",
        "refresh": f"{TICKETS} tickets in {LINES} lines",
        "replan": "4 errands",
        "rounds": rounds,
    }
    return {
        "figures": _rounded(figures),
        "baselines": _rounded(baselines),
        "goals": GOALS,
        "setting": setting,
    }


def best(what: Callable[[], object], rounds: int) -> float:
    """Seconds of processor time of the fastest round: what the machine does beside does not count."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        what()
        found.append(time.process_time() - began)
    return min(found)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
