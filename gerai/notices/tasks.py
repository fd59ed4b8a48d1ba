"""The job that sends a notice, with growing pauses between tries."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.core import clock


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(notice_id: int) -> None:
    """Send one."""
    from gerai.notices import services

    services.deliver(notice_id=notice_id, now=clock.now())
