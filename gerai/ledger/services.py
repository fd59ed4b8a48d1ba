"""Writing the ledger, and giving its entries their place. `append` is called inside the transaction that
changes the state; `sequence` and `deliver` run in the worker, after commit."""

import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gerai.core import sql
from gerai.ledger import queries
from gerai.ledger.models import Entry, Subscription
from gerai.ledger.rules import ActorRef, retry_after

log = logging.getLogger(__name__)
BATCH = 500
TOGETHER = 25  # entries in one transaction: a longer one would hold up the sequencer


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
_FRESH = "e.xid >= %s::text::xid8 AND e.xid < %s::text::xid8"
_LEFT_OVER = "NOT EXISTS (SELECT 1 FROM ledger_position p WHERE p.entry_id = e.id)"


def _lock(cursor: Any) -> int:
    """Take the sequencer's one row, made at first use, and tell how far it has come."""
    cursor.execute("INSERT INTO ledger_sequencer (id, done_below) VALUES (1, 0) ON CONFLICT DO NOTHING")
    cursor.execute("SELECT done_below FROM ledger_sequencer WHERE id = 1 FOR UPDATE")
    return int(cursor.fetchone()[0])


@transaction.atomic
def sequence() -> int:
    """
    Give every finished entry its gapless position in its mall. Returns how many.

    Safe to run anywhere, any number of times: the row lock lets one in at a time.
    """
    with connection.cursor() as cursor:
        done_below = _lock(cursor)
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        horizon = cursor.fetchone()[0]
        if int(horizon) <= done_below:
            return 0
        cursor.execute(_SEQUENCE.format(which=_FRESH), [str(done_below), horizon])
        placed = int(cursor.rowcount)
        if placed:
            cursor.execute("UPDATE ledger_sequencer SET done_below = %s WHERE id = 1", [int(horizon)])
        return placed


@transaction.atomic
def sequence_restored() -> int:
    """
    Place what a restore brought without a position, and start counting transactions anew.

    A restored database lives in another cluster, whose transaction numbers begin low. Run before anything
    else connects.
    """
    with connection.cursor() as cursor:
        _lock(cursor)
        cursor.execute(_SEQUENCE.format(which=_LEFT_OVER))
        placed = int(cursor.rowcount)
        cursor.execute(
            "UPDATE ledger_sequencer SET done_below = pg_current_xact_id()::text::bigint WHERE id = 1"
        )
        return placed


def deliver(*, consumer: str, mall: str, handle: Callable[[Entry], None], now: datetime) -> int:
    """
    Hand the next entries of one mall to one consumer, in order, at least once. Returns how many went well.

    Some go together in one transaction, for each transaction costs as much as what is done in it. A failing entry is
    rolled back and tried again later with growing pauses; it holds up this consumer for this mall only, and its
    error stands in the subscription for all to see.
    """
    at = Subscription.objects.get_or_create(consumer=consumer, mall=mall)[0].position
    mine = Subscription.objects.filter(consumer=consumer, mall=mall)
    kinds: tuple[str, ...] = getattr(handle, "kinds", ("",))
    parts = deque(_parts(queries.after(consumer, mall, limit=BATCH, now=now), kinds))
    done = 0
    while parts:
        part, reached = parts.popleft()
        try:
            with transaction.atomic():
                locked = mine.select_for_update(skip_locked=True).filter(position=at).first()
                if locked is None:  # another worker is at it
                    return done
                for entry in part:
                    handle(entry)
                locked.position, locked.failures, locked.error, locked.retry_at = reached, 0, "", None
                locked.save()
        except Exception as error:
            if not part:  # nobody's entry: the database itself
                raise
            if len(part) > 1:  # one of them: each by itself finds which
                parts.extendleft(([entry], entry.position.position) for entry in reversed(part))
                continue
            entry = part[0]
            log.exception("consumer %s stops at %s %s", consumer, mall, entry.position.position)
            with transaction.atomic():
                failed = mine.select_for_update().get()
                failed.failures += 1
                failed.error = f"{entry.kind} {entry.pk}: {error!r}"[:2000]
                failed.retry_at = now + timedelta(seconds=retry_after(failed.failures))
                failed.save()
            return done
        at = reached
        done += len(part) or 1
    return done


def _parts(entries: list[Entry], kinds: tuple[str, ...]) -> Iterator[tuple[list[Entry], int]]:
    """What is handed on together, and the position that is reached with it. Kinds not followed pass by."""
    part: list[Entry] = []
    for entry in entries:
        if entry.kind.startswith(kinds):
            part.append(entry)
        if len(part) == TOGETHER or entry is entries[-1]:
            yield part, entry.position.position
            part = []


def hint() -> None:
    """Wake whoever waits for what the consumers do (`LISTEN ledger`), once a round; they read for themselves."""
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY ledger")
