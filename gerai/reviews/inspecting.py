"""Inspections: states of a visit, what a checklist asks, and the refusals. Pure but for the calendar it is given."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from gerai.agencies.rules import WorkCalendar
from gerai.core.errors import DomainError


class State(StrEnum):
    """Where a visit stands."""

    PROPOSED = "proposed"  # the applicant chooses
    AGREED = "agreed"  # there is a time: chosen, or set by notice after silence
    DECLINED = "declined"  # the applicant can come at none of them, or not any more
    CALLED_OFF = "called_off"  # by the officer, or because the task has ended
    MISSED = "missed"  # somebody was not there
    HELD = "held"  # reported


class Finding(StrEnum):
    """The officer's conclusion."""

    FITS = "fits"
    MEND = "mend"
    UNFIT = "unfit"


OPEN = (State.PROPOSED, State.AGREED)
MOST_TIMES = 3
SILENCE_DAYS = 3  # working days without an answer, then the officer may set the time by notice
NOTICE = timedelta(
    hours=3
)  # so long before it a visit can still be chosen, changed or called off by the applicant
HOURS = range(7, 18)  # a visit begins on a full hour, on the mall's clock, and has that hour
LONG = timedelta(hours=1)
MOST_PHOTOS = 30  # of one report
PHOTO_DAYS = 30  # a photo whose report has not come by then is forgotten
# As people here type it: "1250", "1.250,5", "2,5", and "2.5" from a phone's keys.
NUMBER = re.compile(r"-?([0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3}){1,3})([.,][0-9]{1,6})?")
APPLICANT, OFFICER = "applicant", "officer"


class TimesWrong(DomainError):
    """One to three hours, each once, ahead, on working days, within the task's time."""

    code = "visit_times_wrong"
    text = (
        "Pilih satu sampai tiga waktu pada hari kerja, jam {first}.00 sampai {last}.00, paling cepat {soonest} jam "
        "lagi dan paling lambat {latest}."
    )


class TimeTaken(DomainError):
    """The officer has another visit then."""

    code = "visit_time_taken"
    text = "Petugas sudah punya peninjauan lain pada jam itu. Pilih jam lain."
    status = 409


class VisitClosed(DomainError):
    """There is no visit in that state any more."""

    code = "visit_closed"
    text = "Janji peninjauan ini sudah berubah. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class VisitBegun(DomainError):
    """The officer's visit has begun: it is reported, or somebody was not there."""

    code = "visit_begun"
    text = "Waktu peninjauan sudah tiba. Tulis laporannya, atau catat bahwa tidak ada orang di tempat."
    status = 409


class VisitTooClose(DomainError):
    """Shortly before it the other side is on the way."""

    code = "visit_too_close"
    text = "Waktu peninjauan kurang dari {hours} jam lagi, jadi tidak dapat diubah di sini. Hubungi petugas."
    status = 409


class VisitReasonMissing(DomainError):
    """Who changes or calls off a visit says why."""

    code = "visit_reason_missing"
    text = "Tulis alasannya dengan satu kalimat, agar pihak lain tahu apa yang harus diatur."


class NotSilentYet(DomainError):
    """The applicant still has time to answer."""

    code = "visit_not_silent_yet"
    text = "Pemohon masih boleh memilih sampai {until}. Sesudah itu Anda dapat menetapkan waktunya."
    status = 409


class NoticeTooShort(DomainError):
    """Who did not answer reads the notice first."""

    code = "visit_notice_too_short"
    text = "Pemohon perlu waktu membaca pemberitahuan. Tetapkan paling cepat besok, pada hari kerja."


class NotTimeYet(DomainError):
    """Nobody is absent before the time has come."""

    code = "visit_not_time_yet"
    text = "Waktu peninjauan belum tiba. Catat ini setelah waktunya lewat."
    status = 409


class ReportMissing(DomainError):
    """An inspection with a checklist ends with its report."""

    code = "report_missing"
    text = "Isi dulu laporan peninjauan dengan daftar periksanya, baru beri rekomendasi."


class ReportIncomplete(DomainError):
    """A point of the checklist is not answered, or not with a number where one is asked for."""

    code = "report_incomplete"
    text = "Butir {n} belum diisi, atau bukan angka. Periksa butir itu, lalu kirim lagi."


class PhotoNeeded(DomainError):
    """A point asks for a photo."""

    code = "report_photo_needed"
    text = "Butir {n} perlu foto. Tambahkan satu foto di butir itu, lalu kirim lagi."


class ConclusionMissing(DomainError):
    """The officer says what it comes to."""

    code = "report_conclusion_missing"
    text = "Pilih kesimpulan Anda, dan tulis alasannya paling sedikit satu kalimat."


class PhotoMissing(DomainError):
    """The report names a photo that has not come yet."""

    code = "report_photo_missing"
    text = "Ada foto yang belum terkirim. Kirim sekali lagi; yang sudah sampai tidak menjadi dua."
    status = 409


class TooManyPhotos(DomainError):
    """Enough is enough."""

    code = "report_too_many_photos"
    text = "Paling banyak {most} foto untuk satu laporan. Hapus beberapa yang kurang penting."


def step_of(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The task of an edition's route as it is written, by the key "stage.task" of a case's task."""
    for stage in content.get("route", []):
        for step in stage["tasks"]:
            if f"{stage['key']}.{step['key']}" == key:
                found: dict[str, Any] = step
                return found
    return {}


def latest(due: datetime, now: datetime, calendar: WorkCalendar) -> datetime:
    """When a visit begins at the latest: it ends within the task's time. What is late is still done, in three days."""
    begins = due - LONG
    return begins if begins > now + NOTICE else calendar.due(now, SILENCE_DAYS) - LONG


def check_times(
    times: Iterable[datetime], *, due: datetime, now: datetime, calendar: WorkCalendar, most: int = MOST_TIMES
) -> list[datetime]:
    """
    The times in order, if a visit can be at each of them.

    :raises TimesWrong: if it cannot
    """
    wanted = sorted(times)
    last = latest(due, now, calendar)
    good = 0 < len(wanted) <= most and len(set(wanted)) == len(wanted)
    for one in wanted:
        here = calendar.local(one)
        whole = here.hour in HOURS and (here.minute, here.second, here.microsecond) == (0, 0, 0)
        good = good and whole and calendar.is_working(here.date()) and now + NOTICE <= one <= last
    if not good:
        raise TimesWrong(
            first=f"{HOURS[0]:02d}",
            last=HOURS[-1],
            soonest=int(NOTICE.total_seconds() // 3600),
            latest=calendar.local(last),
        )
    return wanted


def days_ahead(due: datetime, now: datetime, calendar: WorkCalendar) -> list[date]:
    """The days on which a visit may be, for the form."""
    last = calendar.local(latest(due, now, calendar)).date()
    day = calendar.local(now + NOTICE).date()
    found: list[date] = []
    while day <= last and len(found) < 30:
        if calendar.is_working(day):
            found.append(day)
        day += timedelta(days=1)
    return found


def moment(day: str, hour: str, calendar: WorkCalendar) -> datetime | None:
    """The instant of a day and an hour as they were chosen in a form; None if it is none."""
    if not (hour.isascii() and hour.isdigit() and len(hour) < 3 and int(hour) < 24):
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(int(hour)), ZoneInfo(calendar.timezone))
    except ValueError:
        return None


def silent_until(since: datetime, calendar: WorkCalendar) -> datetime:
    """Until when the applicant may answer before the officer may set the time."""
    return calendar.due(since, SILENCE_DAYS)


def check_reason(text: str) -> str:
    """
    A reason that says something.

    :raises VisitReasonMissing: if it does not
    """
    said = text.strip()[:500]
    if len(said) < 5:
        raise VisitReasonMissing
    return said


def is_number(text: str) -> bool:
    """Whether a measure as it was typed is a number, with points between thousands and a comma before decimals."""
    return NUMBER.fullmatch(text) is not None


def check_answers(
    points: Iterable[Mapping[str, Any]], raw: Mapping[str, str], photographed: Iterable[str]
) -> dict[str, str]:
    """
    What was found at each point: yes, no or na; a number or a text may be left out where there is nothing to measure.

    :raises ReportIncomplete, PhotoNeeded: naming every point that lacks it; who mends one by one picks photos anew
    """
    answers: dict[str, str] = {}
    seen = set(photographed)
    unsaid: list[int] = []
    unseen: list[int] = []
    for place, point in enumerate(points, 1):
        key, given = point["key"], str(raw.get(point["key"], "")).strip()[:1000]
        if point["kind"] == "yes_no" and given not in ("yes", "no", "na"):
            unsaid.append(place)
        if point["kind"] == "number" and given and not is_number(given):
            unsaid.append(place)
        if point.get("photo") and given not in ("", "na") and key not in seen:
            unseen.append(place)
        answers[key] = given
    if unsaid:
        raise ReportIncomplete(n=", ".join(map(str, unsaid)))
    if unseen:
        raise PhotoNeeded(n=", ".join(map(str, unseen)))
    return answers
