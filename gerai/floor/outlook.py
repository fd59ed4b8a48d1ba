"""How each agency's queue stands and will stand in the coming hour. Reads only; one pass for the whole floor."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Counter, Mall, RosterDay
from gerai.agencies.rules import WorkCalendar
from gerai.floor.models import Duty
from gerai.foresight import learning, order, rostered, staffing, waits
from gerai.visits import queries as visits
from gerai.visits import since
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
    changes: rostered.Changes = ()  # what the roster opens and closes later today
    longest_since: datetime | None = None
    closes: datetime | None = None  # today
    overrun: int = 0  # who came in time and will probably not be called before then
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
            changes=self.changes,
        )
        self.wait = found.middle if found else LONG if self.waiting else 0.0
        self.peak = self.wait
        if not self.open or not self.coming:
            return
        queue = len(self.waiting) + len(self.busy) / 2 if self.waiting else 0.0
        course = rostered.course(self.open, self.changes)
        each = int(staffing.SLOT / rostered.STEP)
        counters = [max(n, 1.0) for n in course[::each][: len(self.coming)]]
        after = order.fluid_wait(queue, self.minutes, counters, self.coming)
        for minute in LOOKS:
            if (wait := after(minute)) > self.peak + 0.5:
                self.peak, self.peak_in = min(wait, LONG), int(minute)

    def needed(self) -> int:
        """Counters that keep the promise through the coming hour: for who comes, and to work off who waits."""
        load = max(self.coming, default=0.0) * self.minutes + sum(self.waiting) / 60
        return staffing.counters_for(load, self.minutes)

    def lack(self) -> int:
        """Counters missing in the coming hour even if every free one of the agency opens."""
        return max(0, self.needed() - self.open - len(self.free))

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
    if not row.proposed:
        one.changes = rostered.changes(
            row.counters, here.hour * 60 + here.minute + here.second / 60, one.open
        )
    halves = sorted(row.expected)
    this = roster.at({half: half for half in halves}, here) if halves else None
    if this is None:
        return
    place = halves.index(this)
    before = sum(row.expected[half] for half in halves[:place])
    factor = learning.day_factor(come, before) if place else 1.0
    ahead = halves[place : place + 3]
    one.coming = [row.expected[half] * factor / staffing.SLOT for half in ahead]


def of(mall: Mall, now: datetime) -> list[Outlook]:
    """Every live agency that has a counter or somebody waiting."""
    found = {a.pk: Outlook(a) for a in agencies.agencies(mall)}
    told: dict[int, list[tuple[datetime, datetime]]] = {}
    for errand in visits.waiting(mall):
        low, high, came = errand.forecast_low_at, errand.forecast_high_at, errand.visit.arrived_at
        if low and high and came:
            told.setdefault(errand.agency_id, []).append((came, low + (high - low) / 2))
        if one := found.get(errand.agency_id):
            one.waiting.append(float(errand.takes))
            begun = since.of(errand)
            if begun and begun <= now and (one.longest_since is None or begun < one.longest_since):
                one.longest_since = begun
    at_counters = Errand.objects.filter(mall=mall, state__in=[State.CALLED, State.SERVING])
    for errand in at_counters.select_related("service"):
        if one := found.get(errand.agency_id):
            begun = errand.started_at or errand.called_at or now
            one.busy.append(float(errand.takes))
            one.elapsed.append(max(0.0, (now - begun).total_seconds() / 60))
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
    _fill(found, mall, told, now)
    return [one for one in found.values() if one.counters or one.waiting]


def _closing(
    one: Outlook, calendar: WorkCalendar, told: list[tuple[datetime, datetime]], now: datetime
) -> None:
    """Count who will probably not be called before closing: (came, middle of the forecast) of those who wait."""
    own = replace(calendar, opening={**calendar.opening, **one.agency.opening})
    hours = own.hours(calendar.local(now).date())
    if hours:
        one.closes = hours[1]
        one.overrun = sum(came < hours[1] < called for came, called in told)


def _fill(
    found: dict[int, Outlook], mall: Mall, told: dict[int, list[tuple[datetime, datetime]]], now: datetime
) -> None:
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
        _closing(one, calendar, told.get(pk, []), now)
        one.look()
