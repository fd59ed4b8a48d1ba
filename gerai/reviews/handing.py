"""An inspection goes from one officer to another: its visit and its hours go along. A step of a service's own write."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gerai.agencies import substituting
from gerai.ledger.rules import ActorRef
from gerai.reviews.inspecting import OPEN, State
from gerai.reviews.inspection_models import SiteVisit, VisitTime
from gerai.reviews.models import Case, Task
from gerai.reviews.stages import record


def open_visit(task: Task) -> SiteVisit | None:
    """The visit that is being agreed, or is agreed, for a task."""
    found = SiteVisit.objects.filter(task=task, state__in=OPEN).first()
    if found is not None:
        found.task = task  # in hand: it knows for whom its officer stands in
    return found


def tell(case: Case, visit: SiteVisit, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    """One ledger entry about a visit; the notices follow it (`visit_telling`)."""
    task = visit.task
    about: dict[str, Any] = {"visit": str(visit.pk), "task": task.key, "agency": task.agency.code, **data}
    about |= substituting.told(task.stand_in)
    if visit.starts_at:
        about["when"] = visit.starts_at.isoformat()
    record(case, kind, actor, now, agency_name=task.agency.short, **about)


def pass_on(task: Task, actor: ActorRef, now: datetime) -> None:
    """
    The visit of a locked task is now that of who works on it, with its hours, where they are free.

    An hour at which they are promised elsewhere is not held: an agreed visit stays, to be changed, and they are told;
    of a proposal that hour is not offered any more.
    """
    visit = SiteVisit.objects.select_for_update().filter(task=task, state__in=OPEN).first()
    if visit is None or task.taken_by_id is None or visit.officer_id == task.taken_by_id:
        return
    was, visit.officer_id, visit.task = visit.officer_id, task.taken_by_id, task
    visit.save(update_fields=["officer"])
    times = list(visit.times.order_by("starts_at"))
    held = [one.starts_at for one in times if one.held]
    clash = [one.starts_at.isoformat() for one in times if not _moved(one, visit.officer_id)]
    hold_waiting(was, held)
    tell(task.case, visit, "reviews.visit_passed_on", actor, now, was=str(was), clash=clash)


def _moved(one: VisitTime, officer_id: UUID) -> bool:
    """Whether an hour could be held for its new officer, of however many presses at once."""
    one.officer_id = officer_id
    try:
        with transaction.atomic():
            one.save(update_fields=["officer"])
    except IntegrityError:
        one.held = False
        one.save(update_fields=["officer", "held"])
        return False
    return True


def hold_waiting(officer_id: UUID, freed: Iterable[datetime]) -> None:
    """Hours that have become free are held for an agreed visit that was passed to this officer without them."""
    waiting = VisitTime.objects.filter(
        officer_id=officer_id, starts_at__in=list(freed), held=False, visit__state=State.AGREED
    ).select_related("visit")
    found = {one.starts_at: one for one in waiting if one.visit.starts_at == one.starts_at}
    for one in found.values():
        one.held = True
        one.save(update_fields=["held"])


def clashes(visit: SiteVisit) -> bool:
    """Whether the officer of an agreed visit is promised to another one at its hour."""
    if visit.state != State.AGREED or visit.starts_at is None:
        return False
    other = VisitTime.objects.filter(officer_id=visit.officer_id, starts_at=visit.starts_at, held=True)
    return other.exclude(visit=visit).exists()
