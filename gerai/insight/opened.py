"""What became of the advice to open a counter: asked, answered, opened, and what it did. Reads only.

The mayor sees how often and how fast; who was asked is the agency's and the manager's affair.
"""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import QuerySet

from gerai.agencies.models import Agency, Mall
from gerai.floor.models import Advice


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a period: advices to open, those followed, median minutes until then, and mean waits told and measured."""

    given: int
    followed: int
    minutes: float | None
    told: float | None
    measured: float | None
    short: int  # times when no counter was left to open


def listed(mall: Mall, begin: datetime, end: datetime, agency: Agency | None = None) -> QuerySet[Advice]:
    """The advice of a period to open a counter, or that counters were short; the newest first."""
    found = Advice.objects.filter(mall=mall, kind__in=["open", "short"], made_at__gte=begin, made_at__lt=end)
    if agency is not None:
        found = found.filter(agency=agency)
    return found.select_related("agency").prefetch_related("calls__person").order_by("-made_at", "-pk")


def sums(advice: QuerySet[Advice]) -> Sums:
    """The figures of these."""
    rows = advice.prefetch_related(None).select_related(None)
    opened = list(rows.filter(kind="open").values_list("outcome", "made_at", "ended_at", "wait", "real_wait"))
    took = [(end - made).total_seconds() / 60 for how, made, end, _, _ in opened if how == "followed" and end]
    measured = [(wait, real) for _, _, _, wait, real in opened if real is not None]
    return Sums(
        given=len(opened),
        followed=len(took),
        minutes=median(took) if took else None,
        told=sum(wait for wait, _ in measured) / len(measured) if measured else None,
        measured=sum(real for _, real in measured) / len(measured) if measured else None,
        short=rows.filter(kind="short").count(),
    )
