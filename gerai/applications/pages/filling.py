"""Filling in: start, the documents, check, send. The questions are in `section`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.applications import acting, again, alike, beginning, mandates, mending, queries, services
from gerai.applications import answers as form
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.applications.rules import Status
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import clock
from gerai.core.access import signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """What is needed and promised, then begin."""
    service = catalogue.find(agencies.the_mall(), agency, code)
    before = queries.last_sent(request.user, service)
    if request.method == "POST":
        return redirect(parts.first_page(_begin(request, service)))
    content = service.edition.content
    context = {
        "service": service,
        "content": content,
        "files": [r for r in content["requirements"] if r.get("file") and not r.get("when")],
        "sometimes": [r for r in content["requirements"] if r.get("file") and r.get("when")],
        "pages": len(content["questions"]) + 2,  # and the files, and the check
        "mine": _open_draft(request, service),
        "before": before,
        "under_way": alike.under_way(request.user, service),
        "again": "lagi" in request.GET,
        "mandates": mandates.for_service(request.user, service, clock.now()),
        # A birth or an identity card is nobody's but a person's.
        "businesses": []
        if service.kind == "civil-registration"
        else [member.business for member in people.acting_for(request.user)],
    }
    return render(request, "applications/start.html", context)


def _begin(request: HttpRequest, service: Service) -> Application:
    """For oneself, for a business ("business:<id>") or for who has given a mandate ("mandate:<id>")."""
    given: dict[str, Any] = {"person": request.user, "now": clock.now()}
    kind, wanted = parts.behalf(request)
    if kind == "mandate" and wanted:
        return mandates.begin(mandate_id=wanted, service=service, **given)
    before = queries.last_sent(request.user, service, wanted)
    if before and "like" in request.POST:
        return again.start_like(earlier_id=before.pk, **given)
    return services.start(service=service, business_id=wanted, **given)


def _open_draft(request: HttpRequest, service: Service) -> Application | None:
    drafts = (a for a in queries.of(request.user) if a.status == Status.DRAFT and a.business_id is None)
    return next((a for a in drafts if a.service_id == service.pk and a.follows_id is None), None)


@signed_in
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The documents: sent one by one or together; each is checked at once."""
    application = parts.filling(request, pk)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = parts.attach(request, application, [r["code"] for r in queries.files_required(application)])
        if code := request.POST.get("reuse"):
            again.reuse(person=request.user, application_id=pk, requirement=code, now=clock.now())
            if not wrong:
                return redirect(f"{request.path}#file_{code}")
        elif not wrong:
            missing = [key for key in services.missing(application) if key.startswith("file:")]
            if not missing or "later" in request.POST:
                return redirect(parts.after(application, "files"))
            wrong = {key.removeprefix("file:"): form.SENTENCES["not_sent"] for key in missing}
    before = again.sent_before(application, request.user, clock.now())
    rows = [
        row | ({} if row["document"] else before.get(row["requirement"]["code"], {}))
        for row in parts.file_rows(application, wrong)
    ]
    context = parts.context(application, "files", rows=rows, wrong=wrong, reusable=before)
    return render(request, "applications/files.html", context, status=422 if wrong else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything once more before it is sent; then sent."""
    application = queries.get(request.user, pk, clock.now())
    if request.method == "POST":
        try:
            # A round above one was returned before: this page, or a second click on it, sends it again.
            again = application.status == Status.RETURNED or application.round > 1
            send = services.resubmit if again else services.submit
            send(person=request.user, application_id=pk, now=clock.now())
            return redirect("applications:show", pk=pk)
        except services.NotYetComplete:
            pass  # shown below, beside each missing part
    if application.status not in parts.WITH_APPLICANT:
        return redirect("applications:show", pk=pk)
    missing, wishes = services.missing(application), mending.wishes(application)
    if application.status == Status.DRAFT:
        missing |= beginning.passed(application, clock.now())
    unmended = [wish for wish in wishes if wish["mended"] is False]
    same = None if missing or application.submitted_at else alike.same_as(application)
    context = parts.context(
        application,
        "check",
        same=same,
        same_opens=same is not None
        and queries.owned_by(request.user, clock.now()).filter(pk=same.pk).exists(),
        sections=parts.sections(application, missing),
        files=parts.file_rows(application, {k.removeprefix("file:"): v for k, v in missing.items()}),
        missing=missing,
        wishes=wishes,
        unmended=unmended,
        unmended_url=parts.first_lacking(application, {w["what"].partition(".")[0]: "" for w in unmended}),
        mend_url=parts.first_lacking(application, missing),
        fee=queries.fee_rule(application),
        amount=None if missing else queries.fee_of(application),
        may_send=acting.may_decide(request.user, application),
        at_desk=acting.at_desk(request.user, application),
    )
    return render(
        request, "applications/check.html", context, status=422 if request.method == "POST" else 200
    )
