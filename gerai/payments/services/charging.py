"""Charges at the provider: asked for on the payer's page, never inside a transaction; looked after when silent."""

import logging
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from gerai.applications.rules import Status
from gerai.core import callbacks
from gerai.payments import queries, rules
from gerai.payments.models import Invoice
from gerai.payments.ports import PaymentProvider, ProviderDown
from gerai.payments.services.settling import settle

log = logging.getLogger(__name__)


def provider() -> PaymentProvider:
    """The adapter named in the settings."""
    made: PaymentProvider = import_string(settings.PAYMENT_PROVIDER)()
    return made


def charge_url(*, of: Invoice) -> str:
    """
    Where to pay; the provider is asked once and its answer kept. Called outside any transaction.

    :raises rules.InvoiceNotOpen: if nothing is owed
    :raises rules.ProviderUnreachable: if it does not answer
    """
    if of.status != "open" or of.application.status == Status.WITHDRAWN:
        raise rules.InvoiceNotOpen
    if not of.charge_url:
        _ask_for_charge(of, of.charge_attempt)
    return of.charge_url


def charge(*, of: Invoice, now: datetime) -> str:
    """
    Where to pay, by a charge that is still good: one that has expired is looked at once more, then replaced.

    So is one to which a wrong sum came: the bank takes nothing more for it.

    :raises rules.InvoiceNotOpen: if nothing is owed (any more)
    :raises rules.ProviderUnreachable: if it does not answer
    """
    over = rules.has_expired(of.charge_expires_at, now) or queries.is_spent(of)
    if not of.charge_url or not over:
        return charge_url(of=of)
    ask_about(of=of, now=now)
    of.refresh_from_db(fields=["status"])
    if of.status != "open":
        raise rules.InvoiceNotOpen
    _ask_for_charge(of, of.charge_attempt + 1)
    return of.charge_url


def _ask_for_charge(of: Invoice, attempt: int) -> None:
    """A lost answer is asked for again under the same attempt; of two clicks at once both get the same charge."""
    try:
        told = provider().create_charge(
            mall=of.mall_id,
            invoice_id=str(of.pk),
            number=of.number,
            amount=of.amount,
            attempt=attempt,
            back_url=f"{settings.BASE_URL}/bayar/{of.pk}/",
        )
    except ProviderDown as error:
        raise rules.ProviderUnreachable from error
    kept = {
        "charge_ref": told.ref,
        "charge_url": told.url,
        "charge_qris": told.qris,
        "charge_account": told.account if rules.account_number(told.account) else "",
        "charge_expires_at": told.expires_at,
        "charge_attempt": attempt,
    }
    Invoice.objects.filter(pk=of.pk, charge_ref=of.charge_ref).update(**kept)
    for name, value in kept.items():
        setattr(of, name, value)


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
        except callbacks.CallbackMalformed:
            log.error("the provider's answer about %s cannot be read", open_one.number)
    return settled
