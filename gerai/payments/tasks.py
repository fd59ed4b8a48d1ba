"""Every minute: ask the provider about open invoices. Every hour: compare the days that are over. And who is told."""

import logging

from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.payments import services, telling

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="payments.ask")
def ask_provider(timestamp: int) -> None:
    """Find payments whose call-back was lost."""
    services.ask_provider(now=clock.now())


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="payments.reconcile")
def reconcile(timestamp: int) -> None:
    """Each day once; a day that was missed is made up for at the next hour. Then its manager is told."""
    services.reconcile_due(now=clock.now())
    for mall in agencies.malls():
        try:
            telling.managers(mall=mall, now=clock.now())
        except Exception:
            log.exception("the managers of mall %s were not told of its money", mall.pk)


@follows(
    "payments.settled", "payments.refused", "payments.owed_back", "payments.returned", "applications.rejected"
)
def tell(entry: Entry) -> None:
    """The payer learns that a fee was waived, that money is owed back to them, and that it has gone back."""
    telling.told(entry=entry, now=clock.now())
