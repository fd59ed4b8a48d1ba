"""Every minute: ask the provider about invoices that are still open."""

from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.payments import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="payments.ask")
def ask_provider(timestamp: int) -> None:
    """Find payments whose call-back was lost."""
    services.ask_provider(now=clock.now())
