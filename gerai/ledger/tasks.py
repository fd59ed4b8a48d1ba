"""The follower (sequence, then hand to every consumer), run by the worker in a loop; and the sealing job."""

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.ledger import queries, sealing, services


def follow_once() -> bool:
    """One round. True if there was anything to do."""
    busy = services.sequence() > 0
    for mall in queries.malls():
        for name, path in settings.LEDGER_CONSUMERS.items():
            handle = import_string(path)
            busy = services.deliver(consumer=name, mall=mall, handle=handle, now=clock.now()) > 0 or busy
    return busy


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="ledger.seal")
def seal(timestamp: int) -> None:
    """Every ten minutes: seal what is new, mall by mall."""
    for mall in queries.malls():
        while sealing.seal(mall=mall, now=clock.now()):
            pass
