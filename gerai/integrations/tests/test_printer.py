"""Tickets over ESC/POS to a separate program that speaks port 9100 and can be out of paper."""

import os
import socket
import subprocess
import sys
import time

import pytest

from gerai.config.running import free_port
from gerai.floor.ports import PrinterTrouble, Ticket
from gerai.integrations.printer.escpos import EscposPrinter

TICKET = Ticket(
    head="Mal Pelayanan Publik",
    number="A 142",
    lines=["1. KTP-el (Dukcapil)", "Pertama: Dukcapil, loket 5–9"],
    link="http://127.0.0.1/kunjungan/abc-_x/",
    foot=["Tidak ada yang didahului."],
)


class Printer:
    """The double as a process of its own."""

    def __init__(self, data):
        self.data, port = data, free_port()
        self.address = f"127.0.0.1:{port + 5}"
        environment = os.environ | {"GERAI_DATA": str(data), "GERAI_PORT": str(port)}
        command = [sys.executable, "-m", "gerai.integrations.printer.double"]
        self.process = subprocess.Popen(command, env=environment)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port + 5), 1).close()
                return
            except OSError:
                pass
        raise AssertionError("the printer does not answer")

    def paper(self, state):
        (self.data / "printer" / "paper").write_text(state)

    def printed(self):
        return [path.read_text() for path in sorted((self.data / "printer").glob("*.txt"))]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def printer(tmp_path):
    made = Printer(tmp_path)
    yield made
    made.stop()


def test_a_ticket_comes_out_whole_with_its_link(printer):
    assert EscposPrinter().print_ticket(address=printer.address, ticket=TICKET) == ""

    (text,) = printer.printed()
    assert text.splitlines() == [
        "Mal Pelayanan Publik",
        "A 142",
        "1. KTP-el (Dukcapil)",
        "Pertama: Dukcapil, loket 5–9",
        "<http://127.0.0.1/kunjungan/abc-_x/>",
        "Tidak ada yang didahului.",
    ]


def test_without_paper_nothing_is_printed_and_the_trouble_has_a_name(printer):
    printer.paper("out")
    with pytest.raises(PrinterTrouble) as told:
        EscposPrinter().print_ticket(address=printer.address, ticket=TICKET)

    assert told.value.trouble == "paper_out"
    assert printer.printed() == []
    printer.paper("")
    EscposPrinter().print_ticket(address=printer.address, ticket=TICKET)
    assert len(printer.printed()) == 1


def test_little_paper_prints_and_warns(printer):
    printer.paper("low")

    assert EscposPrinter().print_ticket(address=printer.address, ticket=TICKET) == "paper_low"
    assert len(printer.printed()) == 1


def test_a_printer_that_is_not_there_says_so_at_once(printer):
    printer.stop()
    with pytest.raises(PrinterTrouble) as told:
        EscposPrinter().print_ticket(address=printer.address, ticket=TICKET)

    assert told.value.trouble == "unreachable"
