"""Where officers are missing at the counters, the worst first. Reads only."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Mall, Membership
from gerai.floor import queries
from gerai.floor.models import Duty
from gerai.floor.outlook import Outlook
from gerai.visits import queries as visits


def _badness(one: Outlook) -> tuple[int, int, str]:
    return -len(one.waiting), -((one.planned or 0) - one.open - one.paused), one.agency.code


def unmanned(mall: Mall, now: datetime) -> list[Agency]:
    """In opening hours: agencies where an officer is due or people wait, and nobody sits at a counter."""
    calendar = agencies.calendar(mall)
    if not calendar.is_open(now):
        return []
    waiting = dict(visits.waiting(mall).order_by().values_list("agency").annotate(n=Count("id")))
    planned = {
        pk: roster.at(row.counters, calendar.local(now)) or 0 for pk, row in roster.today(mall, now).items()
    }
    open_duties = Duty.objects.filter(mall=mall, closed_at=None)
    manned = set(open_duties.values_list("counter__agencies", flat=True))
    shut = _shut(mall, now)
    found = [
        one
        for one in agencies.agencies(mall)
        if one.pk not in manned | shut and (waiting.get(one.pk) or planned.get(one.pk))
    ]
    return sorted(found, key=lambda one: (-waiting.get(one.pk, 0), -planned.get(one.pk, 0), one.code))


def _shut(mall: Mall, now: datetime) -> set[int]:
    """The agencies that were closed for today."""
    today = queries.today(mall, now)
    return {c.agency_id for c in visits.closures(mall, today) if c.service_id is None}


def by_kind(mall: Mall, lines: list[Outlook], now: datetime) -> dict[str, list[dict[str, Any]]]:
    """
    Where fewer counters are manned than the roster wants, and which officers have not signed on.

    "nobody": none at all; "fewer": some.
    """
    shut = _shut(mall, now)
    missing = [
        one
        for one in sorted(lines, key=_badness)
        if one.planned and one.planned > one.open + one.paused and one.agency.pk not in shut
    ]
    found: dict[str, list[dict[str, Any]]] = {"nobody": [], "fewer": []}
    away = _away(mall, [one.agency.pk for one in missing])
    for one in missing:
        row = {"one": one, "manned": one.open + one.paused, "people": away.get(one.agency.pk, [])[:4]}
        found["fewer" if row["manned"] else "nobody"].append(row)
    return found


def _away(mall: Mall, agency_ids: list[int]) -> dict[int, list[Person]]:
    """The officers of each agency who are at no counter and do not just wait for a call."""
    if not agency_ids:
        return {}
    working = Duty.objects.filter(mall=mall, closed_at=None).values("person")
    members = Membership.objects.filter(
        agency__in=agency_ids, role="counter_officer", active=True, person__is_active=True
    ).exclude(person__in=working)
    on_call = {(row.agency_id, row.person_id) for row in roster.on_call_of(agency_ids)}
    found: dict[int, list[Person]] = {}
    for member in members.select_related("person").order_by("person__name"):
        if member.agency_id and (member.agency_id, member.person_id) not in on_call:
            found.setdefault(member.agency_id, []).append(member.person)
    return found
