"""The background edge: substitutes begin and end on their days."""

import logging

from procrastinate.contrib.django import app

from gerai.agencies import substituting
from gerai.core import clock

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="agencies.substitutes")
def substitutes(timestamp: int) -> None:
    """Every minute; one that fails stops no other and is tried again."""
    now = clock.now()
    for pk in substituting.due(now):
        try:
            substituting.look(pk, now=now)
        except Exception:
            log.exception("substitution %s did not move", pk)
