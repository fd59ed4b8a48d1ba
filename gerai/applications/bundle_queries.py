"""Reading bundles: what is in one, how far each application is, what waits for what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gerai.accounts import queries as people
from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.bundle_models import Bundle, BundleItem
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.core.errors import DomainError, NotFound

# Ended without a permit: the person may apply for it anew.
FAILED = frozenset(FINAL - {Status.APPROVED})


class WaitsForAnother(DomainError):
    """It needs a permit first that is applied for in the same bundle."""

    code = "bundle_waits"
    text = (
        "Permohonan ini baru dapat dikirim setelah izin yang diperlukannya disetujui. "
        "Lihat daftar pengajuan bersama."
    )
    status = 409


@dataclass(slots=True)
class Row:
    """One service of a bundle: its application, what is missing, what was taken over, what it waits for."""

    item: BundleItem
    application: Application
    begun: bool = True
    missing: dict[str, str] = field(default_factory=dict)
    carried: list[dict[str, str]] = field(default_factory=list)
    waits: list[Application] = field(default_factory=list)

    @property
    def state(self) -> str:
        """empty, partial or complete for a draft, else "sent"."""
        if self.application.status != Status.DRAFT:
            return "sent"
        if not self.begun:
            return "empty"
        return "partial" if self.missing else "complete"

    @property
    def lacks(self) -> list[dict[str, str]]:
        """The labels of what is missing."""
        labels = form.labels(self.application.edition.content)
        return [labels[what] for what in self.missing if what in labels]


def get(person: Any, bundle_id: UUID) -> Bundle:
    """
    One bundle of a person; of a business as long as they act for it.

    :raises NotFound: if it does not exist or is somebody else's
    """
    found = _theirs(person).select_related("mall", "business").filter(pk=bundle_id).first()
    if found is None:
        raise NotFound
    return found


def _theirs(person: Any) -> QuerySet[Bundle]:
    inside = people.acting_for(person).order_by().values("business_id")
    return Bundle.objects.filter(Q(business=None) | Q(business__in=inside), person_id=person.pk)


def open_of(person: Any) -> list[Bundle]:
    """A person's bundles in which something is still to be filled in or sent, newest first."""
    found = _theirs(person).filter(closed_at__isnull=True, items__application__status=Status.DRAFT)
    return list(found.distinct().order_by("-created_at"))


def drafts_of(bundles: Sequence[Bundle]) -> set[UUID]:
    """The applications of these bundles that are still to be sent."""
    found = BundleItem.objects.filter(bundle__in=bundles, application__status=Status.DRAFT)
    return set(found.values_list("application_id", flat=True))


def items(bundle: Bundle) -> QuerySet[BundleItem]:
    """The services of a bundle in their order, each with its application."""
    found = BundleItem.objects.filter(bundle=bundle).order_by("position", "pk")
    return found.select_related(
        "service",
        "application__service",
        "application__agency",
        "application__edition",
        "application__applicant",
    )


def _standing(application: Application) -> set[str]:
    """What stands in it: "answer:<key>" and "file:<code>"."""
    files = {f"file:{attachment.requirement}" for attachment in application.attachments.all()}
    return {f"answer:{key}" for key in queries.kept_answers(application)} | files


def has_begun(application: Application) -> bool:
    """Whether anything stands in it."""
    return bool(_standing(application))


def is_touched(bundle: Bundle, application: Application) -> bool:
    """Whether something stands in it that was not taken over from the others."""
    item = BundleItem.objects.filter(bundle=bundle, application=application).first()
    return bool(_standing(application) - set(item.carried if item else []))


def granted(bundle: Bundle, among: list[BundleItem]) -> set[int]:
    """The services among these for which who applies has a granted application, from here or earlier."""
    services = [item.service_id for item in among]
    whose = queries.whose(bundle.person_id, bundle.business_id)
    found = Application.objects.filter(**whose, service__in=services, status=Status.APPROVED)
    return set(found.values_list("service_id", flat=True))


def waiting_for(
    bundle: Bundle, item: BundleItem, among: list[BundleItem], have: set[int]
) -> list[Application]:
    """
    The applications of this bundle whose permit this service needs first, and that are not `granted` yet.

    What is not in the bundle is no hindrance: the person may have that permit from elsewhere.
    """
    needed = bundle.after.get(item.service.code, [])
    return [
        other.application
        for other in among
        if other.service.code in needed
        and other.application.status not in (Status.APPROVED, Status.WITHDRAWN)
        and other.service_id not in have
    ]


def check_free(application: Application) -> None:
    """
    Let a draft be sent that waits for nothing else of a bundle it is in.

    :raises WaitsForAnother: if a permit that it needs first is applied for there and not approved yet
    """
    mine = BundleItem.objects.filter(application=application, bundle__closed_at__isnull=True)
    for item in mine.select_related("bundle", "service"):
        among = list(items(item.bundle))
        if waiting_for(item.bundle, item, among, granted(item.bundle, among)):
            raise WaitsForAnother


def holding(person: Any, application: Application) -> list[Bundle]:
    """The open bundles of a person that an application is in, for the way back to them."""
    found = Bundle.objects.filter(person_id=person.pk, closed_at__isnull=True, items__application=application)
    return list(found.order_by("-created_at"))


def carried(item: BundleItem) -> list[dict[str, str]]:
    """The labels of what was taken over and still stands there."""
    application = item.application
    if application.status != Status.DRAFT or not item.carried:
        return []
    there = _standing(application)
    labels = form.labels(application.edition.content)
    return [labels[what] for what in item.carried if what in there and what in labels]
