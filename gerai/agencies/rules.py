"""Roles, opening hours and the working-day calendar. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from gerai.core.errors import DomainError

# Roles at one agency, and roles at the mall as a whole (design.md, section 2).
AGENCY_ROLES = frozenset({"counter_officer", "verifier", "reviewer", "signer", "agency_admin"})
MALL_ROLES = frozenset({"information_desk", "mall_manager", "mayor", "auditor"})
ROLE_NAMES = {
    "counter_officer": {"id": "petugas loket", "en": "counter officer"},
    "verifier": {"id": "petugas verifikasi", "en": "verifier"},
    "reviewer": {"id": "tim teknis", "en": "reviewer"},
    "signer": {"id": "pejabat penanda tangan", "en": "signing official"},
    "agency_admin": {"id": "admin instansi", "en": "agency administrator"},
    "information_desk": {"id": "petugas meja informasi", "en": "information desk officer"},
    "mall_manager": {"id": "pengelola mal", "en": "mall manager"},
    "mayor": {"id": "wali kota", "en": "mayor"},
    "auditor": {"id": "inspektorat", "en": "auditor"},
}
ROLES = AGENCY_ROLES | MALL_ROLES

# Who must show a second factor at sign-in (ruling "Privacy and security").
SECOND_FACTOR_ROLES = frozenset({"signer", "agency_admin", "mall_manager"})

# Roles that hold tasks, and so have substitutes. UU 30/2014: Plh. for who is away for a while, Plt. for an office that
# is empty (pasal 14 (2)), a.n. by mandate.
SUBSTITUTED = ("verifier", "reviewer", "signer")
FORMS = {"plh": "Plh.", "plt": "Plt.", "an": "a.n."}
SUBSTITUTION_DAYS = 92  # at most, then a new letter

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class RoleWrong(DomainError):
    """A role of agencies given at the mall, or the other way round, or no role at all."""

    code = "role_wrong"
    text = "Peran ini tidak ada di tempat itu. Pilih peran dari daftar."


class CounterTaken(DomainError):
    """Another agency sits there."""

    code = "counter_taken"
    text = "Loket {number} sudah dipakai {agency}. Pilih nomor lain, atau tandai sebagai loket bersama."
    status = 409


class OpeningWrong(DomainError):
    """Opening hours that nobody can keep."""

    code = "opening_wrong"
    text = "Jam layanan untuk {day} belum benar. Tulis seperti 08:00 sampai 15:00."


class TimezoneUnknown(DomainError):
    """No such time zone."""

    code = "timezone_unknown"
    text = "Zona waktu ini tidak dikenal. Pakai Asia/Jakarta, Asia/Makassar atau Asia/Jayapura."


class RosterWrong(DomainError):
    """A roster nobody can keep: other half hours than the opening's, or more counters than there are."""

    code = "roster_wrong"
    text = "Jadwal loket belum benar. Isi setiap setengah jam dengan angka 0 sampai {most}."


class BookableWrong(DomainError):
    """Minutes for appointments that no counter could serve, or for other half hours than the opening's."""

    code = "bookable_wrong"
    text = "Menit janji temu belum benar. Isi setiap setengah jam dengan angka 0 sampai {most}."


class PrioritiesWrong(DomainError):
    """Nobody would be called earlier, or nobody could say by what proof."""

    code = "priorities_wrong"
    text = (
        "Pilih paling sedikit satu kelompok, dan tulis buktinya dalam dua bahasa, paling panjang 200 huruf."
    )


class NotAnOfficer(DomainError):
    """On call is only who may work at this agency's counters and has a phone."""

    code = "on_call_not_an_officer"
    text = "Yang siaga harus petugas loket instansi ini dan punya nomor telepon. Lengkapi dulu akunnya."


class LoanReasonMissing(DomainError):
    """Queues are merged for a reason that can be read later."""

    code = "loan_reason_missing"
    text = "Tulis dulu alasannya, paling sedikit 5 huruf. Alasan ini tersimpan di catatan kejadian."


class NotLendable(DomainError):
    """The counter serves the agency already, by its own right."""

    code = "counter_serves_already"
    text = "Loket {number} sudah melayani {agency}. Pilih loket atau instansi lain."
    status = 409


def half_hours(opens: str, closes: str) -> list[str]:
    """The half hours of a day with these hours: ["08:00", "08:30", ...]. A shorter rest at the end counts as one."""
    begin, end = _time(opens), _time(closes)
    minutes = range(begin.hour * 60 + begin.minute, end.hour * 60 + end.minute, 30)
    return [f"{m // 60:02d}:{m % 60:02d}" for m in minutes]


def half_hour(local: datetime, opens: str) -> str:
    """The half hour of a roster that holds a moment on the mall's clock, counted from opening."""
    start = _time(opens)
    since = (local.hour * 60 + local.minute) - (start.hour * 60 + start.minute)
    minute = start.hour * 60 + start.minute + since // 30 * 30
    return f"{minute // 60:02d}:{minute % 60:02d}"


def check_role(role: str, *, at_agency: bool) -> None:
    """
    Let a role be given.

    :raises RoleWrong: if it does not exist there
    """
    if role not in (AGENCY_ROLES if at_agency else MALL_ROLES):
        raise RoleWrong


def check_timezone(name: str) -> None:
    """
    Let a mall live in a time zone.

    :raises TimezoneUnknown: if there is none of that name
    """
    if name not in available_timezones():
        raise TimezoneUnknown


def check_opening(opening: dict[str, list[str]]) -> None:
    """
    Let opening hours stand.

    :raises OpeningWrong: naming the first day that is wrong
    """
    for day, hours in opening.items():
        if not hours and day in DAYS:  # closed that day
            continue
        try:
            begin, end = (_time(text) for text in hours)
        except (ValueError, TypeError):
            raise OpeningWrong(day=day) from None
        if day not in DAYS or begin >= end:
            raise OpeningWrong(day=day)


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True)
class WorkCalendar:
    """A mall's working days and hours. A working day is Monday to Friday and no holiday."""

    timezone: str
    opening: dict[str, list[str]]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def local(self, moment: datetime) -> datetime:
        """The moment on the mall's clock."""
        return moment.astimezone(ZoneInfo(self.timezone))

    def is_working(self, day: date) -> bool:
        """Whether deadlines count this day."""
        return day.weekday() < 5 and day not in self.holidays

    def is_open(self, moment: datetime) -> bool:
        """Whether the mall serves at this moment."""
        here = self.local(moment)
        hours = self.opening.get(DAYS[here.weekday()])
        if not hours or here.date() in self.holidays:
            return False
        return _time(hours[0]) <= here.time() < _time(hours[1])

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """When service begins and ends on that day, as instants; None on a closed day."""
        opening = self.opening.get(DAYS[day.weekday()])
        if not opening or day in self.holidays:
            return None
        zone = ZoneInfo(self.timezone)
        return datetime.combine(day, _time(opening[0]), zone), datetime.combine(day, _time(opening[1]), zone)

    def next_opening(self, moment: datetime) -> datetime | None:
        """When service begins the next time, on a later day than the moment's; None if not within a month."""
        day = self.local(moment).date()
        for _ in range(31):
            day += timedelta(days=1)
            if hours := self.hours(day):
                return hours[0]
        return None

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, start: date, days: int) -> date:
        """Day `days` when day 1 is the first working day after `start`; 0 gives `start` itself."""
        for _ in range(days):
            start = self.next_working(start)
        return start

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`."""
        count = 0
        while start < end:
            start += timedelta(days=1)
            count += self.is_working(start)
        return count

    def end_of_service(self, day: date) -> datetime:
        """When service hours end on that day, as an instant. A day without hours ends at 16.00."""
        hours = self.opening.get(DAYS[day.weekday()])
        end = _time(hours[1]) if hours else time(16, 0)
        return datetime.combine(day, end, ZoneInfo(self.timezone))

    def touched(self, pauses: Iterable[tuple[datetime, datetime]]) -> set[date]:
        """The working days on which a clock stood still, if only for a part."""
        spans = ((self.local(begin).date(), self.local(end).date()) for begin, end in pauses)
        days = (first + timedelta(n) for first, last in spans for n in range((last - first).days + 1))
        return {day for day in days if self.is_working(day)}

    def due(self, start: datetime, days: int, pauses: Iterable[tuple[datetime, datetime]] = ()) -> datetime:
        """
        The instant by which something that started at `start` is due, `days` working days long.

        Day 1 is the first working day after the start; it is due at the end of service hours of day n;
        each working day touched by a pause adds one (design.md, section 9, "Clock").
        """
        touched = self.touched(pauses)
        day = self.local(start).date()
        # A pause counts only while the clock runs: walk day by day, skipping the touched ones.
        remaining = days
        while remaining > 0:
            day = self.next_working(day)
            if day not in touched:
                remaining -= 1
        # Nothing is due before it began: what comes in after hours is due the next working day.
        if days == 0 and (not self.is_working(day) or self.end_of_service(day) <= start):
            day = self.next_working(day)
        return self.end_of_service(day)

    def due_in(
        self,
        kind: str,
        start: datetime,
        count: int,
        pauses: Sequence[tuple[datetime, datetime]] = (),
    ) -> datetime:
        """
        When a promise of `working` days, `calendar` days or `hours` ends, at least one.

        Calendar days end with service on the day itself, or on the next working day where that is none; a pause adds
        the calendar days, or the time, that it took.
        """
        count = max(count, 1)
        if kind == "hours":
            return start + timedelta(hours=count) + sum((e - b for b, e in pauses), timedelta())
        if kind != "calendar":
            return self.due(start, count, pauses)
        paused = sum((self.local(e).date() - self.local(b).date()).days for b, e in pauses)
        day = self.local(start).date() + timedelta(days=count + paused)
        return self.end_of_service(day if self.is_working(day) else self.next_working(day))


def _levels(started: datetime, due: datetime) -> list[datetime]:
    whole = max(due - started, timedelta(seconds=1))
    return [started + whole * share for share in (0.5, 0.8, 1.0)]


def level(started: datetime, due: datetime, now: datetime) -> int:
    """How urgent: 0 fresh, 1 half the time is gone, 2 four fifths, 3 late."""
    return bisect_right(_levels(started, due), now)


def next_level_at(started: datetime, due: datetime, reached: int) -> datetime | None:
    """The instant at which the level after `reached` begins; None when there is none after it."""
    return next(iter(_levels(started, due)[reached:]), None)
