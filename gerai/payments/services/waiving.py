"""Waiving: the head of the agency lets somebody off, with a ground that others can check, before payment."""

from datetime import datetime

from django.db import transaction

from gerai.agencies.models import Membership
from gerai.applications import acting
from gerai.applications.rules import Status
from gerai.core.errors import NotFound
from gerai.ledger.rules import ActorRef
from gerai.payments import queries, rules
from gerai.payments.models import Invoice, Waiver
from gerai.payments.services.invoicing import lock, record


@transaction.atomic
def waive(*, member: Membership, number: str, ground: str, now: datetime) -> Invoice:
    """
    Let an applicant off: nothing is owed any more, and the route goes on as after a payment.

    A second click finds it waived and changes nothing.

    :raises NotFound: if it is not an invoice of the supervisor's agency
    :raises rules.WaiverUngrounded, rules.WaiverOfOwn, rules.InvoiceNotOpen: with what to do
    """
    ground = rules.check_waiver(ground)
    found = lock(queries.of_agency(member, number).application_id)
    if found is None:
        raise NotFound
    if acting.is_own(member.person, found.application) or member.person_id == found.application.helper_id:
        raise rules.WaiverOfOwn
    if found.status == "waived":
        return found
    if found.status != "open" or found.application.status != Status.PAYMENT:
        raise rules.InvoiceNotOpen
    Waiver.objects.create(invoice=found, ground=ground, by=member.person, at=now)
    found.status = "waived"
    found.save(update_fields=["status"])
    actor = ActorRef("person", str(member.person_id))
    record(
        found, "payments.settled", actor, now,
        amount=0, waived=found.amount, channel=rules.WAIVER, paid_at=now.isoformat(),
    )  # fmt: skip
    return found
