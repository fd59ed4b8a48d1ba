"""Background edges: asking the civil registry."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.accounts import registers
from gerai.accounts.ports import RegisterDown
from gerai.core import clock

# Waits of 4 seconds to some 4 hours: a register that sleeps at night has answered by the morning.
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions={RegisterDown})


@app.task(name=registers.JOB, retry=AGAIN)
def ask_register(mall: str, person_id: str) -> None:
    """Ask about one person."""
    registers.ask(mall=mall, person_id=person_id, now=clock.now())
