"""The busy verbs of the floor as one SQL statement each. Services call these and write the ledger beside them."""

from datetime import datetime
from typing import Any

from django.db import connection

from gerai.agencies.models import Agency, Counter
from gerai.catalogue.models import Service
from gerai.visits.models import Errand, Visit

_ROW = """
e.id, e.visit_id, e.mall_id, e.agency_id, e.service_id, e.state, e.rank_at, e.joined_at, e.called_at,
e.started_at, e.ended_at, e.counter_id, e.permit_id, e.calls, e.sequence, e.application_id,
e.officer_id, e.said_low, e.said_high, e.hit, v.entrance, v.number, v.person_id,
v.priority, a.code, s.code, c.number
"""
_BESIDE = """
v.id = e.visit_id AND a.id = e.agency_id AND s.id = e.service_id AND c.id = e.counter_id
"""
_MINE = "d.person_id = %(person)s AND d.closed_at IS NULL AND d.counter_id = e.counter_id"
_TABLES = "visits_visit v, agencies_agency a, catalogue_service s, agencies_counter c"

# Locking the duty lets an officer's clicks in one by one; the next statement then sees what the last one did.
_LOCK = """
SELECT d.counter_id, d.mall_id, c.number,
    ARRAY(SELECT agency_id FROM agencies_counter_agencies ca WHERE ca.counter_id = d.counter_id),
    d.paused_at IS NOT NULL
FROM floor_duty d JOIN agencies_counter c ON c.id = d.counter_id
WHERE d.person_id = %(person)s AND d.closed_at IS NULL FOR UPDATE OF d
"""
# Whoever presses, each gets another row, and a row is taken once.
_CALL = f"""
UPDATE visits_errand e SET state = 'called', called_at = %(now)s, counter_id = %(counter)s,
    officer_id = %(person)s, calls = 1,
    hit = CASE WHEN e.said_low IS NULL THEN NULL
               ELSE extract(epoch FROM %(now)s - e.joined_at) / 60 BETWEEN e.said_low AND e.said_high END
FROM {_TABLES}
WHERE e.id = (
    SELECT w.id FROM visits_errand w
    WHERE w.mall_id = %(mall)s AND w.agency_id = ANY(%(agencies)s) AND w.state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM visits_visit away WHERE away.id = w.visit_id AND away.away_until > %(now)s)
    ORDER BY w.rank_at, w.id LIMIT 1 FOR UPDATE SKIP LOCKED
) AND NOT EXISTS (
    SELECT 1 FROM visits_errand x
    WHERE x.mall_id = %(mall)s AND x.counter_id = %(counter)s AND x.state IN ('called', 'serving')
) AND v.id = e.visit_id AND a.id = e.agency_id AND s.id = e.service_id AND c.id = %(counter)s
RETURNING {_ROW}
"""  # noqa: S608 - only our own constants
_START = f"""
UPDATE visits_errand e SET state = 'serving', started_at = %(now)s FROM floor_duty d, {_TABLES}
WHERE e.id = %(errand)s AND e.state = 'called' AND {_MINE} AND {_BESIDE} RETURNING {_ROW}
"""  # noqa: S608
_FINISH = f"""
UPDATE visits_errand e SET state = 'done', ended_at = %(now)s,
    started_at = coalesce(e.started_at, e.called_at, %(now)s)
FROM floor_duty d, {_TABLES}
WHERE e.id = %(errand)s AND e.state IN ('called', 'serving') AND {_MINE} AND {_BESIDE} RETURNING {_ROW}
"""  # noqa: S608


def _run(statement: str, **values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _errand(row: Any) -> Errand | None:
    """The changed row as the model that pages and the API know, with what stands beside it."""
    if row is None:
        return None
    names = [
        *("id", "visit_id", "mall_id", "agency_id", "service_id", "state", "rank_at", "joined_at"),
        *("called_at", "started_at", "ended_at", "counter_id", "permit_id", "calls", "sequence"),
        *("application_id", "officer_id", "said_low", "said_high", "hit"),
    ]
    errand = Errand(**dict(zip(names, row, strict=False)))
    errand._state.adding, errand._state.db = False, "default"
    entrance, number, person, priority, agency, service, counter = row[20:]
    errand.visit = Visit(
        id=errand.visit_id, entrance=entrance, number=number, person_id=person, priority=priority
    )
    errand.agency = Agency(id=errand.agency_id, code=agency)
    errand.service = Service(id=errand.service_id, code=service)
    errand.counter = Counter(id=errand.counter_id, number=counter)
    return errand


def lock_duty(person: Any) -> tuple[int, str, int, list[int], bool] | None:
    """The officer's counter id, mall, counter number, the agencies it serves, whether it pauses. It stays locked."""
    found: tuple[int, str, int, list[int], bool] | None = _run(_LOCK, person=person.pk)
    return found


def call(person: Any, counter: int, mall: str, agencies: list[int], now: datetime) -> Errand | None:
    """Take the lowest rank for a free counter; None where nobody waits or somebody is there."""
    return _errand(_run(_CALL, person=person.pk, counter=counter, mall=mall, agencies=agencies, now=now))


def start(person: Any, errand_id: int, now: datetime) -> Errand | None:
    """From called to serving, at this officer's counter only. None: it was not so."""
    return _errand(_run(_START, person=person.pk, errand=errand_id, now=now))


def finish(person: Any, errand_id: int, now: datetime) -> Errand | None:
    """To done, at this officer's counter only. None: it was not so."""
    return _errand(_run(_FINISH, person=person.pk, errand=errand_id, now=now))
