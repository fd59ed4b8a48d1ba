"""The applicant's side of a visit: they choose a time, say that none fits, or that nobody came. Writes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.reviews import cases, inspecting, visiting
from gerai.reviews.inspecting import OFFICER, OPEN, State
from gerai.reviews.inspection_models import SiteVisit
from gerai.reviews.models import Case


def _theirs(person: Any, application_id: UUID, visit_id: UUID, now: datetime) -> tuple[Case, SiteVisit]:
    """A visit about an application of the person's own, with its case locked."""
    application = application_queries.get(person, application_id, now)
    case = cases.lock(application.pk)
    found = SiteVisit.objects.select_related("task__agency", "officer").filter(
        pk=visit_id, task__case_id=application.pk
    )
    visit = found.first()
    if visit is None:
        raise NotFound
    return case, visit


@transaction.atomic
def choose(
    *, person: Any, application_id: UUID, visit_id: UUID, starts_at: datetime, now: datetime
) -> SiteVisit:
    """
    The applicant takes one of the proposed times; before it is too late, another one. The same again changes nothing.

    :raises inspecting.VisitClosed: if the visit is off, or this time was not proposed or is over
    :raises inspecting.VisitTooClose, inspecting.TimeTaken: as they say
    """
    case, visit = _theirs(person, application_id, visit_id, now)
    if visit.state == State.AGREED and visit.starts_at == starts_at:
        return visit
    _check_applicant_may(visit, now)
    chosen = visit.times.filter(starts_at=starts_at).first()
    if chosen is None or starts_at < now + inspecting.NOTICE:
        raise inspecting.VisitClosed
    if not chosen.held:
        try:
            with transaction.atomic():
                chosen.held = True
                chosen.save(update_fields=["held"])
        except IntegrityError:
            raise inspecting.TimeTaken from None
    visit.times.exclude(pk=chosen.pk).update(held=False)
    visit.state, visit.starts_at = State.AGREED, starts_at
    visit.revision += 1
    visit.save(update_fields=["state", "starts_at", "revision"])
    visiting.tell(case, visit, "reviews.visit_agreed", applications.person_ref(person), now)
    return visit


def _check_applicant_may(visit: SiteVisit, now: datetime) -> None:
    if visit.state not in OPEN or visit.task.done_at is not None:
        raise inspecting.VisitClosed
    if visit.starts_at is not None and visit.starts_at < now + inspecting.NOTICE:
        raise inspecting.VisitTooClose(hours=int(inspecting.NOTICE.total_seconds() // 3600))


@transaction.atomic
def decline(*, person: Any, application_id: UUID, visit_id: UUID, reason: str, now: datetime) -> SiteVisit:
    """
    None of the times fits, or the agreed one does not any more: the officer proposes again. Twice is once.

    :raises inspecting.VisitClosed, inspecting.VisitTooClose, inspecting.VisitReasonMissing: nothing is changed then
    """
    case, visit = _theirs(person, application_id, visit_id, now)
    if visit.state == State.DECLINED:
        return visit
    _check_applicant_may(visit, now)
    visiting.end(visit, State.DECLINED, now, inspecting.check_reason(reason))
    visiting.tell(case, visit, "reviews.visit_declined", applications.person_ref(person), now)
    return visit


@transaction.atomic
def officer_missed(
    *, person: Any, application_id: UUID, visit_id: UUID, note: str, now: datetime
) -> SiteVisit:
    """
    The applicant waited and nobody came: recorded in the same way. Twice is once.

    :raises inspecting.NotTimeYet, inspecting.VisitClosed, inspecting.VisitReasonMissing: nothing is changed then
    """
    case, visit = _theirs(person, application_id, visit_id, now)
    if visit.state == State.MISSED:
        return visit
    if visit.state not in OPEN or visit.task.done_at is not None:
        raise inspecting.VisitClosed
    visiting.note_absence(case, visit, OFFICER, note, applications.person_ref(person), now)
    return visit
