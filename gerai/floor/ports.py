"""The port to a ticket printer. An adapter behind it knows the printer's language; the hall knows only tickets."""

from dataclasses import dataclass, field
from typing import Protocol


class PrinterTrouble(Exception):
    """It did not print. `trouble` is one of hall.TROUBLES: paper_out or unreachable."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Ticket:
    """What stands on paper, from top to bottom."""

    head: str
    number: str
    lines: list[str] = field(default_factory=list)
    link: str = ""  # as a QR code
    foot: list[str] = field(default_factory=list)


class TicketPrinter(Protocol):
    """A printer of tickets, by its address."""

    def print_ticket(self, *, address: str, ticket: Ticket) -> str:
        """
        Print it and cut. Returns "" or the trouble to come ("paper_low").

        :raises PrinterTrouble: if it was not printed; nothing is on paper then, or not all of it
        """
        ...
