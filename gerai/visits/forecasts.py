"""Waits of the live queues: what the look-ahead needs to know, what is told, what each call teaches.

`line_at` reads one agency's queue in one statement. `refresh` forecasts a whole queue in one pass, at most every 15
seconds of mall time (ruling "Queue"). `learn` keeps the intervals honest after each call.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gerai.core import sql
from gerai.foresight import intervals, learning, order, waits
from gerai.foresight.intervals import Adaptive
from gerai.foresight.waits import Wait
from gerai.visits.models import Calibration, Errand, Learnt
from gerai.visits.rules import State

EVERY = timedelta(seconds=15)
LEARN_FROM = timedelta(days=60)
TODAY = timedelta(hours=6)  # of calls by which the pace of the day is judged

# Who is ahead, who is served and for how long already, how many counters are open, what was learnt. One statement.
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
        array_agg(coalesce(l.minutes, s.counter_minutes)::float8 ORDER BY e.rank_at, e.id) AS minutes
    FROM visits_errand e
    JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
    WHERE e.mall_id = %(mall)s AND e.agency_id = %(agency)s AND e.state = 'waiting' AND e.rank_at < %(rank)s
        AND (%(service)s::bigint IS NULL OR coalesce((SELECT bool_or(whole) FROM mine), true)
            OR e.service_id IN (SELECT o.service_id FROM floor_duty_services o JOIN mine ON mine.id = o.duty_id))
)
SELECT coalesce(before.who, '{}'), coalesce(before.minutes, '{}'),
    ARRAY(SELECT ARRAY[coalesce(l.minutes, s.counter_minutes)::float8,
              greatest(0, extract(epoch FROM %(now)s - coalesce(e.started_at, e.called_at, %(now)s)) / 60)::float8]
          FROM visits_errand e JOIN mine ON mine.counter_id = e.counter_id
          JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
          WHERE e.mall_id = %(mall)s AND e.state IN ('called', 'serving')),
    (SELECT count(*) FROM mine), coalesce((SELECT NOT bool_and(whole) FROM mine), false),
    (SELECT avg(l.spread) FROM visits_learnt l JOIN catalogue_service s ON s.id = l.service_id
     WHERE s.agency_id = %(agency)s),
    c.speed, c.intervals::text
FROM before LEFT JOIN visits_calibration c ON c.agency_id = %(agency)s
"""
_PACE = """
SELECT array_agg(extract(epoch FROM e.ended_at - e.started_at)::float8 / 60),
    array_agg(coalesce(l.minutes, s.counter_minutes)::float8)
FROM visits_errand e
JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
WHERE e.mall_id = %s AND e.agency_id = %s AND e.called_at > %s AND e.state = 'done' AND e.started_at IS NOT NULL
"""
_SERVED = """
SELECT e.service_id, s.counter_minutes, array_agg(extract(epoch FROM e.ended_at - e.started_at)::float8 / 60)
FROM visits_errand e JOIN catalogue_service s ON s.id = e.service_id
WHERE e.mall_id = %s AND e.called_at > %s AND e.state = 'done' AND e.started_at IS NOT NULL
    AND e.ended_at > e.started_at
GROUP BY 1, 2
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
            seed=len(self.ahead) + 1,
        )


def line_at(
    mall: str, agency_id: int, rank_at: datetime, now: datetime, service_id: int | None = None
) -> Line:
    """The queue before somebody ranked at `rank_at`: of an agency, or at its counters that serve this service."""
    asked = {"mall": mall, "agency": agency_id, "rank": rank_at, "now": now, "service": service_id}
    who, ahead, served, counters, limited, spread, speed, stored = sql.one(_LINE, asked)
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
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A wait to tell, with what the model itself believed and the class it is judged in."""

    wait: Wait
    model_low: float
    model_high: float
    load_class: int


def tell(line: Line, counters: int | None = None) -> Told | None:
    """What to tell whoever comes at the end of this line. None while no counter is open: no promise is made then."""
    number = line.counters if counters is None else counters
    if number == 0:
        return None
    if number - len(line.busy) > len(line.ahead):  # a counter is left even when all before us have one
        return Told(Wait(0, 0.0, waits.TOLD_IN), 0.0, float(waits.TOLD_IN), line.load_class)
    last = line.simulated(counters)[:, -1]
    low, _, high = waits.bounds(last)
    found = waits.told(last, line.calibrated().interval)
    return Told(found, low, high, line.load_class) if found else None


def put(errand: Errand, told: Told | None) -> None:
    """Write on an errand (not saved) the wait that its visitor is told as it joins."""
    errand.said_low, errand.said_high = (told.wait.low, told.wait.high) if told else (None, None)
    errand.model_low, errand.model_high = (told.model_low, told.model_high) if told else (None, None)
    errand.load_class = told.load_class if told else None
    if told and errand.joined_at:
        errand.forecast_low_at = errand.joined_at + timedelta(minutes=told.wait.low)
        errand.forecast_high_at = errand.joined_at + timedelta(minutes=told.wait.high)


TOLD_FIELDS = [
    "said_low",
    "said_high",
    "model_low",
    "model_high",
    "load_class",
    "forecast_low_at",
    "forecast_high_at",
]


def expected_wait(line: Line) -> Any:
    """The wait of who joins this line t minutes from now, as a function of t: the queue drains, few come."""
    if line.counters == 0:
        return lambda t: 24 * 60.0  # not open: last of all
    minutes = sum(line.ahead) / len(line.ahead) if line.ahead else 8.0
    left = sum(max(whole - gone, 0.0) for whole, gone in zip(line.busy, line.elapsed, strict=True))
    waiting = len(line.ahead) + left / minutes
    free = max(0, line.counters - len(line.busy))
    if not line.ahead and free:
        return lambda t: 0.0
    return order.fluid_wait(waiting, minutes * line.speed, [float(line.counters)], [0.0], slot=24 * 60.0)


_STALE = """
SELECT a.id FROM agencies_agency a LEFT JOIN visits_calibration c ON c.agency_id = a.id
WHERE a.mall_id = %s AND a.code = ANY(%s) AND (c.forecast_at IS NULL OR c.forecast_at <= %s) ORDER BY a.id
"""


def refresh_moved(*, mall: str, agencies: set[str], now: datetime) -> None:
    """Forecast anew the queues of these agencies (codes) whose last pass is not fresh: nearly always none."""
    stale = sql.rows(_STALE, [mall, sorted(agencies), now - EVERY]) if agencies else []
    for (agency_id,) in stale:
        refresh(mall=mall, agency_id=agency_id, now=now)


@transaction.atomic
def refresh(*, mall: str, agency_id: int, now: datetime) -> int:
    """Forecast an agency's whole queue anew in one pass, unless the last pass is fresh. Returns how many were told."""
    calibration, _ = Calibration.objects.get_or_create(agency_id=agency_id)
    locked = Calibration.objects.select_for_update(skip_locked=True).filter(pk=calibration.pk).first()
    if locked is None or (locked.forecast_at and locked.forecast_at + EVERY > now):
        return 0
    locked.speed = _pace(mall, agency_id, now)
    locked.forecast_at = now
    locked.save(update_fields=["speed", "forecast_at"])
    waiting = list(
        Errand.objects.filter(mall_id=mall, agency_id=agency_id, state=State.WAITING).order_by(
            "rank_at", "id"
        )
    )
    line = line_at(mall, agency_id, now + timedelta(days=1), now)
    if not waiting or set(line.who) != {e.pk for e in waiting}:
        return 0  # somebody came or went this moment: the next pass sees it
    served = {e.service_id for e in waiting} if line.limited else {None}
    for service_id in served:
        _foretell([e for e in waiting if service_id in (None, e.service_id)], service_id, line, now)
    Errand.objects.bulk_update(waiting, ["forecast_low_at", "forecast_high_at"], batch_size=500)
    return len(waiting)


def _foretell(errands: list[Errand], service_id: int | None, line: Line, now: datetime) -> None:
    """When each of these (not saved) will be called, as they stand in the line of the counters that serve them."""
    if service_id is not None:
        agency = errands[0].agency_id
        line = line_at(errands[0].mall_id, agency, now + timedelta(days=1), now, service_id)
    places = {errand: place for place, errand in enumerate(line.who)}
    simulated, honest = line.simulated() if line.counters else None, line.calibrated().interval
    for errand in errands:
        place = places.get(errand.pk)
        known = simulated is not None and place is not None
        wait = waits.told(simulated[:, place], honest) if known else None  # type: ignore[index]
        errand.forecast_low_at = now + timedelta(minutes=wait.low) if wait else None
        errand.forecast_high_at = now + timedelta(minutes=wait.high) if wait else None


def _pace(mall: str, agency_id: int, now: datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute(_PACE, [mall, agency_id, now - TODAY])
        observed, expected = cursor.fetchone()
    return learning.speed_of_the_day(observed or [], expected or [])


# What a call teaches is taken from the errand in the same step: a repeated entry finds nothing.
_TAUGHT = """
UPDATE visits_errand e SET model_low = NULL, model_high = NULL FROM (
    SELECT id, coalesce(model_low, 0) AS low, model_high AS high FROM visits_errand
    WHERE id = ANY(%s) AND model_low IS NOT NULL AND model_high IS NOT NULL
        AND called_at IS NOT NULL AND joined_at IS NOT NULL ORDER BY id FOR UPDATE
) told WHERE e.id = told.id
RETURNING e.agency_id, coalesce(e.load_class, 0)::text, told.low, told.high,
    extract(epoch FROM e.called_at - e.joined_at)::float8 / 60, e.called_at
"""
_KNOWN = """
SELECT agency_id, intervals::text FROM visits_calibration WHERE agency_id = ANY(%s) ORDER BY agency_id FOR UPDATE
"""
_LEARNT = """
INSERT INTO visits_calibration AS c (agency_id, speed, intervals) VALUES (%(agency)s, 1.0, %(intervals)s::jsonb)
ON CONFLICT (agency_id) DO UPDATE SET intervals = c.intervals || excluded.intervals
"""


@transaction.atomic
def learn(*, errands: list[int]) -> None:
    """Each of these calls ended a wait: the agencies' intervals learn from it. Once per errand, even when repeated."""
    taught = sql.rows(_TAUGHT, [errands]) if errands else []
    if not taught:
        return
    agencies = sorted({row[0] for row in taught})
    stored = {agency: json.loads(text) for agency, text in sql.rows(_KNOWN, [agencies])}
    learnt: dict[int, dict[str, Any]] = {}
    for agency, key, low, high, waited, _ in sorted(taught, key=lambda row: row[5]):  # as the calls came
        known = stored.setdefault(agency, {})
        before = Adaptive.of(known[key]) if key in known else Adaptive()
        known[key] = learnt.setdefault(agency, {})[key] = before.learn(low, high, waited).as_json()
    for agency, new in sorted(learnt.items()):
        sql.act(_LEARNT, {"agency": agency, "intervals": json.dumps(new)})


@transaction.atomic
def learn_minutes(*, mall: str, now: datetime) -> int:
    """What services take here, from the last 60 days, drawn towards the catalogue's minutes. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVED, [mall, now - LEARN_FROM])
        rows = cursor.fetchall()
    for service_id, minutes, observed in rows:
        learnt = learning.service_time(minutes, observed)
        Learnt.objects.update_or_create(
            service_id=service_id,
            defaults={
                "served": learnt.learnt_from,
                "minutes": learnt.minutes,
                "spread": learnt.variation,
                "updated_at": now,
            },
        )
    return len(rows)
