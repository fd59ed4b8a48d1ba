"""Reading the ledger."""

from datetime import datetime

from django.db.models import QuerySet

from gerai.core import sql
from gerai.ledger.models import Entry, Position, Subscription

_MALLS = """
WITH RECURSIVE found AS (
    (SELECT mall FROM ledger_position ORDER BY mall LIMIT 1)
    UNION ALL
    SELECT (SELECT p.mall FROM ledger_position p WHERE p.mall > found.mall ORDER BY p.mall LIMIT 1)
    FROM found WHERE found.mall IS NOT NULL
)
SELECT mall FROM found WHERE mall IS NOT NULL
"""


def history(mall: str, subject: str) -> QuerySet[Entry]:
    """Everything that happened to one subject, oldest first."""
    return Entry.objects.filter(mall=mall, subject=subject).order_by("id")


def last(mall: str) -> int:
    """The id of a mall's newest entry; 0 before there is any."""
    return Entry.objects.filter(mall=mall).order_by("-id").values_list("id", flat=True).first() or 0


def malls() -> list[str]:
    """The malls that have a history. Steps over each mall's entries: a million of them are not read."""
    return [mall for (mall,) in sql.rows(_MALLS, [])]


_PLACES = """
SELECT consumer, position FROM ledger_subscription
WHERE mall = %s AND consumer = ANY(%s) AND (retry_at IS NULL OR retry_at <= %s)
"""
_NEW = """
INSERT INTO ledger_subscription (consumer, mall, position, failures, error)
SELECT unnest(%s::text[]), %s, 0, 0, '' ON CONFLICT DO NOTHING
"""


def places(mall: str, consumers: list[str], now: datetime) -> dict[str, int]:
    """Up to where each consumer has read a mall's history; those that rest after a failure are left out."""
    found = dict(sql.rows(_PLACES, [mall, consumers, now]))
    if len(found) < len(consumers) and sql.act(_NEW, [consumers, mall]):  # one rests, or is new here
        found = dict(sql.rows(_PLACES, [mall, consumers, now]))
    return {name: found[name] for name in consumers if name in found}


_AFTER = f"""
SELECT {sql.columns(Entry, "e")}, p.position FROM ledger_position p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.mall = %s AND p.position > %s ORDER BY p.position LIMIT %s
"""  # noqa: S608 - only our own constants


def after(mall: str, position: int, *, limit: int) -> list[Entry]:
    """The next entries of a mall behind a position, in order, each with its own."""
    found = []
    for row in sql.rows(_AFTER, [mall, position, limit]):
        entry: Entry = sql.built(Entry, row[:-1])
        entry.position = Position.from_db(
            "default", ["entry_id", "mall", "position"], [entry.pk, mall, row[-1]]
        )
        found.append(entry)
    return found


def stuck() -> QuerySet[Subscription]:
    """Consumers that fail at present."""
    return Subscription.objects.filter(failures__gt=0)
