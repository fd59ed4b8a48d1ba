"""`gerai up`: database, web, worker and the outside doubles as one thing that starts and stops."""

import contextlib
import ctypes
import fcntl
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg

from gerai.config import demo_accounts, prepare
from gerai.config.postgres import Cluster
from gerai.config.reading import number

# Doubles of the outside world, for the demo: module, what it is, which ports after GERAI_PORT it listens on.
DOUBLES = [
    ("gerai.integrations.mailbox.double", "Kotak surat / mail", (1, 2)),
    ("gerai.integrations.payment.double", "Pembayaran / payment", (3,)),
    ("gerai.integrations.messaging.double", "SMS", (4,)),
    ("gerai.integrations.printer.double", "Pencetak nomor / ticket printer", (5,)),
    ("gerai.integrations.registers.double", "Kependudukan dan OSS / registers", (6,)),
    ("gerai.integrations.push.double", "Notifikasi ke perangkat / push", (8,)),
]
# Only where the demo's officials sign in person: GERAI_SIGNER=national.
SIGNING_DOUBLE = ("gerai.integrations.esign.double", "Tanda tangan / signing", (7,))
ALIVE = "Pengunjung dan petugas simulasi mengisi mal. / Simulated visitors and officers fill the mall."
TO_LIFE = "Agar mal hidup: ./start --live, atau di jendela lain / to bring the mall to life, or elsewhere:"
STEADY = 20.0  # seconds after which a child counts as healthy and its backoff starts anew


@dataclass
class Child:
    """One process that shall always run."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C is for the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def watch(self) -> None:
        """If it has died, start it again, after a pause that grows with every failure in a row."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()
        # Who was killed did not fail by itself: it comes back at once.
        killed = code == -signal.SIGKILL
        self.failures = 1 if killed or now - self.started > STEADY else self.failures + 1
        pause = min(30.0, 0.25 * 2 ** (self.failures - 1))
        say(f"! {self.name} berhenti (kode {code}), dimulai lagi / stopped, starting again: {pause:.2g} s")
        self.process, self.due = None, now + pause

    def kill(self) -> None:
        """End whatever is left of it: a killed web server leaves workers that would hold the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """On Linux, a child gets SIGTERM should the supervisor be killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


class Supervisor:
    """Starts everything in order, keeps it running, and stops it in the opposite order."""

    def __init__(self, cluster: Cluster | None, *, live: bool = False) -> None:
        self.cluster, self.live = cluster, live
        self.data = Path(os.environ["GERAI_DATA"])
        self.port = number("GERAI_PORT", 8000)
        self.host = os.environ.get("GERAI_HOST", "127.0.0.1")
        self.demo = os.environ.get("GERAI_DEMO") == "yes"
        self.children: list[Child] = []
        self.stopping = False

    # -- what to run -----------------------------------------------------------------------------------

    def doubles(self) -> list[tuple[str, str, tuple[int, ...]]]:
        """The doubles to run: only in the demo."""
        in_person = os.environ.get("GERAI_SIGNER") == "national" and "GERAI_NATIONAL_URL" not in os.environ
        return [*DOUBLES, *([SIGNING_DOUBLE] if in_person else [])] if self.demo else []

    def plan(self) -> None:
        """Decide on the children. They do not get the address of the tables' owner."""
        environment = {**os.environ, "GERAI_COLLECTED": "yes", "PYTHONUNBUFFERED": "1"}
        environment.pop("DATABASE_OWNER_URL", None)
        environment.pop("GERAI_AS_OWNER", None)
        python = [sys.executable, "-m"]
        for module, name, _ports in self.doubles():
            self.children.append(Child(name, [*python, module], environment))
        web = [*python, "granian", "--interface", "asgi", "--host", self.host, "--port", str(self.port)]
        web += ["--workers", os.environ.get("GERAI_WEB_WORKERS", "2"), "--no-ws", "--http", "1"]
        web += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
        web += ["--log-level", "warning", "gerai.config.asgi:app"]
        self.children.append(Child("Web", web, environment))
        self.children.append(Child("Worker", [*python, "gerai.config.cli", "worker"], environment))

    # -- checks ----------------------------------------------------------------------------------------

    def refusal(self) -> str:
        """Why it cannot start here, in words; empty if it can."""
        if self.demo and not _is_loopback(self.host):
            return (
                f"Demo hanya boleh di komputer ini sendiri, bukan di {self.host}. Isi GERAI_DEMO=no. / "
                f"The demo runs on this computer only, not on {self.host}. Set GERAI_DEMO=no."
            )
        if self.live and not self.demo:
            return "--live hanya untuk peragaan (GERAI_DEMO=yes). / --live is for the demo only."
        wanted = [self.port, *(self.port + n for _, _, ports in self.doubles() for n in ports)]
        taken = [port for port in wanted if _is_taken(self.host, port)]
        if taken:
            listed = ", ".join(map(str, taken))
            return (
                f"Port {listed} sudah dipakai program lain. Pilih yang lain: GERAI_PORT=8100 ./start / "
                f"Port {listed} is taken by another program. Choose another: GERAI_PORT=8100 ./start"
            )
        return prepare.refusal(self.data)

    # -- life ------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Start everything and stay until told to stop. Returns the exit code."""
        begin = time.monotonic()
        for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(kind, self._on_signal)
        try:
            say(f"Gerai: menyiapkan / preparing ({self.data})")
            if self.cluster is not None:
                prepare.step("Basis data / database", self.cluster.start)
            if not prepare.is_ready(self.data) and not self._prepare():
                return 0 if self.stopping else 1
            if not self.stopping:
                self.plan()
                for child in self.children:
                    child.start()
                answers = self._wait_for_web()
                self._welcome(time.monotonic() - begin, answers)
                self._enliven()
            while not self.stopping:
                self._watch()
                time.sleep(0.1)
            return 0
        finally:
            self.stop()

    def _prepare(self) -> bool:
        environment = {**os.environ, "GERAI_AS_OWNER": "yes", "GERAI_COLLECTED": "yes"}
        command = [sys.executable, "-m", "gerai.config.prepare"]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        while process.poll() is None:
            if self.stopping:
                process.terminate()
                process.wait(30)
                return False
            time.sleep(0.05)
        return process.returncode == 0

    def _watch(self) -> None:
        if self.cluster is not None and self.cluster.pid() is None:
            say("! Basis data berhenti, dimulai lagi / the database stopped, starting again")
            with contextlib.suppress(psycopg.OperationalError):  # died again: the next look finds it
                self.cluster.start()
        for child in self.children:
            child.watch()

    def _wait_for_web(self) -> bool:
        """Whether it answers, within a minute."""
        end = time.monotonic() + 60
        while time.monotonic() < end and not self.stopping:
            self._watch()
            try:
                urllib.request.urlopen(self._address(), timeout=10).close()  # noqa: S310
                return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
        return False

    def _enliven(self) -> None:
        """Simulated people, once everybody else can look: their morning is caught up while the mall is open."""
        if self.live and not self.stopping:
            command = [sys.executable, "-m", "gerai.config.cli", "simulate", "--live"]
            self.children.append(Child("Simulasi / simulation", command, self.children[-1].environment))
            self.children[-1].start()

    def stop(self) -> None:
        """Stop the children together, then the database."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + 15
        for child in running:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, end - time.monotonic()))
            child.kill()
        if self.cluster is not None:
            self.cluster.stop()
        say("Gerai berhenti / stopped.")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    # -- words -----------------------------------------------------------------------------------------

    def _address(self, plus: int = 0) -> str:
        return f"http://{self.host if _is_loopback(self.host) else '127.0.0.1'}:{self.port + plus}/"

    def _welcome(self, seconds: float, answers: bool) -> None:
        word = "siap / ready" if answers else "BELUM menjawab, lihat di atas / does NOT answer yet, see above"
        say(f"\nGerai {word} ({seconds:.1f} s):  {os.environ.get('GERAI_URL') or self._address()}")
        for _module, name, ports in self.doubles():
            say(f"  {name}: {self._address(ports[0])}")
        listed = self.data / "demo-accounts.json"
        if self.demo and listed.exists():
            command = f"GERAI_DEMO=yes GERAI_PORT={self.port} GERAI_DATA={self.data} .venv/bin/gerai"
            say(demo_accounts.tell(listed, command))
            if self.live:
                say("\n" + ALIVE)
            else:
                say(f"\n{TO_LIFE}\n  {command} simulate --live")
        say("\nCtrl-C untuk berhenti / to stop.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def up(cluster: Cluster | None, arguments: Sequence[str] = ()) -> int:
    """`gerai up [--live]`: run everything, once per data folder; `--live` fills the demo with simulated people."""
    if wrong := [each for each in arguments if each != "--live"]:
        say(f"Tidak dikenal / unknown: {' '.join(wrong)}. Yang ada / there is: --live")
        return 2
    supervisor = Supervisor(cluster, live="--live" in arguments)
    supervisor.data.mkdir(parents=True, exist_ok=True)
    with (supervisor.data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"Gerai sudah berjalan di / is already running in {supervisor.data}")
            return 1
        if refusal := supervisor.refusal():
            say(refusal)
            return 1
        return supervisor.run()
