"""Reading complaints. Illegal-fee reports exist for the inspectorate only."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gerai.agencies import queries as agencies
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.feedback.models import Complaint


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
    text = encryption.unseal(complaint.text_sealed, place=place).decode()
    contact = complaint.contact_sealed
    return text, encryption.unseal(contact, place=place).decode() if contact else ""
