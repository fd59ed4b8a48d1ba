"""What happened to a case, in order, from the ledger: for the officers who read its file. Reads."""

from datetime import datetime
from typing import Any

from gerai.accounts import queries as people
from gerai.agencies.models import Agency
from gerai.applications.models import Application
from gerai.ledger import queries as ledger
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.payments.models import Invoice
from gerai.reviews.models import Case

SHOWN = frozenset(
    {
        "applications.submitted", "applications.resubmitted", "applications.withdrawn",
        "payments.invoiced", "payments.settled", "payments.cancelled", "payments.owed_back",
        "reviews.completed", "reviews.task_done", "reviews.returned", "reviews.task_taken", "reviews.task_let_go",
        "reviews.task_given", "reviews.task_taken_back", "reviews.task_freed", "reviews.task_late",
        "reviews.case_late", "reviews.extended", "reviews.stopped", "reviews.went_on", "reviews.due_moved",
        "reviews.opinion_asked", "reviews.opinion_answered", "reviews.visit_agreed", "reviews.visit_set",
        "reviews.visit_missed", "reviews.inspected", "reviews.recommended", "reviews.decided", "reviews.deemed",
        "reviews.lapsed", "reviews.objected", "reviews.objection_answered", "reviews.reopened",
        "reviews.outside_recorded", "reviews.outside_corrected", "reviews.come", "reviews.not_come",
        "reviews.unpaid", "reviews.correcting", "reviews.correction_dropped", "reviews.stood_aside",
        "reviews.mending_moved", "reviews.stop_moved",
    }
)  # fmt: skip
BY_HEADS = frozenset(
    f"reviews.{what}" for what in ("extended", "stopped", "went_on", "task_given", "task_taken_back")
)
BY_APPLICANT = frozenset({"reviews.objected", "reviews.visit_agreed"})
TIMES = ("due_at", "before", "until", "by", "paid_at")  # of an entry's data


def of(case: Case) -> list[dict[str, Any]]:
    """
    Each thing with its moment, its kind, who did it (a side or an agency, never a name) and what it says of itself.

    Only who gets a task is named: their name stands on the screen as long as they have it.
    """
    subjects = [f"application:{case.pk}"]
    subjects += [
        f"invoice:{pk}" for pk in Invoice.objects.filter(application=case.pk).values_list("pk", flat=True)
    ]
    found = [e for subject in subjects for e in ledger.history(case.mall_id, subject).filter(kind__in=SHOWN)]
    entries = sorted(found, key=lambda entry: entry.pk)
    titles = dict(case.tasks.values_list("key", "title"))
    codes = {str(e.data.get(key)) for e in entries for key in ("agency", "asker") if e.data.get(key)}
    shorts = dict(Agency.objects.filter(mall=case.mall_id, code__in=codes).values_list("code", "short"))
    names = people.name_of({entry.data.get("to", "") for entry in entries})
    told = {str(pk): name for pk, name in names.items()}
    return [_row(entry, case.application, titles, shorts, told) for entry in entries]


def _row(
    entry: Entry,
    application: Application,
    titles: dict[str, Any],
    shorts: dict[str, str],
    names: dict[str, str],
) -> dict[str, Any]:
    data = entry.data | {key: _time(entry.data[key]) for key in TIMES if entry.data.get(key)}
    agency = shorts.get(str(data.get("agency")), "")
    return {
        "at": entry.at,
        "kind": entry.kind.partition(".")[2] if entry.kind.startswith("reviews.") else entry.kind,
        "side": _side(entry, application),
        "agency": shorts.get(str(data.get("asker")), agency),
        "asked": agency,
        "title": titles.get(data.get("task")),
        "to": names.get(str(data.get("to")), ""),
        "data": data,
    }


def _side(entry: Entry, application: Application) -> str:
    """Who did it: the system, the applicant, an officer who typed for them, a head, or an officer."""
    if entry.actor_kind == SYSTEM.kind:
        return "system"
    if entry.kind.startswith("applications.") or entry.kind in BY_APPLICANT:
        typed = application.mandate_id is None and entry.actor_id == str(application.helper_id)
        return "desk" if typed else "applicant"
    return "head" if entry.kind in BY_HEADS else "officer"


def _time(text: str) -> datetime | str:
    """The moment that an entry names; of a reopened case `before` is a number."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
