"""The head of an agency shares out its open tasks: to a named officer, evenly over some, and back. Writes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.accounts import queries as people
from gerai.applications import services as applications
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import cases, handing, hands, queries, rules
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind
from gerai.reviews.services import GIVEN
from gerai.reviews.stages import record

AT_ONCE = 500  # tasks that one press shares out


class NotTheirTask(DomainError):
    """The officer does not hold the task's role there, or may not do this one."""

    code = "not_their_task"
    text = (
        "Petugas itu tidak memegang peran untuk tugas ini, atau permohonannya menyangkut dirinya, "
        "atau ia yang mengetiknya di meja, "
        "atau ia sendiri yang menyarankan keputusannya. Pilih petugas lain."
    )


class GivenReasonMissing(DomainError):
    """Who gets somebody else's work is told why."""

    code = "given_reason_missing"
    text = "Tulis alasannya dengan beberapa kata, paling sedikit 5 huruf. Petugasnya membaca alasan ini."


class NobodyChosen(DomainError):
    """Tasks are shared out over at least one officer of the role."""

    code = "nobody_chosen"
    text = "Tandai paling sedikit satu petugas yang memegang peran ini."


@dataclass(frozen=True, slots=True)
class Able:
    """An officer of a role, with whose eyes they look (a substitute's are two people's), and what is kept from them."""

    person: Any
    eyes: frozenset[UUID]
    kept: frozenset[UUID]

    def may_do(self, task: Task, assessed: dict[UUID, set[Any]]) -> bool:
        """Whether a task is for them; `assessed` says who recommended in each case."""
        if task.case_id in self.kept:
            return False
        return task.kind != Kind.DECIDE or not self.eyes & assessed.get(task.case_id, set())


def _able(agency_id: int, role: str, wanted: set[str]) -> list[Able]:
    """Those of these people who hold the role there."""
    found = []
    for held in queries.holding_role(agency_id, role):
        if str(held.person_id) not in wanted:
            continue
        eyes = [held.person, *([held.substitution.absent] if held.substitution else [])]
        kept = frozenset[UUID]().union(*(hands.kept_from(one) for one in eyes))
        found.append(Able(held.person, frozenset(one.pk for one in eyes), kept))
    return found


def _assessed(tasks: list[Task]) -> dict[UUID, set[Any]]:
    """Who recommended, themselves or by a substitute, in the cases of these tasks; one statement."""
    some = {task.case_id for task in tasks if task.kind == Kind.DECIDE}
    last = Task.objects.filter(case__in=some, kind=Kind.ASSESS, done_at__isnull=False).order_by(
        "done_at", "id"
    )
    return {pk: {by, for_} for pk, by, for_ in last.values_list("case_id", "done_by_id", "done_for_id")}


def _led_task(person: Any, task_id: int) -> Task:
    """An open task of an agency that the person answers for, locked after its case."""
    case_id = queries.led_task(person, task_id).case_id
    case = cases.lock(case_id)
    task = Task.objects.select_for_update(of=("self",)).select_related("agency").get(pk=task_id)
    task.case = case
    if task.done_at is not None:
        raise rules.TaskDone
    return task


def _reason(text: str) -> str:
    if len(text.strip()) < 5:
        raise GivenReasonMissing
    return " ".join(text.split())[:300]


def _give(task: Task, officer: Any, person: Any, reason: str, now: datetime) -> None:
    was = {"was": str(task.taken_by_id)} if task.taken_by_id else {}
    task.taken_by_id = officer.pk
    task.given_by_id, task.given_at, task.given_reason = person.pk, now, reason
    task.save(update_fields=["taken_by", *GIVEN])
    told: dict[str, Any] = {"task": task.key, "agency": task.agency.code, "to": str(officer.pk), **was}
    told |= queries.told_as(person, task.agency_id, now)
    actor = applications.person_ref(person)
    record(task.case, "reviews.task_given", actor, now, **told)
    handing.pass_on(task, actor, now)


@transaction.atomic
def give(*, person: Any, task_id: int, officer_id: str, reason: str, now: datetime) -> Task:
    """
    This officer does it, also if another has begun. The same again changes nothing.

    :raises NotFound: if the task is not of an agency that the person answers for
    :raises rules.TaskDone, GivenReasonMissing, NotTheirTask: nothing is changed then
    """
    task, reason = _led_task(person, task_id), _reason(reason)
    able = next(iter(_able(task.agency_id, task.role, {officer_id})), None)
    if able is None or not able.may_do(task, _assessed([task])):
        raise NotTheirTask
    if task.taken_by_id == able.person.pk:
        return task
    _give(task, able.person, person, reason, now)
    return task


@transaction.atomic
def take_back(*, person: Any, task_id: int, reason: str, now: datetime) -> Task:
    """
    Whoever comes first may do it again. Twice is once.

    :raises NotFound: if the task is not of an agency that the person answers for
    :raises rules.TaskDone, GivenReasonMissing: nothing is changed then
    """
    task, _ = _led_task(person, task_id), _reason(reason)
    if task.taken_by_id is None:
        return task
    was, task.taken_by = task.taken_by_id, None
    task.given_by_id, task.given_at, task.given_reason = person.pk, now, _reason(reason)
    task.save(update_fields=["taken_by", *GIVEN])
    told: dict[str, Any] = {"task": task.key, "agency": task.agency.code, "was": str(was)}
    told |= queries.told_as(person, task.agency_id, now)
    record(task.case, "reviews.task_taken_back", applications.person_ref(person), now, **told)
    return task


@transaction.atomic
def split(
    *, person: Any, agency: str, role: str, officer_ids: Iterable[str], now: datetime
) -> tuple[dict[UUID, int], int]:
    """
    Share the open tasks of a role that nobody works on evenly over these officers, one to each in turn by due date.

    Nobody gets a case of their own, one that they typed, or a decision on what they recommended; what none of them
    may do stays. A second press finds nothing left. Returns how many each got, and how many stay.

    :raises NotFound: if the person does not answer for the agency
    :raises NobodyChosen: if none of these holds the role there
    """
    led = queries.leads(person).filter(agency__code=agency).first()
    if led is None or led.agency_id is None:
        raise NotFound
    turn = _able(led.agency_id, role, set(officer_ids))
    if not turn:
        raise NobodyChosen
    # Nothing is waited for while rows are held: who works on one of these at this moment has it already.
    waiting = list(
        Task.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(agency_id=led.agency_id, role=role, done_at=None, taken_by=None)
        .select_related("agency", "case__application__agency", "case__application__service", "case__mall")
        .order_by("due_at", "id")[:AT_ONCE]
    )
    got, left, assessed = Counter[UUID](), 0, _assessed(waiting)
    for task in waiting:
        able = [one for one in turn if one.may_do(task, assessed)]
        if not able:
            left += 1
            continue
        officer = min(able, key=lambda one: (got[one.person.pk], turn.index(one))).person
        _give(task, officer, person, "", now)
        got[officer.pk] += 1
    return dict(got), left


def names(got: dict[UUID, int]) -> list[tuple[str, int]]:
    """Who got how many, by name."""
    called = people.name_of(got)
    return sorted((called.get(pk, ""), count) for pk, count in got.items())
