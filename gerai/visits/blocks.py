"""Spare numbers: a kiosk holds some of its entrance, gives them while the server is away, and brings them in later.

They begin at 9001, so that nobody mistakes them for others and the day's own numbers have no gaps.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.ledger.rules import ActorRef
from gerai.visits import services
from gerai.visits.models import NumberBlock, Visit

SIZE = 30  # numbers of a block: at 450 visitors a day more than a kiosk gives in half an hour
BEFORE = 9000


class NotLent(DomainError):
    """A spare number that this machine does not hold today."""

    code = "number_not_lent"
    text = "Nomor cadangan ini bukan milik mesin ini atau bukan untuk hari ini. Ambil nomor baru."


def _day(mall: Mall, now: datetime) -> date:
    return now.astimezone(ZoneInfo(mall.timezone)).date()


@transaction.atomic
def lease(*, mall: Mall, entrance: str, holder: str, now: datetime) -> list[int]:
    """
    The spare numbers that this machine may give today, in their order; a further block when half of one is used.

    A machine that moves to another entrance gets numbers of that one.
    """
    day = _day(mall, now)
    with connection.cursor() as cursor:  # of all machines of an entrance one after the other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"block {mall.pk} {day} {entrance}"]
        )
    of_day = NumberBlock.objects.filter(mall=mall, day=day, entrance=entrance)
    held = [n for b in of_day.filter(holder=holder).order_by("first") for n in range(b.first, b.last + 1)]
    given = Visit.objects.filter(mall=mall, day=day, entrance=entrance, number__in=held)
    left = sorted(set(held) - set(given.values_list("number", flat=True)))
    if len(left) <= SIZE // 2:
        first = (of_day.aggregate(most=Max("last"))["most"] or BEFORE) + 1
        NumberBlock.objects.create(
            mall=mall, day=day, entrance=entrance, holder=holder,
            first=first, last=first + SIZE - 1, leased_at=now,
        )  # fmt: skip
        left += range(first, first + SIZE)
    return left


@transaction.atomic
def bring_in(
    *,
    mall: Mall,
    entrance: str,
    holder: str,
    number: int,
    chosen: list[Service],
    ago: timedelta,
    now: datetime,
    language: str = "id",
    instead_of: str = "",
) -> Visit:
    """
    A spare number that the machine gave `ago`: the visitor has their place in the queue from then. Twice is once.

    `instead_of`: the key of a number that was asked for just before and whose answer never came; if it was given after
    all, it is taken back, for the visitor holds this one. How long ago is told instead of when, because the machine's
    clock may be wrong; before the block was lent it cannot be.

    :raises NotLent: if this machine does not hold it today
    :raises rules.ClosedToday, rules.NothingChosen, rules.TooManyErrands: as `services.arrive` does
    """
    day = _day(mall, now)
    found = NumberBlock.objects.filter(
        mall=mall, day=day, entrance=entrance, holder=holder, first__lte=number, last__gte=number
    ).first()
    if found is None:
        raise NotLent
    here = Visit.objects.filter(mall=mall, day=day, entrance=entrance, number=number).first()
    if here is not None:
        return here

    def arrive(key: str) -> Visit:
        return services.arrive(
            mall=mall,
            chosen=chosen,
            entrance=entrance,
            actor=ActorRef("device", holder),
            now=now,
            language=language,
            request_key=key,
            spare=(number, min(now, max(found.leased_at, now - ago))),
        )

    own = f"spare {mall.pk} {day} {entrance} {number}"
    visit = arrive(instead_of or own)  # under the lost key: the same tap, if it still comes, finds this one
    if visit.number != number:
        services.leave(visit=visit, actor=ActorRef("device", holder), now=now)
        visit = arrive(own)
    return visit
