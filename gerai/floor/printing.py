"""Tickets on paper: what stands on them, and through which printer they go."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from gerai.agencies.models import Mall
from gerai.core.errors import DomainError
from gerai.floor import devices, hall, pairing
from gerai.floor.models import Device
from gerai.floor.ports import PrinterTrouble, Ticket, TicketPrinter
from gerai.visits import queries as visits
from gerai.visits.models import Errand, Visit


class NotPrinted(DomainError):
    """The printer of a code did not print."""

    code = "printer_silent"
    text = "Pencetak di alamat itu tidak mencetak. Periksa listrik, kertas dan alamatnya, lalu coba lagi."
    status = 502


def _printer() -> TicketPrinter:
    made: TicketPrinter = import_string(settings.TICKET_PRINTER)()
    return made


def print_code(*, mall: Mall, address: str, now: datetime, here_too: bool) -> None:
    """
    Let the printer at this address print its pairing code.

    :raises hall.PrinterAddressWrong: for an address outside our own network
    :raises NotPrinted: if nothing came out
    """
    address = hall.check_printer(address, here_too=here_too)
    made, secret = pairing.ask(mall=mall, kind="printer", place="", address=address, now=now)
    code = hall.shown_code(pairing.code_of(made.pk, secret))
    line = gettext("Ketik kode ini di halaman Perangkat.")
    try:
        _printer().print_ticket(address=address, ticket=Ticket(head=mall.name, number=code, lines=[line]))
    except PrinterTrouble as trouble:
        raise NotPrinted from trouble


def print_visit(*, kiosk: Device, visit: Visit, now: datetime) -> str:
    """
    Print a visit's number at the kiosk's own printer. Returns what went wrong ("paper_out"), or "".

    The manager sees a printer's trouble in the list of machines, the visitor on the kiosk.
    """
    printer = Device.objects.filter(kiosks=kiosk, revoked_at=None).first()
    if printer is None:
        return "no_printer"
    try:
        trouble = _printer().print_ticket(address=printer.address, ticket=ticket_of(visit, now))
    except PrinterTrouble as error:
        devices.report(device=printer, trouble=error.trouble, now=now)
        return error.trouble
    devices.seen(printer, now)
    devices.report(device=printer, trouble=trouble, now=now)
    return ""


def ticket_of(visit: Visit, now: datetime) -> Ticket:
    """The ticket of a visit: number, errands in order, where first, how long, the rule, the link. No name."""
    errands = visits.errands(visit)
    language = visit.language
    here = now.astimezone(ZoneInfo(visit.mall.timezone))
    lines = [f"{here:%d-%m-%Y %H.%M}", ""]
    lines += [f"{n}. {words(e.service.name, language)} ({e.agency.short})" for n, e in enumerate(errands, 1)]
    told = first_stop(errands)
    if told:
        lines += ["", _where(told) % told]
        if told["low"] is not None:
            lines.append(gettext("Dipanggil dalam %(low)s-%(high)s menit") % told)
    foot = [
        gettext("Pindai untuk mengikuti nomor ini di ponsel."),
        gettext("Tidak ada yang didahului orang yang datang lebih dari 15 menit kemudian."),
    ]
    return Ticket(head=visit.mall.name, number=str(visit), lines=lines, link=address(visit), foot=foot)


def address(visit: Visit) -> str:
    """Where a phone follows this number."""
    return f"{settings.BASE_URL}/kunjungan/{visit.secret}/"


def qr_of(visit: Visit) -> str:
    """That address as a QR picture, for a page."""
    return str(segno.make(address(visit), error="m").svg_data_uri(scale=5, border=2))


def _where(told: dict[str, Any]) -> str:
    if not told["counters"]:
        return gettext("Pertama: %(agency)s")
    if not told["open"]:
        return gettext("Pertama: %(agency)s, loket %(counters)s (belum buka)")
    return gettext("Pertama: %(agency)s, loket %(counters)s")


def words(name: dict[str, str], language: str) -> str:
    """A bilingual name in the visitor's language."""
    return name.get(language) or name.get("id", "")


def first_stop(errands: list[Errand]) -> dict[str, Any] | None:
    """
    Where the visitor is called first, within what time, and why there.

    The counters are those with an officer for this service; all of the agency's while there is none ("open").
    """
    live = next((e for e in errands if e.state in ("waiting", "called", "serving")), None)
    if live is None:
        return None
    manned = {c.number for c in visits.open_counters(live.mall, live.agency_id, live.service_id)}
    counters = sorted(manned or live.agency.counters.values_list("number", flat=True))
    why = ""
    if sum(e.active for e in errands) > 1:
        why = "appointment" if live.slot_at else "shortest" if live.said_low is not None else ""
    return {
        "errand": live,
        "agency": live.agency.short,
        "counters": hall.ranges(list(counters)),
        "open": bool(manned),
        "low": live.said_low,
        "high": live.said_high,
        "why": why,
    }
