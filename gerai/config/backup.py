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
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gerai.config.binaries import find_binaries
from gerai.config.grants import grant

FORMAT = 1
NOT_OURS = "Berkas cadangan rusak atau bukan dari Gerai. / The archive is damaged or not from Gerai."
OWN_KEYS = {"db.json"}  # passwords of this very cluster: another one has its own
MAIN_KEYS = "gerai.json"


class Refused(Exception):
    """It cannot be saved there or restored here; the text says why and what to do."""


def command(arguments: list[str]) -> int:
    """`gerai backup FILE [--keys FILE]` or `gerai restore FILE [--keys FILE]`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="gerai")
    parser.add_argument("action", choices=["backup", "restore"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, help="where the keys go to, or come from")
    wanted = parser.parse_args(arguments)
    act = save if wanted.action == "backup" else restore
    try:
        act(Path(os.environ["GERAI_DATA"]), wanted.file, wanted.keys)
    except Refused as trouble:
        print(trouble)
        return 1
    return 0


# -- save ----------------------------------------------------------------------------------------------


def save(data: Path, file: Path, keys: Path | None) -> None:
    """
    Write the archive, and the keys if asked for. Gerai may go on working meanwhile.

    :raises Refused: if there is nothing to save, or no place for it
    """
    _demand_places(data, file, keys)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        # Sessions are not worth keeping, and whoever has the archive must not be able to use them.
        leave_out = "--exclude-table-data=django_session"
        _run("pg_dump", data, ["-Fc", "--no-owner", "--no-privileges", leave_out, "-f", str(dump)])
        manifest = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "keys": fingerprint(keys_file(data)),
            "key_files": _key_files(data),
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
        tar.add(keys_file(data), MAIN_KEYS)  # wherever GERAI_KEYS keeps it
        for name in _key_files(data):
            tar.add(data / "keys" / name, name)
    print(f"Kunci ditulis, simpan terpisah / keys written, keep them apart: {keys}")


def _demand_places(data: Path, file: Path, keys: Path | None) -> None:
    if not keys_file(data).exists():
        raise Refused(f"{data}: belum ada yang disimpan. / There is nothing to save yet.")
    if keys is not None and keys.resolve() == file.resolve():
        words = "Kunci dan cadangan tidak boleh satu berkas. / Keys and backup must be two files."
        raise Refused(words)
    for target in (file, keys):
        if target is not None and not target.absolute().parent.is_dir():
            raise Refused(f"Folder {target.parent} tidak ada. / There is no folder {target.parent}.")


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

    :raises Refused: if it is not empty, is running, the archive is none, or the keys do not fit
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            words = "Gerai sedang berjalan; hentikan dahulu. / Gerai is running; stop it first."
            raise Refused(words) from error
        _demand_empty(data)
        with tempfile.TemporaryDirectory(dir=data) as folder:
            _unpack(file, Path(folder))
            _bring(data, Path(folder), keys)
    print("Selesai. Jalankan ./start. / Done. Run ./start.")


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
    except FileNotFoundError as error:
        raise Refused(f"{file} tidak ada. / There is no {file}.") from error
    except (tarfile.TarError, OSError) as error:
        raise Refused(f"{file}: {NOT_OURS}") from error


def _manifest(folder: Path) -> dict[str, Any]:
    """What the archive says about itself, its parts checked."""
    try:
        told: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        dumped = hashlib.sha256((folder / "database.dump").read_bytes()).hexdigest()
        if (told["format"], told["dump"]) == (FORMAT, dumped):
            return told
    except (OSError, ValueError, KeyError) as error:
        raise Refused(NOT_OURS) from error
    raise Refused(NOT_OURS)


def _bring(data: Path, folder: Path, keys: Path | None) -> None:
    manifest, dump = _manifest(folder), folder / "database.dump"
    brought = folder / "keys"
    if keys is not None:
        _unpack(keys, brought)
    fitting = brought / MAIN_KEYS if keys is not None else keys_file(data)
    if not fitting.exists() or not hmac.compare_digest(fingerprint(fitting), manifest["keys"]):
        raise Refused(
            "Kunci cadangan ini belum ada; tanpa kunci, NIK tidak terbaca. Tambahkan --keys BERKAS. / "
            "The keys of this archive are not here; without them no NIK can be read. Add --keys FILE."
        )
    lacking = [name for name in manifest.get("key_files", []) if not (brought / name).exists()]
    if keys is not None and lacking:  # a certificate authority that came later: old seals would look foreign
        listed = ", ".join(lacking)
        print(
            f"! Kunci lebih tua dari cadangan; kurang: / The keys are older than the backup; missing: {listed}"
        )
    if keys is not None:
        for path in brought.iterdir():
            target = keys_file(data) if path.name == MAIN_KEYS else data / "keys" / path.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(path, target)
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

    from gerai.config import tables

    django.setup()
    tables.migrate()
    grant(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    from gerai.ledger.services import sequence_restored

    sequence_restored()


def _demand_empty(data: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    files = data / "files"
    if found != (None,) or (files.exists() and any(files.iterdir())):
        raise Refused(
            f"{data} sudah berisi data. Pakai folder baru: GERAI_DATA=/folder/baru gerai restore ... / "
            "This installation holds data. Use a new folder: GERAI_DATA=/new/folder gerai restore ..."
        )
    with contextlib.suppress(OSError):
        files.rmdir()


# -- tools ---------------------------------------------------------------------------------------------


def keys_file(data: Path) -> Path:
    return Path(os.environ.get("GERAI_KEYS") or data / "keys" / "gerai.json")


def _key_files(data: Path) -> list[str]:
    """The other keys: of the ledger's seals, of the signatures, shared with gateways. Some are made at first use."""
    folder = data / "keys"
    found = [path.name for path in folder.iterdir()] if folder.exists() else []
    return sorted(set(found) - {*OWN_KEYS, MAIN_KEYS})


def fingerprint(keys: Path) -> str:
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
