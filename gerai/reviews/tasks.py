"""Background edges: the consumer that moves cases on, and the clock that looks at deadlines."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.reviews import cases, deadlines, recomputing


@follows(
    "applications.submitted",
    "applications.resubmitted",
    "applications.withdrawn",
    "payments.settled",
    "permits.handed_over",
    "agencies.mall_changed",
    "agencies.holidays_changed",
)
def follow(entry: Entry) -> None:
    """Act on what happened below: submitted, mended, withdrawn, paid, picked up, another calendar."""
    now = clock.now()
    if entry.kind in ("applications.submitted", "applications.resubmitted"):
        cases.open_case(application_id=UUID(entry.subject.removeprefix("application:")), now=now)
    elif entry.kind == "applications.withdrawn":
        cases.withdrawn(application_id=UUID(entry.subject.removeprefix("application:")), now=now)
    elif entry.kind == "payments.settled":
        cases.paid(application_id=UUID(entry.data["application"]), now=now)
    elif entry.kind == "permits.handed_over":
        cases.picked_up(application_id=UUID(entry.data["application"]))
    elif _moves_due_dates(entry):
        # A job, so that no entry behind this one waits; one after the other, so that the last calendar wins.
        recompute.configure(lock=f"reviews.recompute {entry.mall}").defer(mall=entry.mall, cause=entry.pk)


def _moves_due_dates(entry: Entry) -> bool:
    if entry.kind == "agencies.mall_changed":
        return bool({"opening", "timezone"} & set(entry.data["changed"]))
    return entry.kind == "agencies.holidays_changed"


@app.task(name="reviews.recompute", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def recompute(mall: str, cause: int) -> None:
    """Every open due date of the mall by its new calendar."""
    recomputing.recompute(mall=mall, cause=cause, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="reviews.deadlines")
def check_deadlines(timestamp: int) -> None:
    """Every minute."""
    deadlines.check(now=clock.now())
