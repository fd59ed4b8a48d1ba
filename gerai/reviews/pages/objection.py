"""The applicant's objection and the officer's answer to it."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.applications import acting
from gerai.applications import queries as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import grounds, objecting, objection_letter, queries
from gerai.reviews.pages import case as case_page
from gerai.reviews.rules import APPEAL_DAYS, OBJECTION_ANSWER_DAYS, OBJECTION_DAYS


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Object to a rejection, and see what became of it. For the applicant alone."""
    application = applications.get(request.user, pk, clock.now())
    if not acting.is_own(request.user, application):
        raise NotFound
    if application.outside and application.status == Status.REJECTED:
        return _outside(request, application)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            text = request.POST.get("text", "")
            objecting.file(person=request.user, application_id=pk, text=text, now=clock.now())
            return redirect("reviews:objection", pk=pk)
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    objection = queries.objection(pk)
    until = objecting.until(queries.case(pk)) if application.rejection else None
    context = {
        "application": application,
        "service": application.service,
        "objection": objection,
        "text": objecting.said(objection) if objection else request.POST.get("text", ""),
        "until": until,
        "open": objection is None and until is not None and clock.now() <= until,
        "refusal": refusal,
        "days": OBJECTION_ANSWER_DAYS,
        "appeal_days": APPEAL_DAYS,
    }
    return render(request, "reviews/objection.html", context, status=status)


def _outside(request: HttpRequest, application: Application) -> HttpResponse:
    """Who decided takes the objection: where, until when, and a letter to print. Nothing of it is kept."""
    content, mall = application.edition.content, application.mall
    calendar, outside = agencies.calendar(mall), application.outside or {}
    today = calendar.local(clock.now()).date()
    address = str(mall.details.get("address") or mall.city)
    to = objection_letter.office(content, application.agency.name, {"name": mall.name, "address": address})
    why = request.POST.get("why", "").strip()[:3000]
    letter = objection_letter.paragraphs(
        to=to,
        city=mall.city,
        today=today,
        name=application.applicant.name,
        business=application.business.name if application.business else "",
        number=application.number or "",
        service=application.service.name["id"],
        outside=outside,
        said=(application.rejection or {}).get("text", ""),
        why=why,
    )
    until = calendar.add_working_days(date.fromisoformat(outside["on"]), OBJECTION_DAYS)
    context = {
        "application": application,
        "service": application.service,
        "office": to,
        "until": until,
        "today": today,
        "why": why,
        "letter": letter,
    }
    return render(request, "reviews/objection_outside.html", context)


@role("signer")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant it, or refuse it with ground and reason."""
    try:
        objecting.answer(
            person=request.user,
            task_id=pk,
            outcome=request.POST.get("outcome", ""),
            ground=grounds.chosen(request.POST),
            text=request.POST.get("text", ""),
            now=clock.now(),
        )
    except DomainError as error:
        return case_page.refused(request, pk, error)
    return case_page.after(request, gettext("Keberatan dijawab. Pemohon kami beri tahu."))
