"""Whole applications from draft to decision, through the services and the ledger's follower, beside the same rows bare.

The database is a throwaway one, on one connection. Signing is a job of its own after the decision and is told apart.
"""

import statistics
import time
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from typing import Any

from gerai.config.benches import throwaway

GOALS = {"ratio": ">= 0.2", "inbox_p95_ms": "<= 80"}
SIGNED = 10  # permits signed for their own figure
LOOKS = 60


def add_arguments(parser: ArgumentParser) -> None:
    """How many are played, and how many are stored when the inbox is looked at."""
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--stored", type=int, default=100_000)
    parser.add_argument("--inside", action="store_true", help=SUPPRESS)  # with the settings of a throwaway


def run(*, cases: int, stored: int, inside: bool) -> dict[str, Any]:
    """Make a Gerai of our own, stop it, and play on its database alone: nothing else takes the processor."""
    if inside:
        return throwaway.on_own_database(lambda: _measure(cases, stored))
    told = throwaway.play("cases", {"cases": cases, "stored": stored}, stopped=True)
    return {**told, "goals": GOALS}


def _measure(cases: int, stored: int) -> dict[str, Any]:
    from gerai.config.benches import office
    from gerai.core import clock

    return _figures(office.Office(clock.now()), cases, stored)


def _figures(office: Any, cases: int, stored: int) -> dict[str, Any]:
    from gerai.config.benches import office as rows

    office.play(20)  # warm: prepared statements, caches
    before = rows.touched()
    began = time.perf_counter()
    calls = office.play(cases)
    ours = time.perf_counter() - began
    work = rows.since(before)
    bare = rows.bare(office, cases, calls, work)
    asked = rows.asked(office)
    signed = office.sign(SIGNED)
    office.store(stored)
    looks = sorted(_timed(office.look) for _ in range(LOOKS))
    figures = {
        "cases_per_s": round(cases / ours, 1),
        "ratio": round(bare / ours, 3),
        "ms_per_step": round(1000 * ours / calls, 2),
        "queries_per_step": round(statistics.mean(asked.values()), 1),
        "queries_most": max(asked.values()),
        "inbox_p95_ms": round(1000 * statistics.quantiles(looks, n=20)[-1], 1),
        "inbox_median_ms": round(1000 * statistics.median(looks), 1),
        "signed_per_s": round(signed, 1),
    }
    baselines = {"bare_cases_per_s": round(cases / bare, 1)}
    setting = {
        "cases": cases,
        "stored": stored,
        "steps_per_case": round(calls / cases, 1),
        "rows_per_case": round(work.inserted / cases + work.updated / cases, 1),
        "queries": asked,
        "bare": "as many transactions as ours, which together insert, update and append to the ledger as many rows",
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


def _timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
