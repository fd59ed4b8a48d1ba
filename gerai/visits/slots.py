"""Which times are free: slots of the day, and where the errands of one booking fit back to back. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from uuid import UUID

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Mall
from gerai.catalogue.models import Service
from gerai.visits import rules
from gerai.visits.models import Slot, Visit
from gerai.visits.rules import SLOT, Stage

MINUTE = timedelta(minutes=1)
ORDERS_OF = 4  # all orders of up to four errands are tried; of more, the order given
SHARE = 0.5  # of the counters' time may be booked; the rest is kept for who walks in


@dataclass(frozen=True, slots=True)
class Place:
    """One errand of a booking: its service and when it is due."""

    service: Service
    at: datetime


@dataclass(frozen=True, slots=True)
class Option:
    """One time that can be booked: when one comes, when one has probably finished, and the errands in order."""

    starts_at: datetime
    ends_at: datetime
    places: tuple[Place, ...]


@dataclass(slots=True)
class Room:
    """The slots of one agency on one day: capacity and what is free of it, in minutes."""

    opens: datetime
    closes: datetime
    capacities: list[int]
    free: list[int]

    def index(self, moment: datetime) -> int:
        """Which slot holds the moment."""
        return (moment - self.opens) // SLOT

    def take(self, minutes: int, at: datetime) -> list[int] | None:
        """What an errand due at `at` would take of the slots from there on; None if it does not fit."""
        first = self.index(at)
        if at < self.opens or first >= len(self.free) or at + minutes * MINUTE > self.closes:
            return None
        return rules.spread(minutes, self.free[first:], self.capacities[first:])


def share(mall: Mall) -> float:
    """The part of the counters' time that may be booked (mall's `details.bookable_share`)."""
    return float(mall.details.get("bookable_share", SHARE))


def usual_minutes(agency: Agency) -> int:
    """The bookable minutes of half an hour where the agency has decided nothing: the mall's share of its counters."""
    return rules.capacity(agencies.counters_at(agency), share(agency.mall))


def starts(opens: datetime, closes: datetime) -> list[datetime]:
    """The starts of a day's slots; a rest shorter than a slot is not booked."""
    return [opens + n * SLOT for n in range((closes - opens) // SLOT)]


class Diary:
    """The slots of some agencies on some days, read at once: what is stored, and what the counters can do."""

    def __init__(
        self, agencies_of: Iterable[Agency], first: date, last: date, rows: Iterable[Slot] | None = None
    ):
        self.agencies = {agency.pk: agency for agency in agencies_of}
        calendars = {pk: agencies.calendar_of(agency) for pk, agency in self.agencies.items()}
        spare = timedelta(days=1)  # days of the mall against instants: wide enough for every zone
        if rows is None:
            begin = datetime.combine(first, time(), UTC) - spare
            end = datetime.combine(last, time(), UTC) + 2 * spare
            rows = Slot.objects.filter(agency__in=self.agencies, starts_at__range=(begin, end))
        self.calendars = calendars
        self.rows = {(row.agency_id, row.starts_at): row for row in rows}
        self.shares = {pk: usual_minutes(agency) for pk, agency in self.agencies.items()}
        self.decided = roster.bookable(self.agencies)

    def usual(self, pk: int, moment: datetime) -> int:
        """The bookable minutes of a slot that nobody has booked yet: the agency's word, else the mall's share."""
        local = self.calendars[pk].local(moment)
        minutes = roster.at(self.decided.get((pk, local.weekday()), {}), local)
        return self.shares[pk] if minutes is None else int(minutes)

    def rooms(self, day: date) -> dict[int, Room] | None:
        """Each agency's room of a day by agency id; None if one of them is closed."""
        found: dict[int, Room] = {}
        for pk, calendar in self.calendars.items():
            hours = calendar.hours(day)
            if hours is None:
                return None
            moments = starts(*hours)
            stored = [self.rows.get((pk, moment)) for moment in moments]
            capacities = [
                row.capacity if row else self.usual(pk, moment)
                for row, moment in zip(stored, moments, strict=True)
            ]
            free = [most - (row.booked if row else 0) for row, most in zip(stored, capacities, strict=True)]
            found[pk] = Room(*hours, capacities, free)
        return found


def _next_try(at: datetime, opens: datetime) -> datetime:
    return rules.slot_start(at, opens) + SLOT


def fit(order: Sequence[Service], start: datetime, rooms: dict[int, Room], party: int) -> Option | None:
    """Place errands one after the other, the first at `start`; None if one does not fit without a long gap."""
    free = {agency: list(one.free) for agency, one in rooms.items()}
    places: list[Place] = []
    at = start
    for service in order:
        whole, minutes = rooms[service.agency_id], service.counter_minutes * party
        here = Room(whole.opens, whole.closes, whole.capacities, free[service.agency_id])
        latest = at + rules.LONGEST_GAP if places else start
        at = max(at, here.opens)
        while (parts := here.take(minutes, at)) is None:
            at = _next_try(at, here.opens)
            if at > latest:
                return None
        if at > latest:
            return None
        for n, part in enumerate(parts, here.index(at)):
            here.free[n] -= part
        places.append(Place(service, at))
        at += minutes * MINUTE + rules.WALK
        at += (-at.minute % 5) * MINUTE  # people come at full five minutes
    return Option(start, at - rules.WALK, tuple(places))


def best(
    chosen: Sequence[Service], start: datetime, rooms: dict[int, Room], party: int, now: datetime
) -> Option | None:
    """The order of the errands from `start` on that ends first."""
    if start < now + rules.LEAD:
        return None
    orders = permutations(chosen) if len(chosen) <= ORDERS_OF else iter([tuple(chosen)])
    found = [option for order in orders if (option := fit(order, start, rooms, party))]
    return min(found, key=lambda option: option.ends_at, default=None)


def _options(chosen: Sequence[Service], diary: Diary, day: date, party: int, now: datetime) -> list[Option]:
    rooms = diary.rooms(day)
    if rooms is None:
        return []
    begin = min(one.opens for one in rooms.values())
    end = max(one.closes for one in rooms.values())
    tries = (best(chosen, moment, rooms, party, now) for moment in starts(begin, end))
    return [option for option in tries if option]


def options(chosen: Sequence[Service], day: date, party: int, now: datetime) -> list[Option]:
    """All times of a day at which these errands can be booked."""
    return _options(chosen, Diary([s.agency for s in chosen], day, day), day, party, now) if chosen else []


def days(
    chosen: Sequence[Service], mall: Mall, party: int, last: date, now: datetime
) -> list[tuple[date, int]]:
    """The days from today to `last` on which all agencies are open, each with how many times are free."""
    today = agencies.calendar(mall).local(now).date()
    diary = Diary([s.agency for s in chosen], today, last)
    all_days = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    open_days = [day for day in all_days if diary.rooms(day) is not None]
    return [(day, len(_options(chosen, diary, day, party, now))) for day in open_days]


def short_until(person_id: UUID, mall: Mall, now: datetime) -> date | None:
    """The day from which a person books two weeks ahead again; None if nothing holds them to tomorrow."""
    since = agencies.calendar(mall).local(now).date() - timedelta(days=rules.MISSED_DAYS)
    missed = Visit.objects.filter(person_id=person_id, mall=mall, stage=Stage.MISSED, day__gt=since)
    newest = list(missed.order_by("-day").values_list("day", flat=True)[: rules.MISSED_LIMIT])
    return newest[-1] + timedelta(days=rules.MISSED_DAYS) if len(newest) == rules.MISSED_LIMIT else None


def horizon(person_id: UUID, mall: Mall, now: datetime) -> date:
    """The last day a person may book: two weeks on, or tomorrow after two appointments missed."""
    ahead = rules.MISSED_HORIZON_DAYS if short_until(person_id, mall, now) else rules.HORIZON_DAYS
    return agencies.calendar(mall).local(now).date() + timedelta(days=ahead)
