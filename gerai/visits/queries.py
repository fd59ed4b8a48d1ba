"""Reading visits and the state of the queues."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Counter, Mall
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.core.dates import said
from gerai.core.errors import NotFound
from gerai.foresight.waits import Wait
from gerai.ledger.models import Entry
from gerai.visits import forecasts, lines, rules
from gerai.visits.models import Closure, Errand, Visit
from gerai.visits.rules import AHEAD, Stage, State, TicketOver

_OFFERED = """
SELECT s.id, s.code, s.counter_minutes, s.kind, s.name::text, a.id, a.code, a.short
FROM catalogue_service s JOIN agencies_agency a ON a.id = s.agency_id
WHERE a.mall_id = %s AND (a.code, s.code) = (%s, %s) AND s.active AND a.live_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM catalogue_edition e WHERE e.service_id = s.id AND e.status = 'published')
"""


def offered(mall: Mall, name: str) -> Service:
    """
    The service "AGENCY/CODE" without its edition: all that a number needs, in one light statement.

    :raises NotFound: if it is not offered in this mall
    """
    agency, _, code = name.partition("/")
    row = sql.row(_OFFERED, [mall.pk, agency, code])
    if row is None:
        raise NotFound
    its = Agency(id=row[5], code=row[6], short=row[7], mall_id=mall.pk)
    return Service(
        id=row[0], code=row[1], counter_minutes=row[2], kind=row[3], name=json.loads(row[4]), agency=its
    )


def of(person: Any) -> QuerySet[Visit]:
    """A person's visits, newest first."""
    return Visit.objects.filter(person_id=person.pk).order_by("-day", "-booked_at", "-arrived_at")


def of_entry(subject: str) -> Visit:
    """The visit a ledger entry is about, for a consumer."""
    return Visit.objects.select_related("mall", "person").get(pk=subject.removeprefix("visit:"))


def own(person: Any, visit_id: Any) -> Visit:
    """
    One visit of a person.

    :raises NotFound: if there is none, or it is somebody else's
    """
    found = Visit.objects.select_related("mall", "person").filter(pk=visit_id, person_id=person.pk).first()
    if found is None:
        raise NotFound
    return found


def by_secret(secret: str) -> Visit:
    """
    The visit of a ticket.

    :raises NotFound: if there is none
    """
    found = Visit.objects.select_related("mall").filter(secret=secret).first()
    if found is None:
        raise NotFound
    return found


def ticket(secret: str, now: datetime) -> Visit:
    """
    The visit of a ticket, on its own day.

    :raises NotFound: if there is none
    :raises TicketOver: on any other day
    """
    found = by_secret(secret)
    if found.day != now.astimezone(ZoneInfo(found.mall.timezone)).date():
        raise TicketOver
    return found


def typed(mall: Mall, text: str, now: datetime) -> list[Visit]:
    """
    Today's visits of the number somebody types; several where the entrance is left out.

    :raises rules.NumberUnreadable: if it is not a number of ours
    """
    entrance, number = rules.read_number(text)
    today = now.astimezone(ZoneInfo(mall.timezone)).date()
    found = Visit.objects.filter(mall=mall, day=today, number=number).order_by("entrance")
    return list(found.filter(entrance=entrance) if entrance else found)


def of_today(mall: Mall, visit_id: UUID, now: datetime) -> Visit:
    """
    A visit of this mall and this day, for its desk.

    :raises NotFound: if there is none
    """
    day = now.astimezone(ZoneInfo(mall.timezone)).date()
    found = Visit.objects.select_related("mall", "person").filter(pk=visit_id, mall=mall, day=day).first()
    if found is None:
        raise NotFound
    return found


def errands(visit: Visit) -> list[Errand]:
    """A visit's errands in their order."""
    found = visit.errands.select_related(
        "agency__mall", "service__agency__mall", "counter", "application", "permit", "visit__mall"
    )
    return list(found.order_by("sequence", "id"))


def today_of(person: Any, mall: Mall, now: datetime) -> list[Visit]:
    """A person's visits and appointments of today, by time."""
    day = now.astimezone(ZoneInfo(mall.timezone)).date()
    found = Visit.objects.select_related("mall").filter(person_id=person.pk, mall=mall, day=day)
    return list(found.order_by("slot_at", "arrived_at"))


def place_of(errand: Errand, now: datetime) -> tuple[int | None, Wait | None]:
    """How many are before a waiting errand, and the wait that is left: the stored forecast where there is one."""
    if errand.state != State.WAITING or errand.rank_at is None:
        return None, None
    ahead = waiting(errand.visit.mall, [errand.agency_id]).filter(rank_at__lt=errand.rank_at).count()
    low, high = errand.forecast_low_at, errand.forecast_high_at
    if low is None or high is None or high <= now:
        return ahead, wait_for(
            errand.visit.mall, errand.agency_id, errand.rank_at, now, service_id=errand.service_id
        )
    low_minutes = max(0, int((low - now).total_seconds() // 300 * 5))
    high_minutes = max(5, -int(-(high - now).total_seconds() // 300 * 5))
    return ahead, Wait(low_minutes, (low_minutes + high_minutes) / 2, high_minutes)


def waiting(mall: Mall, agency_ids: list[int] | None = None) -> QuerySet[Errand]:
    """Who waits, in the order of calling."""
    found = Errand.objects.filter(mall=mall, state=State.WAITING)
    if agency_ids is not None:
        found = found.filter(agency_id__in=agency_ids)
    return found.select_related("visit", "service", "agency").order_by("rank_at", "id")


def open_counters(mall: Mall, agency_id: int | None = None, service_id: int | None = None) -> list[Counter]:
    """Counters with an officer at them now who is not in a pause: of this agency, of those that call this service."""
    found = Counter.objects.filter(mall=mall)
    if agency_id:
        found = found.filter(agencies=agency_id)
    manned = {"duty__isnull": False, "duty__closed_at": None, "duty__paused_at": None}
    called = Q(duty__services=None) | Q(duty__services=service_id) if service_id else Q()
    return list(found.filter(called, **manned).distinct())


def wait_for(
    mall: Mall,
    agency_id: int,
    rank_at: datetime,
    now: datetime,
    counters: int | None = None,
    service_id: int | None = None,
) -> Wait | None:
    """The wait at an agency (for this service) of somebody ranked at `rank_at`. None while no counter is open."""
    told = forecasts.tell(lines.line_at(mall.pk, agency_id, rank_at, now, service_id), counters)
    return told.wait if told else None


def wait_at(mall: Mall, agency_id: int, now: datetime) -> dict[str, int] | None:
    """The wait of somebody who takes a number now: {low, high, waiting}."""
    found = wait_for(mall, agency_id, now, now)
    if found is None:
        return None
    return {"low": found.low, "high": found.high, "waiting": waiting(mall, [agency_id]).count()}


def hits(mall: Mall, now: datetime) -> rules.Hits | None:
    """How often the waits we told in the last 30 days came true. None before there are enough to say so."""
    told = Errand.objects.filter(mall=mall, called_at__gt=now - timedelta(days=30), hit__isnull=False)
    counted = told.aggregate(all=Count("id"), right=Count("id", filter=Q(hit=True)))
    return rules.Hits.of_calls(counted["right"], counted["all"])


def now(mall: Mall, now: datetime) -> dict[str, Any]:
    """The mall at this moment: waiting, serving, counters, and our record."""
    states = dict(
        Errand.objects.filter(mall=mall, state__in=[State.WAITING, State.CALLED, State.SERVING])
        .values_list("state")
        .annotate(n=Count("id"))
    )
    return {
        "waiting": states.get("waiting", 0),
        "serving": states.get("called", 0) + states.get("serving", 0),
        "counters_open": len(open_counters(mall)),
        "counters": Counter.objects.filter(mall=mall).count(),
        "hits": hits(mall, now),
    }


def queues(mall: Mall, now: datetime) -> list[dict[str, Any]]:
    """Each agency with people waiting or counters open: how many and how long."""
    counted = dict(
        Errand.objects.filter(mall=mall, state=State.WAITING).values_list("agency_id").annotate(n=Count("id"))
    )
    found = []
    for agency in mall.agencies.filter(live_at__isnull=False).order_by("code"):
        wait = (
            wait_for(mall, agency.pk, now, now)
            if agency.pk in counted or open_counters(mall, agency.pk)
            else None
        )
        if wait or agency.pk in counted:
            found.append({"agency": agency, "waiting": counted.get(agency.pk, 0), "wait": wait})
    return found


def left_open(mall: Mall, today: date) -> list[UUID]:
    """The visits up to today that have not ended, the oldest first."""
    found = Visit.objects.filter(mall=mall, day__lte=today, stage__in=[Stage.ARRIVED, *AHEAD])
    return list(found.order_by("day", "id").values_list("id", flat=True))


def closures(mall: Mall, day: date) -> list[Closure]:
    """What is closed for that day and has not opened again."""
    found = Closure.objects.filter(mall=mall, day=day, reopened_at=None)
    return list(found.select_related("agency", "service").order_by("closed_at"))


def message_about(entry: Entry) -> tuple[str, Person, dict[str, Any]] | None:
    """
    What to tell whom about errands that were closed or opened again: (template, person, data).

    None where nothing was closed for the visitor, or nobody is known by name: the phone page tells them.
    """
    found = Visit.objects.select_related("mall", "person").get(pk=entry.subject.removeprefix("visit:"))
    names = sorted({e.agency.short for e in errands(found) if e.pk in entry.data["errands"]})
    if found.person is None or not names:
        return None
    ahead = found.arrived_at is None
    opens = agencies.calendar(found.mall).next_opening(entry.at)
    data = {
        "agencies": ", ".join(names),
        "number": str(found),
        "reason": "",
        "opens": said(opens, found.mall.timezone) if opens else {"id": "nanti", "en": "later"},
        "path": "/saya/" if ahead else f"/kunjungan/{found.secret}/",
    }
    if entry.kind == "visits.reopened":
        return "agency_open_again", found.person, data
    if entry.data["reason"] == "day_over":
        return "errand_not_today", found.person, {**data, "path": "/antrean/"}
    data["reason"] = Closure.objects.get(pk=entry.data["closure"]).reason
    return "agency_closed_today", found.person, data
