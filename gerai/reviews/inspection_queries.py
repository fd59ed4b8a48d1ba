"""Reading inspections: visits and reports of a case whose reader has been checked; an officer's days in the field."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from gerai.agencies.rules import WorkCalendar
from gerai.applications import queries as application_queries
from gerai.applications.showing import shown as as_text
from gerai.catalogue.asking import ADDRESS
from gerai.catalogue.checklists import is_confirmed
from gerai.core.errors import NotFound
from gerai.reviews import handing, inspecting, queries, reporting, visiting
from gerai.reviews.inspecting import HOURS, MOST_TIMES, OPEN, State
from gerai.reviews.inspection_models import Photo, Report, SiteVisit
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind

T = TypeVar("T")
PLACES = ("address", "location")  # keys of addresses that are asked as plain text


def step(task: Task) -> dict[str, Any]:
    """What the route says about a task."""
    return inspecting.step_of(task.case.application.edition.content, task.key)


def visits(case_id: UUID) -> list[dict[str, Any]]:
    """Every visit of a case, the newest first, with what was proposed and why it did not take place."""
    found = SiteVisit.objects.filter(task__case_id=case_id).select_related(
        "task__agency", "task__case__mall", "officer"
    )
    return [
        {
            "visit": visit,
            "open": visit.state in OPEN and visit.task.done_at is None,
            "times": sorted(visit.times.all(), key=lambda one: one.starts_at),
            "reason": visiting.reason_of(visit),
        }
        for visit in found.prefetch_related("times").order_by("-pk")
    ]


def to_choose(case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these cases whose applicant is asked for a time."""
    asked = SiteVisit.objects.filter(task__case_id__in=list(case_ids), state=State.PROPOSED)
    return set(asked.values_list("task__case_id", flat=True))


def visit(case_id: UUID, visit_id: UUID) -> SiteVisit:
    """
    One visit of a case.

    :raises NotFound: if it is of another one
    """
    found = SiteVisit.objects.select_related("task__agency", "task__case__mall").filter(
        pk=visit_id, task__case_id=case_id
    )
    return _one(found.first())


def reports(case_id: UUID) -> list[Report]:
    """The reports of a case, oldest first: the place in this list is a report's number."""
    found = Report.objects.filter(task__case_id=case_id).select_related(
        "officer", "visit", "task__agency", "task__case__application__edition"
    )
    return list(found.order_by("received_at", "pk"))


def report(case_id: UUID, report_id: UUID) -> Report:
    """
    One report of a case.

    :raises NotFound: if it is of another one
    """
    return _one(next((one for one in reports(case_id) if one.pk == report_id), None))


def photo(one: Report, key: UUID) -> Photo:
    """
    One photo of a report.

    :raises NotFound: if it is of another one
    """
    return _one(one.photos.select_related("document").filter(pk=key).first())


def _one(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found


def shown(one: Report) -> dict[str, Any]:
    """A report as it is read: each point with its answer and photos, and those of the whole place."""
    content, written = reporting.content_of(one), step(one.task)
    by_point: dict[str, list[Photo]] = {}
    for taken in one.photos.order_by("taken_at", "pk"):
        by_point.setdefault(taken.point, []).append(taken)
    points = written.get("checklist", [])
    return {
        "report": one,
        "place": content["place"],
        "text": content["text"],
        "rows": [
            {
                "point": point,
                "answer": content["answers"].get(point["key"], ""),
                "photos": by_point.get(point["key"], []),
            }
            for point in points
        ],
        "photos": by_point.get("", []),
        "photo_count": sum(map(len, by_point.values())),
        "confirmed": is_confirmed(written),
    }


def screen(task: Task, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """What the case screen shows of inspections; nothing where nothing is, or will be, looked at."""
    found = [shown(one) for one in reports(task.case_id)]
    if task.kind != Kind.INSPECT:
        return {"reports": found, "conclusion": ""}
    written = step(task)
    tries = [row for row in visits(task.case_id) if row["visit"].task_id == task.pk]
    open_ = next((row for row in tries if row["open"]), None)
    now_open: SiteVisit | None = open_["visit"] if open_ else None
    until = inspecting.silent_until(now_open.silent_since, calendar) if now_open else None
    reported = [row for row in found if row["report"].task_id == task.pk]
    return {
        "reports": found,
        "step": written,
        "visit": now_open,
        "times": [time for time in open_["times"] if time.held] if open_ else [],
        "before": [row for row in tries if not row["open"] and row["visit"].state != State.HELD],
        "until": until,
        "silent": until is not None and now >= until,
        "all_over": open_ is not None and not any(t.held and t.starts_at > now for t in open_["times"]),
        "clash": now_open is not None and handing.clashes(now_open),
        "begun": now_open is not None and now_open.starts_at is not None and now_open.starts_at <= now,
        "missable": now_open is not None
        and now_open.starts_at is not None
        and now_open.starts_at + inspecting.LONG / 2 <= now,
        "days": inspecting.days_ahead(task.due_at, now, calendar),
        "hours": [(hour, f"{hour:02d}:00") for hour in HOURS],
        "rows": range(1, MOST_TIMES + 1),
        "lacks_report": bool(written.get("checklist")) and not reported,
        "conclusion": reported[-1]["text"] if reported else "",
        "latest": inspecting.latest(task.due_at, now, calendar),
    }


def place_of(task: Task) -> str:
    """Where the application says that it is: the first address that was answered, as people read it."""
    application = task.case.application
    answers = application_queries.answers_of(application)
    asked = [f for s in application_queries.sections(application) for f in s["fields"]]
    named = [f for f in asked if f["type"] == ADDRESS or f["key"] in PLACES]
    return next((as_text(f, answers[f["key"]], "id")[:500] for f in named if answers.get(f["key"])), "")


def days_in_field(person: Any, now: datetime, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """
    The officer's own open inspections up to the next working day, by time; last those without a time.

    Theirs is what they work on, and what they proposed while nobody else works on it.
    """
    last = calendar.next_working(calendar.local(now).date())
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), calendar.local(now).tzinfo)
    proposed = SiteVisit.objects.filter(task=OuterRef("pk"), officer_id=person.pk, state__in=OPEN)
    tasks = queries.inbox(person).filter(
        Q(taken_by_id=person.pk) | Q(Exists(proposed), taken_by=None), kind=Kind.INSPECT
    )
    written = Exists(Report.objects.filter(task=OuterRef("pk")))
    mine = list(
        tasks.annotate(reported=written).select_related(
            "case__application__edition", "case__application__applicant"
        )
    )
    open_of = {one.task_id: one for one in SiteVisit.objects.filter(task__in=mine, state__in=OPEN)}
    found = []
    for task in mine:
        open_ = open_of.get(task.pk)
        at = open_.starts_at if open_ and open_.state == State.AGREED else None
        if at is None or at < end:
            found.append({"task": task, "visit": open_, "at": at, "reported": task.reported})
    return sorted(found, key=lambda row: (row["at"] is None, row["at"] or row["task"].due_at))
