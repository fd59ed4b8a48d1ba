"""`gerai worker`: runs the jobs (Procrastinate) and follows the ledger, until SIGTERM or Ctrl-C."""

import logging
import threading

import django

log = logging.getLogger(__name__)
PAUSE = 0.3
GATHER = 0.15  # in a busy hall a round for every entry would cost half a processor: some gather first
CONCURRENCY = 2


def follow(stop: threading.Event) -> None:
    """Sequence the ledger and hand its entries on, again and again; a broken connection is replaced."""
    from django.db import OperationalError, close_old_connections, connection

    from gerai.ledger.tasks import Follower

    failures, follower = 0, Follower()
    while not stop.is_set():
        close_old_connections()
        try:
            busy = follower.round()
            failures = 0
        except Exception as error:
            failures += 1
            unreachable = isinstance(error, OperationalError)  # one line says it all
            log.error("following the ledger failed, trying again: %s", error, exc_info=not unreachable)
            connection.close()
            stop.wait(min(10.0, PAUSE * 2**failures))
            continue
        stop.wait(GATHER if busy else PAUSE)


def work() -> int:
    """Run until told to stop. Returns the exit code."""
    django.setup(set_prefix=False)
    from procrastinate.contrib.django import app

    stop = threading.Event()
    follower = threading.Thread(target=follow, args=(stop,), name="ledger", daemon=True)
    follower.start()
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            worker_app.run_worker(concurrency=CONCURRENCY, shutdown_graceful_timeout=10)
    finally:
        stop.set()
        follower.join(15)
    return 0
