"""Handing entries on: each consumer gets every entry of a mall once it has its place, in order, at least once.

Runs in the worker. A busy hall writes hundreds of entries a second, so whatever can be said once for many is: where the
consumers stand is one question, one reading serves them all, and those that have nothing to do go on together.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gerai.core import sql
from gerai.ledger import queries
from gerai.ledger.models import Entry, Subscription
from gerai.ledger.rules import retry_after

log = logging.getLogger(__name__)
BATCH = 500
TOGETHER = 25  # entries in one transaction: a longer one would hold up the sequencer

# Whoever comes second waits here for the first, and then finds that it has moved.
_GO_ON = """
UPDATE ledger_subscription SET position = %s, failures = 0, error = '', retry_at = NULL
WHERE mall = %s AND consumer = %s AND position = %s
"""
_SKIP = """
UPDATE ledger_subscription SET position = %s WHERE mall = %s AND consumer = ANY(%s) AND position = %s
"""
Consumer = Callable[[Any], None]


def deliver(*, mall: str, consumers: Mapping[str, Consumer], now: datetime) -> int:
    """
    Hand the next entries of one mall to its consumers. Returns how many entries and steps were gone on.

    Some go together in one transaction, for each transaction costs as much as what is done in it. A failing entry is
    rolled back and tried again later with growing pauses; it holds up this consumer for this mall only, and its
    error stands in the subscription for all to see.
    """
    done = 0
    read: dict[int, list[Entry]] = {}  # by where a consumer stands: mostly all at the same place
    idle: dict[tuple[int, int], list[str]] = {}
    for consumer, at in queries.places(mall, list(consumers), now).items():
        if at not in read:
            read[at] = queries.after(mall, at, limit=BATCH)
        entries, handle = read[at], consumers[consumer]
        followed = [e for e in entries if e.kind.startswith(getattr(handle, "kinds", ""))]
        if followed:
            done += _hand(mall, consumer, handle, at, deque(_parts(followed, entries[-1])), now)
        elif entries:
            idle.setdefault((at, entries[-1].position.position), []).append(consumer)
    for (at, reached), names in idle.items():
        done += sql.act(_SKIP, [reached, mall, names, at])
    return done


def _parts(followed: list[Entry], last: Entry) -> Iterator[tuple[list[Entry], int]]:
    """What is handed on together, and the position that is reached with it. Kinds not followed pass by."""
    for begin in range(0, len(followed), TOGETHER):
        part = followed[begin : begin + TOGETHER]
        end = last if begin + TOGETHER >= len(followed) else part[-1]
        yield part, end.position.position


def _hand(
    mall: str,
    consumer: str,
    handle: Consumer,
    at: int,
    parts: "deque[tuple[list[Entry], int]]",
    now: datetime,
) -> int:
    done = 0
    while parts:
        part, reached = parts.popleft()
        try:
            with transaction.atomic():
                if not sql.act(_GO_ON, [reached, mall, consumer, at]):  # another worker is at it
                    return done
                if getattr(handle, "together", False):
                    handle(part)
                else:
                    for entry in part:
                        handle(entry)
        except Exception as error:
            if len(part) > 1:  # one of them: each by itself finds which
                ends = [entry.position.position for entry in part[:-1]] + [reached]
                parts.extendleft(
                    ([entry], end) for entry, end in reversed(list(zip(part, ends, strict=True)))
                )
                continue
            _rest(mall, consumer, part[0], error, now)
            return done
        at = reached
        done += len(part)
    return done


def _rest(mall: str, consumer: str, entry: Entry, error: Exception, now: datetime) -> None:
    """It failed: said for all to see, and tried again after a pause."""
    log.exception("consumer %s stops at %s %s", consumer, mall, entry.position.position)
    with transaction.atomic():
        failed = Subscription.objects.select_for_update().get(consumer=consumer, mall=mall)
        failed.failures += 1
        failed.error = f"{entry.kind} {entry.pk}: {error!r}"[:2000]
        failed.retry_at = now + timedelta(seconds=retry_after(failed.failures))
        failed.save()
