"""A Gerai that a bench makes for itself and throws away, and the bench playing on in there."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from gerai.config.running import Running


def play(bench: str, options: Mapping[str, object], *, stopped: bool = False) -> dict[str, Any]:
    """
    Run this bench again inside a Gerai of its own (`--inside`); what it printed.

    `stopped`: on the database alone, so that nothing else takes the processor.
    """
    gerai = Running(GERAI_DEMO="no")
    try:
        gerai.start(timeout=600)  # tables first, on whatever else the machine does
        if stopped:
            gerai.stop()
        again = [sys.executable, "-m", "gerai.config.cli", "bench", bench, "--json", "--inside"]
        for name, value in options.items():
            again += [f"--{name}", str(value)]
        told = subprocess.run(again, env=gerai.environment, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        gerai.remove()
    whole: dict[str, Any] = json.loads(told.stdout)
    return whole


def on_own_database(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Start the database of this installation, with Django set up, for as long as it is measured."""
    import django

    from gerai.config.environment import prepare

    cluster = prepare()
    if cluster is None:
        raise SystemExit("This bench makes its own database: leave DATABASE_URL unset.")
    cluster.start()
    try:
        django.setup(set_prefix=False)
        return measure()
    finally:
        cluster.stop()
