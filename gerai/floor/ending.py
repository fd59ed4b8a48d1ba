"""What the floor ends with the day: counters nobody signed off from, counters on loan. Writes, like services."""

from datetime import datetime

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Mall
from gerai.floor.models import Duty
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM


def end_day(*, mall: Mall, now: datetime) -> int:
    """After midnight on the mall's clock: sign off who forgot, take back what was lent. Twice is once."""
    midnight = agencies.calendar(mall).local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    forgotten = Duty.objects.filter(mall=mall, closed_at=None, opened_at__lt=midnight)
    ended = sum(_sign_off(duty_id=pk, now=now) for pk in list(forgotten.values_list("pk", flat=True)))
    return ended + roster.give_back_yesterdays(mall=mall, actor=SYSTEM, now=now)


@transaction.atomic
def _sign_off(*, duty_id: int, now: datetime) -> bool:
    duty = Duty.objects.select_for_update(of=("self",)).select_related("counter").get(pk=duty_id)
    if duty.closed_at:
        return False
    duty.closed_at, duty.paused_at = now, None
    duty.save(update_fields=["closed_at", "paused_at"])
    agency = duty.counter.agencies.order_by("code").first()
    ledger.append(
        mall=duty.mall_id,
        kind="floor.closed",
        subject=f"counter:{duty.counter.number}",
        actor=SYSTEM,
        now=now,
        data={
            "counter": duty.counter.number,
            "agency": agency.code if agency else None,
            "person": str(duty.person_id),
            "forgotten": True,
        },
    )
    return True
