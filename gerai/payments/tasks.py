"""Every minute: ask the provider about invoices that are still open. Every hour: compare the days that are over."""

from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.payments import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="payments.ask")
def ask_provider(timestamp: int) -> None:
    """Find payments whose call-back was lost."""
    services.ask_provider(now=clock.now())


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="payments.reconcile")
def reconcile(timestamp: int) -> None:
    """Each day once; a day that was missed is made up for at the next hour."""
    services.reconcile_due(now=clock.now())
