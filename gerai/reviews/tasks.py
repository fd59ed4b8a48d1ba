"""Background edges: the consumer that moves cases on, and the clock that looks at deadlines."""

import logging
from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.reviews import (
    awaited,
    calling_off,
    cases,
    deadlines,
    foretelling,
    heads,
    leaving,
    recomputing,
    reporting,
    statements,
    telling,
    unpaid,
    visit_telling,
    visiting,
)

log = logging.getLogger(__name__)


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
        cases.open_case(application_id=UUID(entry.subject.removeprefix("application:")), now=entry.at)
    elif entry.kind == "applications.withdrawn":
        calling_off.withdrawn(application_id=UUID(entry.subject.removeprefix("application:")), now=now)
    elif entry.kind == "payments.settled":
        paid_at = datetime.fromisoformat(entry.data["paid_at"]) if "paid_at" in entry.data else entry.at
        cases.paid(application_id=UUID(entry.data["application"]), now=now, paid_at=paid_at)
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


TOLD = {
    "reviews.case_late": telling.case_late,
    "reviews.outside_recorded": telling.outside_result,
    "reviews.outside_corrected": telling.outside_result,
    "reviews.outside_to_tell": telling.outside_to_tell,
    "reviews.correcting": telling.correcting,
    "reviews.stood_aside": telling.stood_aside,
    "agencies.substitute_named": telling.substitute,
    "reviews.opinion_answered": telling.opinion,
    "reviews.opinion_silent": telling.opinion,
}


@follows(*TOLD)
def tell(entry: Entry) -> None:
    """Who answers for a broken promise learns of it; an outside system's result; an answer or none; a substitute."""
    TOLD[entry.kind](entry=entry, now=clock.now())


@follows("reviews.visit_", "reviews.inspected", "reviews.task_done", "reviews.task_cancelled")
def visits(entry: Entry) -> None:
    """What becomes of a visit when its task ends, and who learns of it."""
    if entry.kind.startswith("reviews.task_"):
        visiting.release(application_id=UUID(entry.subject.removeprefix("application:")), now=clock.now())
    else:
        visit_telling.told(entry=entry, now=clock.now())


@follows("floor.finished")
def came(entry: Entry) -> None:
    """Who was waited for at the counter has been there."""
    if entry.data["outcome"] == "done" and (application := statements.of_errand(entry.data["errand"])):
        awaited.come(application, now=entry.at)


@follows("agencies.role_taken", "agencies.substitute_ended", "accounts.deactivated")
def leavers(entry: Entry) -> None:
    """Nothing stays with somebody who holds its role no longer."""
    substitute = entry.data.get("substitute")
    leaving.left(
        person_id=UUID(substitute or entry.subject.removeprefix("person:")),
        agency_codes={code for code in [entry.data.get("agency")] if code},
        mall=entry.mall,
        cause=entry.pk,
        now=clock.now(),
    )


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="reviews.remind")
def remind(timestamp: int) -> None:
    """Mornings of officers, last days to mend or to pay, tomorrow's visits; one mall's trouble stops no other."""
    now = clock.now()
    for mall in agencies.malls():
        for act in (
            telling.digest,
            heads.morning,
            telling.mend_soon,
            unpaid.remind,
            awaited.remind,
            visit_telling.tomorrow,
        ):
            try:
                act(mall=mall, now=now)
            except Exception:
                log.exception("%s failed for mall %s", act.__name__, mall.pk)


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="reviews.foretell")
def foretell(timestamp: int) -> None:
    """Every hour: when the running cases will be done; one mall's trouble stops no other."""
    now = clock.now()
    for mall in agencies.malls():
        try:
            foretelling.foretell(mall=mall, now=now)
        except Exception:
            log.exception("the ends of mall %s's cases were not foretold", mall.pk)


@app.periodic(cron="40 18 * * *")  # deep night in all three zones of the country
@app.task(queueing_lock="reviews.forget")
def forget(timestamp: int) -> None:
    """Every night: photos whose report never came; one case's trouble stops no other."""
    now = clock.now()
    for case_id in reporting.cases_with_stray_photos(now):
        try:
            reporting.forget_strays(application_id=case_id, now=now)
        except Exception:
            log.exception("the stray photos of case %s were not forgotten", case_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="reviews.deadlines")
def check_deadlines(timestamp: int) -> None:
    """Every minute."""
    deadlines.check(now=clock.now())
