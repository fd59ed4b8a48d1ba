"""Whose hands a case is not for: its own people's, and of the officer who typed it. Reads."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gerai.applications import acting
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.reviews import rules
from gerai.reviews.models import Task


def check(people: Iterable[Any], application: Application) -> None:
    """
    Let these people work on an application as officers.

    :raises rules.OwnCase, rules.TypedByYou: if one of them is on the applicant's side of it
    """
    some = list(people)
    if any(acting.is_own(one, application) for one in some):
        raise rules.OwnCase
    if any(acting.at_desk(one, application) for one in some):
        raise rules.TypedByYou


def kept_from(person: Any) -> frozenset[UUID]:
    """The cases that a person does not work on: their own, and those with open tasks that they typed at the desk."""
    own = application_queries.own_cases(person).order_by().values_list("pk", flat=True)
    typed = Task.objects.filter(
        case__application__helper_id=person.pk, case__application__mandate=None, done_at=None
    ).values_list("case_id", flat=True)
    return frozenset(own) | frozenset(typed)
