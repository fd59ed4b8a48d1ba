"""Tickets in ESC/POS over the network (port 9100), by python-escpos: it knows the printers' code pages and QR codes."""

from django.conf import settings
from escpos.constants import RT_STATUS_ONLINE, RT_STATUS_PAPER
from escpos.exceptions import Error
from escpos.printer import Network

from gerai.floor.ports import PrinterTrouble, Ticket

WAIT = 3.0  # seconds; a visitor stands before the kiosk
COVER_OPEN, PAPER_END, PAPER_LOW = (
    0x04,
    0x60,
    0x0C,
)  # bits of the answers to DLE EOT (Epson ESC/POS reference)
RT_STATUS_CAUSE = b"\x10\x04\x02"


class EscposPrinter:
    """An 80 mm thermal printer."""

    def print_ticket(self, *, address: str, ticket: Ticket) -> str:
        """See the port. Paper is asked for before and after: a roll can end in the middle of a ticket."""
        host, _, port = address.partition(":")
        printer = Network(host, port=int(port or 9100), timeout=WAIT, profile=settings.TICKET_PRINTER_PROFILE)
        try:
            printer.open()
            _check(printer)
            _write(printer, ticket)
            return _check(printer)
        except (OSError, Error) as error:
            raise PrinterTrouble("unreachable") from error
        finally:
            printer.close()


def _ask(printer: Network, question: bytes) -> int:
    answer = printer.query_status(question)
    if not answer:
        raise PrinterTrouble("unreachable")  # it hung up
    return int(answer[0])


def _check(printer: Network) -> str:
    """
    "" or "paper_low".

    :raises PrinterTrouble: without paper, or with the cover open
    """
    paper = _ask(printer, RT_STATUS_PAPER)
    if paper & PAPER_END:
        raise PrinterTrouble("paper_out")
    if _ask(printer, RT_STATUS_ONLINE) & 0x08 and _ask(printer, RT_STATUS_CAUSE) & COVER_OPEN:
        raise PrinterTrouble("unreachable")
    return "paper_low" if paper & PAPER_LOW else ""


def _write(printer: Network, ticket: Ticket) -> None:
    printer.hw("INIT")
    printer.set(align="center", normal_textsize=True)
    printer.textln(ticket.head)
    printer.set(align="center", custom_size=True, width=5, height=5, bold=True)
    printer.textln(ticket.number)
    printer.set(align="left", normal_textsize=True, bold=False)
    for line in ticket.lines:
        printer.textln(line)
    if ticket.link:
        printer.set(align="center")
        printer.qr(ticket.link, native=True, size=6)
    printer.set(align="center", normal_textsize=True)
    for line in ticket.foot:
        printer.textln(line)
    printer.cut()
