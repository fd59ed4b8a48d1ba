"""Pages of the survey and of complaints."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.applications import queries as applications
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError
from gerai.feedback import queries, rules, services
from gerai.visits import queries as visits

SCORES = ("1", "2", "3", "4")
INBOX = role("auditor", "mall_manager", "agency_admin")


@public
@require_http_methods(["GET", "POST"])
def rate_visit(request: HttpRequest, secret: str) -> HttpResponse:
    """From a ticket: how was it?"""
    return _rate(request, queries.of_visit(visits.by_secret(secret)))


@public
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """From a signed invitation: how was it?"""
    return _rate(request, queries.invited(token))


@signed_in
def rate_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From one's own application to its invitation."""
    found = applications.get(request.user, pk, clock.now())
    return redirect("feedback:rate", token=services.invite_token("application", found.pk))


def _rate(request: HttpRequest, invitation: queries.Invitation) -> HttpResponse:
    """One tap first; then nine questions for who likes."""
    refusal = ""
    if request.method == "POST":
        answers = {key: request.POST.get(key, "") for key in ("score", *rules.ELEMENTS)}
        scores = {key: int(value) for key, value in answers.items() if value in SCORES}
        score = scores.pop("score", 0)
        try:
            if score or not invitation.ratings().exists():
                services.rate_all(invitation=invitation, score=score, elements=scores, now=clock.now())
            else:
                services.detail(invitation=invitation, elements=scores, now=clock.now())
            return redirect(request.path)
        except DomainError as error:
            refusal = error.sentence
    ratings = list(invitation.ratings())
    context = {
        "served": [agency for agency, _ in invitation.served],
        "rated": bool(ratings),
        "detailed": bool(ratings) and all(r.elements for r in ratings),
        "elements": rules.LABELS,
        "refusal": refusal,
    }
    return render(request, "feedback/rate.html", context, status=422 if refusal else 200)


@public
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Say what went wrong, with or without a name."""
    mall = agencies.the_mall()
    refusal = ""
    if request.method == "POST":
        try:
            code = request.POST.get("agency", "")
            made = services.complain(
                mall=mall,
                agency=agencies.agency(mall, code) if code else None,
                kind=request.POST.get("kind", ""),
                text=request.POST.get("text", ""),
                contact=request.POST.get("contact", ""),
                now=clock.now(),
            )
            return redirect("feedback:follow", secret=made.secret)
        except rules.ComplaintEmpty as error:
            refusal = error.sentence
    context = {"agencies": agencies.agencies(mall), "refusal": refusal, "sent": request.POST}
    return render(request, "feedback/complain.html", context, status=422 if refusal else 200)


@public
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The reporter sees what became of it."""
    return render(
        request, "feedback/follow.html", {"complaint": queries.by_secret(secret), "now": clock.now()}
    )


@INBOX
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for an answer."""
    return render(
        request, "feedback/inbox.html", {"complaints": queries.inbox(request.user)[:200], "now": clock.now()}
    )


@INBOX
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read and answer."""
    found = queries.get(request.user, pk)
    refusal = ""
    if request.method == "POST":
        if "take_up" in request.POST:
            services.take_up(person=request.user, complaint_id=pk, now=clock.now())
            return redirect("feedback:answer", pk=pk)
        try:
            services.answer(
                person=request.user, complaint_id=pk, text=request.POST.get("text", ""), now=clock.now()
            )
            return redirect("feedback:inbox")
        except rules.AnswerEmpty as error:
            refusal = error.sentence
    text, contact = queries.words(found)
    context = {"complaint": found, "words": text, "contact": contact, "refusal": refusal}
    return render(request, "feedback/answer.html", context, status=422 if refusal else 200)
