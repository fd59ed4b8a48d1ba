"""The queue before somebody, as the look-ahead needs to know it: read in one statement, its roster included."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gerai.core import sql
from gerai.foresight import intervals, order, rostered, waits
from gerai.foresight.intervals import Adaptive

# Who is ahead, who is served and for how long already, how many counters are open, what was learnt. One statement.
# What the agency decided for the half hours of today counts; what a forecast merely proposes nobody has promised.
# A counter that serves only some services is there for those; who waits for others is not ahead of us at it.
_LINE = """
WITH mine AS MATERIALIZED (
    SELECT d.id, d.counter_id, NOT EXISTS (SELECT 1 FROM floor_duty_services o WHERE o.duty_id = d.id) AS whole
    FROM floor_duty d JOIN agencies_counter_agencies ca ON ca.counter_id = d.counter_id
    WHERE d.mall_id = %(mall)s AND ca.agency_id = %(agency)s AND d.closed_at IS NULL AND d.paused_at IS NULL
        AND (%(service)s::bigint IS NULL OR NOT EXISTS (SELECT 1 FROM floor_duty_services o WHERE o.duty_id = d.id)
            OR EXISTS (SELECT 1 FROM floor_duty_services o
                WHERE o.duty_id = d.id AND o.service_id = %(service)s::bigint))
), before AS (
    SELECT array_agg(e.id ORDER BY e.rank_at, e.id) AS who,
        array_agg(e.party * coalesce(l.minutes, s.counter_minutes)::float8 ORDER BY e.rank_at, e.id) AS minutes
    FROM visits_errand e
    JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
    WHERE e.mall_id = %(mall)s AND e.agency_id = %(agency)s AND e.state = 'waiting' AND e.rank_at < %(rank)s
        AND (%(service)s::bigint IS NULL OR coalesce((SELECT bool_or(whole) FROM mine), true)
            OR e.service_id IN (SELECT o.service_id FROM floor_duty_services o JOIN mine ON mine.id = o.duty_id))
)
SELECT coalesce(before.who, '{}'), coalesce(before.minutes, '{}'),
    ARRAY(SELECT ARRAY[e.party * coalesce(l.minutes, s.counter_minutes)::float8,
              greatest(0, extract(epoch FROM %(now)s - coalesce(e.started_at, e.called_at, %(now)s)) / 60)::float8]
          FROM visits_errand e JOIN mine ON mine.counter_id = e.counter_id
          JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
          WHERE e.mall_id = %(mall)s AND e.state IN ('called', 'serving')),
    (SELECT count(*) FROM mine), coalesce((SELECT NOT bool_and(whole) FROM mine), false),
    (SELECT avg(l.spread) FROM visits_learnt l JOIN catalogue_service s ON s.id = l.service_id
     WHERE s.agency_id = %(agency)s),
    c.speed, c.intervals::text, r.counters::text,
    (extract(epoch FROM (%(now)s::timestamptz AT TIME ZONE m.timezone)::time) / 60)::float8
FROM before JOIN agencies_mall m ON m.code = %(mall)s LEFT JOIN visits_calibration c ON c.agency_id = %(agency)s
LEFT JOIN agencies_rosterday r ON r.agency_id = %(agency)s AND NOT r.proposed
    AND r.weekday = extract(isodow FROM %(now)s::timestamptz AT TIME ZONE m.timezone) - 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """The queue of one agency as somebody sees it who ranks behind `ahead`. Minutes."""

    who: list[int]  # errands ahead, in their order
    ahead: list[float]
    busy: list[float]  # whole expected minutes of what is served now
    elapsed: list[float]
    counters: int
    limited: bool  # some of the counters serve only some services
    variation: float
    speed: float
    intervals: str  # JSON, read only where an interval is asked for
    changes: rostered.Changes = ()  # what the roster opens and closes later today

    @property
    def opens(self) -> bool:
        """Whether a counter is to open later today."""
        return any(by > 0 for _, by in self.changes)

    @property
    def load_class(self) -> int:
        """How long the line is for its counters (foresight.intervals)."""
        return intervals.load_class(len(self.ahead), self.counters)

    def calibrated(self) -> Adaptive:
        """What is known about the honesty of this line's intervals."""
        stored = json.loads(self.intervals).get(str(self.load_class))
        return Adaptive.of(stored) if stored else Adaptive()

    def simulated(self, counters: int | None = None) -> waits.Floats:
        """Waits of everybody in the line and of whoever comes next, shape (runs, people + 1)."""
        number = self.counters if counters is None else counters
        served = min(number, len(self.busy))
        return waits.line(
            ahead=self.ahead,
            busy=self.busy[:served],
            elapsed=self.elapsed[:served],
            free=number - served,
            speed=self.speed,
            variation=self.variation,
            changes=self.changes,
            seed=len(self.ahead) + 1,
        )


def line_at(
    mall: str, agency_id: int, rank_at: datetime, now: datetime, service_id: int | None = None
) -> Line:
    """The queue before somebody ranked at `rank_at`: of an agency, or at its counters that serve this service."""
    asked = {"mall": mall, "agency": agency_id, "rank": rank_at, "now": now, "service": service_id}
    who, ahead, served, counters, limited, spread, speed, stored, day, minute = sql.one(_LINE, asked)
    # A roster speaks of the agency's counters; which of them serve only some services is not known beforehand.
    changes = rostered.changes(json.loads(day), float(minute), counters) if day and not limited else ()
    return Line(
        who=who,
        ahead=ahead,
        busy=[whole for whole, _ in served],
        elapsed=[gone for _, gone in served],
        counters=counters,
        limited=limited,
        variation=float(spread or waits.VARIATION),
        speed=float(speed or 1.0),
        intervals=stored or "{}",
        changes=changes,
    )


def expected_wait(line: Line) -> Any:
    """The wait of who joins this line t minutes from now, as a function of t: the queue drains, few come."""
    if line.counters == 0 and not line.opens:
        return lambda t: 24 * 60.0  # not open: last of all
    minutes = sum(line.ahead) / len(line.ahead) if line.ahead else 8.0
    left = sum(max(whole - gone, 0.0) for whole, gone in zip(line.busy, line.elapsed, strict=True))
    waiting = len(line.ahead) + left / minutes
    free = max(0, line.counters - len(line.busy))
    if not line.ahead and free:
        return lambda t: 0.0
    minutes *= line.speed
    if not line.changes:
        return order.fluid_wait(waiting, minutes, [float(line.counters)], [0.0], slot=24 * 60.0)
    counters = rostered.course(line.counters, line.changes)
    return order.fluid_wait(waiting, minutes, counters, [0.0] * len(counters), slot=rostered.STEP)
