"""Reading invoices: only their owner's."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gerai.agencies.models import Membership
from gerai.core.errors import NotFound
from gerai.payments.models import Invoice, Refund
from gerai.payments.rules import CASHIER


def of(person: Any) -> QuerySet[Invoice]:
    """A person's invoices, newest first."""
    found = Invoice.objects.select_related("application__service", "agency", "payment")
    return (
        found.filter(application__applicant_id=person.pk) | found.filter(application__helper_id=person.pk)
    ).order_by("-created_at")


def get(person: Any, invoice_id: UUID) -> Invoice:
    """
    One invoice of a person.

    :raises NotFound: if it is not theirs
    """
    found = of(person).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound
    return found


def of_application(person: Any, application_id: UUID) -> Invoice:
    """
    The invoice of one of the person's applications.

    :raises NotFound: if there is none
    """
    found = of(person).filter(application_id=application_id).first()
    if found is None:
        raise NotFound
    return found


def at_counter(member: Membership, number: str) -> Invoice:
    """
    The invoice that somebody names at the bank's counter.

    :raises NotFound: if it is not the cashier's officer, or there is no such invoice
    """
    if member.agency is None or member.agency.code != CASHIER or member.role != "counter_officer":
        raise NotFound
    found = Invoice.objects.select_related("application__service", "agency")
    one = found.filter(mall=member.mall, number=number.strip().upper()).first()
    if one is None:
        raise NotFound
    return one


def open_for(application_id: UUID) -> Invoice | None:
    """The open invoice of an application, if there is one."""
    return Invoice.objects.filter(application_id=application_id, status="open").first()


def refunds(member: Membership) -> QuerySet[Refund]:
    """What an agency (or, for the mall's manager, anybody in the mall) owes back; the open ones first."""
    found = Refund.objects.filter(invoice__mall=member.mall).select_related("invoice__agency")
    if member.agency_id:
        found = found.filter(invoice__agency=member.agency_id)
    return found.order_by("-returned_at", "received_at")
