"""Background edges: the consumer that moves cases on, and the clock that looks at deadlines."""

from uuid import UUID

from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.reviews import cases, deadlines


def follow(entry: Entry) -> None:
    """Act on what happened below: submitted, mended, withdrawn, paid, picked up."""
    now = clock.now()
    if entry.kind in ("applications.submitted", "applications.resubmitted"):
        cases.open_case(application_id=UUID(entry.subject.removeprefix("application:")), now=now)
    elif entry.kind == "applications.withdrawn":
        cases.withdrawn(application_id=UUID(entry.subject.removeprefix("application:")), now=now)
    elif entry.kind == "payments.settled":
        cases.paid(application_id=UUID(entry.data["application"]), now=now)
    elif entry.kind == "permits.handed_over":
        cases.picked_up(application_id=UUID(entry.data["application"]))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="reviews.deadlines")
def check_deadlines(timestamp: int) -> None:
    """Every minute."""
    deadlines.check(now=clock.now())
