"""Why a wait has become longer than what was told: never a later time without its reason. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gerai.core import sql
from gerai.visits.models import Errand
from gerai.visits.rules import State

WORTH_TELLING = timedelta(minutes=5)  # what is told is rounded to five minutes; less is no news


class Why(StrEnum):
    """What made the wait longer."""

    COUNTERS = "counters"  # fewer that serve this service are open than when this visitor joined
    BEFORE = "before"  # others joined since whose right is to be called first
    SLOW = "slow"  # those before take longer than services here usually do


@dataclass(frozen=True, slots=True)
class Longer:
    """What was told, in minutes from joining, and what changed since; `count`: how many counters or people."""

    low: int
    high: int
    why: Why
    count: int


_CHANGED = """
SELECT
    (SELECT count(*) FILTER (WHERE d.opened_at <= %(joined)s
            AND (d.closed_at IS NULL OR d.closed_at > %(joined)s)
            AND (d.paused_at IS NULL OR d.paused_at > %(joined)s))
        - count(*) FILTER (WHERE d.closed_at IS NULL AND d.paused_at IS NULL)
     FROM floor_duty d JOIN agencies_counter_agencies ca ON ca.counter_id = d.counter_id
     WHERE d.mall_id = %(mall)s AND ca.agency_id = %(agency)s
        AND (d.closed_at IS NULL OR d.closed_at > %(joined)s)
        AND (NOT EXISTS (SELECT 1 FROM floor_duty_services o WHERE o.duty_id = d.id)
            OR EXISTS (SELECT 1 FROM floor_duty_services o WHERE o.duty_id = d.id AND o.service_id = %(service)s))),
    (SELECT count(*) FROM visits_errand e
     WHERE e.mall_id = %(mall)s AND e.agency_id = %(agency)s AND e.state = 'waiting'
        AND e.rank_at < %(rank)s AND e.joined_at > %(joined)s)
"""


def than_told(errand: Errand, now: datetime) -> Longer | None:
    """
    Why an errand that waits will be called later than its visitor was told on joining; None while it will not.

    Source: queue-science, "never let the shown upper end rise without telling why".
    """
    told, until, joined = errand.said_high, errand.forecast_high_at, errand.joined_at
    if errand.state != State.WAITING or told is None or until is None or joined is None:
        return None
    if max(until, now) < joined + timedelta(minutes=told) + WORTH_TELLING:
        return None
    where = {
        "mall": errand.mall_id,
        "agency": errand.agency_id,
        "service": errand.service_id,
        "joined": joined,
        "rank": errand.rank_at,
    }
    fewer, before = sql.one(_CHANGED, where)
    why, count = Why.SLOW, 0
    if fewer > 0:
        why, count = Why.COUNTERS, fewer
    elif before:
        why, count = Why.BEFORE, before
    return Longer(errand.said_low or 0, told, why, count)
