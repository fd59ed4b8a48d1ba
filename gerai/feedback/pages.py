"""Pages of the survey and of complaints."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.access import public
from gerai.core.errors import DomainError
from gerai.feedback import queries, rules, services
from gerai.visits import queries as visits

INBOX = role("auditor", "mall_manager", "agency_admin")


@public
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, secret: str) -> HttpResponse:
    """One tap; nine questions for who likes."""
    visit = visits.by_secret(secret)
    served = {e.agency_id: e.agency for e in visits.errands(visit) if e.state == "done"}
    refusal = ""
    if request.method == "POST":
        elements = {k: int(v) for k in rules.ELEMENTS if (v := request.POST.get(k, "")).isdigit()}
        score = request.POST.get("score", "")
        try:
            for agency in served.values():
                services.rate(
                    mall=visit.mall,
                    agency=agency,
                    subject=f"visit:{visit.pk}",
                    score=int(score) if score.isdigit() else 0,
                    elements=elements,
                    now=clock.now(),
                )
            return render(request, "feedback/thanks.html", {"visit": visit})
        except DomainError as error:
            refusal = error.text
    context = {"visit": visit, "served": list(served.values()), "elements": rules.LABELS, "refusal": refusal}
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
            refusal = error.text
    context = {"agencies": agencies.agencies(mall), "refusal": refusal, "sent": request.POST}
    return render(request, "feedback/complain.html", context, status=422 if refusal else 200)


@public
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The reporter sees what became of it."""
    return render(request, "feedback/follow.html", {"complaint": queries.by_secret(secret)})


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
        try:
            services.answer(
                person=request.user, complaint_id=pk, text=request.POST.get("text", ""), now=clock.now()
            )
            return redirect("feedback:inbox")
        except rules.AnswerEmpty as error:
            refusal = error.text
    text, contact = queries.words(found)
    context = {"complaint": found, "words": text, "contact": contact, "refusal": refusal}
    return render(request, "feedback/answer.html", context, status=422 if refusal else 200)
