"""The list of an officer's open tasks: what is shown of it, its parts, what comes after. Nothing joins the whole list.

Built on `queries.inbox`, which says whose tasks they are.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet

from gerai.reviews import queries
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind


def first(found: QuerySet[Task], count: int) -> list[Task]:
    """The first tasks of an inbox, to be listed. First which, then what: else thousands may be joined to show fifty."""
    keys = list(found.select_related(None).values_list("pk", flat=True)[:count])
    known = Task.objects.select_related(*queries.LISTED).in_bulk(keys)
    return [known[key] for key in keys if key in known]


WHO = ("", "mine", "free")  # everybody's, one's own, those nobody works on


def narrowed(found: QuerySet[Task], person: Any, who: str, service: str) -> QuerySet[Task]:
    """The part of an inbox: one's own or nobody's, of one service ("AGENCY/CODE")."""
    if who == "mine":
        found = found.filter(taken_by_id=person.pk)
    elif who == "free":
        found = found.filter(taken_by=None)
    if service:
        agency, _, code = service.partition("/")
        found = found.filter(case__application__service__code=code, case__application__agency__code=agency)
    return found


def kinds(found: QuerySet[Task], *wanted: Kind) -> dict[Kind, int]:
    """How many there are of each of these kinds; one statement."""
    told = found.order_by().aggregate(**{kind.value: Count("id", filter=Q(kind=kind)) for kind in wanted})
    return {kind: told[kind.value] for kind in wanted}


def after(person: Any, task: Task) -> int | None:
    """What is due next after this task, of what nobody else works on; after the last the first again."""
    found = queries.unclaimed_or(queries.inbox(person), person).exclude(pk=task.pk).select_related(None)
    later = Q(due_at__gt=task.due_at) | Q(due_at=task.due_at, pk__gt=task.pk)
    keys = found.values_list("pk", flat=True)
    return keys.filter(later, due_at__gte=task.due_at).first() or keys.first()
