"""The life of a visit and of an errand, the calling rule, numbers. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from gerai.core.errors import DomainError

CREDIT = timedelta(minutes=15)
PRIORITIES = frozenset({"", "elderly", "disabled", "pregnant", "child"})
MAX_ERRANDS = 8


class State(StrEnum):
    """Where an errand stands."""

    PLANNED = "planned"  # its turn comes after an earlier errand of the same visit
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    ABSENT = "absent"
    LEFT = "left"


ACTIVE = (State.PLANNED, State.WAITING, State.CALLED, State.SERVING)


class NothingChosen(DomainError):
    """A visit needs an errand."""

    code = "no_errand_chosen"
    text = "Pilih dulu satu layanan atau lebih."


class TooManyErrands(DomainError):
    """More errands than a day holds."""

    code = "too_many_errands"
    text = "Paling banyak 8 layanan dalam satu nomor. Kurangi pilihannya."


class PriorityUnknown(DomainError):
    """Not a priority the mall knows."""

    code = "priority_unknown"
    text = "Pilihan prioritas tidak dikenal. Pilih dari yang ada di layar."


class MallClosed(DomainError):
    """Numbers are given in opening hours only."""

    code = "mall_closed"
    text = "Mal sedang tutup. Nomor dapat diambil lagi pada jam buka."
    status = 409


class TicketOver(DomainError):
    """A ticket's address shows something on its own day only."""

    code = "ticket_over"
    text = "Nomor ini hanya berlaku pada harinya. Ambil nomor baru pada jam buka."
    status = 410


def rank_at(joined: datetime, priority: str) -> datetime:
    """The time by which an errand is called: when it joined, less at most 15 minutes' credit.

    So nobody is overtaken by somebody who came more than 15 minutes later.
    """
    return joined - CREDIT if priority else joined
