"""How each agency's queue stands and will stand in the coming hour. Reads only; one pass for the whole floor."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Counter, Mall, RosterDay
from gerai.agencies.rules import WorkCalendar
from gerai.floor.models import Duty
from gerai.foresight import learning, order, staffing, waits
from gerai.visits import queries as visits
from gerai.visits.models import Errand
from gerai.visits.rules import State

LOOKS = (15.0, 30.0, 45.0, 60.0)  # minutes ahead at which the coming hour is looked at
LONG = 999.0  # the wait where no counter is open


@dataclass(slots=True)
class Outlook:
    """One agency now. `wait`: of who takes a number now; `peak` and `peak_in`: the longest of the coming hour."""

    agency: Agency
    waiting: list[float] = field(default_factory=list)  # expected minutes of each, in the order of calling
    busy: list[float] = field(default_factory=list)  # expected minutes of each service under way
    elapsed: list[float] = field(default_factory=list)
    open: int = 0
    paused: int = 0
    free: list[int] = field(default_factory=list)  # numbers of its counters where nobody sits
    counters: int = 0
    planned: int | None = None
    minutes: float = 10.0
    coming: list[float] = field(default_factory=list)  # people a minute in this half hour and the next ones
    later: list[int] = field(default_factory=list)  # counters of the roster in the next half hours
    longest_since: datetime | None = None
    wait: float = 0.0
    peak: float = 0.0
    peak_in: int = 0

    def look(self) -> None:
        """Predict: now by the look-ahead, the coming hour by the fluid approximation."""
        found = waits.look_ahead(
            ahead=self.waiting,
            busy=self.busy[: self.open],
            elapsed=self.elapsed[: self.open],
            free=max(0, self.open - len(self.busy)),
        )
        self.wait = found.middle if found else LONG if self.waiting else 0.0
        self.peak = self.wait
        if not self.open or not self.coming:
            return
        queue = len(self.waiting) + len(self.busy) / 2 if self.waiting else 0.0
        counters = [self.open, *(max(n, 1) for n in self.later)]
        after = order.fluid_wait(queue, self.minutes, counters[: len(self.coming)], self.coming)
        for minute in LOOKS:
            if (wait := after(minute)) > self.peak + 0.5:
                self.peak, self.peak_in = min(wait, LONG), int(minute)

    def needed(self) -> int:
        """Counters that would keep the promise: for who comes, and to work off within the hour who waits."""
        load = (self.coming[0] if self.coming else 0.0) * self.minutes + sum(self.waiting) / 60
        return staffing.counters_for(load, self.minutes)

    def one_more(self) -> staffing.Effect:
        """What one more counter does."""
        return staffing.effect_of_one_more(
            waiting=self.waiting,
            counters=self.open,
            minutes=self.minutes,
            arrivals=self.coming[0] if self.coming else 0.0,
        )


def _expected(one: Outlook, row: RosterDay | None, come: int, calendar: WorkCalendar, now: datetime) -> None:
    """Fill in what the roster and its forecast say of now and the next two half hours."""
    if row is None or not row.counters:
        return
    here = calendar.local(now)
    one.planned = roster.at(row.counters, here)
    halves = sorted(row.expected)
    this = roster.at({half: half for half in halves}, here) if halves else None
    if this is None:
        return
    place = halves.index(this)
    before = sum(row.expected[half] for half in halves[:place])
    factor = learning.day_factor(come, before) if place else 1.0
    ahead = halves[place : place + 3]
    one.coming = [row.expected[half] * factor / staffing.SLOT for half in ahead]
    one.later = [row.counters.get(half, 1) for half in ahead[1:]]


def of(mall: Mall, now: datetime) -> list[Outlook]:
    """Every live agency that has a counter or somebody waiting."""
    found = {a.pk: Outlook(a) for a in agencies.agencies(mall)}
    for errand in visits.waiting(mall):
        if one := found.get(errand.agency_id):
            one.waiting.append(float(errand.service.counter_minutes))
            if errand.joined_at and (one.longest_since is None or errand.joined_at < one.longest_since):
                one.longest_since = errand.joined_at
    at_counters = Errand.objects.filter(mall=mall, state__in=[State.CALLED, State.SERVING])
    for errand in at_counters.select_related("service"):
        if one := found.get(errand.agency_id):
            since = errand.started_at or errand.called_at or now
            one.busy.append(float(errand.service.counter_minutes))
            one.elapsed.append(max(0.0, (now - since).total_seconds() / 60))
    duties = {d.counter_id: d for d in Duty.objects.filter(mall=mall, closed_at=None)}
    for counter in Counter.objects.filter(mall=mall).prefetch_related("agencies").order_by("number"):
        duty = duties.get(counter.pk)
        for agency in counter.agencies.all():
            if one := found.get(agency.pk):
                one.counters += 1
                one.open += duty is not None and duty.paused_at is None
                one.paused += duty is not None and duty.paused_at is not None
                if duty is None:
                    one.free.append(counter.number)
    _fill(found, mall, now)
    return [one for one in found.values() if one.counters or one.waiting]


def _fill(found: dict[int, Outlook], mall: Mall, now: datetime) -> None:
    calendar = agencies.calendar(mall)
    rows = roster.today(mall, now)
    come = dict(
        Errand.objects.filter(mall=mall, visit__day=calendar.local(now).date(), joined_at__isnull=False)
        .values_list("agency_id")
        .annotate(n=Count("id"))
    )
    for pk, one in found.items():
        if one.waiting:
            one.minutes = sum(one.waiting) / len(one.waiting)
        _expected(one, rows.get(pk), come.get(pk, 0), calendar, now)
        one.look()
