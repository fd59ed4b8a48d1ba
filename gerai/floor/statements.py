"""The busy verbs of the floor, each one SQL statement: the change, its entry in the ledger, the hint to boards."""

from datetime import date, datetime
from typing import Any, NamedTuple

from gerai.agencies.models import Agency, Counter
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.ledger import services as ledger
from gerai.visits import services as visits
from gerai.visits import since
from gerai.visits.models import Errand, Visit

_FIELDS = [field.attname for field in Errand._meta.concrete_fields]
_ROW = f"""
{", ".join(f"e.{field.column}" for field in Errand._meta.concrete_fields)},
v.entrance, v.number, v.person_id, v.priority, a.code AS agency, s.code AS service, c.number AS counter
"""
_BESIDE = """
v.id = e.visit_id AND a.id = e.agency_id AND s.id = e.service_id AND c.id = e.counter_id
"""
_MINE = "d.person_id = %(person)s AND d.closed_at IS NULL AND d.counter_id = e.counter_id"
_HINT = ", pg_notify('floor', mall_id)"
_TABLES = "visits_visit v, agencies_agency a, catalogue_service s, agencies_counter c"


def _told(change: str, kind: str, data: str = "", hint: str = "", first: str = "") -> str:
    """The change of an errand and its entry in the ledger as one statement, with a hint for boards and phones."""
    whole = f"jsonb_build_object('errand', id, 'agency', agency, 'service', service{data})"
    entry = ledger.entries_of("changed", kind=kind, subject="'visit:' || visit_id", data=whole)
    return f"WITH {first} changed AS ({change}), told AS ({entry}) SELECT *{hint} FROM changed"  # noqa: S608


# Locking the duty lets an officer's clicks in one by one; the next statement then sees what the last one did.
_LOCK = """
SELECT d.id, d.counter_id, d.mall_id, c.number, d.paused_at IS NOT NULL
FROM floor_duty d JOIN agencies_counter c ON c.id = d.counter_id
WHERE d.person_id = %(person)s AND d.closed_at IS NULL FOR UPDATE OF d
"""
# The same inside a statement: who signed off or paused meanwhile calls nobody.
_DUTY = """
duty AS (
    SELECT d.counter_id, d.mall_id,
        ARRAY(SELECT agency_id FROM agencies_counter_agencies ca WHERE ca.counter_id = d.counter_id) AS agencies,
        ARRAY(SELECT service_id FROM floor_duty_services ds WHERE ds.duty_id = d.id) AS services
    FROM floor_duty d JOIN agencies_counter c ON c.id = d.counter_id
    WHERE d.person_id = %(person)s AND d.closed_at IS NULL AND d.paused_at IS NULL
        AND c.number = coalesce(%(at)s, c.number) FOR UPDATE OF d
)
"""
_CALLED = """
UPDATE visits_errand e SET state = 'called', called_at = %(now)s, counter_id = (SELECT counter_id FROM duty),
    officer_id = %(person)s, calls = 1,
    hit = CASE WHEN e.hit IS NOT NULL OR e.said_low IS NULL THEN e.hit
               ELSE extract(epoch FROM %(now)s - e.joined_at) / 60 BETWEEN e.said_low AND e.said_high END
"""
# The index on (mall, agency, rank_at) gives each agency's queue in order; a duty that serves only some services
# passes over the others in it.
_SERVED = """
w.mall_id = (SELECT mall_id FROM duty) AND w.agency_id = ANY((SELECT agencies FROM duty)::bigint[])
    AND w.state = 'waiting' AND (cardinality((SELECT services FROM duty)::bigint[]) = 0
        OR w.service_id = ANY((SELECT services FROM duty)::bigint[]))
"""
_FREE = """
NOT EXISTS (SELECT 1 FROM visits_errand x WHERE x.mall_id = (SELECT mall_id FROM duty)
    AND x.counter_id = (SELECT counter_id FROM duty) AND x.state IN ('called', 'serving'))
    AND v.id = e.visit_id AND a.id = e.agency_id AND s.id = e.service_id AND c.id = (SELECT counter_id FROM duty)
"""
# Whoever presses, each gets another row, and a row is taken once.
_CALL = _told(
    f"""
{_CALLED} FROM {_TABLES}
WHERE e.id = (
    SELECT w.id FROM visits_errand w
    WHERE {_SERVED} AND NOT EXISTS (
        SELECT 1 FROM visits_visit away WHERE away.id = w.visit_id AND away.away_until > %(now)s)
    ORDER BY w.rank_at, w.id LIMIT 1 FOR UPDATE SKIP LOCKED
) AND {_FREE} RETURNING {_ROW}
""",  # noqa: S608 - only our own constants
    "floor.called",
    f", 'counter', counter, 'wait_s', {since.WAITED_SECONDS}::int",
    _HINT,
    _DUTY + ",",
)
# A chosen number: whoever comes second waits here for the first, and then finds it called.
_CALL_NUMBER = f"""
WITH {_DUTY} {_CALLED} FROM {_TABLES}
WHERE e.id = (
    SELECT w.id FROM visits_errand w JOIN visits_visit chosen ON chosen.id = w.visit_id
    WHERE {_SERVED} AND (chosen.day, chosen.entrance, chosen.number) = (%(day)s, %(entrance)s, %(number)s)
    FOR UPDATE OF w
) AND e.state = 'waiting' AND {_FREE} RETURNING {_ROW}
"""  # noqa: S608
_AHEAD = f"""
WITH {_DUTY} SELECT count(*) FROM visits_errand w WHERE {_SERVED} AND (w.rank_at, w.id) < (%(rank)s, %(errand)s)
"""  # noqa: S608
_START = _told(
    f"""
UPDATE visits_errand e SET state = 'serving', started_at = %(now)s FROM floor_duty d, {_TABLES}
WHERE e.id = %(errand)s AND e.state = 'called' AND {_MINE} AND {_BESIDE} RETURNING {_ROW}
""",  # noqa: S608
    "floor.started",
)
_DONE = """
state = 'done', ended_at = %(now)s, outcome = %(outcome)s,
    note = CASE WHEN %(note)s = '' THEN e.note ELSE %(note)s END,
    started_at = coalesce(e.started_at, e.called_at, %(now)s)
"""
_FINISHED = (
    "floor.finished",
    ", 'serve_s', round(extract(epoch FROM ended_at - started_at))::int, 'outcome', outcome, "
    "'handed_over', %(handed_over)s::boolean",
    _HINT,
)
_FINISH = _told(
    f"""
UPDATE visits_errand e SET {_DONE} FROM floor_duty d, {_TABLES}
WHERE e.id = %(errand)s AND e.state IN ('called', 'serving') AND {_MINE} AND {_BESIDE} RETURNING {_ROW}
""",  # noqa: S608
    *_FINISHED,
)
# The last errand and its visit end together, or neither: first the errand is locked as it is now, then the visit ends
# if nothing else is left in it, then the errand.
_FINISH_LAST = _told(
    f"""
UPDATE visits_errand e SET {_DONE} FROM ended, {_TABLES}
WHERE e.id = %(errand)s AND ended.id = e.visit_id AND {_BESIDE} RETURNING {_ROW}
""",  # noqa: S608
    *_FINISHED,
    f"""
this AS (
    SELECT e.id, e.visit_id FROM visits_errand e, floor_duty d
    WHERE e.id = %(errand)s AND e.state IN ('called', 'serving') AND {_MINE} FOR UPDATE OF e
), ended AS ({visits.end_of("this.visit_id", "this.id", "this")} RETURNING v.id),
""",  # noqa: S608
)


def _run(statement: str, **values: Any) -> Any:
    return sql.row(statement, values)


def _errand(row: Any) -> Errand | None:
    """The changed row as the model that all others know, with what was read beside it; more is read when asked for."""
    if row is None:
        return None
    own = len(_FIELDS)
    errand = Errand.from_db("default", _FIELDS, row[:own])
    entrance, number, person, priority, agency, service, counter = row[own : own + 7]
    errand.visit = Visit.from_db(
        "default",
        ["id", "entrance", "number", "person_id", "priority"],
        [errand.visit_id, entrance, number, person, priority],
    )
    errand.agency = Agency.from_db("default", ["id", "code"], [errand.agency_id, agency])
    errand.service = Service.from_db("default", ["id", "code"], [errand.service_id, service])
    errand.counter = Counter.from_db("default", ["id", "number"], [errand.counter_id, counter])
    return errand


class Place(NamedTuple):
    """Where an officer works: the duty's row is locked until the transaction ends."""

    duty: int
    counter: int
    mall: str
    number: int
    paused: bool


def lock_duty(person: Any) -> Place | None:
    """The officer's place, locked; None without an open duty."""
    found = _run(_LOCK, person=person.pk)
    return Place(*found) if found else None


def _officer(person: Any, now: datetime) -> dict[str, Any]:
    return {"person": person.pk, "actor_kind": "person", "actor": str(person.pk), "now": now}


def call(person: Any, now: datetime, at: int | None = None) -> Errand | None:
    """
    Take the lowest rank for a free counter. None: nobody waits, somebody is there, a pause, or no duty (`at` this one).

    A transaction by itself, if none is open.

    :raises django.db.IntegrityError: if a click at the same moment was first; not where the duty is locked before
    """
    return _errand(_run(_CALL, **_officer(person, now), at=at))


def call_number(person: Any, day: date, entrance: str, number: int, now: datetime) -> Errand | None:
    """Take this number for a free counter; None where it does not wait for it or somebody is there."""
    chosen = {"day": day, "entrance": entrance, "number": number}
    return _errand(_run(_CALL_NUMBER, **_officer(person, now), at=None, **chosen))


def ahead(person: Any, errand: Errand) -> int:
    """How many wait for this officer's counter whose turn is before this errand's."""
    found = _run(_AHEAD, person=person.pk, at=None, rank=errand.rank_at, errand=errand.pk)
    return int(found[0])


def start(person: Any, errand_id: int, now: datetime) -> Errand | None:
    """From called to serving, at this officer's counter only. None: it was not so."""
    return _errand(_run(_START, **_officer(person, now), errand=errand_id))


def finish(
    person: Any, errand_id: int, outcome: str, note: str, handed_over: bool, now: datetime
) -> Errand | None:
    """To done, at this officer's counter only. None: it was not so."""
    said = {"outcome": outcome, "note": note, "handed_over": handed_over}
    return _errand(_run(_FINISH, **_officer(person, now), errand=errand_id, **said))


def finish_last(person: Any, errand_id: int, outcome: str, note: str, now: datetime) -> Errand | None:
    """The last errand to done, and its visit ends: one act, a transaction by itself. None: it was not so."""
    said = {"outcome": outcome, "note": note, "handed_over": False}
    return _errand(_run(_FINISH_LAST, **_officer(person, now), errand=errand_id, **said))
