"""Whole visits over HTTP beside the same row changes by pgbench, in a throwaway Gerai."""

import json
import os
import statistics
import subprocess
import sys
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from gerai.config.postgres import Cluster
from gerai.config.running import Running

GOALS = {
    "ratio_8": ">= 0.3",
    "call_next_p95_ms_32": "<= 60",
    "history_ratio": ">= 0.9",
    "list_2000_ms": "<= 60",
    "list_2000_kb": "<= 40",
}


def add_arguments(parser: ArgumentParser) -> None:
    """How long, how often."""
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--inside", help=SUPPRESS
    )  # the address of the throwaway Gerai whose settings we have


def run(*, seconds: int, rounds: int, inside: str | None) -> dict[str, Any]:
    """Start a Gerai of our own and measure it from a process that shares its settings."""
    if inside:
        return _measure(inside, seconds, rounds)
    gerai = Running(GERAI_DEMO="no")
    try:
        gerai.start()
        again = [sys.executable, "-m", "gerai.config.cli", "bench", "floor", "--json", "--inside", gerai.url]
        again += ["--seconds", str(seconds), "--rounds", str(rounds)]
        told = subprocess.run(
            again,
            env=gerai.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        gerai.remove()
    whole: dict[str, Any] = json.loads(told.stdout)
    return {**whole, "goals": GOALS}


def _measure(url: str, seconds: int, rounds: int) -> dict[str, Any]:
    """Alternate the two at 1, 8 and 32 clients; medians of the rounds. Then the busy hall."""
    import django

    from gerai.config.environment import prepare

    prepare()
    django.setup(set_prefix=False)
    from gerai.config.benches import busy, load

    program = Cluster(Path(os.environ["GERAI_DATA"])).tool("pgbench")
    hall = load.furnish()
    load.over_http(url, hall, 8, 1)  # warm
    load.by_pgbench(program, hall, 8, 1)
    figures: dict[str, float] = {}
    baselines: dict[str, float] = {}
    for clients in (1, 8, 32):
        ours, slow, bound = [], [], []
        for _ in range(rounds):
            bound.append(load.by_pgbench(program, hall, clients, seconds))
            rate, p95 = load.over_http(url, hall, clients, seconds)
            ours.append(rate)
            slow.append(p95)
        figures[f"visits_per_s_{clients}"] = round(statistics.median(ours), 1)
        figures[f"p95_ms_{clients}"] = round(statistics.median(slow), 1)
        baselines[f"pgbench_per_s_{clients}"] = round(statistics.median(bound), 1)
        share = [a / b for a, b in zip(ours, bound, strict=True)]
        figures[f"ratio_{clients}"] = round(statistics.median(share), 3)
    figures["call_next_p95_ms_32"] = round(busy.call_next_in_an_open_loop(url, hall, 5.0 * seconds), 1)
    figures |= _with_history(url, hall, rounds, seconds)
    busy.fill(url, hall, 2000)
    milliseconds, kilobytes = busy.list_of(url, 2000)
    figures["list_2000_ms"], figures["list_2000_kb"] = round(milliseconds, 1), round(kilobytes, 1)
    setting = {
        "seconds": seconds,
        "rounds": rounds,
        "visit": "arrive, call-next, start, finish: four HTTP requests, four transactions",
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


def _with_history(url: str, hall: Any, rounds: int, seconds: int) -> dict[str, float]:
    """Visits per second at 8 clients just before and just after a million past errands were stored."""
    from gerai.config.benches import busy, load

    def rate() -> float:
        return statistics.median(load.over_http(url, hall, 8, seconds)[0] for _ in range(rounds))

    before = rate()
    busy.remember()
    load.over_http(url, hall, 8, 1)  # warm
    return {"history_ratio": round(rate() / before, 3), "past_errands": busy.PAST}
