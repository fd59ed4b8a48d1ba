"""The visit that finishes what was prepared at home: its applicant is reminded; after the last day it ends. Writes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.applications import acting, marks
from gerai.applications.rules import Status
from gerai.core.dates import day_in_words
from gerai.ledger.rules import SYSTEM
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.reviews import cases, rules, stages
from gerai.reviews.models import Case
from gerai.reviews.stages import record

SOON = timedelta(days=7)


def _waiting() -> QuerySet[Case]:
    """The cases whose applicant has still to come."""
    return Case.objects.filter(
        closed_at=None,
        application__status=Status.DECISION,
        pauses__reason=rules.VISIT,
        pauses__ended_at=None,
    )


def due(now: datetime) -> QuerySet[Case]:
    """The cases that end now, because nobody came."""
    return _waiting().filter(due_at__lte=now).order_by("due_at")


@transaction.atomic
def come(application_id: UUID, *, now: datetime) -> None:
    """
    Who was waited for has been at the counter: the office's own time runs from now. Twice is once.

    What the standard promises counts without the days that were theirs.
    """
    case = cases.lock(application_id)
    if not _waiting().filter(pk=case.pk).exists():
        return
    case.pauses.filter(reason=rules.VISIT, ended_at=None).update(ended_at=now)
    case.promise_days = None
    case.save(update_fields=["promise_days"])
    cases.refit(case, stages.calendar_of(case), now)
    record(case, "reviews.come", SYSTEM, now, due_at=case.due_at.isoformat() if case.due_at else "")


@transaction.atomic
def lapse(application_id: UUID, *, now: datetime) -> int:
    """Nobody came by the last day: the application ends; nothing was begun elsewhere. Returns 1 if it did."""
    case = cases.lock(application_id)
    if not due(now).filter(pk=case.pk).exists():
        return 0
    marks.mark(application=case.application, status=Status.LAPSED)
    by = case.due_at.isoformat() if case.due_at else ""
    record(case, "reviews.not_come", SYSTEM, now, by=by)
    cases.stop(case, now)
    return 1


def remind(*, mall: Mall, now: datetime) -> int:
    """Who has not come yet is reminded a week before the last day, once. Returns how many messages were written."""
    calendar = agencies.calendar(mall)
    soon = _waiting().filter(mall=mall, due_at__gt=now, due_at__lte=now + SOON)
    rows = {f"visit_soon:{case.pk}": case for case in soon.select_related("application__applicant")}
    have = set(sent.known(rows))
    for key, case in rows.items():
        if key in have or case.due_at is None:
            continue
        last = calendar.local(case.due_at)
        notices.send(
            key=key,
            mall=case.mall_id,
            person=acting.to_tell(case.application),
            template="visit_soon",
            data={
                "number": case.application.number or "",
                "service": case.application.service.name,
                "by": {code: day_in_words(last, code) for code in ("id", "en")},
                "path": f"/permohonan/{case.pk}/",
            },
            now=now,
        )
    return len(rows) - len(have)
