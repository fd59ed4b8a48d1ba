"""Reading cases and tasks: an officer sees the tasks of their agency and role, nobody else's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from gerai.agencies import substituting
from gerai.agencies.models import Mall, Membership
from gerai.agencies.rules import WorkCalendar
from gerai.applications.rules import Status
from gerai.core.errors import NotFound
from gerai.reviews.hands import kept_from
from gerai.reviews.models import Case, Objection, Pause, Task
from gerai.reviews.rules import ASKED_AGAIN, CANCELLED, Kind, Outcome

ROLE_OF_MEMBER = {"verifier", "reviewer", "signer"}


LISTED = (
    "case__mall",
    "case__application__service",
    "case__application__agency",
    "agency",
    "taken_by",
    "given_by",
)


def inbox(person: Any) -> QuerySet[Task]:
    """The open tasks that a person may do, most urgent first; not those of `kept_from`."""
    mine = Membership.objects.filter(person_id=person.pk, active=True, role__in=ROLE_OF_MEMBER)
    pairs = [(m.agency_id, m.role) for m in mine if m.agency_id is not None]
    found = Task.objects.none()
    for agency_id, role in pairs:
        found = found | Task.objects.filter(agency_id=agency_id, role=role, done_at=None)
    kept = kept_from(person)
    return (  # mostly there are none: then the whole list is one index, without a look at the applications
        found.exclude(case_id__in=list(kept)).select_related(*LISTED).order_by("due_at", "id")
    )


def worked_at(person: Any) -> QuerySet[Membership, str]:
    """The malls in which a person has a role with tasks, by code."""
    held = Membership.objects.filter(person_id=person.pk, active=True, role__in=ROLE_OF_MEMBER)
    return held.order_by().values_list("mall_id", flat=True).distinct()


def unclaimed_or(found: QuerySet[Task], person: Any) -> QuerySet[Task]:
    """What is this person's to do: theirs, and what nobody works on."""
    return found.filter(Q(taken_by=None) | Q(taken_by_id=person.pk))


def counted(found: QuerySet[Task], now: datetime, calendar: WorkCalendar) -> dict[str, int]:
    """How many are late, due today and due later; one statement."""
    here = calendar.local(now)
    tomorrow = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return found.order_by().aggregate(
        late=Count("id", filter=Q(due_at__lte=now)),
        today=Count("id", filter=Q(due_at__gt=now, due_at__lt=tomorrow)),
        later=Count("id", filter=Q(due_at__gte=tomorrow)),
    )


def beside(task: Task) -> list[Task]:
    """The open tasks of other agencies on the same case."""
    others = task.case.tasks.filter(done_at=None).exclude(pk=task.pk)
    return list(others.select_related("agency").order_by("due_at"))


def task(person: Any, task_id: int) -> Task:
    """
    One open or finished task of the person's agency and role, from which the whole file is read.

    :raises NotFound: if it is not theirs, or a question only: who is asked reads what is shown for it (`asking`)
    """
    one = any_task(person, task_id)
    if one.kind == Kind.OPINION:
        raise NotFound
    return one


def from_the_same_seat(task: Task, cases: list[UUID]) -> dict[UUID, int]:
    """Of these cases the newest task that whoever has this one may open too."""
    if not cases:
        return {}
    found = Task.objects.filter(case_id__in=cases, agency_id=task.agency_id, role=task.role)
    return dict(found.exclude(kind=Kind.OPINION).order_by("pk").values_list("case_id", "pk"))


def any_task(person: Any, task_id: int) -> Task:
    """
    The same, also a question to the person's agency.

    :raises NotFound: if it is not theirs
    """
    found = Task.objects.select_related(
        "case__mall",
        "case__application__edition",
        "case__application__service",
        "case__application__business",
        "agency",
        "taken_by",
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


def case_of(person: Any, task_id: int) -> UUID:
    """
    The case of a task of the person's agency and role; light, for every press.

    :raises NotFound: if it is not theirs
    """
    held = Membership.objects.filter(
        person_id=person.pk,
        person__is_active=True,
        active=True,
        agency=OuterRef("agency"),
        role=OuterRef("role"),
    )
    found = Task.objects.filter(Exists(held), pk=task_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def case(application_id: UUID) -> Case:
    """
    The case of an application whose reader has been checked.

    :raises NotFound: while it has not been taken up
    """
    found = Case.objects.select_related("application", "agency", "mall").filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def objection(application_id: UUID) -> Objection | None:
    """The objection about an application whose reader has been checked."""
    return Objection.objects.filter(case_id=application_id).select_related("successor").first()


def objected(application_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Those of these with an objection that is not answered yet, and the day by which it will be."""
    waiting = Objection.objects.filter(case_id__in=list(application_ids), answered_at=None)
    return dict(waiting.values_list("case_id", "due_at"))


def progress(case: Case, route: list[dict[str, Any]]) -> dict[str, str]:
    """Where a case stands on its route, by the keys of `drawing`: done, now, back, no, or skip."""
    found = {
        task.key: "now" if task.done_at is None else WORDS.get(task.outcome, "")
        for task in case.tasks.order_by("round", "again", "id")
        if task.outcome != CANCELLED
    }
    status = case.application.status
    if status == Status.PAYMENT or case.fee_amount:
        found["payment"] = "now" if status == Status.PAYMENT else "done"
    elif case.fee_amount == 0:
        found["payment"] = "skip"
    for n, stage in enumerate(route):
        for step in stage["tasks"] if n < case.stage else []:
            found.setdefault(f"{stage['key']}.{step['key']}", "skip")
    return found


WORDS = {Outcome.APPROVE: "done", Outcome.RETURN: "back", Outcome.REJECT: "no", ASKED_AGAIN: "back"}


HEADS = ("signer", "agency_admin")  # who answers for an agency's deadlines


def _led(person: Any) -> QuerySet[Case]:
    held = Membership.objects.filter(
        person_id=person.pk, person__is_active=True, active=True, role__in=HEADS, agency=OuterRef("agency")
    )
    return Case.objects.filter(Exists(held)).select_related(
        "mall", "agency", "application__service", "application__agency", "application__edition"
    )


def leads(person: Any) -> QuerySet[Membership]:
    """The agencies whose deadlines a person answers for."""
    held = Membership.objects.filter(person_id=person.pk, person__is_active=True, active=True)
    return held.filter(role__in=HEADS, agency__isnull=False).select_related("agency__mall").order_by("pk")


def led_task(person: Any, task_id: int) -> Task:
    """
    A task of an agency that the person answers for, also on another agency's case.

    :raises NotFound: if it is none
    """
    found = Task.objects.select_related("case__application", "agency", "taken_by").filter(
        pk=task_id, agency__in=leads(person).values("agency")
    )
    one = found.first()
    if one is None:
        raise NotFound
    return one


def holding_role(agency_id: int, role: str) -> list[Membership]:
    """Who holds a role with tasks at an agency now, substitutes too, by name."""
    held = Membership.objects.filter(
        agency_id=agency_id, role=role, active=True, person__is_active=True, role__in=ROLE_OF_MEMBER
    ).select_related("person", "substitution__absent")
    return list(held.order_by("person__name", "person_id"))


def open_of(agency_id: int, role: str) -> QuerySet[Task]:
    """The open tasks of a role at an agency, what is due first on top; for who leads it."""
    found = Task.objects.filter(agency_id=agency_id, role=role, done_at=None).select_related(
        "case__mall", "case__application__service", "case__application__agency", "taken_by", "given_by"
    )
    return found.order_by("due_at", "id")


def loads(agency_id: int, role: str) -> dict[UUID, int]:
    """How many open tasks of a role each officer works on."""
    taken = open_of(agency_id, role).filter(taken_by__isnull=False).select_related(None).order_by()
    return dict(taken.values_list("taken_by").annotate(Count("pk")))


def led_by(person: Any, case_id: UUID) -> Case:
    """
    A case of an agency whose deadlines the person answers for.

    :raises NotFound: if it is none
    """
    found = _led(person).filter(pk=case_id).first()
    if found is None:
        raise NotFound
    return found


def told_as(person: Any, agency_id: int, now: datetime) -> dict[str, Any]:
    """For whom a person leads an agency, if that is as the head's substitute only; to be told in entries."""
    own = Membership.objects.filter(person_id=person.pk, agency_id=agency_id, role__in=HEADS, active=True)
    if own.filter(substitution=None).exists():
        return {}
    return substituting.told(substituting.running(person, agency_id, "signer", now))


def running(person: Any) -> QuerySet[Case]:
    """The open cases of the agencies that the person answers for, what is due first on top."""
    return _led(person).filter(closed_at=None).order_by(F("due_at").asc(nulls_last=True), "pk")


def holding(case_ids: list[UUID]) -> dict[UUID, list[Task]]:
    """The open tasks of each of these cases; one statement."""
    found: dict[UUID, list[Task]] = {}
    tasks = Task.objects.filter(case__in=case_ids, done_at=None).select_related("agency", "taken_by")
    for task in tasks.order_by("due_at", "id"):
        found.setdefault(task.case_id, []).append(task)
    return found


def finished(case: Case) -> QuerySet[Task]:
    """What was done on a case, oldest first."""
    done = case.tasks.filter(done_at__isnull=False).exclude(outcome="cancelled").exclude(kind=Kind.OPINION)
    return done.select_related("agency", "done_by", "done_for").order_by("done_at", "pk")


def late(mall: Mall, now: datetime) -> dict[str, tuple[int, datetime]]:
    """
    How much of each agency is late and since when the first, by agency code: its open tasks, and its cases past the day
    that was promised.

    A case whose late task is its owner's counts once. While the applicant has to pay the clock stands still; what is
    with them to mend is late all the same.
    """
    stopped = Pause.objects.filter(case=OuterRef("case"), ended_at=None)
    tasks = Task.objects.filter(~Exists(stopped), case__mall=mall, done_at=None, due_at__lt=now).order_by()
    own = Task.objects.filter(case=OuterRef("pk"), done_at=None, due_at__lt=now, agency=OuterRef("agency"))
    cases = Case.objects.filter(~Exists(own), mall=mall, closed_at=None, due_at__lt=now).order_by()
    cases = cases.exclude(pk__in=Pause.objects.filter(ended_at=None).values("case"))
    found: dict[str, tuple[int, datetime]] = {}
    for rows in (tasks, cases):
        counted = rows.values_list("agency__code").annotate(count=Count("pk"), first=Min("due_at"))
        for code, count, first in counted:
            before, since = found.get(code, (0, first))
            found[code] = before + count, min(since, first)
    return found
