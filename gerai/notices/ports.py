"""What Gerai needs of an SMS or WhatsApp gateway."""

from typing import Protocol


class GatewayDown(Exception):
    """The gateway did not take the message; try again later."""


class MessageGateway(Protocol):
    """Sends a short text to a phone."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        """Send once; the same key again sends nothing."""
