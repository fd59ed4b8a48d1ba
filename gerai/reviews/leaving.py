"""An officer leaves a role: what they held goes back to whoever comes first, and who answers for it is told. Writes.

What happened is read from how things stand, not from the entry: it may come late, twice, or after a role given back.
"""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from gerai.accounts import confirming
from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall, Membership
from gerai.ledger.rules import SYSTEM
from gerai.notices import services as notices
from gerai.permits import batches, noting, waiting
from gerai.permits.ports import OfficeLeft
from gerai.reviews import queries
from gerai.reviews.models import Task
from gerai.reviews.services import GIVEN
from gerai.reviews.stages import record

FREED = "reviews.task_freed"


def _held_by_nobody(person_id: UUID) -> QuerySet[Task]:
    """The open tasks that somebody works on who may not do them any more."""
    held = Membership.objects.filter(
        agency=OuterRef("agency"),
        role=OuterRef("role"),
        person_id=person_id,
        active=True,
        person__is_active=True,
    )
    return Task.objects.filter(~Exists(held), done_at=None, taken_by_id=person_id)


def _free(person_id: UUID, cause: int, now: datetime) -> Counter[int]:
    """Back to the lists of their roles; how many of each agency."""
    found = _held_by_nobody(person_id).select_for_update(of=("self",)).order_by("pk")
    related = ("agency", "case__mall", "case__application__agency", "case__application__service")
    freed = Counter[int]()
    for task in found.select_related(*related):
        task.taken_by = task.given_by = task.given_at = None
        task.given_reason = ""
        task.save(update_fields=["taken_by", *GIVEN])
        told = {"task": task.key, "agency": task.agency.code, "was": str(person_id)}
        record(task.case, FREED, SYSTEM, now, cause=cause, **told)
        freed[task.agency_id] += 1
    return freed


def _unsigned(person_id: UUID, now: datetime) -> Counter[int]:
    """What they decided and left unsigned, marked so that everybody sees why; how many of each agency."""
    if not batches.asks_passphrase():  # a job signs what was decided, whoever is in office by then
        return Counter()
    found = list(waiting.left_behind().filter(decided_by_id=person_id))
    for permit in found:
        noting.failure(permit_id=permit.pk, now=now, code=OfficeLeft.code)
    return Counter(permit.agency_id for permit in found)


def without_signer(mall: Mall) -> dict[str, tuple[int, datetime]]:
    """How much waits for a signing official where there is none, and since when the first, by agency code."""
    held = Membership.objects.filter(
        agency=OuterRef("agency"), role="signer", active=True, person__is_active=True
    )
    open_ = Task.objects.filter(~Exists(held), case__mall=mall, role="signer", done_at=None).order_by()
    unsigned = waiting.left_behind().filter(~Exists(held), mall=mall).order_by()
    tasks = open_.values_list("agency__code").annotate(n=Count("pk"), first=Min("opened_at"))
    permits = unsigned.values_list("agency__code").annotate(n=Count("pk"), first=Min("decided_at"))
    found: dict[str, tuple[int, datetime]] = {}
    for code, count, first in tasks.union(permits, all=True):
        before, since = found.get(code, (0, first))
        found[code] = before + count, min(since, first)
    return found


@transaction.atomic
def left(*, person_id: UUID, agency_codes: set[str], mall: str, cause: int, now: datetime) -> int:
    """
    A role ended: of a membership, a substitution or an account. Their codes for signing end with it.

    Returns how many tasks went back. Twice is once.
    """
    confirming.forget(person_id=person_id)
    freed, unsigned = _free(person_id, cause, now), _unsigned(person_id, now)
    named = Q(pk__in={*freed, *unsigned}) | Q(mall=mall, code__in=agency_codes)
    for agency in Agency.objects.filter(named, live_at__isnull=False).order_by("pk"):
        counts = {"given": freed[agency.pk], "waiting": unsigned[agency.pk]}
        if any(counts.values()):
            heads = Membership.objects.filter(agency=agency, role__in=queries.HEADS)
            data = {**counts, "agency": agency.short, "path": "/tugas/bagi/"}
            _tell(heads, f"officer_left:{cause}:{agency.pk}", "officer_left", data, mall, now)
        if agency.code in agency_codes and not queries.holding_role(agency.pk, "signer"):
            _nobody_signs(agency, cause, now)
    return freed.total()


def _nobody_signs(agency: Agency, cause: int, now: datetime) -> None:
    """Its administrators can name somebody, the manager and the mayor must know: nothing is decided meanwhile."""
    count, _ = without_signer(agencies.mall(agency.mall_id)).get(agency.code, (0, now))
    told = Q(agency=agency, role="agency_admin") | Q(mall=agency.mall, role__in=("mall_manager", "mayor"))
    data = {"agency": agency.short, "waiting": count, "path": "/"}
    members = Membership.objects.filter(told)
    _tell(members, f"no_signer:{cause}:{agency.pk}", "no_signer", data, agency.mall_id, now)


def _tell(
    members: QuerySet[Membership], key: str, template: str, data: dict[str, Any], mall: str, now: datetime
) -> None:
    there = members.filter(active=True, person__is_active=True).select_related("person")
    for one in there.order_by("person_id").distinct("person_id"):
        notices.send(
            key=f"{key}:{one.person_id}", mall=mall, person=one.person, template=template, data=data, now=now
        )
