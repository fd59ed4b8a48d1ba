"""Writes about money: invoices, charges, settling, waiving, comparing with the bank. Each counts once."""

from gerai.payments.services.charging import ask_about, ask_provider, charge, charge_url, provider
from gerai.payments.services.invoicing import cancel, invoice, lock, owe_back, record
from gerai.payments.services.reconciling import note_difference, reconcile, reconcile_due
from gerai.payments.services.settling import settle, settle_from_callback, shared_secret
from gerai.payments.services.waiving import waive

__all__ = [
    "ask_about",
    "ask_provider",
    "cancel",
    "charge",
    "charge_url",
    "invoice",
    "lock",
    "note_difference",
    "owe_back",
    "provider",
    "reconcile",
    "reconcile_due",
    "record",
    "settle",
    "settle_from_callback",
    "shared_secret",
    "waive",
]
