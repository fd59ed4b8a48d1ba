"""`gerai backup` and `gerai restore`: the database and the files in one archive, the keys apart from it.

The archive alone opens nobody's NIK: the keys are not in it. Keep them in another place.
"""

import argparse
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gerai.config.binaries import find_binaries
from gerai.config.grants import grant

FORMAT = 1
OWN_KEYS = {"db.json"}  # passwords of this very cluster: another one has its own


class CannotRestore(Exception):
    """The archive cannot be restored here; the text says why and what to do."""


def command(arguments: list[str]) -> int:
    """`gerai backup FILE [--keys FILE]` or `gerai restore FILE [--keys FILE]`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="gerai")
    parser.add_argument("action", choices=["backup", "restore"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, help="where the keys go to, or come from")
    wanted = parser.parse_args(arguments)
    data = Path(os.environ["GERAI_DATA"])
    if wanted.action == "backup":
        save(data, wanted.file, wanted.keys)
        return 0
    try:
        restore(data, wanted.file, wanted.keys)
    except CannotRestore as trouble:
        print(trouble)
        return 1
    return 0


# -- save ----------------------------------------------------------------------------------------------


def save(data: Path, file: Path, keys: Path | None) -> None:
    """Write the archive, and the keys if asked for. Gerai may go on working meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        # Sessions are not worth keeping, and whoever has the archive must not be able to use them.
        leave_out = "--exclude-table-data=django_session"
        _run("pg_dump", data, ["-Fc", "--no-owner", "--no-privileges", leave_out, "-f", str(dump)])
        manifest = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "keys": _fingerprint(_keys_file(data)),
            "dump": hashlib.sha256(dump.read_bytes()).hexdigest(),
        }
        # The database first, the files after it: every file that a row names is then in the archive.
        with _new_tar(file) as tar:
            description = Path(folder) / "manifest.json"
            description.write_text(json.dumps(manifest, indent=1))
            tar.add(description, "manifest.json")
            tar.add(dump, "database.dump")
            if (data / "files").exists():
                tar.add(data / "files", "files")
    print(f"Cadangan ditulis / backup written: {file} ({file.stat().st_size / 1e6:.1f} MB)")
    if keys is None:
        print(
            "Kunci TIDAK ada di dalamnya. Simpan di tempat lain: gerai backup ... --keys BERKAS / "
            "The keys are NOT in it. Keep them elsewhere: gerai backup ... --keys FILE"
        )
        return
    with _new_tar(keys) as tar:
        for path in sorted((data / "keys").iterdir()):
            if path.name not in OWN_KEYS:
                tar.add(path, path.name)
    print(f"Kunci ditulis, simpan terpisah / keys written, keep them apart: {keys}")


@contextlib.contextmanager
def _new_tar(file: Path) -> Iterator[tarfile.TarFile]:
    """A tar readable by its owner only, in place only when it is whole."""
    temporary = file.with_name(file.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        yield tar
    temporary.replace(file)


# -- restore -------------------------------------------------------------------------------------------


def restore(data: Path, file: Path, keys: Path | None) -> None:
    """
    Bring an archive into an empty installation.

    :raises CannotRestore: if it is not empty, is running, or the keys do not fit
    """
    with (data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            words = "Gerai sedang berjalan; hentikan dahulu. / Gerai is running; stop it first."
            raise CannotRestore(words) from error
        _demand_empty(data)
        with tempfile.TemporaryDirectory(dir=data) as folder:
            with tarfile.open(file) as tar:
                tar.extractall(folder, filter="data")
            _bring(data, Path(folder), keys)
    print("Selesai. Jalankan ./start. / Done. Run ./start.")


def _bring(data: Path, folder: Path, keys: Path | None) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    dump = folder / "database.dump"
    if manifest["format"] != FORMAT or hashlib.sha256(dump.read_bytes()).hexdigest() != manifest["dump"]:
        words = "Berkas cadangan rusak atau bukan dari Gerai. / The archive is damaged or not from Gerai."
        raise CannotRestore(words)
    brought = folder / "keys"
    if keys is not None:
        with tarfile.open(keys) as tar:
            tar.extractall(brought, filter="data")
    fitting = brought / "gerai.json" if keys is not None else _keys_file(data)
    if not fitting.exists() or not hmac.compare_digest(_fingerprint(fitting), manifest["keys"]):
        raise CannotRestore(
            "Kunci cadangan ini belum ada; tanpa kunci, NIK tidak terbaca. Tambahkan --keys BERKAS. / "
            "The keys of this archive are not here; without them no NIK can be read. Add --keys FILE."
        )
    if keys is not None:
        target = _keys_file(data).parent
        target.mkdir(exist_ok=True, mode=0o700)
        for path in brought.iterdir():
            shutil.move(path, target / path.name)
    print("Memulihkan basis data / restoring the database ...")
    whole = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", data, [*whole, "-d", _name(), str(dump)])
    if (folder / "files").exists():
        (folder / "files").rename(data / "files")
    (data / "prepared.json").unlink(missing_ok=True)
    _adopt()


def _adopt() -> None:
    """Bring the tables up to this version, give rights, and let the ledger count anew in this cluster."""
    os.environ["GERAI_AS_OWNER"] = "yes"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    grant(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    from gerai.ledger.services import sequence_restored

    sequence_restored()


def _demand_empty(data: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    files = data / "files"
    if found != (None,) or (files.exists() and any(files.iterdir())):
        raise CannotRestore(
            f"{data} sudah berisi data. Pakai folder baru: GERAI_DATA=/folder/baru gerai restore ... / "
            "This installation holds data. Use a new folder: GERAI_DATA=/new/folder gerai restore ..."
        )
    with contextlib.suppress(OSError):
        files.rmdir()


# -- tools ---------------------------------------------------------------------------------------------


def _keys_file(data: Path) -> Path:
    return Path(os.environ.get("GERAI_KEYS") or data / "keys" / "gerai.json")


def _fingerprint(keys: Path) -> str:
    """Tells two key files apart without telling anything about them."""
    secret = bytes.fromhex(json.loads(keys.read_text())["index"])
    return hmac.new(secret, b"gerai backup", hashlib.sha256).hexdigest()


def _name() -> str:
    return str(conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])["dbname"])


def _run(program: str, data: Path, arguments: list[str]) -> None:
    """Run one of PostgreSQL's programs as the owner; the password goes by the environment, not by `ps`."""
    owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
    owner["database"] = owner.pop("dbname")
    environment = {**os.environ, **{f"PG{key.upper()}": str(value) for key, value in owner.items()}}
    subprocess.run([find_binaries(data, {}) / program, *arguments], env=environment, check=True)
