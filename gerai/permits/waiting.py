"""Reading what was decided and waits for its signature: who is to sign it, what is stuck, what a leaver left."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from gerai.agencies.models import Mall, Membership
from gerai.permits import rules
from gerai.permits.models import Permit
from gerai.permits.rules import Status


def unsigned(before: datetime, *, officials: bool = True) -> list[UUID]:
    """
    What was decided before this moment and still waits for its signature; without what officials sign in person.

    What failed comes behind what was never tried, so that a row of hopeless ones keeps nobody waiting.
    """
    waiting = Permit.objects.filter(status=Status.SIGNING, decided_at__lt=before)
    if not officials:
        waiting = waiting.filter(decided_by=None)
    waiting = waiting.order_by(F("sign_failed_at").asc(nulls_first=True), "decided_at")
    return list(waiting.values_list("pk", flat=True)[:200])


def _signs(person: Any) -> Exists:
    """Whether somebody signs for a permit's agency now: by their own right, or standing in."""
    held = Membership.objects.filter(agency=OuterRef("agency"), role="signer", active=True)
    return Exists(held.filter(person=person, person__is_active=True))


def to_sign(person: Any) -> QuerySet[Permit]:
    """What an official has decided and nobody has signed yet, the oldest first. Out of office nothing is."""
    waiting = Permit.objects.select_related("service", "application")
    waiting = waiting.filter(_signs(person.pk), status=Status.SIGNING, decided_by_id=person.pk)
    return waiting.order_by("decided_at", "id")


def left_behind() -> QuerySet[Permit]:
    """What an official decided who has left office since, and nobody has signed, the oldest first."""
    waiting = Permit.objects.filter(~_signs(OuterRef("decided_by")), status=Status.SIGNING)
    waiting = waiting.filter(decided_by__isnull=False).order_by("decided_at", "id")
    return waiting.select_related("service", "application", "decided_by")


def left_to(person: Any) -> QuerySet[Permit]:
    """Of what was left behind, that of the agencies that the person signs for."""
    return left_behind().filter(_signs(person.pk))


def free(now: datetime) -> QuerySet[Permit]:
    """What is unsigned and in the hands of no running batch."""
    return Permit.objects.filter(Q(held_until=None) | Q(held_until__lte=now), status=Status.SIGNING)


def of_applications(person: Any, ids: Iterable[UUID]) -> list[UUID]:
    """The unsigned permits of these applications that the person has decided."""
    return list(to_sign(person).filter(application_id__in=list(ids)).values_list("pk", flat=True))


def stuck(mall: Mall, now: datetime) -> QuerySet[Permit]:
    """What has waited for its signature for too long: people must look, for the job has not managed it."""
    before = now - rules.UNSIGNED_TOO_LONG
    waiting = Permit.objects.filter(mall=mall, status=Status.SIGNING, decided_at__lt=before)
    return waiting.order_by("decided_at")


def why_stuck(waiting: QuerySet[Permit]) -> list[str]:
    """The codes of what went wrong, without those never tried."""
    failed = waiting.exclude(sign_failure="").order_by("sign_failure")
    return list(failed.values_list("sign_failure", flat=True).distinct())


def stuck_by_agency(mall: Mall, now: datetime) -> dict[str, tuple[int, datetime]]:
    """How many of each agency are stuck, and since when the first, by agency code."""
    counted = stuck(mall, now).order_by().values_list("agency__code")
    return {code: (n, first) for code, n, first in counted.annotate(n=Count("id"), first=Min("decided_at"))}
