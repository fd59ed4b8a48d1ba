"""What Gerai needs of a payment provider."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


class ProviderDown(Exception):
    """The provider did not answer; try again later."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One way to pay an invoice, good until it expires."""

    ref: str
    url: str  # the provider's own page
    qris: str = ""  # the payload of a QRIS code for this sum
    account: str = ""  # the number of a virtual account
    expires_at: datetime | None = None


class PaymentProvider(Protocol):
    """A bank or switch that takes payments by QRIS or virtual account."""

    def create_charge(
        self, *, mall: str, invoice_id: str, number: str, amount: int, attempt: int, back_url: str
    ) -> Charge:
        """Ask for a charge; the same invoice and attempt give the same charge."""

    def status(self, ref: str) -> dict[str, object]:
        """The charge as the provider sees it: {"status", "amount", "channel", "paid_at", "event_id"}."""

    def statement(self, *, mall: str, day: date) -> str:
        """The file of a mall's payments of a day that is over, as CSV."""
