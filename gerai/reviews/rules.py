"""Kinds of task, outcomes and refusals of a case at work. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from gerai.agencies.rules import WorkCalendar, level
from gerai.applications.rules import OBJECTION_DAYS as OBJECTION_DAYS
from gerai.applications.rules import Status
from gerai.catalogue.rules import ASSESS_DAYS as ASSESS_DAYS
from gerai.catalogue.rules import DECIDE_DAYS as DECIDE_DAYS
from gerai.catalogue.rules import OURS
from gerai.catalogue.rules import is_outside as _is_outside
from gerai.core.errors import DomainError
from gerai.core.typed import whole


class Kind(StrEnum):
    """What a task asks of its officer."""

    COMPLETENESS = "completeness"  # is everything there? (front office, before the clock)
    RECOMMEND = "recommend"
    INSPECT = "inspect"
    VERIFY = "verify"
    ASSESS = "assess"  # sum up: recommend approval with the fee, or rejection
    DECIDE = "decide"  # the signing official
    OBJECTION = "objection"  # the answer to an objection against a rejection
    OUTSIDE = "outside"  # record what the outside system decided, instead of deciding
    OPINION = "opinion"  # another agency is asked a question


class Outcome(StrEnum):
    """How a task ended."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


CANCELLED = "cancelled"  # of a task that stopped without a word
ANSWERED = "answered"  # of an opinion
ASKED_AGAIN = "again"  # of an assessment or decision that sent the case back for a second look
FROM_ROUTE = frozenset({Kind.RECOMMEND, Kind.INSPECT, Kind.VERIFY})
ALLOWED: dict[Kind, frozenset[Outcome]] = {
    Kind.COMPLETENESS: frozenset({Outcome.APPROVE, Outcome.RETURN}),
    Kind.RECOMMEND: frozenset(Outcome),
    Kind.INSPECT: frozenset(Outcome),
    Kind.VERIFY: frozenset(Outcome),
    Kind.ASSESS: frozenset(Outcome),
    Kind.DECIDE: frozenset({Outcome.APPROVE, Outcome.REJECT}),
    Kind.OBJECTION: frozenset({Outcome.APPROVE, Outcome.REJECT}),
    Kind.OUTSIDE: frozenset(Outcome),
    Kind.OPINION: frozenset(),  # answered in words (`asking`)
}
TITLES = {
    Kind.COMPLETENESS: {"id": "Periksa kelengkapan", "en": "Check completeness"},
    Kind.ASSESS: {"id": "Sarankan keputusan dan tetapkan biaya", "en": "Recommend and assess the fee"},
    Kind.OBJECTION: {"id": "Jawab keberatan", "en": "Answer the objection"},
    Kind.DECIDE: {"id": "Putuskan dan tanda tangani", "en": "Decide and sign"},
    Kind.OPINION: {"id": "Jawab pertanyaan instansi lain", "en": "Answer another agency's question"},
}
COMPLETENESS_DAYS = 1
# Working days. Objection: UU 30/2014 pasal 77 (1) to (5); in silence it counts as granted. Appeal to the superior
# after an answer: pasal 78 (2).
OBJECTION_ANSWER_DAYS, APPEAL_DAYS = 10, 10
DECIDE_ANEW_DAYS = 5  # after a granted objection: pasal 77 (7)
STOP_DAYS = 60  # working days for which a supervisor can stop a clock at most
VISIT_DAYS = (
    60  # working days in which who prepared at home comes; then the file ends. Our own choice: no law says it
)
VISIT = "visit"  # the reason of a pause: the applicant still has to come
CORRECTION_DAYS = 20  # working days in which the applicant mends; afterwards the file ends unfinished
# Where a case can stand when the law answers for a silent office: it is with the office, not with the applicant.
WITH_OFFICE = frozenset({Status.REVIEW, Status.DECISION})


class TaskDone(DomainError):
    """Somebody finished this task already."""

    code = "task_done"
    text = "Tugas ini sudah diselesaikan. Kembali ke daftar tugas untuk melihat yang berikutnya."
    status = 409


class OutcomeNotAllowed(DomainError):
    """This task cannot end that way."""

    code = "outcome_not_allowed"
    text = "Tugas ini tidak dapat diakhiri dengan pilihan itu."


class CorrectionEmpty(DomainError):
    """A return must say what to mend."""

    code = "correction_empty"
    text = "Tulis paling sedikit di satu isian apa yang harus dilakukan pemohon."


class ReasonMissing(DomainError):
    """A rejection needs the legal ground and a sentence for the applicant."""

    code = "reason_missing"
    text = "Pilih atau tulis dasar hukum, dan tulis alasan penolakan dengan kalimat yang dipahami pemohon."


class NoteMissing(DomainError):
    """A recommendation to reject, or an inspection, needs a note."""

    code = "note_missing"
    text = "Tulis catatan hasil pemeriksaan, paling sedikit satu kalimat."


class OwnCase(DomainError):
    """Nobody decides on an application of their own."""

    code = "own_case"
    text = "Permohonan ini milik Anda, usaha Anda, atau orang yang memberi Anda kuasa. Minta rekan lain memeriksanya."
    status = 403


class YouStoodAside(DomainError):
    """Who has an interest in a case and said so does not work on it."""

    code = "you_stood_aside"
    text = "Anda sudah menyatakan punya kepentingan dalam permohonan ini. Rekan lain yang memeriksanya."
    status = 403


class TypedByYou(DomainError):
    """Who typed an application at the desk checks nothing of it: two pairs of eyes."""

    code = "typed_by_you"
    text = "Anda yang mengetik permohonan ini di meja untuk pemohon. Minta rekan lain memeriksa dan memutuskannya."
    status = 403


class AssessedByYou(DomainError):
    """Who recommended does not decide: two pairs of eyes."""

    code = "assessed_by_you"
    text = "Anda yang menyarankan keputusan ini. Pejabat lain yang harus memutuskannya."
    status = 403


class TakenByOther(DomainError):
    """A colleague works on this task."""

    code = "task_taken"
    text = "Tugas ini sedang dikerjakan {name}. Ambil alih dulu bila Anda yang menyelesaikannya."
    status = 409


class NotYours(DomainError):
    """Only who works on a task lets it go."""

    code = "task_not_yours"
    text = "Bukan Anda yang mengerjakan tugas ini, jadi tidak ada yang dilepaskan."
    status = 409


class RejectedByAgency(DomainError):
    """An agency's rejection stands: approval cannot be recommended over it."""

    code = "rejected_by_agency"
    text = (
        "{names} menyarankan penolakan. Sarankan penolakan, kembalikan ke pemohon, atau minta ditinjau lagi."
    )


class NothingToAskAgain(DomainError):
    """No such rejection stands, or the fee has been paid already."""

    code = "nothing_to_ask_again"
    text = "Tidak ada yang dapat diminta ditinjau lagi. Muat ulang halaman untuk melihat keadaannya."
    status = 409


def task_due(opened: datetime, own: datetime, promised: datetime | None) -> datetime:
    """When a task is due: by its own days, never later than the promise to the applicant while that can be kept."""
    return min(own, promised) if promised is not None and promised > opened else own


class GroundMissing(DomainError):
    """Time is extended, or the clock stopped, by law only."""

    code = "ground_missing"
    text = "Tulis dasar hukumnya, misalnya nomor peraturan dan pasalnya, agar pemohon dapat memeriksanya."


class NotExtendable(DomainError):
    """Once, before the promise is over, by no more days than were promised."""

    code = "not_extendable"
    text = (
        "Waktu hanya dapat diperpanjang satu kali, sebelum batasnya lewat, paling lama selama janji semula."
    )
    status = 409


class NotStoppable(DomainError):
    """The clock does not run, is or was stopped already, or is over; for at most so many working days."""

    code = "not_stoppable"
    text = (
        "Waktu hanya dapat dihentikan satu kali, sebelum batasnya lewat, dan paling lama {days} hari kerja."
    )
    status = 409


def promise(time: dict[str, Any], own: int | None) -> tuple[str, int]:
    """What was promised, as kind of days and how many: the standard's, or working days set for this case."""
    return ("working", own) if own else (str(time.get("kind", "working")), max(int(time["days"]), 1))


def on_the_clock(calendar: WorkCalendar, started: datetime, now: datetime, pauses: Iterable[Any]) -> int:
    """The working days that the office had a case: without those on which its clock stood still."""
    first, last = calendar.local(started).date(), calendar.local(now).date()
    stood = calendar.touched((pause.began_at, pause.ended_at or now) for pause in pauses)
    return calendar.working_days_between(first, last) - len([day for day in stood if first < day <= last])


class NothingToObject(DomainError):
    """Only a rejection that was announced can be objected to, once, and in time."""

    code = "nothing_to_object"
    text = "Keberatan hanya dapat diajukan satu kali terhadap penolakan, paling lambat {days} hari kerja sesudahnya."
    status = 409


class ObjectionEmpty(DomainError):
    """An objection says why."""

    code = "objection_empty"
    text = "Tulis mengapa Anda tidak setuju, paling sedikit satu kalimat."


def is_outside(content: Mapping[str, Any]) -> bool:
    """Whether another system than Gerai decides on applications of this edition."""
    return _is_outside(str(content.get("system_of_record", OURS)))


def outside_title(content: Mapping[str, Any]) -> dict[str, str]:
    """What the owner's officers do instead of deciding."""
    system = content["system_of_record"]
    return {"id": f"Catat hasil dari {system}", "en": f"Record the result of {system}"}


def is_deemed(content: dict[str, Any], status: str, due: datetime | None, now: datetime) -> bool:
    """
    Whether the law's silence grants this application now.

    UU 30/2014 pasal 53 as changed by UU 6/2023; only services marked `deemed`, only while the office has the file.
    """
    ours = bool(content.get("deemed")) and not is_outside(
        content
    )  # what is decided elsewhere Gerai never issues
    return ours and status in WITH_OFFICE and due is not None and due <= now


def pay_step(left: int, *, deemed: bool) -> str:
    """Which reminder to pay is due, by the days left: a week or a day before; after it only where the law granted."""
    if left < 0:
        return "past" if deemed else ""
    return "soon1" if left <= 1 else "soon7" if left <= 7 else ""


def check_outcome(kind: str, outcome: str) -> None:
    """
    Let a task of this kind end this way.

    :raises OutcomeNotAllowed: if it may not
    """
    if outcome not in ALLOWED[Kind(kind)]:
        raise OutcomeNotAllowed


YEARS = 3  # whose numbers are found by their last digits: nothing is open for longer


def numbers_meant(text: str, malls: Iterable[str], now: datetime) -> list[str]:
    """The application numbers that somebody may mean who types one, or the last digits of one."""
    text = " ".join(text.split())[:80]
    found = [text.upper()]
    if (last := whole(text, digits=6)) is not None:
        found += [f"{mall}-{now.year - back}-{last:06d}" for mall in malls for back in range(-1, YEARS)]
    return found


def urgency(opened: datetime, due: datetime, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """How near a deadline is, in the mall's days: late (by how many working days), today or later."""
    reached = level(opened, due, now)
    due_on, today = calendar.local(due).date(), calendar.local(now).date()
    return {
        "level": reached,
        "css": ("", "tag-info", "tag-warn", "tag-late")[reached],
        "today": due_on == today,
        "late_days": calendar.working_days_between(due_on, today) if due < now else 0,
        "group": "late" if reached == 3 else "today" if due_on == today else "later",
    }
