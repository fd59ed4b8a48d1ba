"""What a what-if plays: a real day from errands and duties, or one that the roster expects. Reads only."""

import math
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall, RosterDay
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.floor.models import Duty
from gerai.foresight import days
from gerai.foresight.waits import VARIATION, service_quantiles
from gerai.visits import since
from gerai.visits.models import Errand, Visit

SEED = 20261124


class NothingToReplay(DomainError):
    """A day without visitors teaches nothing."""

    code = "nothing_to_replay"
    text = "Belum ada data untuk hari itu. Pilih hari lain dari daftar."


@dataclass(frozen=True, slots=True)
class Line:
    """One queue: services that the same counters serve, of one agency until lines are joined; its counters at most."""

    agency: Agency
    services: tuple[Service, ...]
    counters: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A day to play: its lines, who comes, counters open by line and half hour, as it was or as it is planned."""

    lines: tuple[Line, ...]
    day: days.Day  # a place of it is a line
    roster: list[list[int]]
    opens: int  # minutes after midnight on the mall's clock
    closes: float  # minutes after opening
    waits: tuple[float, ...] = ()  # minutes that people really waited; none for an expected day

    @property
    def slots(self) -> int:
        """Half hours of the day, a shorter rest counted as one."""
        return math.ceil(self.closes / days.SLOT)


def past_days(mall: Mall, now: datetime, many: int = 14) -> list[date]:
    """The last days that people came on, the newest first; today only once it is over."""
    today = agencies.calendar(mall).local(now).date()
    found = Visit.objects.filter(mall=mall, day__lt=today, arrived_at__isnull=False)
    return list(found.values_list("day", flat=True).distinct().order_by("-day")[:many])


def _hours(mall: Mall, day: date) -> tuple[datetime, int, float]:
    hours = agencies.calendar(mall).hours(day)
    if hours is None:
        raise NothingToReplay
    opens, closes = hours
    return opens, opens.hour * 60 + opens.minute, (closes - opens).total_seconds() / 60


def _duties(mall: Mall, day: date) -> list[Duty]:
    opens, _, closes = _hours(mall, day)
    found = Duty.objects.filter(mall=mall, opened_at__lt=opens + timedelta(minutes=closes))
    found = found.exclude(closed_at__lt=opens).prefetch_related("counter__agencies", "services")
    return list(found.order_by("id"))


def lines_of(mall: Mall, played: Sequence[date] = ()) -> tuple[Line, ...]:
    """
    The lines of the mall: one for each live agency, more where on those days its counters served apart.

    Services belong to one line when some counter served both.
    """
    live = list(agencies.agencies(mall).prefetch_related("counters"))
    services: dict[int, list[Service]] = {}
    for service in (
        Service.objects.filter(agency__in=live, active=True).select_related("agency").order_by("code")
    ):
        services.setdefault(service.agency_id, []).append(service)
    together = [_limits(duty) for day in played for duty in _duties(mall, day)]
    found = []
    for one in live:
        limits = [limit[one.pk] for limit in together if one.pk in limit]
        groups = _groups(services.get(one.pk, []), limits)
        many = max(1, len(one.counters.all()) // max(1, len(groups)))
        found += [Line(one, group, many) for group in groups]
    return tuple(found)


def _limits(duty: Duty) -> dict[int, set[int] | None]:
    """The services that a counter served by agency; None is all of them."""
    only = duty.services.all()
    if not only:
        return {agency.pk: None for agency in duty.counter.agencies.all()}
    return {a: {s.pk for s in only if s.agency_id == a} for a in {s.agency_id for s in only}}


def _groups(offered: Sequence[Service], limits: Sequence[set[int] | None]) -> list[tuple[Service, ...]]:
    """Services joined by the counters that served them; what no counter served goes with the first."""
    everything = {service.pk for service in offered}
    groups: list[set[int]] = []
    for limit in limits:
        served = everything if limit is None else limit & everything
        apart = [group for group in groups if not group & served]
        groups = [*apart, served.union(*(group for group in groups if group & served))]
    groups = sorted((group for group in groups if group), key=min) or [set()]
    groups[0] |= everything.difference(*groups)
    return [tuple(s for s in offered if s.pk in group) for group in groups if group]


def _place(lines: Sequence[Line]) -> tuple[days.Agency, ...]:
    return tuple(
        days.Agency(
            line.agency.code,
            line.counters,
            tuple(
                days.Service(float(s.counter_minutes), VARIATION, 1 / len(line.services))
                for s in line.services
            ),
            0.0,
        )
        for line in lines
    )


def real(mall: Mall, day: date, lines: tuple[Line, ...] | None = None) -> Setting:
    """
    A day as it was: who came when, how long each service took, which counters were open.

    :raises NothingToReplay: if nobody came
    """
    begin, opens, closes = _hours(mall, day)
    lines = lines_of(mall, [day]) if lines is None else lines
    where = {s.pk: (place, n) for place, line in enumerate(lines) for n, s in enumerate(line.services)}
    rows = Errand.objects.filter(mall=mall, visit__day=day, joined_at__isnull=False, service__in=where)
    by_visit: dict[Any, list[Errand]] = {}
    for errand in rows.select_related("visit", "service").order_by("joined_at", "id"):
        by_visit.setdefault(errand.visit_id, []).append(errand)
    if not by_visit:
        raise NothingToReplay

    def minute(moment: datetime) -> float:
        return min(max(0.0, (moment - begin).total_seconds() / 60), closes - 1)

    people, waited = [], []
    for errands in by_visit.values():
        visit = errands[0].visit
        todo = tuple(
            days.Errand(*where[e.service_id], _took(e), minute(e.slot_at) if e.slot_at else None)
            for e in errands
        )
        arrives = minute(visit.arrived_at or errands[0].joined_at or begin)
        people.append(days.Visitor(arrives, todo, bool(visit.priority)))
        waited += [since.seconds(e, e.called_at) / 60 for e in errands if e.called_at]
    people.sort(key=lambda visitor: visitor.arrives)
    world = days.Day(_place(lines), tuple(people), (0,) * len(lines))
    slots = math.ceil(closes / days.SLOT)
    roster = _as_it_was(
        mall, day, lines, [begin + timedelta(minutes=(n + 0.5) * days.SLOT) for n in range(slots)]
    )
    return Setting(lines, world, roster, opens, closes, tuple(waited))


def _took(errand: Errand) -> float:
    """Minutes at the counter; the catalogue's where nobody pressed the buttons."""
    usual = float(errand.service.counter_minutes)
    if errand.started_at is None or errand.ended_at is None:
        return usual
    return min(max(0.5, (errand.ended_at - errand.started_at).total_seconds() / 60), 6 * usual)


def _as_it_was(mall: Mall, day: date, lines: Sequence[Line], middles: Sequence[datetime]) -> list[list[int]]:
    """Counters open in the middle of each half hour; a shared counter counts where it served most that day."""
    served = Tally(
        Errand.objects.filter(mall=mall, visit__day=day, counter__isnull=False).values_list(
            "counter_id", "agency_id"
        )
    )
    roster = [[0] * len(middles) for _ in lines]
    for duty in _duties(mall, day):
        limits = _limits(duty)
        mine = [
            place
            for place, line in enumerate(lines)
            if line.agency.pk in limits
            and ((only := limits[line.agency.pk]) is None or any(s.pk in only for s in line.services))
        ]
        if not mine:
            continue
        home = max(mine, key=lambda place: served[duty.counter_id, lines[place].agency.pk])
        for slot, middle in enumerate(middles):
            if duty.opened_at <= middle and (duty.closed_at is None or duty.closed_at > middle):
                roster[home][slot] += 1
    return [[max(1, n) for n in row] for row in roster]


def expected(mall: Mall, day: date, seed: int = SEED) -> Setting:
    """
    A day as the forecast and the roster of its weekday have it; the same seed draws the same people.

    :raises NothingToReplay: where the mall is closed or no forecast has been made
    """
    _, opens, closes = _hours(mall, day)
    lines = lines_of(mall)
    of_day = RosterDay.objects.filter(agency__in=[line.agency for line in lines], weekday=day.weekday())
    rows = {row.agency_id: row for row in of_day}
    if not rows:
        raise NothingToReplay
    random = np.random.default_rng([seed, day.toordinal()])
    table = service_quantiles(VARIATION)
    slots = math.ceil(closes / days.SLOT)
    people, roster = [], []
    for place, line in enumerate(lines):
        row = rows.get(line.agency.pk)
        counters = _by_slot(row.counters if row else {}, opens, slots)
        roster.append([max(1, int(counters.get(slot, 1))) for slot in range(slots)])
        for slot, many in _by_slot(row.expected if row else {}, opens, slots).items():
            for _ in range(random.poisson(many)):
                kind = int(random.integers(len(line.services)))
                minutes = float(line.services[kind].counter_minutes * random.choice(table))
                at = min(float((slot + random.random()) * days.SLOT), closes - 1)
                errand = days.Errand(place, kind, max(0.5, minutes))
                people.append(days.Visitor(at, (errand,), bool(random.random() < days.PRIORITY)))
    people.sort(key=lambda visitor: visitor.arrives)
    world = days.Day(_place(lines), tuple(people), (0,) * len(lines))
    return Setting(lines, world, roster, opens, closes)


def _by_slot(day: dict[str, float], opens: int, slots: int) -> dict[int, float]:
    """What a roster says of each half hour after opening; an agency's own hours may begin later."""
    found = {}
    for half, value in sorted(day.items()):
        slot = (int(half[:2]) * 60 + int(half[3:]) - opens) // days.SLOT
        if 0 <= slot < slots:
            found[slot] = value
    return found
