"""Reading the ledger for leaders: one aggregate gives all figures of all agencies."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Min, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.floor import absent
from gerai.insight import rules
from gerai.insight.indicators import ALL_KINDS, INDICATORS, Indicator
from gerai.ledger.models import Entry
from gerai.permits import waiting as permits
from gerai.reviews import leaving
from gerai.reviews import queries as reviews
from gerai.visits import since
from gerai.visits.models import Errand

# What an officer took back the same day was nothing: neither a call nor an end.
_STANDS = """
NOT (kind LIKE 'floor.%%' AND id IN (
    SELECT u.cause FROM ledger_entry u
    WHERE u.mall = %(mall)s AND u.kind = 'floor.undone' AND u.cause IS NOT NULL
        AND u.at >= %(begin)s AND u.at < %(end)s + interval '1 day'))
"""
_CALLED = "kind IN ('floor.called', 'floor.called_out_of_order')"
_SUMS = f"""
SELECT data->>'agency', grouping(data->>'agency'),
    count(*) FILTER (WHERE kind = 'floor.finished'),
    count((data->>'wait_s')::float) FILTER (WHERE {_CALLED}),
    coalesce(sum((data->>'wait_s')::float) FILTER (WHERE {_CALLED}), 0),
    count(*) FILTER (WHERE kind = 'reviews.decided'),
    count(*) FILTER (WHERE kind = 'reviews.decided' AND (data->>'on_time')::boolean),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (data->>'working_days')::float)
        FILTER (WHERE kind = 'reviews.decided'),
    count(*) FILTER (WHERE kind = 'applications.submitted'),
    count(*) FILTER (WHERE kind = 'applications.submitted' AND data->>'channel' = 'online'),
    count(DISTINCT data->>'number') FILTER (WHERE kind IN ('applications.submitted', 'reviews.returned')),
    count(DISTINCT data->>'number') FILTER (WHERE kind = 'reviews.returned'),
    count((data->>'score')::float) FILTER (WHERE kind = 'feedback.rated'),
    coalesce(sum((data->>'score')::float) FILTER (WHERE kind = 'feedback.rated'), 0),
    count(DISTINCT subject) FILTER (WHERE kind IN ('feedback.complained', 'feedback.answered')),
    count(DISTINCT subject) FILTER (WHERE kind = 'feedback.answered'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (data->>'calendar_days')::float)
        FILTER (WHERE kind = 'reviews.decided')
FROM ledger_entry
WHERE mall = %(mall)s AND kind = ANY(%(kinds)s) AND at >= %(begin)s AND at < %(end)s AND {_STANDS}
GROUP BY GROUPING SETS ((data->>'agency'), ())
"""  # noqa: S608 - only our own constants
_DAYS = f"""
SELECT data->>'agency', (at AT TIME ZONE %(zone)s)::date, count(*) FROM ledger_entry
WHERE mall = %(mall)s AND kind IN ('floor.finished', 'reviews.decided') AND at >= %(begin)s AND at < %(end)s
    AND {_STANDS}
GROUP BY 1, 2
"""  # noqa: S608
_UNANSWERED = """
SELECT e.data->>'agency', count(DISTINCT e.subject), min(e.at) FROM ledger_entry e
WHERE e.mall = %s AND e.kind = 'feedback.complained' AND e.at <= %s AND NOT EXISTS (
    SELECT 1 FROM ledger_entry a
    WHERE a.mall = e.mall AND a.subject = e.subject AND a.kind = 'feedback.answered')
GROUP BY 1
"""
_ACTIVE = """
SELECT data->>'agency', max(at) FROM ledger_entry
WHERE mall = %s AND at >= %s AND at <= %s AND actor_kind = 'person'
    AND (kind LIKE 'floor.%%' OR kind LIKE 'reviews.%%')
GROUP BY 1
"""
HEADLINE = (
    ("served", "day"),
    ("wait", "day"),
    ("on_time", "month"),
    ("days", "month"),
    ("satisfaction", "month"),
)


def _rows(statement: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        return list(cursor.fetchall())


def day_began(mall: Mall, now: datetime) -> datetime:
    """Midnight of today on the mall's clock."""
    here = now.astimezone(ZoneInfo(mall.timezone))
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def period(mall: Mall, span: str, now: datetime) -> tuple[datetime, datetime]:
    """The half-open period: "day" is today, anything else the last 30 days with today."""
    begin = day_began(mall, now)
    if span != "day":
        begin -= timedelta(days=rules.PERIOD_DAYS - 1)
    return begin, now + timedelta(microseconds=1)


def sums(mall: Mall, begin: datetime, end: datetime) -> dict[str | None, rules.Sums]:
    """The sums of each agency by code; the whole mall under None."""
    found: dict[str | None, rules.Sums] = {}
    for code, whole, *values in _rows(_SUMS, mall=mall.code, kinds=ALL_KINDS, begin=begin, end=end):
        if whole or code is not None:
            found[None if whole else code] = rules.Sums(*values)
    return found


def lines(mall: Mall, now: datetime) -> dict[str, str]:
    """For each agency the drawing of finished errands and decisions per day, 30 days."""
    begin, end = period(mall, "month", now)
    today = day_began(mall, now).date()
    counted: dict[str, dict[Any, int]] = {}
    for code, day, count in _rows(_DAYS, zone=mall.timezone, mall=mall.code, begin=begin, end=end):
        counted.setdefault(code, {})[day] = count
    days = rules.days_before(today, rules.PERIOD_DAYS)
    return {code: rules.line([per_day.get(day, 0) for day in days]) for code, per_day in counted.items()}


def _silent(mall: Mall, live: list[Agency], now: datetime) -> dict[str, int]:
    """Agencies whose people did nothing here for six working days or more, and for how many."""
    calendar = agencies.calendar(mall)
    begin = day_began(mall, now) - timedelta(days=60)
    seen = dict(_rows(_ACTIVE, mall.code, begin, now))
    today = calendar.local(now).date()
    found = {}
    for agency in live:
        last = max(filter(None, (seen.get(agency.code), agency.live_at, begin)))
        days = calendar.working_days_between(calendar.local(last).date(), today)
        if days >= rules.SILENT_DAYS:
            found[agency.code] = days
    return found


def _late(mall: Mall, now: datetime) -> dict[str, int]:
    return {code: count for code, (count, _) in reviews.late(mall, now).items()}


def alarms(mall: Mall, now: datetime) -> list[rules.Alarm]:
    """What needs attention at this moment."""
    long_ago = now - rules.LONG_WAIT
    waiting = Errand.objects.alias(since=since.SINCE).filter(
        mall=mall, state="waiting", joined_at__gt=day_began(mall, now), since__lt=long_ago
    )
    counted = waiting.values_list("agency__code").annotate(n=Count("id"), first=Min(since.SINCE))
    return rules.alarms(
        late=reviews.late(mall, now),
        waiting={code: (count, first) for code, count, first in counted},
        # A complaint about the mall itself names no agency.
        unanswered={code or "": (n, first) for code, n, first in _rows(_UNANSWERED, mall.code, now)},
        unsigned=permits.stuck_by_agency(mall, now),
        unsignable=leaving.without_signer(mall),
        silent=_silent(mall, list(agencies.agencies(mall)), now),
        unmanned=[one.code for one in absent.unmanned(mall, now)],
    )


def _cells(values: dict[str, float | None]) -> list[dict[str, Any]]:
    return [
        {
            "indicator": i,
            "value": values[i.key],
            "verdict": rules.verdict(values[i.key], i.target, low_is_good=i.low_is_good),
        }
        for i in INDICATORS
    ]


def table(mall: Mall, span: str, now: datetime, agency: Agency | None = None) -> list[dict[str, Any]]:
    """One row for each live agency (or the one given) with every indicator's value; those without data last."""
    begin, end = period(mall, span, now)
    counted, late, drawn = sums(mall, begin, end), _late(mall, now), lines(mall, now)
    rows = []
    for one in [agency] if agency else agencies.agencies(mall):
        overdue = late.get(one.code, 0 if one.code in counted else None)
        values = rules.figures(counted.get(one.code, rules.Sums()), overdue)
        empty = not any(value is not None for value in values.values())
        rows.append({"agency": one, "line": drawn.get(one.code, ""), "cells": _cells(values), "empty": empty})
    return sorted(rows, key=lambda row: row["empty"])


def headline(mall: Mall, now: datetime) -> list[dict[str, Any]]:
    """The five figures of the whole mall: two of today, three of 30 days, each beside the time before."""
    known: dict[str, tuple[dict[str, float | None], dict[str, float | None]]] = {}
    for span in {span for _, span in HEADLINE}:
        begin, end = period(mall, span, now)
        back = timedelta(days=7 if span == "day" else rules.PERIOD_DAYS)
        known[span] = (_whole(mall, begin, end), _whole(mall, begin - back, end - back))
    return [
        {"key": key, "span": span, "value": known[span][0][key], "before": known[span][1][key]}
        for key, span in HEADLINE
    ]


def _whole(mall: Mall, begin: datetime, end: datetime) -> dict[str, float | None]:
    """The figures of the whole mall that a period makes; what is late now belongs to no period."""
    return rules.figures(sums(mall, begin, end).get(None, rules.Sums()), None)


def value_of(
    mall: Mall, key: str, begin: datetime, end: datetime, now: datetime, agency: Agency | None = None
) -> float | None:
    """One figure of the mall, or of one agency."""
    counted = sums(mall, begin, end)
    late = _late(mall, now)
    mine = late.get(agency.code, 0) if agency else sum(late.values())
    return rules.figures(counted.get(agency.code if agency else None, rules.Sums()), mine)[key]


def entries(
    mall: Mall, indicator: Indicator, begin: datetime, end: datetime, agency: Agency | None = None
) -> QuerySet[Entry]:
    """The entries a figure is made of, newest first."""
    undone = Entry.objects.filter(
        mall=mall.code,
        kind="floor.undone",
        at__gte=begin,
        at__lt=end + timedelta(days=1),
        cause__isnull=False,
    )
    found = Entry.objects.filter(mall=mall.code, kind__in=indicator.kinds, at__gte=begin, at__lt=end)
    found = found.exclude(kind__startswith="floor.", pk__in=undone.values("cause"))
    if agency is not None:
        found = found.filter(data__agency=agency.code)
    return found.order_by("-at", "-id")
