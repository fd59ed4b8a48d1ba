"""The applicant's own page about visits to their place: choose a time, say what does not fit, read what was found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from gerai.agencies import queries as agencies
from gerai.applications import queries as application_queries
from gerai.core import clock, ids
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import answering, inspecting, inspection_queries
from gerai.reviews.inspecting import LONG, NOTICE, State
from gerai.reviews.pages import inspection
from gerai.reviews.rules import Kind


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every visit and report about one's own application."""
    now = clock.now()
    application = application_queries.get(request.user, pk, now)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            messages.success(request, _act(request, pk, now))
            return redirect("reviews:place", pk=pk)
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    calendar = agencies.calendar(application.mall)
    rows = inspection_queries.visits(pk)
    for row in rows:
        visit = row["visit"]
        row["until"] = inspecting.silent_until(visit.silent_since, calendar)
        row["changeable"] = visit.starts_at is None or visit.starts_at >= now + NOTICE
        row["begun"] = visit.starts_at is not None and visit.starts_at + LONG / 2 <= now
        free = (t for t in row["times"] if t.held or visit.starts_at)  # what was let go may be free again
        row["choices"] = [t for t in free if t.starts_at >= now + NOTICE]
    context = {
        "application": application,
        "service": application.service,
        "open": [row for row in rows if row["open"]],
        "before": [row for row in rows if not row["open"] and row["visit"].state != State.HELD],
        "reports": [inspection_queries.shown(one) for one in inspection_queries.reports(pk)],
        "points": [
            {"title": step["title"], "agency": step["agency"], "points": step.get("checklist", [])}
            for stage in application.edition.content["route"]
            for step in stage["tasks"]
            if step["kind"] == Kind.INSPECT
        ],
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "reviews/place.html", context, status=status)


def _act(request: HttpRequest, pk: UUID, now: datetime) -> str:
    """Choose, decline, or tell that nobody came; what to say then."""
    visit = ids.named(request.POST.get("visit"))
    given: dict[str, Any] = {"person": request.user, "application_id": pk, "visit_id": visit, "now": now}
    act, reason = request.POST.get("act"), request.POST.get("reason", "")
    if act == "choose":
        answering.choose(starts_at=_moment(request.POST.get("starts_at", "")), **given)
        return gettext("Waktu peninjauan disimpan. Petugas sudah kami beri tahu.")
    if act == "decline":
        answering.decline(reason=reason, **given)
        return gettext("Kami sampaikan ke petugas. Anda mendapat usulan waktu yang lain.")
    if act == "missed":
        answering.officer_missed(note=reason, **given)
        return gettext("Kami catat. Petugas mengusulkan waktu yang lain.")
    raise NotFound


def _moment(text: str) -> datetime:
    """
    The time that was chosen.

    :raises inspecting.VisitClosed: if it is none
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise inspecting.VisitClosed from None
    if found.tzinfo is None:
        raise inspecting.VisitClosed
    return found


@signed_in
@require_GET
def calendar_file(request: HttpRequest, pk: UUID, visit_id: UUID) -> HttpResponse:
    """The visit for the applicant's own calendar."""
    application = application_queries.get(request.user, pk, clock.now())
    found = inspection_queries.visit(application.pk, visit_id)
    return inspection.as_calendar(found, reverse("reviews:place", args=[pk]))


@signed_in
@require_GET
def report(request: HttpRequest, pk: UUID, report_id: UUID) -> HttpResponse:
    """What was found at one's own place, to read and to print."""
    application = application_queries.get(request.user, pk, clock.now())
    one = inspection_queries.report(application.pk, report_id)
    here = reverse("reviews:own_report", args=[pk, report_id])
    return inspection.show(request, one, reverse("reviews:place", args=[pk]), here, staff=False)


@signed_in
@require_GET
def photo(request: HttpRequest, pk: UUID, report_id: UUID, key: UUID) -> HttpResponse:
    """A photo of one's own place."""
    application = application_queries.get(request.user, pk, clock.now())
    one = inspection_queries.report(application.pk, report_id)
    return inspection.opened(request, inspection_queries.photo(one, key), application.mall_id)
