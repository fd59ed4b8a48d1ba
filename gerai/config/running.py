"""A whole running Gerai for tests: `gerai up` in a data folder and on ports of its own."""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

PORTS = 9  # web, mail page, SMTP, payment provider, SMS gateway, ticket printer, registers, signing, push
READY = "Ctrl-C"


def free_port() -> int:
    """The first of some neighbouring ports that nobody uses."""
    while True:
        first = random.randrange(20000, 32000)  # noqa: S311
        try:
            for port in range(first, first + PORTS):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


class Running:
    """`gerai up` as a process. `url` is the site, `mail_url` the caught mail."""

    def __init__(self, data: Path | None = None, **environment: str) -> None:
        self.data = data or Path(tempfile.mkdtemp(prefix="gerai-live-", dir="/tmp"))
        self.data.chmod(0o755)  # the database's own user passes through
        self.port = int(environment.get("GERAI_PORT") or free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.mail_url = f"http://127.0.0.1:{self.port + 1}"
        own = {
            name: value for name, value in os.environ.items() if not name.startswith(("GERAI_", "DATABASE_"))
        }
        self.environment = own | {
            "GERAI_DATA": str(self.data),
            "GERAI_PORT": str(self.port),
            "GERAI_DEMO": "yes",
            **environment,
        }
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self.ready = False
        self._told = threading.Event()

    def start(self, timeout: float = 180) -> "Running":
        """Start it and wait until it says that it is ready."""
        self._told.clear()
        self.ready = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gerai.config.cli", "up"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        if not self._told.wait(timeout) or not self.ready:
            self.stop()
            raise RuntimeError("gerai up did not become ready:\n" + self.log())
        return self

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            if READY in line:
                self.ready = True
                self._told.set()
        self._told.set()

    def log(self) -> str:
        """Everything it has said so far."""
        return "\n".join(self.lines)

    def copied_from(self, ready: Path) -> "Running":
        """
        Take over what another installation has made ready, so that the start need not. `ready` is a folder.

        The first who asks makes it, in `ready`; whoever comes meanwhile waits for that.
        """
        ready.parent.mkdir(parents=True, exist_ok=True)
        with ready.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                new = ready.with_suffix(".new")
                new.mkdir()
                maker = Running(new)
                try:
                    maker.start()
                finally:
                    if maker.process is not None:
                        maker.stop()
                maker.data.rename(ready)
        subprocess.run(["cp", "-a", f"{ready}/.", self.data], check=True)
        return self

    @property
    def accounts(self) -> Any:
        """The demo accounts, as the command `demo` wrote them."""
        return json.loads((self.data / "demo-accounts.json").read_text())

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run another `gerai` command on the same installation."""
        return subprocess.run(
            [sys.executable, "-m", "gerai.config.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def stop(self, kind: signal.Signals = signal.SIGTERM, timeout: float = 60) -> int:
        """Ask it to stop and wait until it has. Returns its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(kind)
        return self.process.wait(timeout)

    def remove(self) -> None:
        """Stop it, if it was started, and take its data away."""
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
