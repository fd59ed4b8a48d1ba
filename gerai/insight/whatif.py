"""What if: a real day, or the day that the forecast expects, played again with other counters, rule or hours.

Reads only. The day and the baseline come from the rows; what would happen is the simulator's word, and is said so.
"""

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
from gerai.foresight import days, engine
from gerai.foresight.waits import CREDIT, VARIATION, service_quantiles
from gerai.visits.models import Errand, Visit

RULES = {"credit": CREDIT, "first": 0.0}
HOURS = ("as_is", "late", "noon")  # as it was; half an hour later; all counters closed from 12 to 13
MOST_MORE = 3
LONG = 15.0  # minutes
SEED = 20261124


class NothingToReplay(DomainError):
    """A day without visitors teaches nothing."""

    code = "nothing_to_replay"
    text = "Belum ada data untuk hari itu. Pilih hari lain dari daftar."


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: `more` counters at an agency (by code; empty: nowhere), a rule, hours, the live rule."""

    agency: str = ""
    more: int = 0
    rule: str = "credit"
    hours: str = "as_is"
    live: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A day to play: the agencies by place, who comes, and the counters open as it was (or is planned)."""

    agencies: list[Agency]
    day: days.Day
    roster: list[list[int]]
    counters: list[int]
    real_wait: float | None  # mean wait that really was; None for an expected day


def past_days(mall: Mall, now: datetime, many: int = 14) -> list[date]:
    """The last days that people came on, the newest first; today only once it is over."""
    today = agencies.calendar(mall).local(now).date()
    found = Visit.objects.filter(mall=mall, day__lt=today, arrived_at__isnull=False)
    return list(found.values_list("day", flat=True).distinct().order_by("-day")[:many])


def _opens(mall: Mall, day: date) -> datetime | None:
    hours = agencies.calendar(mall).hours(day)
    return hours[0] if hours else None


def _agencies(mall: Mall) -> tuple[list[Agency], list[int], dict[int, list[Service]]]:
    live = list(agencies.agencies(mall).prefetch_related("counters"))
    services: dict[int, list[Service]] = {}
    for service in Service.objects.filter(agency__in=live, active=True).order_by("code"):
        services.setdefault(service.agency_id, []).append(service)
    live = [one for one in live if one.pk in services]
    return live, [max(1, len(one.counters.all())) for one in live], services


def _place(
    live: Sequence[Agency], counters: Sequence[int], services: dict[int, list[Service]]
) -> tuple[days.Agency, ...]:
    return tuple(
        days.Agency(
            one.code,
            many,
            tuple(
                days.Service(float(s.counter_minutes), VARIATION, 1 / len(services[one.pk]))
                for s in services[one.pk]
            ),
            0.0,
        )
        for one, many in zip(live, counters, strict=True)
    )


def real(mall: Mall, day: date) -> Setting:
    """
    A day as it was: who came when, how long each service took, which counters were open.

    :raises NothingToReplay: if nobody came
    """
    opens = _opens(mall, day)
    live, counters, services = _agencies(mall)
    where = {one.pk: n for n, one in enumerate(live)}
    what = {s.pk: n for row in services.values() for n, s in enumerate(row)}
    rows = Errand.objects.filter(mall=mall, visit__day=day, joined_at__isnull=False, agency__in=live)
    by_visit: dict[Any, list[Errand]] = {}
    for errand in rows.select_related("visit", "service").order_by("joined_at", "id"):
        if errand.service_id in what:
            by_visit.setdefault(errand.visit_id, []).append(errand)
    if not by_visit or opens is None:
        raise NothingToReplay
    begin = opens

    def since(moment: datetime) -> float:
        return min(max(0.0, (moment - begin).total_seconds() / 60), days.CLOSES - 1)

    people, waited = [], []
    for errands in by_visit.values():
        visit = errands[0].visit
        todo = tuple(
            days.Errand(
                where[e.agency_id], what[e.service_id], _took(e), since(e.slot_at) if e.slot_at else None
            )
            for e in errands
        )
        arrives = since(visit.arrived_at or errands[0].joined_at or begin)
        people.append(days.Visitor(arrives, todo, bool(visit.priority)))
        waited += [
            (e.called_at - e.joined_at).total_seconds() / 60 for e in errands if e.called_at and e.joined_at
        ]
    people.sort(key=lambda visitor: visitor.arrives)
    world = days.Day(_place(live, counters, services), tuple(people), (0,) * len(live))
    roster = _as_it_was(mall, day, begin, where)
    return Setting(live, world, roster, counters, float(np.mean(waited)) if waited else None)


def _took(errand: Errand) -> float:
    """Minutes at the counter; the catalogue's where nobody pressed the buttons."""
    usual = float(errand.service.counter_minutes)
    if errand.started_at is None or errand.ended_at is None:
        return usual
    return min(max(0.5, (errand.ended_at - errand.started_at).total_seconds() / 60), 6 * usual)


def _as_it_was(mall: Mall, day: date, opens: datetime, where: dict[int, int]) -> list[list[int]]:
    """Counters open in the middle of each half hour; a shared counter counts where it served most that day."""
    served = Tally(
        Errand.objects.filter(mall=mall, visit__day=day, counter__isnull=False).values_list(
            "counter_id", "agency_id"
        )
    )
    roster = [[0] * days.SLOTS for _ in where]
    closes = opens + timedelta(minutes=days.CLOSES)
    duties = Duty.objects.filter(mall=mall, opened_at__lt=closes).exclude(closed_at__lt=opens)
    for duty in duties.prefetch_related("counter__agencies"):
        tenants = [a.pk for a in duty.counter.agencies.all() if a.pk in where]
        if not tenants:
            continue
        home = max(tenants, key=lambda pk: served[duty.counter_id, pk])
        for slot in range(days.SLOTS):
            middle = opens + timedelta(minutes=(slot + 0.5) * days.SLOT)
            if duty.opened_at <= middle and (duty.closed_at is None or duty.closed_at > middle):
                roster[where[home]][slot] += 1
    return [[max(1, n) for n in row] for row in roster]


def expected(mall: Mall, day: date, seed: int = SEED) -> Setting:
    """
    A day as the forecast and the roster of its weekday have it; the same seed draws the same people.

    :raises NothingToReplay: where the mall is closed or no forecast has been made
    """
    live, counters, services = _agencies(mall)
    rows = {r.agency_id: r for r in RosterDay.objects.filter(agency__in=live, weekday=day.weekday())}
    if _opens(mall, day) is None or not rows:
        raise NothingToReplay
    random = np.random.default_rng([seed, day.toordinal()])
    table = service_quantiles(VARIATION)
    people, roster = [], []
    for place, one in enumerate(live):
        row = rows.get(one.pk)
        halves = sorted(row.expected)[: days.SLOTS] if row else []
        planned = [max(1, row.counters.get(half, 1)) for half in sorted(row.counters)] if row else []
        roster.append((planned + [1] * days.SLOTS)[: days.SLOTS])
        for slot, half in enumerate(halves):
            for _ in range(random.poisson(row.expected[half]) if row else 0):
                kind = int(random.integers(len(services[one.pk])))
                minutes = float(services[one.pk][kind].counter_minutes * random.choice(table))
                at = float((slot + random.random()) * days.SLOT)
                errand = days.Errand(place, kind, max(0.5, minutes))
                people.append(days.Visitor(at, (errand,), bool(random.random() < days.PRIORITY)))
    people.sort(key=lambda visitor: visitor.arrives)
    world = days.Day(_place(live, counters, services), tuple(people), (0,) * len(live))
    return Setting(live, world, roster, counters, None)


def play(setting: Setting, case: Case) -> engine.Outcome:
    """The day under a case. The case that changes nothing is the baseline."""
    roster = [list(row) for row in setting.roster]
    most = [list(row) for row in setting.roster]
    for place, one in enumerate(setting.agencies):
        if one.code == case.agency:
            roster[place] = [max(1, n + case.more) for n in roster[place]]
        most[place] = [
            max(n, m, setting.counters[place]) for n, m in zip(roster[place], most[place], strict=True)
        ]
        if case.hours == "late":
            roster[place][0] = most[place][0] = 0
        if case.hours == "noon":
            for slot in days.LUNCH:
                roster[place][slot] = most[place][slot] = 0
    policy = engine.Policy(roster, RULES[case.rule], most=most if case.live else None)
    return engine.Mall(setting.day, policy).run()


@dataclass(frozen=True, slots=True)
class Result:
    """What a day was like: mean wait, share over 15 minutes, nine of ten, counter-hours; by half hour and agency."""

    wait: float
    long: float
    ninth: float
    hours: float
    by_slot: list[float | None]
    by_agency: dict[str, float]


def result(setting: Setting, outcome: engine.Outcome) -> Result:
    """Sum an outcome up, in minutes."""
    called = [t for t in outcome.tickets if t.called >= 0]
    waits = np.array([t.wait for t in called]) if called else np.zeros(1)
    slots: list[list[float]] = [[] for _ in range(days.SLOTS)]
    mine: dict[str, list[float]] = {}
    for ticket in called:
        slots[min(int(ticket.joined // days.SLOT), days.SLOTS - 1)].append(ticket.wait)
        mine.setdefault(setting.agencies[ticket.agency].short, []).append(ticket.wait)
    return Result(
        float(waits.mean()),
        100 * float((waits > LONG).mean()),
        float(np.quantile(waits, 0.9)),
        outcome.counter_hours,
        [float(np.mean(one)) if one else None for one in slots],
        {name: float(np.mean(values)) for name, values in mine.items()},
    )
