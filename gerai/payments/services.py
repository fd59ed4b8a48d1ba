"""Invoicing and settling. Money is counted once, whatever the provider sends."""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from gerai.agencies import queries as agencies
from gerai.applications.models import Application
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.payments import rules
from gerai.payments.models import CallBack, Invoice, InvoiceSeries, Payment
from gerai.payments.ports import PaymentProvider, ProviderDown

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
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
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
    found = Invoice.objects.filter(application=application).first()
    if found:
        return found
    confirmed = bool(application.edition.content["fee"].get("confirmed"))
    if not confirmed and not settings.DEMO:
        raise rules.FeeUnconfirmed
    year = agencies.calendar(application.mall).local(now).year
    InvoiceSeries.objects.get_or_create(mall=application.mall, year=year)
    series = InvoiceSeries.objects.select_for_update().get(mall=application.mall, year=year)
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
    _record(made, "payments.invoiced", actor, now)
    return made


def _record(of: Invoice, kind: str, actor: ActorRef, now: datetime, **more: Any) -> None:
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


def charge_url(*, of: Invoice) -> str:
    """
    Where to pay; the provider is asked once and its answer kept. Called outside any transaction.

    :raises rules.ProviderUnreachable: if it does not answer
    """
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

    Returns what was done: settled, duplicate, unknown, wrong_amount, ignored.

    :raises rules.SignatureWrong: if it is not the provider's
    """
    rules.check_signature(secret=shared_secret(), header=header, body=body, now=now.timestamp())
    event = json.loads(body)
    return settle(event=event, now=now)


@transaction.atomic
def settle(*, event: dict[str, Any], now: datetime) -> str:
    """Count one event of the provider, told by call-back or found by asking."""
    kept, new = CallBack.objects.get_or_create(
        event_id=str(event["event_id"])[:64],
        defaults={"body": event, "received_at": now, "result": "taken"},
    )
    if not new:
        return "duplicate"
    result = _count(event, now)
    kept.result = result
    kept.save(update_fields=["result"])
    return result


def _count(event: dict[str, Any], now: datetime) -> str:
    if event.get("status") != "paid":
        return "ignored"
    try:
        invoice_id = UUID(str(event.get("invoice_id")))
    except ValueError:
        return "unknown"
    found = Invoice.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=invoice_id).first()
    if found is None:
        return "unknown"
    if found.status == "paid":
        return "duplicate"
    if event.get("amount") != found.amount or found.status != "open":
        _record(found, "payments.refused", PROVIDER, now, told=event.get("amount"), status=found.status)
        return "wrong_amount" if found.status == "open" else "not_open"
    Payment.objects.create(
        invoice=found,
        provider_ref=str(event["ref"])[:64],
        amount=found.amount,
        paid_at=now,
        channel=str(event.get("channel", ""))[:20],
    )
    found.status = "paid"
    found.save(update_fields=["status"])
    _record(found, "payments.settled", PROVIDER, now, channel=str(event.get("channel", ""))[:20])
    return "settled"


def ask_provider(*, now: datetime) -> int:
    """Look for payments whose call-back was lost. Returns how many were settled."""
    settled = 0
    for open_one in Invoice.objects.filter(status="open").exclude(charge_ref="")[:200]:
        try:
            event = provider().status(open_one.charge_ref)
        except ProviderDown:
            return settled
        if event.get("status") == "paid":
            settled += settle(event=dict(event), now=now) == "settled"
    return settled
