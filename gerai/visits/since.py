"""From when somebody counts as waiting: the joining of the queue, for who comes early to an appointment its time.

Said once for Python, queries and SQL. What was told on joining is still judged from the joining (`forecasts`).
"""

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Greatest

from gerai.visits.models import Errand

SINCE = Greatest("joined_at", "slot_at")  # PostgreSQL passes over what is empty
WAITED = Greatest(
    ExpressionWrapper(F("called_at") - SINCE, DurationField()), Value(timedelta())
)  # until the call
# Of a called errand's row; `greatest` passes over what is empty here too.
WAITED_SECONDS = "greatest(0, round(extract(epoch FROM called_at - greatest(joined_at, slot_at))))"


def of(errand: Errand) -> datetime | None:
    """From when this errand's holder counts as waiting; None while it has not joined."""
    if errand.joined_at is None or errand.slot_at is None:
        return errand.joined_at
    return max(errand.joined_at, errand.slot_at)


def seconds(errand: Errand, now: datetime) -> int:
    """How long its holder has waited; 0 for who came early to an appointment, or before opening."""
    since = of(errand)
    return max(0, round((now - since).total_seconds())) if since else 0
