"""Background edges of visits: the end of the day, and the consumer that tells visitors what happened to them."""

from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.notices import services as notices
from gerai.visits import closing, queries


@app.periodic(cron="* * * * *")
@app.task(name="visits.close_day", queueing_lock="visits.close_day")
def close_day(timestamp: int) -> None:
    """Every minute: each mall's own closing time and midnight are found in time. Mostly there is nothing to do."""
    now = clock.now()
    for mall in agencies.malls():
        closing.close_day(mall=mall, now=now)


def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once. Without an account: the phone page."""
    if entry.kind not in ("visits.closed", "visits.reopened"):
        return
    now = clock.now()
    message = queries.message_about(entry)
    if message:
        template, person, data = message
        notices.send(
            key=f"{template}:{entry.pk}",
            mall=entry.mall,
            person=person,
            template=template,
            data=data,
            now=now,
        )
