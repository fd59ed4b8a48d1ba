"""Reading what past days teach: who came when, and how long services take."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Greatest

from gerai.agencies.models import Agency
from gerai.catalogue.models import Service
from gerai.visits import rules
from gerai.visits.models import Errand

_JOINED = """
SELECT v.day, floor((extract(hour FROM t) * 60 + extract(minute FROM t) - %(origin)s) / 30)::int, count(*)
FROM visits_errand e JOIN visits_visit v ON v.id = e.visit_id,
    LATERAL (SELECT e.joined_at AT TIME ZONE %(zone)s AS t) AS here
WHERE v.mall_id = %(mall)s AND v.day = ANY(%(days)s) AND e.agency_id = %(agency)s AND e.joined_at IS NOT NULL
    AND (v.slot_at IS NULL OR NOT %(walk_in)s)
GROUP BY 1, 2
"""


def joined_by_half_hour(
    agency: Agency, days: list[date], origin: int, *, walk_in: bool = False
) -> dict[date, dict[int, int]]:
    """
    How many joined the agency's queue on these days, in each half hour from `origin` (minutes after midnight) on.

    With `walk_in` only those without an appointment.

    Only days on which anybody came.
    """
    values: dict[str, Any] = {
        "mall": agency.mall_id,
        "zone": agency.mall.timezone,
        "agency": agency.pk,
        "days": days,
        "origin": origin,
        "walk_in": walk_in,
    }
    found: dict[date, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, values)
        for day, slot, count in cursor.fetchall():
            found.setdefault(day, {})[slot] = count
    return found


def usual_minutes(agency: Agency) -> float:
    """What a service of this agency takes at a counter: learnt where known, else the catalogue's word."""
    known = Service.objects.filter(agency=agency, active=True).values_list(
        "counter_minutes", "learnt__minutes", "learnt__served"
    )
    rows = [(taught or word, (served or 0) + 1) for word, taught, served in known]
    return sum(m * n for m, n in rows) / sum(n for _, n in rows) if rows else 10.0


def appointments_in_time(agency: Agency, days: list[date]) -> tuple[int, int]:
    """
    Of the appointments at the agency on these days whose holder had come in time: how many were called within 15
    minutes of their time (of joining the queue, where an errand before it took longer), and how many there were.
    """
    came = Errand.objects.filter(
        mall=agency.mall_id,
        agency=agency,
        visit__day__in=days,
        slot_at__isnull=False,
        called_at__isnull=False,
        visit__arrived_at__lte=F("visit__slot_at") + rules.LATE,
    )
    kept = Q(called_at__lte=Greatest("slot_at", "joined_at") + rules.DUE_WITHIN)
    found = came.aggregate(n=Count("id"), kept=Count("id", filter=kept))
    return found["kept"], found["n"]
