"""Who may not be called before closing, and when they can come instead. Reads only.

Said by the upper end of what we tell: somebody who waits for nothing loses more than somebody who was warned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.catalogue.models import Service
from gerai.foresight.waits import TOLD_IN, Wait
from gerai.visits import queries, slots
from gerai.visits.models import Errand
from gerai.visits.rules import State


@dataclass(frozen=True, slots=True)
class Overrun:
    """An agency that closes before our turn may come, when it opens next, and whether a time can be booked then."""

    agency: Agency
    closes: datetime
    opens: datetime | None
    tomorrow: bool  # that is tomorrow
    asked: str  # the services as the booking page takes them; empty where nothing is free that day


def of_errand(errand: Errand | None, wait: Wait | None, now: datetime) -> Overrun | None:
    """For somebody who waits and came in time: whoever was let in after hours is served at any hour."""
    if errand is None or errand.state != State.WAITING or wait is None:
        return None
    return _overrun([errand.service], wait, now, came=errand.visit.arrived_at or now)


def of_services(mall: Mall, chosen: Sequence[Service], now: datetime) -> list[Overrun]:
    """For somebody who is about to take a number: each agency whose line is too long for today."""
    found = []
    for services in _by_agency(chosen):
        wait = queries.wait_for(mall, services[0].agency_id, now, now, service_id=services[0].pk)
        overrun = _overrun(services, wait, now, came=now) if wait else None
        found += [overrun] if overrun else []
    return found


def _by_agency(chosen: Sequence[Service]) -> list[list[Service]]:
    whose = dict.fromkeys(service.agency_id for service in chosen)
    return [[service for service in chosen if service.agency_id == agency] for agency in whose]


def _overrun(services: Sequence[Service], wait: Wait, now: datetime, *, came: datetime) -> Overrun | None:
    agency = services[0].agency
    calendar = agencies.calendar_of(agency)
    today = calendar.local(now).date()
    hours = calendar.hours(today)
    latest = now + timedelta(minutes=wait.high)
    if hours is None or wait.high <= TOLD_IN or came >= hours[1] or latest <= hours[1]:
        return None
    opens = calendar.next_opening(now)
    if opens is None:
        return Overrun(agency, hours[1], None, tomorrow=False, asked="")
    day = calendar.local(opens).date()
    asked = "&".join([*(f"s={agency.code}/{service.code}" for service in services), f"day={day.isoformat()}"])
    free = slots.options(services, day, 1, now)
    return Overrun(
        agency, hours[1], opens, tomorrow=day == today + timedelta(days=1), asked=asked if free else ""
    )
