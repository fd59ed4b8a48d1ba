"""An officer's inspection beside the case: times for the applicant, the report as a plain form, reports to print."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.agencies.rules import WorkCalendar
from gerai.applications import services as applications
from gerai.core import clock, ids
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.reviews import inspecting, inspection_queries, queries, reporting, visit_calendar, visiting
from gerai.reviews.inspecting import MOST_TIMES
from gerai.reviews.inspection_models import Photo, Report, SiteVisit
from gerai.reviews.pages.case import log_opening, refused
from gerai.reviews.pages.inbox import REVIEWERS
from gerai.reviews.rules import Kind


def _times(request: HttpRequest, calendar: WorkCalendar) -> list[datetime]:
    """
    The chosen days and hours.

    :raises inspecting.TimesWrong: by `check_times`, for what is no time at all
    """
    found = []
    for n in range(1, MOST_TIMES + 1):
        day = request.POST.get(f"day{n}", "")
        moment = inspecting.moment(day, request.POST.get(f"hour{n}", ""), calendar)
        if moment is not None:
            found.append(moment)
    return found


@REVIEWERS
@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose, call off, set by notice, or nobody was there."""
    task = queries.task(request.user, pk)
    given: dict[str, Any] = {"person": request.user, "task_id": pk, "now": clock.now()}
    calendar, act = agencies.calendar(task.case.mall), request.POST.get("act")
    times = _times(request, calendar)
    reason = request.POST.get("reason", "")
    try:
        if act == "propose":
            visiting.propose(times=times, reason=reason, **given)
            said = gettext("Waktu diusulkan. Pemohon sudah kami beri tahu.")
        elif act == "call_off":
            visiting.call_off(reason=reason, **given)
            said = gettext("Peninjauan dibatalkan. Pemohon sudah kami beri tahu.")
        elif act == "set":
            visiting.set_by_notice(starts_at=times[0] if times else given["now"], **given)
            said = gettext("Waktu ditetapkan. Pemohon sudah kami beri tahu.")
        elif act == "missed":
            visiting.missed(note=reason, **given)
            said = gettext("Dicatat. Usulkan waktu yang lain.")
        else:
            raise NotFound
    except NotFound:
        raise
    except DomainError as error:
        return refused(request, pk, error)
    messages.success(request, said)
    return redirect("reviews:task", pk=pk)


@REVIEWERS
@require_GET
def calendar_file(request: HttpRequest, pk: int, visit_id: UUID) -> HttpResponse:
    """The officer's visit for their own calendar."""
    task = queries.task(request.user, pk)
    found = inspection_queries.visit(task.case_id, visit_id)
    return as_calendar(found, reverse("reviews:task", args=[pk]))


def as_calendar(found: SiteVisit, path: str) -> HttpResponse:
    """A visit as a file."""
    language = (get_language() or "id")[:2]
    written = visit_calendar.write(found, path=path, language=language, now=clock.now())
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="peninjauan.ics"'
    return answer


@REVIEWERS
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a plain form, for who has a network and no script; its key makes a second press the same report."""
    task = queries.task(request.user, pk)
    if task.kind != Kind.INSPECT:
        raise NotFound
    log_opening(request, task)
    points = inspection_queries.step(task).get("checklist", [])
    refusal, status, key = None, 200, ids.uuid7()
    if request.method == "POST":
        key = ids.named(request.POST.get("key", ""))
        try:
            _send(request, pk, key, [point["key"] for point in points])
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
        else:
            messages.success(request, gettext("Laporan masuk. Sekarang beri rekomendasi Anda."))
            return redirect("reviews:task", pk=pk)
    sent = request.POST
    told = {
        "task": task,
        "application": task.case.application,
        "service": task.case.application.service,
        "points": [(point, sent.get(f"answer:{point['key']}", "")) for point in points],
        "key": key,
        "place": sent.get("place") or inspection_queries.place_of(task),
        "refusal": refusal,
        "sent": sent,
    }
    return render(request, "reviews/report_form.html", told, status=status)


def _send(request: HttpRequest, pk: int, key: UUID, points: list[str]) -> None:
    photos = [
        (uuid5(key, f"{point} {n}"), point, file.read())
        for point in [*points, ""]
        for n, file in enumerate(request.FILES.getlist(f"photo:{point}"))
    ]
    reporting.report_with_photos(
        person=request.user,
        task_id=pk,
        key=key,
        photos=photos,
        answers={point: request.POST.get(f"answer:{point}", "") for point in points},
        finding=request.POST.get("finding", ""),
        text=request.POST.get("text", ""),
        place=request.POST.get("place", ""),
        now=clock.now(),
    )


@REVIEWERS
@require_GET
def report(request: HttpRequest, pk: int, report_id: UUID) -> HttpResponse:
    """One report, to read and to print, for who works on the case."""
    task = queries.task(request.user, pk)
    log_opening(request, task)
    one = inspection_queries.report(task.case_id, report_id)
    back = reverse("reviews:task", args=[pk])
    return show(request, one, back, reverse("reviews:report", args=[pk, report_id]), staff=True)


def show(request: HttpRequest, one: Report, back: str, here: str, *, staff: bool) -> HttpResponse:
    """A report's page; its photos lie under it."""
    found = inspection_queries.shown(one)
    application = one.task.case.application
    told = {**found, "application": application, "back": back, "here": here, "staff": staff}
    return render(request, "reviews/report.html", told)


@REVIEWERS
@require_GET
def photo(request: HttpRequest, pk: int, report_id: UUID, key: UUID) -> HttpResponse:
    """A photo of a report; the applicant sees that it was opened."""
    task = queries.task(request.user, pk)
    one = inspection_queries.report(task.case_id, report_id)
    return opened(request, inspection_queries.photo(one, key), task.case.mall_id)


def opened(request: HttpRequest, found: Photo, mall: str) -> HttpResponse:
    """The bytes of a photo, logged as every document is."""
    data = documents.open_file(
        document=found.document,
        actor=applications.person_ref(request.user),
        mall=mall,
        now=clock.now(),
    )
    return HttpResponse(data, content_type=found.document.media_type)
