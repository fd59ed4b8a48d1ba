"""Settling: money is counted once, whatever the provider sends."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gerai.applications.rules import Status
from gerai.core import callbacks, ids
from gerai.ledger.rules import ActorRef
from gerai.payments import rules
from gerai.payments.models import CallBack, Invoice, Payment, Refund
from gerai.payments.services.invoicing import lock, record

PROVIDER = ActorRef("system", "payment-provider")


def shared_secret() -> bytes:
    """The secret shared with the provider."""
    return callbacks.shared_secret(Path(settings.DATA) / "keys" / "payment.json")


def settle_from_callback(*, body: bytes, header: str, now: datetime) -> str:
    """
    Act on a call-back. Repeated, late or out of order, the money counts once.

    Returns what was done: settled, duplicate, unknown, ignored, or why the money is owed back.

    :raises callbacks.SignatureWrong: if it is not the provider's
    :raises callbacks.CallbackMalformed: if it cannot be read
    """
    event = callbacks.read(secret=shared_secret(), header=header, body=body, now=now)
    return settle(event=event, now=now)


@transaction.atomic
def settle(*, event: Any, now: datetime, actor: ActorRef = PROVIDER) -> str:
    """
    Count one event of the provider, told by call-back, by the bank's counter, or found by asking.

    :raises callbacks.CallbackMalformed: if it cannot be read
    """
    event = rules.check_event(event)
    kept, new = CallBack.objects.get_or_create(
        event_id=event["event_id"], defaults={"body": event, "received_at": now, "result": "taken"}
    )
    if not new:
        return "duplicate"
    kept.result = _count(event, actor, now)
    kept.save(update_fields=["result"])
    return kept.result


def _invoice(told: object) -> Invoice | None:
    """The invoice that an event names, locked."""
    if (pk := ids.read(told)) is None:
        return None
    application_id = Invoice.objects.filter(pk=pk).values_list("application_id", flat=True).first()
    return lock(application_id) if application_id else None


def _count(event: dict[str, Any], actor: ActorRef, now: datetime) -> str:
    if event.get("status") != "paid":
        return "ignored"
    found = _invoice(event.get("invoice_id"))
    if found is None:
        return "unknown"
    ref, told, channel = event["ref"], event.get("amount"), str(event.get("channel", ""))[:20]
    if actor == PROVIDER and channel == rules.COUNTER:
        channel = ""  # cash is not looked for in the provider's file: only the counter may call money that
    if Payment.objects.filter(provider_ref=ref).exists() or _gave_back(ref):
        return "duplicate"
    ended = found.application.status
    reason = rules.obstacle(
        invoice=found.status,
        withdrawn=ended == Status.WITHDRAWN,
        lapsed=ended == Status.LAPSED,
        amount=found.amount,
        told=told,
    )
    if reason:
        _owe_back(found, ref, told, reason, actor, now)
        return reason
    Refund.objects.filter(provider_ref=ref).delete()  # the provider corrected itself
    paid_at = rules.paid_at(event.get("paid_at"), invoiced_at=found.created_at, now=now)
    Payment.objects.create(
        invoice=found,
        provider_ref=ref,
        amount=found.amount,
        paid_at=paid_at,
        received_at=now,
        channel=channel,
    )
    found.status = "paid"
    found.save(update_fields=["status"])
    record(found, "payments.settled", actor, now, channel=channel, paid_at=paid_at.isoformat())
    return "settled"


def _gave_back(ref: str) -> bool:
    """Whether this money has gone back to the payer already; its row stays locked, so that it cannot go meanwhile."""
    owed = Refund.objects.select_for_update().filter(provider_ref=ref).first()
    return owed is not None and owed.returned_at is not None


def _owe_back(of: Invoice, ref: str, told: object, reason: str, actor: ActorRef, now: datetime) -> None:
    owed: dict[str, int] = {}
    if type(told) is int and 0 < told < 2**62:
        kept, _ = Refund.objects.update_or_create(
            provider_ref=ref,
            defaults={"amount": told, "reason": reason},
            create_defaults={
                "invoice": of, "amount": told, "reason": reason, "received_at": now,
            },
        )  # fmt: skip
        owed["refund"] = kept.pk
    record(
        of, "payments.refused", actor, now, reason=reason, told=told if type(told) is int else None, **owed
    )
