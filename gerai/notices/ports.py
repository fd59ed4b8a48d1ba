"""What Gerai needs of an SMS or WhatsApp gateway, and of push services."""

from typing import Protocol


class GatewayDown(Exception):
    """The gateway did not take the message; try again later."""


class MessageGateway(Protocol):
    """Sends a short text to a phone."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        """Send once; the same key again sends nothing."""


class PushGone(Exception):
    """Nobody has this subscription any more."""


class PushRefused(Exception):
    """The push service will never take this message, or its address is not one that we call."""


class PushDown(Exception):
    """The push service does not answer, or not as it should; try again later."""


class PushBusy(Exception):
    """The push service asks to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class PushService(Protocol):
    """Pushes a short message to a browser, by the address that the browser gave."""

    def push(
        self, *, endpoint: str, p256dh: str, auth: str, payload: bytes, seconds: int, urgent: bool, topic: str
    ) -> None:
        """
        Hand it over, encrypted for the browser, to be kept so many seconds; the same topic replaces what waits.

        :raises PushGone, PushRefused, PushBusy, PushDown: as they say
        """
