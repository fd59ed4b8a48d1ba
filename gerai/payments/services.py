"""Invoicing and settling. Money is counted once, whatever the provider sends."""

import contextlib
import json
import logging
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from gerai.agencies import queries as agencies
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.payments import rules
from gerai.payments.models import CallBack, Invoice, InvoiceSeries, Payment, Refund
from gerai.payments.ports import PaymentProvider, ProviderDown

log = logging.getLogger(__name__)
PROVIDER = ActorRef("system", "payment-provider")


def provider() -> PaymentProvider:
    """The adapter named in the settings."""
    made: PaymentProvider = import_string(settings.PAYMENT_PROVIDER)()
    return made


def shared_secret() -> bytes:
    """The secret shared with the provider, made at first use by whoever comes first."""
    path = Path(settings.DATA) / "keys" / "payment.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps({"secret": secrets.token_hex(32)}))
        temporary.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return bytes.fromhex(json.loads(path.read_text())["secret"])


@transaction.atomic
def invoice(
    *, application: Application, amount: int, lines: list[dict[str, Any]], actor: ActorRef, now: datetime
) -> Invoice:
    """
    Make the invoice of an application; asked again, give back the one there is.

    :raises rules.FeeUnconfirmed: outside the demo, if the agency has not confirmed the fee
    """
    year = agencies.calendar(application.mall).local(now).year
    InvoiceSeries.objects.get_or_create(mall=application.mall, year=year)
    series = InvoiceSeries.objects.select_for_update().get(mall=application.mall, year=year)
    found = Invoice.objects.filter(application=application).first()
    if found:
        return found
    confirmed = bool(application.edition.content["fee"].get("confirmed"))
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


@transaction.atomic
def cancel(*, application: Application, actor: ActorRef, now: datetime) -> None:
    """Close the open invoice of an application that was taken back. Money that still comes is owed back."""
    found = (
        Invoice.objects.select_for_update(of=("self",)).filter(application=application, status="open").first()
    )
    if found:
        found.status = "cancelled"
        found.save(update_fields=["status"])
        record(found, "payments.cancelled", actor, now)


def charge_url(*, of: Invoice) -> str:
    """
    Where to pay; the provider is asked once and its answer kept. Called outside any transaction.

    :raises rules.InvoiceNotOpen: if nothing is owed
    :raises rules.ProviderUnreachable: if it does not answer
    """
    if of.status != "open" or of.application.status == Status.WITHDRAWN:
        raise rules.InvoiceNotOpen
    if of.charge_url:
        return of.charge_url
    try:
        ref, url = provider().create_charge(
            invoice_id=str(of.pk),
            number=of.number,
            amount=of.amount,
            back_url=f"{settings.BASE_URL}/bayar/{of.pk}/",
        )
    except ProviderDown as error:
        raise rules.ProviderUnreachable from error
    Invoice.objects.filter(pk=of.pk, charge_url="").update(charge_ref=ref, charge_url=url)
    of.charge_ref, of.charge_url = ref, url
    return url


def settle_from_callback(*, body: bytes, header: str, now: datetime) -> str:
    """
    Act on a call-back. Repeated, late or out of order, the money counts once.

    Returns what was done: settled, duplicate, unknown, ignored, or why the money is owed back.

    :raises rules.SignatureWrong: if it is not the provider's
    :raises rules.CallbackMalformed: if it cannot be read
    """
    rules.check_signature(secret=shared_secret(), header=header, body=body, now=now.timestamp())
    try:
        event = json.loads(body)
    except ValueError as error:
        raise rules.CallbackMalformed from error
    return settle(event=event, now=now)


@transaction.atomic
def settle(*, event: Any, now: datetime, actor: ActorRef = PROVIDER) -> str:
    """
    Count one event of the provider, told by call-back, by the bank's counter, or found by asking.

    :raises rules.CallbackMalformed: if it cannot be read
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


def _count(event: dict[str, Any], actor: ActorRef, now: datetime) -> str:
    if event.get("status") != "paid":
        return "ignored"
    try:
        invoice_id = UUID(str(event.get("invoice_id")))
    except ValueError:
        return "unknown"
    found = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("agency", "application")
        .filter(pk=invoice_id)
        .first()
    )
    if found is None:
        return "unknown"
    ref, told, channel = event["ref"], event.get("amount"), str(event.get("channel", ""))[:20]
    if Payment.objects.filter(provider_ref=ref).exists():
        return "duplicate"
    withdrawn = found.application.status == Status.WITHDRAWN
    reason = rules.obstacle(invoice=found.status, withdrawn=withdrawn, amount=found.amount, told=told)
    if reason:
        _owe_back(found, ref, told, reason, actor, now)
        return reason
    Refund.objects.filter(provider_ref=ref, returned_at=None).delete()  # the provider corrected itself
    Payment.objects.create(invoice=found, provider_ref=ref, amount=found.amount, paid_at=now, channel=channel)
    found.status = "paid"
    found.save(update_fields=["status"])
    record(found, "payments.settled", actor, now, channel=channel)
    return "settled"


def _owe_back(of: Invoice, ref: str, told: object, reason: str, actor: ActorRef, now: datetime) -> None:
    if type(told) is int and 0 < told < 2**62:
        Refund.objects.get_or_create(
            provider_ref=ref, defaults={"invoice": of, "amount": told, "reason": reason, "received_at": now}
        )
    record(of, "payments.refused", actor, now, reason=reason, told=told if type(told) is int else None)


def ask_about(*, of: Invoice, now: datetime) -> str:
    """
    Ask the provider about one invoice, now. Returns what was done with the answer.

    :raises rules.ProviderUnreachable: if it does not answer
    """
    if of.status != "open" or not of.charge_ref:
        return "ignored"
    Invoice.objects.filter(pk=of.pk).update(asked_at=now)
    try:
        event = provider().status(of.charge_ref)
    except ProviderDown as error:
        raise rules.ProviderUnreachable from error
    return settle(event=event, now=now) if event.get("status") == "paid" else "ignored"


def ask_provider(*, now: datetime) -> int:
    """
    Look for payments whose call-back was lost, those first that were not asked about for longest.

    Returns how many were settled. Gives up after three silences in a row: then the provider is down.
    """
    settled = silences = 0
    waiting = Invoice.objects.filter(status="open").exclude(charge_ref="")
    for open_one in waiting.order_by(F("asked_at").asc(nulls_first=True))[:200]:
        try:
            settled += ask_about(of=open_one, now=now) == "settled"
            silences = 0
        except rules.ProviderUnreachable:
            silences += 1
            if silences == 3:
                break
        except rules.CallbackMalformed:
            log.error("the provider's answer about %s cannot be read", open_one.number)
    return settled
