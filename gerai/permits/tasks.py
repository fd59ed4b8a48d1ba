"""Background edges: signing, reminders, and the consumer that tells people about their permit."""

import logging
from datetime import datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.applications import acting
from gerai.core import clock
from gerai.core.dates import day_in_words
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import services as notices
from gerai.permits import hands, noting, queries, registers, rules, services, waiting
from gerai.permits.models import Permit
from gerai.permits.ports import SignerFailed

log = logging.getLogger(__name__)
TEMPLATES = {
    "permits.issued": "permit_issued",
    "permits.refused": "permit_refused",
    "permits.revoked": "permit_revoked",
    "permits.suspended": "permit_suspended",
    "permits.lifted": "permit_lifted",
    "permits.replaced": "permit_replaced",
}


@app.task(name="permits.sign", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def sign(permit_id: str) -> None:
    """Sign one permit."""
    services.sign(permit_id=permit_id, now=clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="permits.sign_left_over", queueing_lock="permits.sign_left_over", pass_context=False)
def sign_left_over(timestamp: int) -> None:
    """Every two minutes: what a killed worker left unsigned, each by itself. No decision waits in silence."""
    now = clock.now()
    for permit_id in waiting.unsigned(now, officials=not hands.signer().asks_passphrase):
        try:
            services.sign(permit_id=permit_id, now=now)
        except SignerFailed as error:
            log.warning("permit %s could not be signed: %s", permit_id, error.code)
            noting.failure(permit_id=permit_id, now=now, code=error.code)
        except Exception:  # one that cannot be signed must not keep the others from it
            log.exception("permit %s could not be signed", permit_id)
            noting.failure(permit_id=permit_id, now=now)


@app.periodic(cron="0 1 * * *")  # 08.00 in the west, 10.00 in the east
@app.task(name="permits.remind", queueing_lock="permits.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Every day: who holds a permit that will end hears of it in time to renew it."""
    remind_of_ends(clock.now())


def remind_of_ends(now: datetime) -> None:
    """Tell whose permits end in 90, 30 or 7 days; each once, whatever becomes of the others."""
    for mall in agencies.malls():
        today = agencies.calendar(mall).local(now).date()
        for days in rules.REMIND_DAYS:
            for permit, key in registers.ending(mall, days, today):
                try:
                    _remind(permit, key, now)
                except Exception:  # one that cannot be told must not keep the others from it
                    log.exception("the holder of permit %s could not be reminded", permit.pk)


def _remind(permit: Permit, key: str, now: datetime) -> None:
    if permit.valid_until is None:
        return
    last = permit.valid_until
    notices.send(
        key=key,
        mall=permit.mall_id,
        person=acting.to_tell(permit.application),
        template="permit_ends",
        data={
            "number": permit.number,
            "service": permit.service.name,
            "day": {language: day_in_words(last, language) for language in ("id", "en")},
            "path": f"/izin/{permit.pk}/",
        },
        now=now,
    )


@follows(*TEMPLATES)
def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once."""
    template = TEMPLATES.get(entry.kind)
    if template is None:
        return
    permit = queries.told(entry.subject.removeprefix("permit:"))
    whom = acting.to_tell(permit.application)
    if entry.kind == "permits.replaced" and acting.to_tell(permit.replacement.application) == whom:
        return  # the new permit's own notice tells them
    notices.send(
        key=f"{template.replace('_', '-')}:{entry.pk}",
        mall=entry.mall,
        person=whom,
        template=template,
        data={
            "number": permit.number,
            "title": permit.content["title"],
            "service": permit.service.name,
            "path": f"/izin/{permit.pk}/",
        },
        now=clock.now(),
    )
