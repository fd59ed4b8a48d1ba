"""Words to applicant and officer about a visit, each once by its key: what changed, and the day before it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.applications import acting
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.core.dates import said
from gerai.ledger.models import Entry
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.reviews.inspecting import State
from gerai.reviews.inspection_models import SiteVisit

# To the applicant, and to the officer of the visit; what somebody did themselves is confirmed where it binds them.
TO_APPLICANT = {
    "reviews.visit_proposed": "inspection_proposed",
    "reviews.visit_agreed": "inspection_agreed",
    "reviews.visit_set": "inspection_set",
    "reviews.visit_called_off": "inspection_off",
    "reviews.visit_missed": "inspection_missed",
    "reviews.inspected": "inspection_reported",
}
TO_OFFICER = {
    "reviews.visit_agreed": "inspection_chosen",
    "reviews.visit_declined": "inspection_declined",
    "reviews.visit_missed": "inspection_declined",
    "reviews.visit_passed_on": "inspection_clash",
}
FIELD = "/tugas/lapangan/"


def path_of(application: Application) -> str:
    """The applicant's page about visits and reports."""
    return f"/permohonan/{application.pk}/peninjauan/"


def told(*, entry: Entry, now: datetime) -> None:
    """Send what belongs to an entry about a visit."""
    if entry.kind == "reviews.visit_passed_on" and not (entry.data["clash"] and "when" in entry.data):
        return  # the new officer is free then, or only an hour that was offered fell away
    application = application_queries.of_entry(entry.subject)
    zone = agencies.zone(entry.mall)
    data: dict[str, Any] = {
        "number": application.number or "",
        "service": application.service.name,
        "agency": entry.data.get("agency_name", ""),
    }
    for name in ("when", "by"):
        if name in entry.data:
            data[name] = said(datetime.fromisoformat(entry.data[name]), zone)
    if template := TO_APPLICANT.get(entry.kind):
        notices.send(
            key=f"{template}:{entry.pk}",
            mall=entry.mall,
            person=acting.to_tell(application),
            template=template,
            data={**data, "path": path_of(application)},
            now=now,
        )
    if template := TO_OFFICER.get(entry.kind):
        visit = SiteVisit.objects.select_related("officer", "task__taken_by").get(
            pk=UUID(entry.data["visit"])
        )
        notices.send(
            key=f"{template}:{entry.pk}",
            mall=entry.mall,
            person=visit.task.taken_by or visit.officer,
            template=template,
            data={**data, "path": f"/tugas/{visit.task_id}/"},
            now=now,
        )


def tomorrow(*, mall: Mall, now: datetime) -> int:
    """The day before a visit, both sides are reminded, once for each time that was agreed. Returns how many."""
    calendar = agencies.calendar(mall)
    morning = calendar.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ahead = SiteVisit.objects.filter(
        task__case__mall=mall,
        task__done_at=None,
        state=State.AGREED,
        starts_at__gte=morning,
        starts_at__lt=morning + timedelta(days=1),
    ).select_related("officer", "task__taken_by", "task__agency", "task__case__application__service")
    wanted: dict[str, tuple[Any, str, SiteVisit]] = {}
    for visit in ahead:
        application, about = visit.task.case.application, f"{visit.pk}:{visit.starts_at}"
        officer = visit.task.taken_by or visit.officer
        wanted[f"visit_tomorrow:{about}"] = (acting.to_tell(application), "inspection_tomorrow", visit)
        wanted[f"visit_duty:{about}:{officer.pk}"] = (officer, "inspection_duty", visit)
    have = set(sent.known(wanted))
    for key, (person, template, visit) in wanted.items():
        if key in have or visit.starts_at is None:
            continue
        application = visit.task.case.application
        notices.send(
            key=key,
            mall=mall.pk,
            person=person,
            template=template,
            data={
                "number": application.number or "",
                "service": application.service.name,
                "agency": visit.task.agency.short,
                "when": said(visit.starts_at, mall.timezone),
                "path": FIELD if template == "inspection_duty" else path_of(application),
            },
            now=now,
        )
    return len(wanted) - len(have)
