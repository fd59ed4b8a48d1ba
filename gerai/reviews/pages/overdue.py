"""The statement that the legal time has passed, for an applicant whose service does not issue by itself."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gerai.agencies import queries as agencies
from gerai.applications import queries as applications
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import NotFound
from gerai.reviews import overdue, queries


@signed_in
@require_safe
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The facts of the clock, to be printed and shown to whoever watches over the office. Only once it has passed."""
    now = clock.now()
    application = applications.get(request.user, pk, now)
    case = queries.case(pk)
    if not overdue.is_overdue(case, now) or case.due_at is None:
        raise NotFound
    calendar = agencies.calendar(application.mall)
    today, last = calendar.local(now).date(), calendar.local(case.due_at).date()
    context = {
        "application": application,
        "service": application.service,
        "case": case,
        "now": now,
        "late_days": calendar.working_days_between(last, today),
        "holding": overdue.holding(case),
        "pauses": case.pauses.exclude(ended_at=None).order_by("began_at"),
    }
    return render(request, "reviews/overdue.html", context)
