"""Waits of the live queues: what the look-ahead needs to know, what is told, what each call teaches.

`lines` reads the queues. `refresh` forecasts a whole queue in one pass, at most every 15
seconds of mall time (ruling "Queue"). `learn` keeps the intervals honest after each call.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gerai.core import sql
from gerai.foresight import learning, waits
from gerai.foresight.intervals import Adaptive
from gerai.foresight.waits import Wait
from gerai.visits.lines import Line, line_at
from gerai.visits.models import Calibration, Errand, Learnt
from gerai.visits.rules import State

EVERY = timedelta(seconds=15)
LEARN_FROM = timedelta(days=60)
TODAY = timedelta(hours=6)  # of calls by which the pace of the day is judged

_PACE = """
SELECT array_agg(extract(epoch FROM e.ended_at - e.started_at)::float8 / 60),
    array_agg(e.party * coalesce(l.minutes, s.counter_minutes)::float8)
FROM visits_errand e
JOIN catalogue_service s ON s.id = e.service_id LEFT JOIN visits_learnt l ON l.service_id = s.id
WHERE e.mall_id = %s AND e.agency_id = %s AND e.called_at > %s AND e.state = 'done' AND e.started_at IS NOT NULL
"""
_SERVED = """
SELECT e.service_id, s.counter_minutes, array_agg(extract(epoch FROM e.ended_at - e.started_at)::float8 / 60 / e.party)
FROM visits_errand e JOIN catalogue_service s ON s.id = e.service_id
WHERE e.mall_id = %s AND e.called_at > %s AND e.state = 'done' AND e.started_at IS NOT NULL
    AND e.ended_at > e.started_at
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A wait to tell, with what the model itself believed and the class it is judged in."""

    wait: Wait
    model_low: float
    model_high: float
    load_class: int


def tell(line: Line, counters: int | None = None) -> Told | None:
    """What to tell whoever comes at the end of this line. None while no counter is open and none is to be."""
    number = line.counters if counters is None else counters
    if not number and not line.opens:
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
    simulated, honest = line.simulated() if line.counters or line.opens else None, line.calibrated().interval
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
