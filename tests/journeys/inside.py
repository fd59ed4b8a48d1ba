"""What journeys need and are not about, done inside the running Gerai by one process: each start takes seconds."""

import json
import subprocess
import sys
from pathlib import Path

from gerai.config.running import Running

# Each line is a piece of Python; the answer is what went wrong, or nothing. Another Gerai may have begun since.
_LISTEN = """
import json, sys, traceback
from django.db import connections
for line in sys.stdin:
    connections.close_all()
    try:
        exec(json.loads(line), {})
        wrong = ""
    except BaseException:
        wrong = traceback.format_exc()
    print("answer:" + json.dumps(wrong), flush=True)
"""
_OPEN: dict[Path, "subprocess.Popen[str]"] = {}


def _process(gerai: Running) -> "subprocess.Popen[str]":
    """The process of this installation; it ends with ours, when nobody writes to it any more."""
    if gerai.data not in _OPEN or _OPEN[gerai.data].poll() is not None:
        _OPEN[gerai.data] = subprocess.Popen(
            [sys.executable, "-m", "gerai.config.cli", "shell", "-v", "0", "-c", _LISTEN],
            env=gerai.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    return _OPEN[gerai.data]


def run(gerai: Running, statements: str) -> None:
    """
    Run these statements there.

    :raises AssertionError: with what went wrong
    """
    process = _process(gerai)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(statements) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("answer:"):
            wrong = json.loads(line.removeprefix("answer:"))
            assert not wrong, wrong
            return
    raise AssertionError("the process inside Gerai ended")
