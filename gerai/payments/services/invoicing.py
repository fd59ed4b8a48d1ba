"""An invoice is made once and closed once; what was paid for nothing is owed back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.payments import rules
from gerai.payments.models import Invoice, InvoiceSeries, Payment, Refund


@transaction.atomic
def invoice(
    *, application: Application, amount: int, lines: list[dict[str, Any]], actor: ActorRef, now: datetime
) -> Invoice:
    """
    Make the invoice of an application; asked again, give back the one there is.

    :raises rules.FeeUnconfirmed: outside the demo, if the agency has not confirmed the fee
    """
    local = agencies.calendar(application.mall).local(now)
    year = local.year
    InvoiceSeries.objects.get_or_create(mall=application.mall, year=year)
    series = InvoiceSeries.objects.select_for_update().get(mall=application.mall, year=year)
    found = Invoice.objects.filter(application=application).first()
    if found:
        return found
    confirmed = bool(application_queries.fee_rule(application).get("confirmed"))
    if not confirmed and not settings.DEMO:
        raise rules.FeeUnconfirmed
    series.last += 1
    series.save(update_fields=["last"])
    made = Invoice.objects.create(
        mall=application.mall,
        agency=application.agency,
        application=application,
        number=f"INV-{application.mall_id}-{year}-{series.last:06d}",
        amount=amount,
        lines=lines,
        confirmed=confirmed,
        created_at=now,
        pay_by=rules.pay_by(local),
    )
    record(made, "payments.invoiced", actor, now)
    return made


def record(of: Invoice, kind: str, actor: ActorRef, now: datetime, **more: Any) -> None:
    """Add an entry about an invoice to the ledger."""
    ledger.append(
        mall=of.mall_id,
        kind=kind,
        subject=f"invoice:{of.pk}",
        actor=actor,
        now=now,
        data={
            "agency": of.agency.code,
            "application": str(of.application_id),
            "number": of.number,
            "amount": of.amount,
            **more,
        },
    )


def lock(application_id: UUID) -> Invoice | None:
    """
    The invoice of an application, both rows locked: the application first, as everywhere.

    Whoever settles, waives or closes waits here for a withdrawal that has begun, and a withdrawal for them.
    """
    application = marks.lock(application_id)
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("agency", "mall")
    found = locked.filter(application=application).first()
    if found is not None:
        found.application = application
    return found


@transaction.atomic
def cancel(
    *,
    application: Application,
    actor: ActorRef,
    now: datetime,
    reason: rules.Owed = rules.Owed.CANCELLED,
) -> None:
    """Close the invoice of an application that was taken back or ended: what was paid, or still comes, is owed back."""
    owe_back(application=application, reason=reason, actor=actor, now=now)


@transaction.atomic
def owe_back(
    *, application: Application, reason: rules.Owed, actor: ActorRef, now: datetime
) -> Refund | None:
    """
    Owe back what was paid for an application that came to nothing, or close its invoice if nothing was paid yet.

    Called again, it gives back the refund there is: one per payment. None where no money came.
    """
    found = lock(application.pk)
    if found is not None and found.status == "open":
        found.status = "cancelled"
        found.save(update_fields=["status"])
        record(found, "payments.cancelled", actor, now, reason=reason)
    payment = Payment.objects.filter(invoice=found).first() if found else None
    if found is None or payment is None:
        return None
    owed, new = Refund.objects.get_or_create(
        provider_ref=payment.provider_ref,
        defaults={"invoice": found, "amount": payment.amount, "reason": reason, "received_at": now},
    )
    if new:
        record(found, "payments.owed_back", actor, now, reason=reason, refund=owed.pk, owed=owed.amount)
    return owed
