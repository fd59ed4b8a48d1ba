"""Kinds of task, outcomes and refusals of a case at work. Pure."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from gerai.agencies.rules import WorkCalendar, level
from gerai.core.errors import DomainError


class Kind(StrEnum):
    """What a task asks of its officer."""

    COMPLETENESS = "completeness"  # is everything there? (front office, before the clock)
    RECOMMEND = "recommend"
    INSPECT = "inspect"
    VERIFY = "verify"
    ASSESS = "assess"  # sum up: recommend approval with the fee, or rejection
    DECIDE = "decide"  # the signing official


class Outcome(StrEnum):
    """How a task ended."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


FROM_ROUTE = frozenset({Kind.RECOMMEND, Kind.INSPECT, Kind.VERIFY})
ALLOWED: dict[Kind, frozenset[Outcome]] = {
    Kind.COMPLETENESS: frozenset({Outcome.APPROVE, Outcome.RETURN}),
    Kind.RECOMMEND: frozenset(Outcome),
    Kind.INSPECT: frozenset(Outcome),
    Kind.VERIFY: frozenset(Outcome),
    Kind.ASSESS: frozenset(Outcome),
    Kind.DECIDE: frozenset({Outcome.APPROVE, Outcome.REJECT}),
}
TITLES = {
    Kind.COMPLETENESS: {"id": "Periksa kelengkapan", "en": "Check completeness"},
    Kind.ASSESS: {"id": "Sarankan keputusan dan tetapkan biaya", "en": "Recommend and assess the fee"},
    Kind.DECIDE: {"id": "Putuskan dan tanda tangani", "en": "Decide and sign"},
}
ASSESS_DAYS = 1
DECIDE_DAYS = 1
COMPLETENESS_DAYS = 1


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
    text = "Tandai paling sedikit satu hal yang harus diperbaiki, dan tulis apa yang harus dilakukan pemohon."


class ReasonMissing(DomainError):
    """A rejection needs the legal ground and a sentence for the applicant."""

    code = "reason_missing"
    text = "Tulis dasar hukum dan alasan penolakan dengan kalimat yang dipahami pemohon."


class NoteMissing(DomainError):
    """A recommendation to reject, or an inspection, needs a note."""

    code = "note_missing"
    text = "Tulis catatan hasil pemeriksaan, paling sedikit satu kalimat."


def check_outcome(kind: str, outcome: str) -> None:
    """
    Let a task of this kind end this way.

    :raises OutcomeNotAllowed: if it may not
    """
    if outcome not in ALLOWED[Kind(kind)]:
        raise OutcomeNotAllowed


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
