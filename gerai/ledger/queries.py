"""Reading the ledger."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from gerai.ledger.models import Entry, Subscription

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
    with connection.cursor() as cursor:
        cursor.execute(_MALLS)
        return [mall for (mall,) in cursor.fetchall()]


def after(consumer: str, mall: str, *, limit: int, now: datetime) -> list[Entry]:
    """The next entries that a consumer has not acted on, in order, each with its position."""
    subscription = Subscription.objects.get(consumer=consumer, mall=mall)
    if subscription.retry_at and subscription.retry_at > now:
        return []
    return list(
        Entry.objects.filter(position__mall=mall, position__position__gt=subscription.position)
        .select_related("position")
        .order_by("position__position")[:limit]
    )


def stuck() -> QuerySet[Subscription]:
    """Consumers that fail at present."""
    return Subscription.objects.filter(failures__gt=0)
