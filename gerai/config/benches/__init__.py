"""`gerai bench NAME`: measure one thing beside its own baseline, within one run, and print one object.

Each module here offers `add_arguments(parser)` and `run(**options)`; `run` gives figures, baselines, goals
(limits such as ">= 0.2") and setting. What a bench needs of a running Gerai it starts itself and throws away.
"""

import json
import os
import platform
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

NAMES = ("cases", "day", "fairness", "floor", "live", "mall", "map", "order", "permits", "speed", "waits")


def command(arguments: list[str]) -> int:
    """Run one bench. Returns 0 even when a goal is missed: the object says so."""
    parser = ArgumentParser(prog="gerai bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", required=True, metavar="|".join(NAMES))
    for name in NAMES:
        module = import_module(f"gerai.config.benches.{name}")
        sentence = (module.__doc__ or "").splitlines()[0]
        one = benches.add_parser(
            name, help=sentence.replace("%", "%%")
        )  # argparse fills in what follows a "%"
        one.add_argument("--json", action="store_true", help="the object on one line")
        module.add_arguments(one)
    options = vars(parser.parse_args(arguments))
    name, in_one_line = options.pop("bench"), options.pop("json")
    told = import_module(f"gerai.config.benches.{name}").run(**options)
    print(json.dumps(_whole(name, told), indent=None if in_one_line else 2))
    return 0


def _whole(name: str, told: dict[str, Any]) -> dict[str, Any]:
    figures = told["figures"]
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }
    return {
        "bench": name,
        "figures": figures,
        "baselines": told["baselines"],
        "goals": {
            figure: {"limit": limit, "holds": holds(figures.get(figure), limit)}
            for figure, limit in told["goals"].items()
        },
        "setting": {**machine, **told["setting"]},
    }


def holds(value: float | None, limit: str) -> bool:
    """Whether a figure keeps a limit such as ">= 0.2". A figure that is missing keeps none."""
    relation, bound = limit.split()
    if value is None:
        return False
    return bool(value >= float(bound) if relation == ">=" else value <= float(bound))
