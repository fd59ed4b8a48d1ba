"""When numbers are given, and from when who holds one waits: opening hours and closures of a day. Reads only."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from gerai.agencies.models import Mall
from gerai.agencies.rules import DAYS, WorkCalendar
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.visits import rules

# The agencies asked for on a day: their hours (their own, else the mall's), and what of them was closed for that day.
_DAY = """
SELECT a.id, (CASE WHEN jsonb_exists(a.opening, %(weekday)s) THEN a.opening ELSE m.opening END -> %(weekday)s)::text,
    EXISTS (SELECT 1 FROM agencies_holiday h WHERE h.mall_id = m.code AND h.date = %(day)s),
    (SELECT jsonb_agg(jsonb_build_array(c.service_id, c.reason)) FROM visits_closure c
     WHERE c.mall_id = m.code AND c.day = %(day)s AND c.reopened_at IS NULL AND c.agency_id = a.id)::text
FROM agencies_agency a JOIN agencies_mall m ON m.code = a.mall_id WHERE a.id = ANY(%(agencies)s)
"""


def check(
    mall: Mall, chosen: Sequence[Service], now: datetime, *, any_hour: bool = False
) -> dict[int, datetime]:
    """
    Let a number be given now for these services; returns by agency from when its holder waits there: `since`.

    `any_hour`: for a number that was given while the server was away. One light statement.

    :raises rules.ClosedToday: if a service, or its agency, was closed for the day
    :raises rules.NotYet: over an hour before an agency opens; from a sofa one would stand before who is at the door
    :raises rules.ClosedNow: after it has closed, or on a day on which it does not open
    """
    day = now.astimezone(ZoneInfo(mall.timezone)).date()  # the mall's day, not UTC's
    found = _read(mall, {service.agency_id for service in chosen}, day)
    _refuse_closed(chosen, found)
    if settings.KEEP_HOURS and not any_hour:
        for service in chosen:
            _refuse_hours(mall, service.agency.short, found[service.agency_id][0], now)
    return {agency: _since(hours, now) for agency, (hours, _closed) in found.items()}


def check_closures(mall: Mall, chosen: Sequence[Service], day: date) -> None:
    """
    Let these services be asked for on a day, at whatever hour.

    :raises rules.ClosedToday: if one of them, or its agency, was closed for that day
    """
    _refuse_closed(chosen, _read(mall, {service.agency_id for service in chosen}, day))


def since(mall: Mall, agencies: Iterable[int], moment: datetime) -> dict[int, datetime]:
    """
    By agency, from when who joins its queue at `moment` waits: then, or from its opening if that comes later.

    So nobody stands before those who came at opening because of a press before it. In the demonstration the mall has
    no hours: people look at it at any time.
    """
    found = _read(mall, set(agencies), moment.astimezone(ZoneInfo(mall.timezone)).date())
    return {agency: _since(hours, moment) for agency, (hours, _closed) in found.items()}


def open_until(mall: Mall, chosen: Sequence[Service], now: datetime) -> datetime | None:
    """Until when today a number for all of these services can still be taken; None if it cannot."""
    day = now.astimezone(ZoneInfo(mall.timezone)).date()
    found = _read(mall, {service.agency_id for service in chosen}, day)
    try:
        _refuse_closed(chosen, found)
    except rules.ClosedToday:
        return None
    ends = [hours[1] if hours else now for hours, _closed in found.values()]
    last = min(ends, default=now)
    return last if last > now else None


_Hours = tuple[datetime, datetime] | None


def _read(mall: Mall, agencies: set[int], day: date) -> dict[int, tuple[_Hours, list[Any]]]:
    """By agency its hours on that day (None: it does not open) and what is closed of it: (service or None, why)."""
    weekday, found = DAYS[day.weekday()], {}
    asked = {"weekday": weekday, "day": day, "agencies": sorted(agencies)}
    for agency, opening, holiday, closed in sql.rows(_DAY, asked):
        calendar = WorkCalendar(
            mall.timezone, {weekday: json.loads(opening or "null")}, frozenset({day} if holiday else ())
        )
        found[agency] = (calendar.hours(day), json.loads(closed or "[]"))
    return found


def _refuse_closed(chosen: Sequence[Service], found: dict[int, tuple[_Hours, list[Any]]]) -> None:
    for service in chosen:
        for closed_service, reason in found[service.agency_id][1]:
            if closed_service in (None, service.pk):
                raise rules.ClosedToday(name=service.agency.short, reason=reason)


def _refuse_hours(mall: Mall, name: str, hours: _Hours, now: datetime) -> None:
    if hours is None:
        raise rules.NotOpenToday(name=name)
    if now >= hours[1]:
        raise rules.ClosedNow(name=name)
    early = hours[0] - rules.EARLY
    if now < early:
        local = early.astimezone(ZoneInfo(mall.timezone))
        raise rules.NotYet(name=name, opens=f"{hours[0]:%H.%M}", since=f"{local:%H.%M}")


def _since(hours: _Hours, moment: datetime) -> datetime:
    return max(moment, hours[0]) if hours and settings.KEEP_HOURS else moment
