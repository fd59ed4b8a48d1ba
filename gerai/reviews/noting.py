"""Internal notes on a case: for the author's agency or for all agencies of the route, never for the applicant. Sealed.

A note is written once and never edited; its author or the agency's head strikes it with a reason. Reads and writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from gerai.agencies import substituting
from gerai.applications import acting
from gerai.applications import services as applications
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import cases, hands, queries, rules
from gerai.reviews.models import Note, Task
from gerai.reviews.rules import Kind
from gerai.reviews.stages import record

DOUBLE_CLICK = timedelta(minutes=1)  # in which the same words of the same author are one note


class NoteEmpty(DomainError):
    """A note says something."""

    code = "note_empty"
    text = "Tulis dulu isi catatannya, paling sedikit 3 huruf."


class StrikeReasonMissing(DomainError):
    """Who strikes a note says why."""

    code = "strike_reason_missing"
    text = "Tulis mengapa catatan ini dicoret, paling sedikit 5 huruf. Catatannya tetap dapat dibaca."


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as an officer reads it."""

    note: Note
    text: str
    may_strike: bool


def _place(note: Note) -> str:
    return f"reviews.note:{note.pk}"


def text_of(note: Note) -> str:
    """What stands in a note, for a reader who has been checked."""
    return encryption.unseal(bytes(note.text_sealed), place=_place(note)).decode()


def _workplace(person: Any, task_id: int) -> Task:
    """A task of the person's, from which notes are read and written: who is only asked a question has none."""
    task = queries.task(person, task_id)
    if task.kind == Kind.OPINION:
        raise NotFound
    return task


def on(person: Any, task: Task) -> list[Shown]:
    """
    The notes of a case that the task's agency reads, oldest first, for who may open the task.

    None to who is only asked a question, to an officer whose own case it is (there they are the applicant), and to
    who has an interest in it.
    """
    application = task.case.application
    if (
        task.kind == Kind.OPINION
        or acting.is_own(person, application)
        or hands.stood_aside(person, application)
    ):
        return []
    seen = Note.objects.filter(Q(agency_id=task.agency_id) | Q(for_route=True), case_id=task.case_id)
    heads = set(queries.leads(person).values_list("agency_id", flat=True))
    return [
        Shown(
            one,
            text_of(one),
            one.struck_at is None and (one.author_id == person.pk or one.agency_id in heads),
        )
        for one in seen.select_related("agency", "author", "struck_by").order_by("written_at", "pk")
    ]


@transaction.atomic
def write(*, person: Any, task_id: int, text: str, for_route: bool, now: datetime) -> Note:
    """
    Write a note on the case of one's task. A double click leaves one.

    :raises NotFound: if the task is not theirs
    :raises rules.OwnCase, rules.YouStoodAside, NoteEmpty: nothing is written then
    """
    task, text = _workplace(person, task_id), text.strip()[:4000]
    if len(text) < 3:
        raise NoteEmpty
    if acting.is_own(person, task.case.application):
        raise rules.OwnCase
    if hands.stood_aside(person, task.case.application):
        raise rules.YouStoodAside
    case = cases.lock(task.case_id)
    last = Note.objects.filter(case=case, author_id=person.pk).order_by("-written_at").first()
    quick = last is not None and last.struck_at is None and now - last.written_at < DOUBLE_CLICK
    if last is not None and quick and (text_of(last), last.for_route) == (text, for_route):
        return last
    note = Note(case=case, agency_id=task.agency_id, author_id=person.pk, written_at=now, for_route=for_route)
    note.text_sealed = encryption.seal(text.encode(), place=_place(note))
    note.save(force_insert=True)
    stand = substituting.running(person, task.agency_id, task.role, now)
    told: dict[str, Any] = {"agency": task.agency.code, "for_route": for_route, **substituting.told(stand)}
    record(case, "reviews.note_written", applications.person_ref(person), now, **told)
    return note


@transaction.atomic
def strike(*, person: Any, task_id: int, note_id: UUID, reason: str, now: datetime) -> Note:
    """
    Strike a note out: it stays readable, with the reason. By its author or a head of its agency. Twice is once.

    :raises NotFound: if they do not read it from this task, or it is neither theirs nor of an agency that they lead
    :raises StrikeReasonMissing: nothing is changed then
    """
    task, reason = _workplace(person, task_id), " ".join(reason.split())[:300]
    read = {shown.note.pk: shown for shown in on(person, task)}
    if note_id not in read or not (read[note_id].may_strike or read[note_id].note.struck_at):
        raise NotFound
    if len(reason) < 5:
        raise StrikeReasonMissing
    case = cases.lock(task.case_id)
    note = Note.objects.select_for_update(of=("self",)).select_related("agency").get(pk=note_id)
    if note.struck_at is not None:
        return note
    note.struck_at, note.struck_by_id, note.struck_reason = now, person.pk, reason
    note.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    stand = substituting.running(person, task.agency_id, task.role, now)
    told: dict[str, Any] = {"agency": note.agency.code, **substituting.told(stand)}
    record(case, "reviews.note_struck", applications.person_ref(person), now, **told)
    return note


def counted(applications_: Iterable[Any]) -> dict[UUID, int]:
    """How many notes stand on each of these applications: all that a request for one's own data tells of them."""
    found = Note.objects.filter(case__in=[one.pk for one in applications_]).order_by()
    return dict(found.values_list("case_id").annotate(Count("pk")))
