"""The pytest plugin: one built-in PostgreSQL per worker, and `live_gerai`, a whole running Gerai.

Per worker, because the ledger's sequencer waits for the oldest transaction of the whole cluster: a long test of one
worker would hold up every entry of the other.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from gerai.config.postgres import OWNER, Cluster
from gerai.config.running import Running
from gerai.config.translations import compile_translations

_MARK = "GERAI_TEST_DATA"


def _set_environment() -> Path:
    """Before Django reads its settings: a data folder of this run. Workers of xdist inherit it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if _MARK in os.environ and not worker:
        return Path(os.environ[_MARK])
    data = Path(tempfile.mkdtemp(prefix=f"gerai-test-{worker or ''}", dir="/tmp"))
    data.chmod(0o755)  # the database's own user passes through
    (data / "static").mkdir()  # WhiteNoise warns where its folder is missing
    cluster = Cluster(data, fast=True)
    url = os.environ.get("GERAI_TEST_DATABASE_URL") or cluster.url(OWNER)
    os.environ.update(
        {
            _MARK: str(data),
            "GERAI_DATA": str(data),
            "GERAI_PORT": "8000",
            "GERAI_DEMO": "yes",
            "GERAI_COLLECTED": "no",
            "GERAI_KEYS": str(data / "keys" / "gerai.json"),
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
        }
    )
    os.environ.pop("GERAI_URL", None)
    atexit.register(_end, cluster, os.getpid())
    return data


def _end(cluster: Cluster, owner: int) -> None:
    if os.getpid() == owner and cluster.data.exists():
        cluster.stop()
        shutil.rmtree(cluster.data, ignore_errors=True)


# Of the whole run: a worker finds there the folder of the process that started it.
SHARED = Path(os.environ.get(_MARK, "/nowhere"))
_DATA = _set_environment()
if not SHARED.exists():
    SHARED = _DATA


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the database where tests run: in each worker, or here when there are none."""
    worker = hasattr(config, "workerinput")
    # A real hash takes a third of a second; what it is worth is not tested here, and the live Gerai keeps it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not worker:
        compile_translations()
    if os.environ.get("GERAI_TEST_DATABASE_URL") or (not worker and config.getoption("numprocesses", None)):
        return
    Cluster(_DATA, fast=True).start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database here too: a worker of xdist may end without running `atexit`."""
    _end(Cluster(_DATA, fast=True), os.getpid())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    The journeys and crashes first, so that no worker begins one when the other has nothing left to do.

    Of those the one that starts Gerai for the first time leads, while the other worker prepares what the rest copy.
    """
    # In the rooms the order stays: pytest-django plays what flushes the tables last.
    whole = config.rootpath / "tests"
    long = {item.path for item in items if item.get_closest_marker("slow") and whole in item.path.parents}
    items.sort(key=lambda item: (item.path not in long, item.path.name != "test_start.py"))


@pytest.fixture(autouse=True)
def _jobs_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that commits no jobs stay: Django's flush knows only the tables of its own models."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if commits:
        request.getfixturevalue(
            "transactional_db"
        )  # so that this ends before the database is closed to tests
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(scope="session")
def live_gerai() -> Iterator[Running]:
    """A whole running Gerai with the demo, for journeys in a browser."""
    # One browser at a time: a second web worker would only cost its start.
    running = Running(GERAI_WEB_WORKERS="1")
    try:
        yield running.copied_from(SHARED / "ready").start()
    finally:
        running.remove()
