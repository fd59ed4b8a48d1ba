"""What people do with money in the mall: the bank's officer takes it, an agency returns it. Writes, too."""

from datetime import datetime

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Membership
from gerai.applications import acting
from gerai.applications.rules import Status
from gerai.core.errors import NotFound
from gerai.ledger.rules import ActorRef
from gerai.payments import queries, rules, services
from gerai.payments.models import Invoice, Payment, Refund


@transaction.atomic
def give_back(*, member: Membership, refund_id: int, reference: str, now: datetime) -> Refund:
    """
    Note that money has been returned to the payer, by the bank's reference; the first word stays.

    :raises NotFound: if it is not this agency's
    :raises rules.ReferenceMissing: without the bank's reference
    :raises rules.RefundOfOwn: if it is their own money, or their business's
    """
    found = queries.refunds(member).select_for_update(of=("self",)).filter(pk=refund_id).first()
    if found is None:
        raise NotFound
    if acting.is_own(member.person, found.invoice.application):
        raise rules.RefundOfOwn
    reference = rules.check_reference(reference)
    if found.returned_at is None:
        found.returned_at, found.returned_ref = now, reference
        found.save(update_fields=["returned_at", "returned_ref"])
        actor = ActorRef("person", str(member.person_id))
        services.record(
            found.invoice, "payments.returned", actor, now, refund=found.pk, returned=found.amount
        )
    return found


@transaction.atomic
def pay_at_counter(*, member: Membership, number: str, reference: str, now: datetime) -> Invoice:
    """
    The bank's officer took the money at the counter and gives the reference of the bank's own slip.

    :raises NotFound: if it is not the cashier's officer, or there is no such invoice
    :raises rules.ReferenceMissing, rules.ReferenceUsed, rules.InvoiceNotOpen: with what to do
    :raises rules.CashOfOwn: if it is their own invoice, or their business's
    """
    if not queries.is_teller(member):
        raise NotFound
    reference = rules.check_reference(reference)
    found = services.lock(queries.at_counter(member, number).application_id)
    if found is None:
        raise NotFound
    if acting.is_own(member.person, found.application):
        raise rules.CashOfOwn
    ref = f"{agencies.cashier(member.mall)}-{reference}"
    known = Payment.objects.filter(provider_ref=ref).first()
    if known is not None and known.invoice_id == found.pk:
        return found
    if found.status != "open" or found.application.status == Status.WITHDRAWN:
        raise rules.InvoiceNotOpen
    event = {
        "event_id": ref, "ref": ref, "status": "paid", "invoice_id": str(found.pk), "amount": found.amount,
        "channel": rules.COUNTER, "paid_at": now.isoformat(),
    }  # fmt: skip
    if services.settle(event=event, now=now, actor=ActorRef("person", str(member.person_id))) != "settled":
        raise rules.ReferenceUsed
    found.refresh_from_db()
    return found
