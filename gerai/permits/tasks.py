"""Background edges: signing, and the consumer that tells people about their permit."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import services as notices
from gerai.permits import queries, services

TEMPLATES = {
    "permits.issued": "permit_issued",
    "permits.refused": "permit_refused",
    "permits.revoked": "permit_revoked",
}


@app.task(name="permits.sign", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def sign(permit_id: str) -> None:
    """Sign one permit."""
    services.sign(permit_id=permit_id, now=clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="permits.sign_left_over", queueing_lock="permits.sign_left_over", pass_context=False)
def sign_left_over(timestamp: int) -> None:
    """Every two minutes: what a killed worker left unsigned. No decision waits in silence."""
    now = clock.now()
    for permit_id in queries.unsigned(now):
        services.sign(permit_id=permit_id, now=now)


@follows(*TEMPLATES)
def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once."""
    template = TEMPLATES.get(entry.kind)
    if template is None:
        return
    permit = queries.told(entry.subject.removeprefix("permit:"))
    notices.send(
        key=f"{template.replace('_', '-')}:{entry.pk}",
        mall=entry.mall,
        person=permit.holder,
        template=template,
        data={
            "number": permit.number,
            "title": permit.content["title"],
            "service": permit.service.name,
            "path": f"/izin/{permit.pk}/",
        },
        now=clock.now(),
    )
