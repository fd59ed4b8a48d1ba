"""What ended here unfinished and has come to another system (SIMBG, OSS) is called off there too. Writes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.applications import services as applications
from gerai.catalogue import generic
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, rules, stages
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind, Outcome
from gerai.reviews.services import mine
from gerai.reviews.stages import finish, record

TELL = "tell_outside"  # the key of the task to take an application back there too
TELL_DAYS = 2


@transaction.atomic
def withdrawn(*, application_id: UUID, now: datetime) -> None:
    """The applicant took it back, here and, where it has come there, in the other system. Harmless when repeated."""
    cases.withdrawn(application_id=application_id, now=now)
    _to_tell(application_id, now)


@transaction.atomic
def lapse(application_id: UUID, *, now: datetime) -> int:
    """What another system gave back was not mended by the day told: it ends, there too. Returns 1 if it did."""
    lapsed = cases.lapse(application_id, now=now)
    if lapsed:
        _to_tell(application_id, now)
    return lapsed


def _to_tell(application_id: UUID, now: datetime) -> None:
    """Where it has come to another system, the owner's verifiers have a task: take it back there too."""
    keys = set(Task.objects.filter(case_id=application_id, kind=Kind.OUTSIDE).values_list("key", flat=True))
    if not keys or TELL in keys:
        return
    case = cases.lock(application_id)
    content = case.application.edition.content
    system = content["system_of_record"]
    title = {"id": f"Batalkan juga di {system}", "en": f"Take it back in {system} too"}
    if generic.is_generic(content):  # it may have waited for the visit still
        title = {"id": f"{title['id']} bila sudah masuk", "en": f"{title['en']} if it has come there"}
    stages.open_tasks(
        case, [stages.Wanted(Kind.OUTSIDE, TELL, case.agency, "verifier", TELL_DAYS, title)], now
    )
    record(case, "reviews.outside_to_tell", SYSTEM, now, system=system)


@transaction.atomic
def told_there(*, person: Any, task_id: int, note: str, now: datetime) -> Case:
    """
    The officer has taken it back in the other system, or was told why it goes on there; `note` is theirs.

    :raises NotFound, rules.TaskDone, rules.OwnCase, rules.TypedByYou, rules.TakenByOther: not theirs to say
    :raises rules.OutcomeNotAllowed: of a task that records a result
    """
    task = mine(person, task_id)
    if task.kind != Kind.OUTSIDE or task.key != TELL:
        raise rules.OutcomeNotAllowed
    actor, system = applications.person_ref(person), task.case.application.edition.content["system_of_record"]
    finish(task, actor, Outcome.APPROVE, note.strip()[:2000], now)
    record(task.case, "reviews.outside_told", actor, now, system=system)
    return task.case
