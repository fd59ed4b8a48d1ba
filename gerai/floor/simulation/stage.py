"""Setting the stage for a simulated day, refusing where it has no place, and telling afterwards how it went."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from django.db.models import Exists, OuterRef, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.floor.simulation import script
from gerai.floor.simulation.cast import SIMULATION, officers
from gerai.floor.simulation.day import Day
from gerai.ledger.models import Entry
from gerai.visits.models import Visit
from gerai.visits.rules import AHEAD, Stage

LOAD = 0.75  # of what the counters can do, where nobody says how many come


class DayClosed(DomainError):
    """Nobody works on that day."""

    code = "simulation_day_closed"
    text = "Mal tutup pada {day}. Pilih hari kerja dengan --date."


class RealPeople(DomainError):
    """A simulated day is never played on top of real visitors."""

    code = "simulation_real_people"
    text = "Ada {number} pengunjung sungguhan yang belum selesai pada {day}. Selesaikan dulu, atau pilih hari lain."


class NothingOffered(DomainError):
    """No service to come for, or no counter to be served at."""

    code = "simulation_nothing_offered"
    text = "Belum ada layanan atau loket yang bebas. Muat mal percontohan dulu: gerai pilot."


def real_people(mall: Mall, day: date) -> int:
    """How many visits of the day are still to come or in the mall that no simulation made."""
    made = Entry.objects.filter(
        mall=mall.pk,
        subject=Concat(Value("visit:"), Cast(OuterRef("pk"), CharField())),
        actor_kind=SIMULATION.kind,
        actor_id=SIMULATION.id,
    )
    return Visit.objects.filter(~Exists(made), mall=mall, day=day, stage__in=[*AHEAD, Stage.ARRIVED]).count()


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
        raise DayClosed(day=f"{day:%d-%m-%Y}")
    if number := real_people(mall, day):
        raise RealPeople(number=number, day=f"{day:%d-%m-%Y}")
    cast = officers(mall=mall, now=now, limit=counters)
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
    random = Random(seed)  # noqa: S311 - a day to be played again, not a secret
    opens, closes = hours
    if visitors is None:
        visitors = script.bearable(offers, len(cast), closes - opens, LOAD)
    drawn = script.visitors(number=visitors, offers=offers, opens=opens, closes=closes, random=random)
    return Day(
        mall=mall,
        visitors=drawn,
        offered=offered,
        officers=cast,
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
    """The day from the ledger alone: its entries with an id above `after`."""
    entries = Entry.objects.filter(mall=mall.pk, id__gt=after)
    kinds = list(entries.values_list("kind", flat=True))
    waits = sorted(entries.filter(kind="floor.called").values_list("data__wait_s", flat=True))
    served = entries.filter(kind="floor.finished").values_list("data__serve_s", flat=True)
    return Told(
        entries=len(kinds),
        visits=kinds.count("visits.arrived"),
        called=kinds.count("floor.called"),
        finished=kinds.count("floor.finished"),
        absent=kinds.count("floor.absent"),
        left=kinds.count("visits.left"),
        mean_wait=round(statistics.mean(waits) / 60, 1) if waits else 0.0,
        p90_wait=round(waits[int(len(waits) * 0.9)] / 60, 1) if waits else 0.0,
        mean_service=round(statistics.mean(served) / 60, 1) if served else 0.0,
    )
