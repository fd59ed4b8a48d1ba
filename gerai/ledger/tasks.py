"""The follower (sequence, then hand to every consumer), run by the worker in a loop; and the sealing job."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.ledger import delivery, queries, sealing, services

log = logging.getLogger(__name__)
WHOLE_ROUND = timedelta(seconds=5)


class Follower:
    """
    Gives entries their place and hands them to every consumer.

    While nothing new is placed there is nothing to hand on, so an idle worker asks the database one question. Every
    five seconds it asks all: what another worker placed, and what failed and is due again.
    """

    def __init__(self) -> None:
        self.last: datetime | None = None

    def round(self) -> bool:
        """One round. True if there was anything to do."""
        now = clock.now()
        if services.sequence() == 0 and self.last is not None and now - self.last < WHOLE_ROUND:
            return False
        busy = False
        consumers = {name: import_string(path) for name, path in settings.LEDGER_CONSUMERS.items()}
        for mall in queries.malls():
            busy = delivery.deliver(mall=mall, consumers=consumers, now=clock.now()) > 0 or busy
        if busy:
            services.hint()
        self.last = None if busy else now  # as long as there was something, there may be more
        return busy


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="ledger.seal")
def seal(timestamp: int) -> None:
    """Every ten minutes: seal what is new, mall by mall; one that cannot be sealed holds up none of the others."""
    failed = []
    for mall in queries.malls():
        try:
            while sealing.seal(mall=mall, now=clock.now()):
                pass
        except Exception:
            log.exception("sealing of %s failed", mall)
            failed.append(mall)
    if failed:
        raise RuntimeError(f"not sealed: {', '.join(failed)}")
