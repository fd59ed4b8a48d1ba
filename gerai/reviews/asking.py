"""A second opinion: a working officer asks another agency about a case, and what it answers. Reads and writes.

The question is a task of the asked agency, due inside the asker's own; the clock goes on. Who is asked reads what is
needed for the answer and no more: personal answers and documents only where the asker shows them, with a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies import substituting
from gerai.agencies.rules import SUBSTITUTED
from gerai.applications import answers as form
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.catalogue.asking import COMPUTED
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import queries, rules, stages
from gerai.reviews.models import Case, Opinion, Task
from gerai.reviews.rules import ANSWERED, Kind
from gerai.reviews.services import mine
from gerai.reviews.stages import Wanted, finish, record

DAYS = 2  # working days for an answer, if the asker says nothing else


class QuestionEmpty(DomainError):
    """A question, and an answer, is at least a sentence."""

    code = "question_empty"
    text = "Tulis dengan kalimat lengkap, paling sedikit 10 huruf."


class NobodyToAsk(DomainError):
    """Another agency of the mall, where somebody holds the role."""

    code = "nobody_to_ask"
    text = "Pilih instansi lain yang punya petugas dengan peran itu."


class AnswerTooLate(DomainError):
    """The answer has to come while the asker's own task can still use it."""

    code = "answer_too_late"
    text = (
        "Jawaban harus datang sebelum batas tugas Anda sendiri. Beri waktu lebih pendek, paling sedikit 1 hari kerja; "
        "bila batas itu sudah dekat, hubungi mereka langsung."
    )


class ShownReasonMissing(DomainError):
    """Personal data is shown for a reason."""

    code = "shown_reason_missing"
    text = "Tulis mengapa instansi itu perlu melihat data pribadi atau berkas yang Anda tandai."


class AskedAlready(DomainError):
    """The same question, or one that waits for its answer."""

    code = "asked_already"
    text = "Instansi itu sudah ditanya tentang permohonan ini. Baca jawabannya di bawah, atau tunggu sampai batasnya."
    status = 409


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the officers of the case read it."""

    opinion: Opinion
    question: str
    answer: str
    reason: str


def _place(opinion: Opinion, what: str) -> str:
    return f"reviews.opinion.{what}:{opinion.pk}"


def _seal(opinion: Opinion, what: str, text: str) -> bytes | None:
    return encryption.seal(text.encode(), place=_place(opinion, what)) if text else None


def _open(opinion: Opinion, what: str) -> str:
    sealed = getattr(opinion, f"{what}_sealed")
    return encryption.unseal(bytes(sealed), place=_place(opinion, what)).decode() if sealed else ""


def _asked(opinion: Opinion) -> Asked:
    return Asked(opinion, *(_open(opinion, what) for what in ("question", "answer", "reason")))


def on(case: Case) -> list[Asked]:
    """The questions about a case whose reader has been checked, oldest first."""
    found = Opinion.objects.filter(task__case=case).select_related(
        "task__agency", "task__done_by", "task__done_for", "of_task__agency", "asker"
    )
    return [_asked(one) for one in found.order_by("asked_at", "pk")]


def to_ask(task: Task) -> list[Any]:
    """The other agencies of the mall that somebody can be asked at."""
    found = agencies.agencies(task.case.mall).exclude(pk=task.agency_id)
    return list(found.filter(memberships__active=True, memberships__role__in=SUBSTITUTED).distinct())


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def days_left(task: Task, now: datetime) -> int:
    """In how many working days an answer would still help, at most those that are usual; 0: in none."""
    calendar = stages.calendar_of(task.case)
    return next((days for days in range(DAYS, 0, -1) if calendar.due(now, days) <= task.due_at), 0)


@transaction.atomic
def ask(
    *,
    person: Any,
    task_id: int,
    agency: str,
    role: str,
    question: str,
    days: int,
    personal: bool,
    files: Iterable[str],
    reason: str,
    now: datetime,
) -> Opinion:
    """
    Ask another agency's role a question about the case of one's open task.

    :raises NotFound: if the task is not theirs, or is a question itself
    :raises QuestionEmpty, NobodyToAsk, AnswerTooLate, ShownReasonMissing, AskedAlready: nothing is changed then
    """
    task = mine(person, task_id)
    if task.kind == Kind.OPINION:
        raise NotFound
    case, question, reason = task.case, question.strip()[:4000], reason.strip()[:500]
    if len(question) < 10:
        raise QuestionEmpty
    asked = next((one for one in to_ask(task) if one.code == agency), None)
    if asked is None or not queries.holding_role(asked.pk, role):
        raise NobodyToAsk
    attached = set(case.application.attachments.values_list("requirement", flat=True))
    shown = sorted(attached & set(files))
    if (personal or shown) and len(reason) < 5:
        raise ShownReasonMissing
    due = stages.calendar_of(case).due(now, days) if 0 < days < 100 else None
    if due is None or due > task.due_at:
        raise AnswerTooLate
    before = [one for one in on(case) if one.opinion.task.agency_id == asked.pk]
    if any(one.opinion.task.done_at is None or _same(one.question, question) for one in before):
        raise AskedAlready
    key = f"opinion:{asked.code}"
    again = case.tasks.filter(key=key, round=case.application.round).count()
    wanted = Wanted(Kind.OPINION, key, asked, role, days, rules.TITLES[Kind.OPINION], again)
    stages.open_tasks(case, [wanted], now)
    made = case.tasks.get(key=key, round=case.application.round, again=again)
    opinion = Opinion(
        task=made, of_task=task, asker_id=person.pk, asked_at=now, personal=personal, files=shown
    )
    opinion.question_sealed = _seal(opinion, "question", question) or b""
    opinion.reason_sealed = _seal(opinion, "reason", reason if personal or shown else "")
    opinion.save(force_insert=True)
    told: dict[str, Any] = {
        "agency": asked.code,
        "asker": task.agency.code,
        "task": key,
        "due_at": made.due_at.isoformat(),
    }
    told |= {"personal": personal, "files": len(shown), **substituting.told(task.stand_in)}
    record(case, "reviews.opinion_asked", applications.person_ref(person), now, **told)
    return opinion


@transaction.atomic
def answer(*, person: Any, task_id: int, text: str, now: datetime) -> Opinion:
    """
    Answer in writing; it stands on the case.

    :raises NotFound, rules.TaskDone, rules.OwnCase, rules.TypedByYou, rules.TakenByOther: if it is not theirs
    :raises QuestionEmpty: nothing is changed then
    """
    task, text = mine(person, task_id), text.strip()[:4000]
    if task.kind != Kind.OPINION:
        raise NotFound
    if len(text) < 10:
        raise QuestionEmpty
    opinion = Opinion.objects.get(task=task)
    opinion.answer_sealed = _seal(opinion, "answer", text)
    opinion.save(update_fields=["answer_sealed"])
    actor = applications.person_ref(person)
    finish(task, actor, ANSWERED, "", now)
    told: dict[str, Any] = {
        "agency": task.agency.code,
        "opinion": task.pk,
        **substituting.told(task.stand_in),
    }
    record(task.case, "reviews.opinion_answered", actor, now, **told)
    return opinion


def view(person: Any, task_id: int, language: str) -> tuple[Task, Asked, list[dict[str, Any]], list[Any]]:
    """
    What the asked officer reads: the task, the question, the answers and the documents that are shown for it.

    Once it is answered or over, nothing of the application is shown any more: there is no need for it.

    :raises NotFound: if it is no question to their agency and role
    """
    task = queries.any_task(person, task_id)
    found = Opinion.objects.filter(task=task).select_related("of_task__agency", "asker").first()
    if found is None:
        raise NotFound
    if task.done_at is not None:
        return task, _asked(found), [], []
    application = task.case.application
    values = application_queries.answers_of(application)
    told = application_queries.sections(application)
    fields = [field for section in told for field in section["fields"]]
    sections = [
        {
            "title": section["title"],
            "rows": [
                {"label": field["label"], "value": form.shown(field, values.get(field["key"]), language)}
                for field in section["fields"]
                if found.personal or _harmless(field, fields)
            ],
        }
        for section in told
    ]
    attached = application.attachments.filter(requirement__in=found.files).select_related("document")
    return task, _asked(found), [s for s in sections if s["rows"]], list(attached.order_by("requirement"))


def _harmless(field: dict[str, Any], asked: list[dict[str, Any]]) -> bool:
    """Whether an answer tells nothing personal: what is computed may come from an answer that does."""
    if field["type"] == COMPUTED:
        return not any(one.get("personal") for one in asked)
    return not field.get("personal")
