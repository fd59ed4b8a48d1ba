"""When a case will probably be done, from what the ledger knows of closed ones; early word of those that will be late.

The worker looks every hour and stores what it finds, so that pages only read. What was told first is held against what
came: the record is public (design.md, rule 6).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.agencies.rules import WorkCalendar
from gerai.applications import marks
from gerai.applications.rules import Status
from gerai.foresight import completion, likeness
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, stages
from gerai.reviews.models import Case

STEPS = (
    "applications.submitted",
    "applications.resubmitted",
    "reviews.completed",
    "reviews.task_done",
    "reviews.returned",
    "reviews.recommended",
    "reviews.paid",
)
DONE = "reviews.decided"
REMEMBERED = 2000  # closed cases of a mall that are learnt from, the last
FEWEST = 20  # closed cases below which nothing is told
LIKELY = 0.5  # chance of being late from which on it is said
CALM = 0.4  # below which it is taken back: not at every hour that wavers about the half
RUNNING = (Status.REVIEW, Status.PAYMENT, Status.DECISION)
DAY = 86400


def _day(at: datetime) -> float:
    return at.timestamp() / DAY


def _histories(mall: str, subjects: Iterable[str]) -> list[tuple[str, likeness.Case]]:
    """What the ledger tells of these applications."""
    entries = Entry.objects.filter(mall=mall, subject__in=list(subjects), kind__in=(*STEPS, DONE))
    steps: dict[str, list[tuple[str, float]]] = defaultdict(list)
    sort, closed = dict[str, str](), dict[str, float]()
    for entry in entries.order_by("id").iterator(2000):
        data: dict[str, Any] = entry.data
        sort.setdefault(entry.subject, f"{data.get('agency')}/{data.get('service')}")
        if entry.kind == DONE:
            closed[entry.subject] = _day(entry.at)
            continue
        task = f":{data['task']}:{data['outcome']}" if entry.kind == "reviews.task_done" else ""
        steps[entry.subject].append((entry.kind + task, _day(entry.at)))
    return [
        (subject, likeness.Case(sort[subject], tuple(some), closed.get(subject)))
        for subject, some in steps.items()
    ]


def learn(mall: Mall) -> completion.Cases | None:
    """What the mall's last closed cases teach; None while there are too few."""
    ended = Entry.objects.filter(mall=mall.pk, kind=DONE).order_by("-id")
    subjects = list(ended.values_list("subject", flat=True)[:REMEMBERED])
    if len(subjects) < FEWEST:
        return None
    return completion.Cases([case for _, case in _histories(mall.pk, subjects)])


def foretell(*, mall: Mall, now: datetime) -> int:
    """
    Forecast the end of every running case; say once which will probably be late, and take it back where it improved.

    Returns how many were told.
    """
    known = learn(mall)
    if known is None:
        return 0
    open_ = Case.objects.filter(mall=mall, closed_at=None, application__status__in=RUNNING)
    running = {f"application:{case.pk}": case for case in open_.prefetch_related("pauses")}
    calendar = agencies.calendar(mall)
    told, turned = [], []
    for subject, history in _histories(mall.pk, running):
        case = running[subject]
        if case.due_at is None:
            continue
        stopped = sum((now - p.began_at for p in case.pauses.all() if p.ended_at is None), timedelta())
        found = known.forecast(
            history, _day(now), due=_day(case.due_at), stopped=stopped.total_seconds() / DAY
        )
        if found is None:
            continue
        case.expected_low, case.expected_high = _days(found, calendar, now)
        if case.said_low is None:
            case.said_low, case.said_high = case.expected_low, case.expected_high
        case.breach = found.breach
        told.append(case)
        if is_likely(found.breach, case.likely_late) != case.likely_late and now < case.due_at:
            turned.append(case.pk)
    fields = ["expected_low", "expected_high", "said_low", "said_high", "breach"]
    Case.objects.bulk_update(told, fields, batch_size=500)
    right = hits(mall)
    marks.foretell({case.pk: _for_applicant(case, right) for case in told})
    for pk in turned:
        _say(pk, now)
    return len(told)


def is_likely(breach: float | None, said: bool) -> bool:
    """Whether a case with this chance of being late counts as probably late; `said`: it does already."""
    return (breach or 0.0) >= (CALM if said else LIKELY)


def _days(found: completion.Completion, calendar: WorkCalendar, now: datetime) -> tuple[date, date]:
    """The interval as days of the mall, rounded outward to working days; never before today."""

    def local(day: float) -> date:
        return calendar.local(datetime.fromtimestamp(day * DAY, UTC)).date()

    low, high = max(local(found.low), calendar.local(now).date()), local(found.high)
    high = max(low, high)
    return low, high if calendar.is_working(high) else calendar.next_working(high)


def _for_applicant(case: Case, right: int | None) -> dict[str, Any]:
    return {"low": str(case.expected_low), "high": str(case.expected_high), "hits": right}


@transaction.atomic
def _say(pk: Any, now: datetime) -> None:
    case = cases.lock(pk)
    likely = is_likely(case.breach, case.likely_late)
    if likely == case.likely_late or case.closed_at is not None:
        return
    case.likely_late = likely
    case.save(update_fields=["likely_late"])
    kind = "reviews.likely_late" if likely else "reviews.likely_on_time"
    stages.record(case, kind, SYSTEM, now, chance=round(case.breach or 0.0, 2))


def hits(mall: Mall) -> int | None:
    """Of a hundred ends we told at first, how many came true. None before there are twenty."""
    counted = Case.objects.filter(mall=mall, hit__isnull=False).aggregate(
        all=Count("pk"), right=Count("pk", filter=Q(hit=True))
    )
    return round(100 * counted["right"] / counted["all"]) if counted["all"] >= FEWEST else None
