"""An officer says that they have an interest in a case, and keeps their hands off it from then on. Writes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.reviews import statements
from gerai.reviews.models import Case
from gerai.reviews.stages import record
from gerai.reviews.together_models import StoodAside


@transaction.atomic
def stand_aside(*, person: Any, task_id: int, now: datetime) -> Case:
    """
    Leave a case to colleagues, with every task of it that the officer has taken, for good. Twice is once.

    The reason stays theirs: a relative, a friend, a business of the family is nobody else's affair.

    :raises NotFound: if the task is not theirs to do
    """
    task = statements.lock_task(person, task_id)
    if task is None:
        raise NotFound
    _, made = StoodAside.objects.get_or_create(case=task.case, person_id=person.pk, defaults={"at": now})
    if not made:
        return task.case
    held = task.case.tasks.filter(done_at=None, taken_by_id=person.pk)
    held.update(taken_by=None, given_by=None, given_at=None, given_reason="")
    actor = applications.person_ref(person)
    record(task.case, "reviews.stood_aside", actor, now, agency=task.agency.code, task=task.key)
    return task.case
