"""The start command as a whole: it starts, survives what it must, and leaves nothing behind."""

import json
import os
import signal
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gerai.config.postgres import APP, OWNER, Cluster
from gerai.config.running import Running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gerai() -> Iterator[Running]:
    running = Running()
    try:
        yield running.start()
    finally:
        running.remove()


def family(root: int) -> dict[int, str]:
    """All descendants of a process, with their command lines."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(folder.name))
    found: dict[int, str] = {}
    waiting = parents.get(root, [])
    while waiting:
        pid = waiting.pop()
        try:
            found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        waiting += parents.get(pid, [])
    return found


def status(url: str) -> int:
    """What the web answers; 0 when there is no answer."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def eventually(check: object, seconds: float = 30) -> bool:
    """Whether the check comes true in time, asked again and again."""
    assert callable(check)
    pause = threading.Event()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        pause.wait(0.1)
    return bool(check())


def root(gerai: Running) -> int:
    assert gerai.process is not None
    return gerai.process.pid


def test_it_starts_serves_stops_without_trace_and_a_second_start_prepares_nothing(gerai: Running) -> None:
    for kind in (signal.SIGTERM, signal.SIGINT):
        assert status(gerai.url + "/") == 200
        children = family(root(gerai))
        assert len(children) >= 5
        assert gerai.stop(kind) == 0
        left = [line for pid, line in children.items() if Path(f"/proc/{pid}").exists()]
        assert left == []
        assert status(gerai.url + "/") == 0
        gerai.start()
    log = gerai.log()
    assert log.count("Tabel / tables") == 1, "a later start prepares nothing"
    for row in gerai.accounts:
        shown = (0, 0) if row.get("quiet") else (1, 3)  # an agency's officers are in the file only
        assert (log.count(row["password"]), log.count(row["email"])) == shown, "a password is shown once"


def test_killing_the_web_brings_it_back(gerai: Running) -> None:
    web = next(pid for pid, line in family(root(gerai)).items() if "granian" in line)
    os.kill(web, signal.SIGKILL)
    assert eventually(lambda: "Web berhenti" in gerai.log())
    assert eventually(lambda: status(gerai.url + "/") == 200)
    webs = [line for line in family(root(gerai)).values() if "granian" in line]
    assert len(webs) == 3, "one server with two workers, and none left over"


def test_killing_the_worker_brings_it_back(gerai: Running) -> None:
    def workers() -> set[int]:
        return {pid for pid, line in family(root(gerai)).items() if line.endswith("gerai.config.cli worker ")}

    before = workers()
    assert len(before) == 1
    os.kill(before.pop(), signal.SIGKILL)
    assert eventually(lambda: "Worker berhenti" in gerai.log() and len(workers()) == 1)


def test_killing_the_database_while_writing_loses_no_acknowledged_row(gerai: Running) -> None:
    cluster = Cluster(gerai.data)
    with psycopg.connect(cluster.url(OWNER)) as connection:
        connection.execute("CREATE TABLE crash (id bigint PRIMARY KEY)")
    acknowledged: list[int] = []
    stop = threading.Event()

    def write(first: int) -> None:
        number = first
        while not stop.is_set():
            try:
                with psycopg.connect(cluster.url(OWNER), autocommit=True, connect_timeout=3) as connection:
                    while not stop.is_set():
                        number += 4
                        connection.execute("INSERT INTO crash VALUES (%s)", [number])
                        acknowledged.append(number)
            except psycopg.OperationalError:
                stop.wait(0.05)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(10):
            seen = len(acknowledged)
            assert eventually(lambda seen=seen: len(acknowledged) > seen + 200)
            pid = cluster.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            again = eventually(lambda pid=pid: cluster.pid() not in (None, pid) and cluster.answers())
            assert again, gerai.log()[-1000:] + cluster.log.read_text()[-3000:]
        seen = len(acknowledged)
        assert eventually(lambda: len(acknowledged) > seen)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    with psycopg.connect(cluster.url(OWNER)) as connection:
        stored = {row[0] for row in connection.execute("SELECT id FROM crash")}
    assert set(acknowledged) <= stored
    assert eventually(lambda: status(gerai.url + "/") == 200)


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_works(gerai: Running) -> None:
    children = {pid: line for pid, line in family(root(gerai)).items() if "postgres" not in line}
    gerai.stop(signal.SIGKILL)
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    gerai.start()
    assert status(gerai.url + "/") == 200


def test_a_taken_port_is_said_in_words(gerai: Running) -> None:
    second = Running(GERAI_PORT=str(gerai.port))
    told = second.command("up")
    second.remove()
    assert told.returncode == 1
    assert f"Port {gerai.port}" in told.stdout
    assert "sudah dipakai" in told.stdout


def test_the_demo_refuses_to_be_seen_from_outside() -> None:
    outside = Running(GERAI_HOST="0.0.0.0")  # noqa: S104
    told = outside.command("up")
    outside.remove()
    assert told.returncode == 1
    assert "GERAI_DEMO=no" in told.stdout


def test_the_role_of_the_web_can_neither_change_the_past_nor_the_tables(gerai: Running) -> None:
    with psycopg.connect(Cluster(gerai.data).url(APP), autocommit=True) as connection:
        for statement in (
            "UPDATE ledger_entry SET kind = 'x'",
            "DELETE FROM ledger_position",
            "TRUNCATE ledger_seal",
            "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
            "DROP TABLE ledger_entry",
            "CREATE TABLE own (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_backup_is_restored_into_an_empty_installation(gerai: Running, tmp_path: Path) -> None:
    archive, keys = tmp_path / "gerai.tar", tmp_path / "keys.tar"
    (gerai.data / "files" / "ab").mkdir(parents=True, exist_ok=True)
    (gerai.data / "files" / "ab" / "paper").write_bytes(b"sealed")
    with psycopg.connect(Cluster(gerai.data).url(OWNER)) as connection:
        connection.execute(
            "INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data) "
            "VALUES ('tes', 'test.happened', 'x', 'system', 'gerai', now(), '{}')"
        )
        people = connection.execute("SELECT count(*) FROM accounts_person").fetchone()
    saved = gerai.command("backup", str(archive), "--keys", str(keys))
    assert saved.returncode == 0, saved.stdout + saved.stderr
    assert archive.stat().st_mode & 0o077 == 0
    (gerai.data / "keys" / "late.key").write_bytes(b"made at its first use, after the keys were copied")
    assert gerai.command("backup", str(archive)).returncode == 0
    secret = json.loads((gerai.data / "keys" / "gerai.json").read_text())["data"]
    assert secret.encode() not in archive.read_bytes()
    assert gerai.command("restore", str(archive), "--keys", str(keys)).returncode == 1, "it is running"

    elsewhere = tmp_path / "elsewhere" / "k.json"  # the key file may lie outside the data folder
    other = Running(GERAI_KEYS=str(elsewhere))
    try:
        without = other.command("restore", str(archive))
        assert without.returncode == 1
        assert "--keys" in without.stdout
        restored = other.command("restore", str(archive), "--keys", str(keys))
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "missing: late.key" in restored.stdout
        assert (other.data / "files" / "ab" / "paper").read_bytes() == b"sealed"
        assert json.loads(elsewhere.read_text())["data"] == secret
        assert other.command("backup", str(archive), "--keys", str(keys)).returncode == 0
        with tarfile.open(keys) as tar:
            brought = tar.extractfile("gerai.json")
            assert brought is not None
            assert json.loads(brought.read())["data"] == secret
        other.start()
        assert status(other.url + "/") == 200
        with psycopg.connect(Cluster(other.data).url(APP)) as connection:
            assert connection.execute("SELECT count(*) FROM accounts_person").fetchone() == people

            def placed() -> bool:
                row = connection.execute("SELECT count(*) FROM ledger_position WHERE mall = 'tes'").fetchone()
                return row == (1,)

            assert eventually(placed)
    finally:
        other.remove()
