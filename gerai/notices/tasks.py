"""The job that sends a notice, with growing pauses between tries: 4 seconds, 16, ... hours."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.notices import rules, services


@app.task(name=rules.JOB, retry=RetryStrategy(max_attempts=rules.ATTEMPTS, exponential_wait=4))
def deliver(notice_id: int) -> None:
    """Send one."""
    services.deliver(notice_id=notice_id, now=clock.now())
