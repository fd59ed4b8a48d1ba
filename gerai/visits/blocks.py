"""Spare numbers: given while the server is away, brought in later with the place of their moment.

A kiosk holds some of its entrance; they begin at 9001, so that nobody mistakes them for others and the day's own
numbers have no gaps. Where no machine works there is paper with numbers of its own letter, which the desk types in.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.ledger.rules import ActorRef
from gerai.visits import rules, services
from gerai.visits.models import Visit
from gerai.visits.numbers import NumberBlock

SIZE = 30  # numbers of a block: at 450 visitors a day more than a kiosk gives in half an hour
BEFORE = 9000
PAPER = "Z"  # the letter of numbers on paper: no entrance's
SHEETS = 200  # numbers on paper a day


class NotLent(DomainError):
    """A spare number that this machine does not hold today."""

    code = "number_not_lent"
    text = "Nomor cadangan ini bukan milik mesin ini atau bukan untuk hari ini. Ambil nomor baru."


class PaperWrong(DomainError):
    """Not a number of the paper block."""

    code = "paper_number_wrong"
    text = "Nomor kertas ditulis Z dan angka 1 sampai 200, misalnya Z 012."


class PaperTimeWrong(DomainError):
    """Not a time at which somebody can have taken a paper number today."""

    code = "paper_time_wrong"
    text = "Tulis jam pengunjung mengambil nomor hari ini, tidak lebih dari sekarang, misalnya 09:40."


class PaperTyped(DomainError):
    """This number stands for other errands already."""

    code = "paper_number_typed"
    text = "Nomor kertas ini sudah dimasukkan untuk urusan lain hari ini. Periksa lagi nomornya."
    status = 409


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


@transaction.atomic
def type_in(
    *, mall: Mall, text: str, at: str, chosen: list[Service], actor: ActorRef, now: datetime
) -> Visit:
    """
    A number that somebody took from the paper block at `at` ("09:40", the mall's time, today). Typed twice it is once.

    :raises PaperWrong, PaperTimeWrong: what was typed is neither; PaperTyped: the number stands for other errands
    :raises rules.ClosedToday, rules.NothingChosen, rules.TooManyErrands: as `services.arrive` does
    """
    letter, number = rules.read_number(text)
    if letter not in (PAPER, "") or not 1 <= number <= SHEETS:
        raise PaperWrong
    local = now.astimezone(ZoneInfo(mall.timezone))
    try:
        came = datetime.combine(local.date(), time.fromisoformat(at), local.tzinfo)
    except ValueError as error:
        raise PaperTimeWrong from error
    if came > now:
        raise PaperTimeWrong
    visit = services.arrive(
        mall=mall,
        chosen=chosen,
        entrance=PAPER,
        actor=actor,
        now=now,
        request_key=f"paper {mall.pk} {local.date()} {number}",
        spare=(number, came),
    )
    if {e.service_id for e in visit.errands.all()} != {s.pk for s in chosen}:
        raise PaperTyped
    return visit
