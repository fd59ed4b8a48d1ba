"""The list of an officer's open tasks: what is shown of it, its parts, what comes after. Nothing joins the whole list.

Built on `queries.inbox`, which says whose tasks they are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gerai.agencies.models import Membership, Substitution
from gerai.applications.models import Application
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.core.errors import DomainError
from gerai.reviews import queries
from gerai.reviews.filtering import Chosen
from gerai.reviews.hands import kept_from
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind, numbers_meant


def first(found: QuerySet[Task], count: int, after: int = 0) -> list[Task]:
    """
    The first tasks of an inbox, or those after so many, to be listed.

    First which, then what: else thousands may be joined to show fifty.
    """
    keys = list(found.select_related(None).values_list("pk", flat=True)[after : after + count])
    known = Task.objects.select_related(*queries.LISTED).in_bulk(keys)
    return [known[key] for key in keys if key in known]


def narrowed(found: QuerySet[Task], person: Any, chosen: Chosen) -> QuerySet[Task]:
    """The part of an inbox: one's own or nobody's, of one service ("AGENCY/CODE"), of one kind."""
    if chosen.who == "mine":
        found = found.filter(taken_by_id=person.pk)
    elif chosen.who == "free":
        found = found.filter(taken_by=None)
    if chosen.service:
        agency, _, code = chosen.service.partition("/")
        known = Service.objects.filter(code=code, agency__code=agency).values_list("pk", flat=True)
        found = found.filter(service_id__in=list(known))
    if chosen.kind:
        found = found.filter(kind=chosen.kind)
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """Of what kinds and services the whole of an inbox is."""

    kinds: dict[str, int]
    services: list[tuple[str, Any]]  # ("AGENCY/CODE", name), by their name


def parts(found: QuerySet[Task]) -> Parts:
    """How many of each kind there are, and which services; two statements, and no task is joined to its case."""
    told = found.select_related(None).order_by().values_list("kind", "service_id").annotate(Count("pk"))
    kinds: Counter[str] = Counter()
    services = set[int]()
    for kind, service, count in told:
        kinds[kind] += count
        services.add(service)
    named = Service.objects.filter(pk__in=services).select_related("agency")
    return Parts(
        dict(kinds),
        sorted(
            ((f"{one.agency.code}/{one.code}", one.name) for one in named), key=lambda one: str(one[1]["id"])
        ),
    )


class TooManyNames(DomainError):
    """A name that many bear."""

    code = "too_many_names"
    text = "Terlalu banyak pemohon bernama itu. Tulis nama yang lebih lengkap, atau nomor permohonannya."


MOST_NAMES = 500
MOST_ENDED = 5
# By whole words, with the index of the migration: parts of a name would spell it out, one letter after the other.
NAMED = """
SELECT id FROM accounts_person
WHERE to_tsvector('simple', name) @@ plainto_tsquery('simple', %s) LIMIT %s
"""


def searched(found: QuerySet[Task], person: Any, text: str, now: datetime) -> QuerySet[Task]:
    """
    The tasks of an inbox on the application of this number (or of its last digits), or of applicants of this name.

    :raises TooManyNames: if so many people bear it that the answer would be no help
    """
    text = " ".join(text.split())[:80]
    malls = list(queries.worked_at(person))
    asked = Application.objects.filter(mall_id__in=malls, number__in=numbers_meant(text, malls, now))
    cases = set(asked.values_list("pk", flat=True))
    if any(letter.isalpha() for letter in text):
        named = [pk for (pk,) in sql.rows(NAMED, [text, MOST_NAMES + 1])]
        if len(named) > MOST_NAMES:
            raise TooManyNames
        theirs = Application.objects.filter(applicant_id__in=named, mall_id__in=malls)
        cases |= set(theirs.values_list("pk", flat=True))
    return found.filter(case_id__in=list(cases))


def ended(person: Any, text: str, now: datetime) -> list[Task]:
    """
    Of the applications of this number those that have left the person's list, each by its newest task of theirs.

    By number alone: who asks about a case names it, and a name would find more than there is a reason to know.
    """
    malls = list(queries.worked_at(person))
    asked = Application.objects.filter(mall_id__in=malls, number__in=numbers_meant(text, malls, now))
    held = Membership.objects.filter(
        person_id=person.pk, active=True, agency=OuterRef("agency"), role=OuterRef("role")
    )
    found = Task.objects.filter(Exists(held), case_id__in=list(asked.values_list("pk", flat=True)))
    open_ = found.filter(done_at=None).values_list("case_id", flat=True)
    left = found.exclude(kind=Kind.OPINION).exclude(case_id__in=[*open_, *kept_from(person)])
    newest = left.select_related("case__application__service").order_by("case_id", "-pk").distinct("case_id")
    return list(newest[:MOST_ENDED])


def standing_in(person: Any, now: datetime) -> list[Substitution]:
    """For whom the person stands in at this moment, so that they know whose tasks are among theirs."""
    running = Substitution.objects.filter(substitute_id=person.pk, begun_at__isnull=False, ended_at=None)
    return list(running.filter(until_at__gt=now).select_related("absent").order_by("until_at", "pk"))


def numbers(person: Any, task_ids: list[int]) -> dict[int, str]:
    """The numbers of the applications of these tasks, of the person's agency and role alone; also of ended ones."""
    held = Membership.objects.filter(
        person_id=person.pk, active=True, agency=OuterRef("agency"), role=OuterRef("role")
    )
    found = Task.objects.filter(Exists(held), pk__in=task_ids)
    return {pk: number or "" for pk, number in found.values_list("pk", "case__application__number")}


def after(person: Any, task: Task) -> int | None:
    """What is due next after this task, of what nobody else works on; after the last the first again."""
    found = queries.unclaimed_or(queries.inbox(person), person).exclude(pk=task.pk).select_related(None)
    later = Q(due_at__gt=task.due_at) | Q(due_at=task.due_at, pk__gt=task.pk)
    keys = found.values_list("pk", flat=True)
    return keys.filter(later, due_at__gte=task.due_at).first() or keys.first()
