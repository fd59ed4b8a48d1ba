"""Setting the stage for a simulated day, refusing where it has no place, and telling afterwards how it went."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.floor.simulation import leftovers, script
from gerai.floor.simulation.cast import Officer, officers, stand_ins
from gerai.floor.simulation.day import LOOKS, OVERTIME, Day
from gerai.ledger.models import Entry

LOAD = 0.75  # of what the counters can do, where nobody says how many come
BEFORE, LASTS = timedelta(hours=2), timedelta(hours=7)  # at an unusual hour: the queues of the morning peak
CALLS = ("floor.called", "floor.called_out_of_order")


class DayClosed(DomainError):
    """Nobody works on that day."""

    code = "simulation_day_closed"
    text = "Mal tutup pada {day}. Pilih hari kerja dengan --date."


class RealPeople(DomainError):
    """A simulated day is never played on top of real visitors."""

    code = "simulation_real_people"
    text = "Ada {number} pengunjung sungguhan yang belum selesai pada {day}. Selesaikan dulu, atau pilih hari lain."


class PlayedAlready(DomainError):
    """One simulation at a time: each clears away what the last one left."""

    code = "simulation_played_already"
    text = "Simulasi lain sedang berjalan di mal ini. Hentikan dulu, atau biarkan saja."


class NothingOffered(DomainError):
    """No service to come for, or no counter to be served at."""

    code = "simulation_nothing_offered"
    text = "Belum ada layanan atau loket yang bebas. Muat mal percontohan dulu: gerai pilot."


def real_people(mall: Mall, day: date) -> int:
    """How many visits of the day are still to come or in the mall that no simulation made."""
    return leftovers.open_visits(mall, simulated=False).filter(day=day).count()


def prepare(
    *,
    mall: Mall,
    day: date,
    seed: int,
    now: datetime,
    visitors: int | None = None,
    counters: int | None = None,
    pace: Callable[[datetime], None] = lambda when: None,
) -> Day:
    """
    Make the officers and draw the visitors of a day. `now` is when the accounts are made; the day has its own clock.

    :raises DayClosed, RealPeople, NothingOffered: nothing is made then
    """
    hours = agencies.calendar(mall).hours(day)
    if hours is None:
        raise DayClosed(day=day)
    if number := real_people(mall, day):
        raise RealPeople(number=number, day=day)
    leftovers.clear(mall=mall, now=now)
    cast = officers(mall=mall, now=now, limit=counters)
    return _drawn(mall, hours, Random(seed), now, pace, cast, visitors)  # noqa: S311 - to be played again, no secret


def live(
    *, mall: Mall, seed: int, now: datetime, pace: Callable[[datetime], None] = lambda when: None
) -> Day:
    """
    A day that goes on now, by the clock on the wall, at whatever hour and beside whoever is there.

    In opening hours it is today since opening; at another hour the mall seems to have opened two hours ago. With real
    people in the mall it begins now: nothing shall have happened to them before. Some counters stay free.

    :raises NothingOffered: nothing is made then
    """
    calendar = agencies.calendar(mall)
    today = calendar.local(now).date()
    hours = calendar.hours(today)
    usual = hours is not None and hours[0] <= now < hours[1] - script.LAST_NUMBER
    opens, closes = hours if hours and usual else _any_hours(calendar.local(now))
    leftovers.clear(mall=mall, now=now)
    real = real_people(mall, today) > 0
    cast = officers(mall=mall, now=now, spare=True)
    whole = (max(opens, now + LOOKS) if real else opens, closes)
    return _drawn(mall, whole, Random(seed), now, pace, cast, None, book=usual and not real)  # noqa: S311


def _any_hours(here: datetime) -> tuple[datetime, datetime]:
    """From two hours ago for as long as a day is, and all of it today: numbers begin anew at midnight."""
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    opens = max(here - BEFORE, midnight)
    closes = min(opens + LASTS, midnight + timedelta(days=1) - OVERTIME)
    return opens, max(closes, here + 2 * script.LAST_NUMBER)


def _drawn(
    mall: Mall,
    hours: tuple[datetime, datetime],
    random: Random,
    now: datetime,
    pace: Callable[[datetime], None],
    cast: list[Officer],
    number: int | None,
    *,
    book: bool = True,
) -> Day:
    """The day of these officers with so many visitors, or with as many as they can bear."""
    served = {agency for officer in cast for agency in officer.agencies}
    offered = list(
        Service.objects.filter(agency__in=served, active=True, editions__status="published")
        .select_related("agency__mall")
        .distinct()
        .order_by("agency__code", "code")
    )
    if not offered:
        raise NothingOffered
    # The busier an agency, the more counters it has; its services are asked alike.
    share = {a: sum(1 / len(o.agencies) for o in cast if a in o.agencies) for a in served}
    each = {a: [s.counter_minutes for s in offered if s.agency_id == a] for a in served}
    offers = [
        script.Offer(
            place=place,
            agency=service.agency_id,
            minutes=service.counter_minutes,
            weight=share[service.agency_id] / sum(each[service.agency_id]),
        )
        for place, service in enumerate(offered)
    ]
    opens, closes = hours
    if number is None:
        number = script.bearable(offers, len(cast), closes - opens, LOAD)
    drawn = script.visitors(number=number, offers=offers, opens=opens, closes=closes, random=random)
    return Day(
        mall=mall,
        visitors=drawn if book else [replace(visitor, books=False) for visitor in drawn],
        offered=offered,
        officers=cast,
        stand_ins=stand_ins(mall=mall, officers=cast, now=now),
        opens=opens,
        closes=closes,
        random=random,
        pace=pace,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger says of a day."""

    entries: int
    visits: int
    called: int
    finished: int
    absent: int
    left: int
    mean_wait: float
    p90_wait: float
    mean_service: float


def summary(mall: Mall, after: int) -> Told:
    """The day from the ledger alone: its entries with an id above `after`, without the steps that were taken back."""
    written = Entry.objects.filter(mall=mall.pk, id__gt=after)
    undone = written.filter(kind="floor.undone", cause__isnull=False).values("cause")
    entries = written.exclude(pk__in=undone)
    kinds = list(entries.values_list("kind", flat=True))
    waits = sorted(entries.filter(kind__in=CALLS).values_list("data__wait_s", flat=True))
    served = entries.filter(kind="floor.finished").values_list("data__serve_s", flat=True)
    return Told(
        entries=written.count(),
        visits=kinds.count("visits.arrived"),
        called=sum(kinds.count(kind) for kind in CALLS),
        finished=kinds.count("floor.finished"),
        absent=kinds.count("floor.absent"),
        left=kinds.count("visits.left"),
        mean_wait=round(statistics.mean(waits) / 60, 1) if waits else 0.0,
        p90_wait=round(waits[int(len(waits) * 0.9)] / 60, 1) if waits else 0.0,
        mean_service=round(statistics.mean(served) / 60, 1) if served else 0.0,
    )
