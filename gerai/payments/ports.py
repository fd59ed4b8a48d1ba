"""What Gerai needs of a payment provider."""

from typing import Protocol


class ProviderDown(Exception):
    """The provider did not answer; try again later."""


class PaymentProvider(Protocol):
    """A bank or switch that takes payments by QRIS or virtual account."""

    def create_charge(self, *, invoice_id: str, number: str, amount: int, back_url: str) -> tuple[str, str]:
        """Ask for a charge; the same invoice gives the same charge. Returns reference and address to pay at."""

    def status(self, ref: str) -> dict[str, object]:
        """The charge as the provider sees it: {"status", "amount", "channel", "paid_at", "event_id"}."""
