"""Making an installation ready: tables, rights, translations, static files, the pilot mall, demo accounts.

Run by `gerai up` as `python -m gerai.config.prepare` before anything else starts. When neither the code nor
the settings have changed since the last time, there is nothing to do and it takes no time.
"""

import contextlib
import hashlib
import hmac
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from gerai.config import backup
from gerai.config.grants import grant
from gerai.config.translations import compile_translations

PACKAGE = Path(__file__).resolve().parent.parent
SEEN = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".woff2",
    ".png",
    ".po",
    ".yaml",
    ".json",
    ".txt",
    ".typ",
    ".csv",
}


def signature() -> str:
    """A fingerprint of the code and of the settings that preparing depends on."""
    digest = hashlib.sha256(sys.prefix.encode())
    for name in ("GERAI_DEMO", "GERAI_URL", "GERAI_PORT"):
        digest.update(f"{name}={os.environ.get(name, '')}\0".encode())
    database = urlsplit(os.environ["DATABASE_URL"])
    digest.update(f"{database.hostname}{database.path}{database.query}".encode())
    for path in sorted([*PACKAGE.rglob("*"), PACKAGE.parent / "requirements.lock"]):
        if path.suffix in SEEN or path.name == "requirements.lock":
            with contextlib.suppress(FileNotFoundError):
                state = path.stat()
                digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def refusal(data: Path) -> str:
    """Why nothing can start here with these keys and settings, in words; empty if it can. Nothing is changed."""
    try:
        known = json.loads((data / "prepared.json").read_text())
    except (OSError, ValueError):
        known = None  # a new installation: its keys are made
    path = backup.keys_file(data)
    if known is not None and not _is_key(path, known.get("keys")):
        return (
            f"Kunci pemasangan ini tidak ada di {path}, atau itu kunci lain. Kembalikan berkas kuncinya (GERAI_KEYS, "
            "atau cadangan --keys); dengan kunci lain data pribadi tidak terbaca. / The keys of this installation are "
            f"not in {path}, or they are others. Put the key file back; with others no personal data can be read."
        )
    environment = {"DATABASE_URL": "postgresql://nobody@/none", **os.environ}
    read = [sys.executable, "-c", "import gerai.config.settings"]
    done = subprocess.run(read, env=environment, capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else ""


def _is_key(path: Path, known: str | None) -> bool:
    """Whether this is the key file that the installation was made ready with; an older one did not note which."""
    try:
        found = backup.fingerprint(path)
        return known is None or hmac.compare_digest(found, known)
    except (OSError, ValueError, KeyError):
        return False


def is_ready(data: Path) -> bool:
    """Whether this very code was made ready here before, and the database is still the one it was."""
    try:
        known = json.loads((data / "prepared.json").read_text())
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            found = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    except (OSError, ValueError, psycopg.Error):
        return False
    return bool(known == _state(data, found))


def _state(data: Path, migrations: tuple[Any, ...] | None) -> dict[str, Any]:
    """What an installation was made ready with."""
    keys = backup.fingerprint(backup.keys_file(data))
    return {"signature": signature(), "migrations": migrations[0] if migrations else 0, "keys": keys}


def step(text: str, work: Callable[[], Any]) -> None:
    """Do one thing and tell how long it took."""
    print(f"  {text} ...", end="", flush=True)
    begin = time.monotonic()
    work()
    print(f" {time.monotonic() - begin:.1f} s", flush=True)


def _as_app() -> None:
    """From here on, connect as the role of the web: what it may not do, the pilot may not do either."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    connection.settings_dict.update(settings.DATABASES["default"])
    from gerai.config.reading import database

    connection.settings_dict.update(database(os.environ["DATABASE_URL"]))


def main() -> None:
    """Make everything ready, step by step."""
    import django
    from django.core.management import call_command, get_commands

    data = Path(os.environ["GERAI_DATA"])
    step("Terjemahan / translations", compile_translations)
    django.setup()
    from gerai.config import tables

    step("Tabel / tables", tables.migrate)
    grant(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    step(
        "Berkas tampilan / static files",
        lambda: call_command("collectstatic", verbosity=0, interactive=False),
    )
    _as_app()
    commands = get_commands()
    if "pilot" in commands:
        step("Mal percontohan / pilot mall", lambda: call_command("pilot", stdout=io.StringIO()))
    if "roster" in commands:
        step("Jadwal loket / counter rosters", lambda: call_command("roster", stdout=io.StringIO()))
    if os.environ.get("GERAI_DEMO") == "yes" and "demo" in commands:
        step("Akun demo / demo accounts", lambda: call_command("demo", silent=True))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    (data / "prepared.json").write_text(json.dumps(_state(data, found)))


if __name__ == "__main__":
    main()
