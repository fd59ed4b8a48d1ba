"""The life of a visit and of an errand, the calling rule, numbers. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gerai.core.errors import DomainError

CREDIT = timedelta(minutes=15)
DUE_WITHIN = timedelta(minutes=15)  # of its time a due appointment is called
MAX_ERRANDS = 8
LATE = timedelta(minutes=10)  # who checks in later than this after the appointment waits like a walk-in
LONGEST_BREAK = timedelta(minutes=45)
EARLY = timedelta(minutes=60)  # before opening, numbers are given; they all stand as if taken at opening
LEAST_MEASURED = 100  # calls, before we speak of how often we were right


@dataclass(frozen=True, slots=True)
class Hits:
    """Our record: of a hundred waits we told so many were right, measured on so many calls."""

    right: int
    of: int

    @classmethod
    def of_calls(cls, right: int, of: int) -> "Hits | None":
        """None before there are enough calls to speak of a record."""
        return cls(round(100 * right / of), of) if of >= LEAST_MEASURED else None


class State(StrEnum):
    """Where an errand stands."""

    BOOKED = "booked"  # an appointment whose visitor has not checked in yet
    PLANNED = "planned"  # its turn comes after an earlier errand of the same visit
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"  # begun at a counter, which waits for something and serves others meanwhile
    DONE = "done"
    ABSENT = "absent"
    LEFT = "left"
    CLOSED = "closed"  # the mall could not serve it that day


# At most one errand of a visit stands in one of these: nobody is called by two.
LIVE = (State.WAITING, State.CALLED, State.SERVING, State.HELD)
ACTIVE = (State.BOOKED, State.PLANNED, *LIVE)


class Stage(StrEnum):
    """Where a visit stands: one life for an appointment and for somebody who walks in."""

    RESERVED = "reserved"  # a freed slot, held for somebody on the waiting list until `reserved_until`
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    ENDED = "ended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # the reservation was not confirmed in time
    MISSED = "missed"  # confirmed, and nobody came


AHEAD = (Stage.RESERVED, Stage.CONFIRMED)


class NothingChosen(DomainError):
    """A visit needs an errand."""

    code = "no_errand_chosen"
    text = "Pilih dulu satu layanan atau lebih."


class TooManyErrands(DomainError):
    """More errands than a day holds."""

    code = "too_many_errands"
    text = "Paling banyak 8 layanan dalam satu nomor. Kurangi pilihannya."


class NotYet(DomainError):
    """Numbers are given shortly before opening at the earliest: else who sits at home stands before who is here."""

    code = "numbers_not_yet"
    text = "{name} buka pukul {opens}. Nomor dapat diambil mulai pukul {since}; atau buat janji temu."
    status = 409


class ClosedNow(DomainError):
    """The agency serves nobody more today."""

    code = "agency_closed_now"
    text = "{name} sudah tutup hari ini. Ambil nomor pada hari kerja berikutnya, atau buat janji temu."
    status = 409


class NotOpenToday(DomainError):
    """A holiday, or a weekday on which the agency does not open."""

    code = "agency_not_open_today"
    text = "{name} tidak buka hari ini. Ambil nomor pada hari kerja berikutnya, atau buat janji temu."
    status = 409


class ClosedToday(DomainError):
    """The agency or the service was closed for the day."""

    code = "closed_today"
    text = "{name} tidak melayani lagi hari ini: {reason}. Pilih layanan lain, atau datang pada hari lain."
    status = 409


class ClosingReasonMissing(DomainError):
    """Nothing is closed without a reason that its visitors can read."""

    code = "closing_reason_missing"
    text = "Tulis dulu alasannya, paling sedikit 5 huruf. Pengunjung membacanya di kabar dan di ponsel."


class NotYourDevice(DomainError):
    """The QR alone shows a ticket; to change it one needs the device that follows it, or the desk."""

    code = "not_your_device"
    text = "Nomor ini diikuti dari ponsel lain. Untuk mengubahnya, pakai ponsel itu atau datang ke meja informasi."
    status = 403


class NothingToChange(DomainError):
    """Too late: the errand is being served, or over."""

    code = "errand_not_open"
    text = "Urusan ini sedang dilayani atau sudah selesai, jadi tidak dapat diubah."
    status = 409


class BreakTooLong(DomainError):
    """A break has a limit; after it others would wait for nobody."""

    code = "break_too_long"
    text = "Jeda paling lama 45 menit. Pilih yang lebih singkat; tempat Anda tetap dijaga."


class NoPhoneProven(DomainError):
    """Texts go only to a phone of which its owner has shown that it is theirs."""

    code = "phone_not_proven"
    text = "Akun Anda belum punya nomor ponsel yang sudah dipastikan, jadi kami tidak dapat mengirim SMS."


class TicketOver(DomainError):
    """A ticket's address shows something on its own day only."""

    code = "ticket_over"
    text = "Nomor ini hanya berlaku pada harinya. Ambil nomor baru pada jam buka."
    status = 410


class NumberUnreadable(DomainError):
    """Not how a number is printed on a ticket."""

    code = "ticket_number_unreadable"
    text = "Tulis nomor seperti di tiket, misalnya A 012."


def read_number(text: str) -> tuple[str, int]:
    """
    The entrance ("" if left out) and the number of a ticket, however it is typed: "A 012", "a12", "12".

    :raises NumberUnreadable: otherwise
    """
    found = re.fullmatch(r"([A-Z]{0,2})[\s.\-]*([0-9]{1,5})", text.strip().upper())
    if found is None:
        raise NumberUnreadable
    return found[1], int(found[2])


def rank_at(
    joined: datetime, priority: str, *, slot_at: datetime | None = None, came_at: datetime | None = None
) -> datetime:
    """
    The time by which an errand is called, set once when it joins its queue (ruling "Queue").

    A walk-in ranks by when it joined, so nobody is overtaken by a walk-in who came more than 15 minutes later. An
    appointment ranks by its slot if its visitor checked in at most ten minutes after it. Priority, or an
    appointment kept, is worth 15 minutes; both together are worth no more.
    """
    kept = slot_at is not None and (came_at or joined) <= slot_at + LATE
    base = slot_at if kept and slot_at is not None else joined
    return base - CREDIT if priority or kept else base


# -- appointments -------------------------------------------------------------------------------------------

SLOT = timedelta(minutes=30)
WALK = timedelta(minutes=5)  # from one counter to the next, and some air
LEAD = timedelta(minutes=30)  # nobody books for the next minute
LONGEST_GAP = timedelta(minutes=45)  # between two errands of one booking
HORIZON_DAYS = 14
MAX_AHEAD = 3  # open appointments of one person
MISSED_DAYS, MISSED_LIMIT, MISSED_HORIZON_DAYS = 60, 2, 1
OFFER = timedelta(minutes=30)  # how long a freed slot is held for who waits for it


class SlotTaken(DomainError):
    """Somebody else was faster, or the time has passed."""

    code = "slot_taken"
    text = "Jam itu baru saja penuh. Pilih jam lain; tidak ada yang berubah."
    status = 409


class TooFarAhead(DomainError):
    """Beyond the days that can be booked, or after too many appointments missed."""

    code = "too_far_ahead"
    text = "Tanggal itu belum dapat dipesan. Pilih paling lambat {last}."


class TooManyAppointments(DomainError):
    """One person keeps at most three appointments open."""

    code = "too_many_appointments"
    text = "Anda sudah punya 3 janji temu yang belum selesai. Batalkan salah satu dulu."


class BookedAlready(DomainError):
    """The same service twice on the same day by the same person."""

    code = "booked_already"
    text = "Anda sudah punya janji temu untuk layanan ini pada hari itu. Buka janji itu untuk mengubahnya."
    status = 409


class NotAhead(DomainError):
    """Only an appointment that still lies ahead can be moved, cancelled or confirmed."""

    code = "appointment_over"
    text = "Janji temu ini sudah lewat, dibatalkan, atau sudah dipakai. Buat janji baru bila masih perlu."
    status = 409


class NotToday(DomainError):
    """Checking in is for the day itself."""

    code = "appointment_not_today"
    text = "Janji temu ini bukan untuk hari ini. Datanglah pada {day}."
    status = 409


class OfferOver(DomainError):
    """A freed slot was held for a while only."""

    code = "offer_over"
    text = "Waktu untuk menerima tawaran ini sudah lewat. Anda dapat mendaftar lagi di daftar tunggu."
    status = 409


class FeedOver(DomainError):
    """An address of a calendar feed opens nothing once its owner has ended or replaced it."""

    code, status = "calendar_feed_over", 410
    text = (
        "Alamat kalender ini sudah tidak berlaku: pemiliknya menghentikan atau menggantinya. Hapus langganannya dari "
        "aplikasi kalender Anda; alamat baru dibuat di halaman janji temu, setelah masuk."
    )


def slot_start(moment: datetime, opens: datetime) -> datetime:
    """The start of the slot that holds a moment; slots are counted from opening."""
    return opens + (moment - opens) // SLOT * SLOT


def capacity(counters: float, share: float) -> int:
    """The bookable minutes of one slot: `share` of what the counters can do, the rest is kept for walk-ins."""
    return int(counters * share * (SLOT // timedelta(minutes=1)))


def spread(minutes: int, free: Sequence[int], capacities: Sequence[int]) -> list[int] | None:
    """
    How much of each slot, from the first on, an errand of so many minutes takes; None if it does not fit.

    It begins only where the first slot has room for it (or is wholly free, if it is longer than a slot's
    bookable minutes); what is left over flows into the slots after it.
    """
    if not free or capacities[0] <= 0 or free[0] < min(minutes, capacities[0]):
        return None
    taken: list[int] = []
    for room in free:
        part = min(minutes, max(0, room))
        taken.append(part)
        minutes -= part
        if minutes == 0:
            return taken
    return None
