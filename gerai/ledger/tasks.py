"""The follower: one step of "sequence, then hand to every consumer". The worker runs it in a loop."""

from django.conf import settings
from django.utils.module_loading import import_string

from gerai.core import clock
from gerai.ledger import queries, services


def follow_once() -> bool:
    """One round. True if there was anything to do."""
    busy = services.sequence() > 0
    for mall in queries.malls():
        for name, path in settings.LEDGER_CONSUMERS.items():
            handle = import_string(path)
            busy = services.deliver(consumer=name, mall=mall, handle=handle, now=clock.now()) > 0 or busy
    return busy
