"""Whose hands a case is not for: its own people's, of the officer who typed it, of who stood aside. Reads."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gerai.applications import acting
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.reviews import rules, statements
from gerai.reviews.models import Task
from gerai.reviews.together_models import StoodAside


def check(people: Iterable[Any], application: Application) -> None:
    """
    Let these people work on an application as officers.

    :raises rules.OwnCase, rules.TypedByYou: if one of them is on the applicant's side of it
    :raises rules.YouStoodAside: if one of them has said that they have an interest in it
    """
    some = list(people)
    if any(acting.is_own(one, application) for one in some):
        raise rules.OwnCase
    if any(acting.at_desk(one, application) for one in some):
        raise rules.TypedByYou
    if statements.stood_aside(application.pk, [one.pk for one in some]):
        raise rules.YouStoodAside


def stood_aside(person: Any, application: Application) -> bool:
    """Whether the officer has said that they have an interest in it."""
    return statements.stood_aside(application.pk, [person.pk])


def kept_from(person: Any) -> frozenset[UUID]:
    """The cases a person does not work on: their own, open ones that they typed at the desk or stood aside from."""
    own = application_queries.own_cases(person).order_by().values_list("pk", flat=True)
    typed = Task.objects.filter(
        case__application__helper_id=person.pk, case__application__mandate=None, done_at=None
    ).values_list("case_id", flat=True)
    aside = StoodAside.objects.filter(person_id=person.pk, case__closed_at=None).values_list(
        "case_id", flat=True
    )
    return frozenset(own) | frozenset(typed) | frozenset(aside)
