"""Reading complaints. Illegal-fee reports exist for the inspectorate only."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.feedback.models import Complaint, Survey
from gerai.visits import queries as visits
from gerai.visits.models import Visit

SALT = "gerai.feedback.invitation"


@dataclass(frozen=True)
class Invitation:
    """Who may be rated for what: the visit or application, and each agency served with its service's code."""

    mall: Mall
    subject: str
    served: tuple[tuple[Agency, str], ...]

    def ratings(self) -> QuerySet[Survey]:
        """What has been said already."""
        return Survey.objects.filter(subject=self.subject)


def of_visit(visit: Visit) -> Invitation:
    """To rate the agencies that have served this visit."""
    done = {e.agency_id: (e.agency, e.service.code) for e in visits.errands(visit) if e.state == "done"}
    return Invitation(visit.mall, f"visit:{visit.pk}", tuple(done.values()))


def of_application(application: Application) -> Invitation:
    """To rate the agency of a decided application."""
    decided = application.status in (Status.APPROVED, Status.REJECTED)
    served = ((application.agency, application.service.code),) if decided else ()
    return Invitation(application.mall, f"application:{application.pk}", served)


def invited(token: str) -> Invitation:
    """
    What a signed invitation is for.

    :raises NotFound: if it is not ours
    """
    try:
        kind, pk = signing.loads(token, salt=SALT)
        if kind == "visit":
            return of_visit(Visit.objects.select_related("mall").get(pk=pk))
        found = Application.objects.select_related("mall", "agency", "service").get(pk=pk)
    except (signing.BadSignature, Visit.DoesNotExist, Application.DoesNotExist) as error:
        raise NotFound from error
    return of_application(found)


def inbox(person: Any) -> QuerySet[Complaint]:
    """The complaints that the person's roles may see, oldest open first."""
    may = Q(pk__in=[])
    for member in agencies.memberships(person):
        if member.role == "auditor":
            may |= Q(mall=member.mall, kind="illegal_fee")
        elif member.role == "mall_manager":
            may |= Q(mall=member.mall) & ~Q(kind="illegal_fee")
        elif member.role == "agency_admin":
            may |= Q(agency=member.agency) & ~Q(kind="illegal_fee")
    return Complaint.objects.filter(may).select_related("agency").order_by("answered_at", "due_at")


def get(person: Any, complaint_id: UUID) -> Complaint:
    """
    One complaint the person may see.

    :raises NotFound: otherwise
    """
    found = inbox(person).filter(pk=complaint_id).first()
    if found is None:
        raise NotFound
    return found


def by_secret(secret: str) -> Complaint:
    """
    The reporter follows their own.

    :raises NotFound: if there is none
    """
    found = Complaint.objects.filter(secret=secret).first()
    if found is None:
        raise NotFound
    return found


def words(complaint: Complaint) -> tuple[str, str]:
    """What was said, and the contact left."""
    place = f"feedback.complaint:{complaint.pk}"
    text = encryption.unseal(bytes(complaint.text_sealed), place=place).decode()
    contact = complaint.contact_sealed
    return text, encryption.unseal(bytes(contact), place=place).decode() if contact else ""
