"""Writing the ledger, and giving its entries their place. `append` is called inside the transaction that
changes the state; `sequence` runs in the worker, after commit (then `delivery` hands on)."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from gerai.core import sql
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

# Every act of the whole product appends: one statement by hand costs half of what the ORM needs for it.
_APPEND = """
INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data, cause)
VALUES (%(mall)s, %(kind)s, %(subject)s, %(actor_kind)s, %(actor_id)s, %(at)s, %(json)s::jsonb, %(cause)s) RETURNING id
"""


def append(
    *,
    mall: str,
    kind: str,
    subject: str,
    actor: ActorRef,
    now: datetime,
    data: dict[str, Any] | None = None,
    cause: int | None = None,
) -> Entry:
    """Add one entry. `kind` is "room.past_tense"; `data` holds no personal data, only references."""
    values: dict[str, Any] = {
        "mall": mall,
        "kind": kind,
        "subject": subject,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "at": now,
        "cause": cause,
    }
    (pk,) = sql.one(_APPEND, {**values, "json": json.dumps(data or {})})
    entry = Entry(id=pk, data=data or {}, **values)
    entry._state.adding, entry._state.db = False, "default"
    return entry


def entries_of(rows: str, *, kind: str, subject: str, data: str) -> str:
    """
    SQL that adds an entry for each of `rows`, so that a busy verb changes and tells in one statement instead of two.

    `rows` names a common table expression with a column mall_id; `subject` and `data` are expressions over it. The
    values %(actor_kind)s, %(actor)s and %(now)s are those of `append`.
    """
    return f"""
INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data, cause)
SELECT mall_id, '{kind}', {subject}, %(actor_kind)s, %(actor)s, %(now)s, {data}, NULL::bigint FROM {rows}
"""  # noqa: S608 - only our own constants


# Entries of transactions below the horizon (the oldest transaction still running) can no longer be joined
# by an earlier one, so their order is final. `done_below` remembers the last horizon: each entry is read once.
_SEQUENCE = """
WITH fresh AS (
    SELECT id, mall FROM ledger_entry e
    WHERE {which}
), heads AS (
    SELECT mall, coalesce((SELECT max(position) FROM ledger_position p WHERE p.mall = m.mall), 0) AS head
    FROM (SELECT DISTINCT mall FROM fresh) m
)
INSERT INTO ledger_position (entry_id, mall, position)
SELECT f.id, f.mall, h.head + row_number() OVER (PARTITION BY f.mall ORDER BY f.id)
FROM fresh f JOIN heads h USING (mall)
"""
# What a restore brought keeps the transaction numbers of its old cluster, and this one reaches them some day: hence
# the second part, written so that it is looked up for the few fresh rows and never by reading all positions.
_FRESH = """e.xid >= %s::text::xid8 AND e.xid < %s::text::xid8
    AND (SELECT p.entry_id FROM ledger_position p WHERE p.entry_id = e.id) IS NULL"""
_LEFT_OVER = "NOT EXISTS (SELECT 1 FROM ledger_position p WHERE p.entry_id = e.id)"


_HEAD = "SELECT done_below, pg_snapshot_xmin(pg_current_snapshot())::text FROM ledger_sequencer WHERE id = 1 FOR UPDATE"
_DONE = "UPDATE ledger_sequencer SET done_below = %s WHERE id = 1"
_BEGIN = "INSERT INTO ledger_sequencer (id, done_below) VALUES (1, 0) ON CONFLICT DO NOTHING"


def _lock() -> tuple[int, str]:
    """Take the sequencer's one row, made at first use: how far it has come, and the horizon."""
    found = sql.row(_HEAD, [])
    if found is None:
        sql.act(_BEGIN, [])
        found = sql.one(_HEAD, [])
    return int(found[0]), str(found[1])


@transaction.atomic
def sequence() -> int:
    """
    Give every finished entry its gapless position in its mall. Returns how many.

    Safe to run anywhere, any number of times: the row lock lets one in at a time. (Who waited for the lock has an older
    horizon: it places less, never what is not final.)
    """
    done_below, horizon = _lock()
    if int(horizon) <= done_below:
        return 0
    placed = sql.act(_SEQUENCE.format(which=_FRESH), [str(done_below), horizon])
    if placed:
        sql.act(_DONE, [int(horizon)])
    return placed


@transaction.atomic
def sequence_restored() -> int:
    """
    Place what a restore brought without a position, and start counting transactions anew.

    A restored database lives in another cluster, whose transaction numbers begin low and grow through those of what
    was restored. Run before anything else connects.
    """
    _lock()
    placed = sql.act(_SEQUENCE.format(which=_LEFT_OVER), [])
    sql.act("UPDATE ledger_sequencer SET done_below = pg_current_xact_id()::text::bigint WHERE id = 1", [])
    return placed


def hint() -> None:
    """Wake whoever waits for what the consumers do (`LISTEN ledger`), once a round; they read for themselves."""
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY ledger")
