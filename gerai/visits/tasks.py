"""Background edges of the visits: consumers of the ledger, reminders, what the days teach."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import services as notices
from gerai.visits import closing, forecasts, queries, refitting, reminders, telling, waitinglist

log = logging.getLogger(__name__)
QUEUE_MOVED = (  # who waits, or at how many counters; not what happens at a counter
    "visits.arrived",
    "visits.left",
    "visits.closed",
    "visits.priority_changed",
    "floor.called",
    "floor.absent",
    "floor.transferred",
    "floor.came_back",
    "floor.proof_missing",
    "floor.held",
    "floor.unheld",
    "floor.undone",
    "floor.opened",
    "floor.closed",
    "floor.paused",
    "floor.resumed",
)
TOLD = ("visits.closed", "visits.reopened")
CALLED = ("floor.called", "floor.called_out_of_order")
SLOT_FREED = ("visits.cancelled", "visits.moved", "visits.expired")
HOURS_CHANGED = (
    "agencies.counters_placed",
    "agencies.agency_changed",
    "agencies.bookable_changed",
    "agencies.mall_changed",
    "agencies.holidays_changed",
)


@follows(*QUEUE_MOVED, *SLOT_FREED, *HOURS_CHANGED, "visits.confirmed", together=True)
def follow(entries: list[Entry]) -> None:
    """Keep forecasts fresh, tell who is nearly next, offer freed times, fit slots to hours. Harmless when repeated."""
    mall, now = entries[0].mall, clock.now()
    forecasts.learn(errands=[entry.data["errand"] for entry in entries if entry.kind == "floor.called"])
    moved = _moved(entries)
    forecasts.refresh_moved(mall=mall, agencies=moved, now=now)
    telling.nearly(mall=mall, agencies=moved, now=now)
    for entry in entries:
        if entry.kind in SLOT_FREED:
            for moment in filter(None, (entry.data.get("slot_at"), entry.data.get("was"))):
                here = agencies.mall(mall)
                waitinglist.offer(mall=here, day=_day(mall, moment), now=now)
        elif entry.kind == "visits.confirmed":
            waitinglist.settle(visit=queries.of_entry(entry.subject), now=now)
        elif entry.kind in HOURS_CHANGED:
            refitting.refit(mall=agencies.mall(mall), now=now)


def _moved(entries: list[Entry]) -> set[str]:
    """Codes of the agencies whose queues moved."""
    moved = [entry.data for entry in entries if entry.kind.startswith(QUEUE_MOVED)]
    return {code for data in moved for code in (data.get("agencies") or [data.get("agency")]) if code}


def _day(mall: str, moment: str) -> date:
    return agencies.calendar(agencies.mall(mall)).local(datetime.fromisoformat(moment)).date()


@follows(*reminders.OF_ENTRY, *TOLD, *CALLED)
def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once. Without an account: the phone page."""
    now = clock.now()
    reminders.tell(entry=entry, now=now)
    message = None
    if entry.kind in TOLD:
        message = queries.message_about(entry)
    elif entry.kind in CALLED:
        telling.called(entry=entry, now=now)
    if message:
        template, person, data = message
        key = f"{template}:{entry.pk}"
        notices.send(key=key, mall=entry.mall, person=person, template=template, data=data, now=now)


def _each_mall(act: Callable[[Mall], object]) -> None:
    """One mall's trouble is logged, tried again the next time, and stops no other mall."""
    for mall in agencies.malls():
        try:
            act(mall)
        except Exception:
            log.exception("%s failed for mall %s", act.__name__, mall.pk)


@app.periodic(cron="* * * * *")
@app.task(name="visits.close_day", queueing_lock="visits.close_day")
def close_day(timestamp: int) -> None:
    """Every minute: each mall's own closing time and midnight are found in time. Mostly there is nothing to do."""
    now = clock.now()

    def close(mall: Mall) -> None:
        closing.close_day(mall=mall, now=now)

    _each_mall(close)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="visits.minute")
def every_minute(timestamp: int) -> None:
    """Let go what was held too long; remind."""
    now = clock.now()

    def expire(mall: Mall) -> None:
        waitinglist.expire(mall=mall, now=now)

    def remind(mall: Mall) -> None:
        reminders.remind(mall=mall, now=now)

    _each_mall(expire)
    _each_mall(remind)


@app.periodic(cron="10 19 * * *")  # deep night in all three zones of the country
@app.task(queueing_lock="visits.learn")
def every_night(timestamp: int) -> None:
    """What services take here."""
    now = clock.now()

    def learn(mall: Mall) -> None:
        forecasts.learn_minutes(mall=mall.pk, now=now)

    _each_mall(learn)
