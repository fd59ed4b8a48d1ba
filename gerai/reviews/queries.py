"""Reading cases and tasks: an officer sees the tasks of their agency and role, nobody else's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from gerai.agencies.models import Mall, Membership
from gerai.core.errors import NotFound
from gerai.reviews.models import Case, Task

ROLE_OF_MEMBER = {"verifier", "reviewer", "signer"}


def inbox(person: Any) -> QuerySet[Task]:
    """The open tasks that a person may do, most urgent first."""
    mine = Membership.objects.filter(person_id=person.pk, active=True, role__in=ROLE_OF_MEMBER)
    pairs = [(m.agency_id, m.role) for m in mine if m.agency_id is not None]
    found = Task.objects.none()
    for agency_id, role in pairs:
        found = found | Task.objects.filter(agency_id=agency_id, role=role, done_at=None)
    return found.select_related(
        "case__mall", "case__application__service", "case__application__agency", "agency"
    ).order_by("due_at", "id")


def task(person: Any, task_id: int) -> Task:
    """
    One open or finished task of the person's agency and role.

    :raises NotFound: if it is not theirs
    """
    found = Task.objects.select_related(
        "case__mall", "case__application__edition", "case__application__service", "agency"
    )
    one = found.filter(pk=task_id).first()
    if one is None:
        raise NotFound
    held = Membership.objects.filter(
        person_id=person.pk, active=True, agency_id=one.agency_id, role=one.role, person__is_active=True
    )
    if not held.exists():
        raise NotFound
    return one


def finished(case: Case) -> QuerySet[Task]:
    """What was done on a case, oldest first."""
    done = case.tasks.filter(done_at__isnull=False).exclude(outcome="cancelled")
    return done.select_related("agency", "done_by").order_by("done_at")


def involved(person: Any, application_id: UUID) -> bool:
    """Whether the person's agency and role has or had a task on this application."""
    mine = Membership.objects.filter(person_id=person.pk, active=True, role__in=ROLE_OF_MEMBER)
    pairs = {(m.agency_id, m.role) for m in mine}
    tasks = Task.objects.filter(case_id=application_id).values_list("agency_id", "role")
    return any(pair in pairs for pair in tasks)


def late_since(mall: Mall, now: datetime) -> dict[str, datetime]:
    """When the deadline of each agency's latest open task passed, by agency code."""
    late = Task.objects.filter(case__mall=mall, done_at=None, due_at__lt=now)
    return dict(late.values_list("agency__code").annotate(first=Min("due_at")))


def late_now(mall: Mall, now: datetime) -> dict[str, int]:
    """How many open tasks of each agency are late, by agency code."""
    late = Task.objects.filter(case__mall=mall, done_at=None, due_at__lt=now)
    counted = late.values_list("agency__code").annotate(count=Count("id"))
    return dict(counted)
