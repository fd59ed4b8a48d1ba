"""Filling in: start, one thing per page, check, send."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.applications import queries, services
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.applications.rules import Status
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import DomainError
from gerai.documents import services as documents


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """What is needed and promised, then begin."""
    service = catalogue.find(agencies.the_mall(), agency, code)
    if request.method == "POST":
        application = services.start(person=request.user, service=service, now=clock.now())
        return redirect(parts.first_page(application))
    content = service.edition.content
    context = {
        "service": service,
        "content": content,
        "files": [r for r in content["requirements"] if r.get("file") and not r.get("when")],
        "sometimes": [r for r in content["requirements"] if r.get("file") and r.get("when")],
        "pages": len(content["questions"]) + 2,  # and the files, and the check
        "mine": _open_draft(request, service),
    }
    return render(request, "applications/start.html", context)


def _open_draft(request: HttpRequest, service: Service) -> Application | None:
    return next(
        (a for a in queries.of(request.user) if a.service_id == service.pk and a.status == Status.DRAFT), None
    )


def _after(application: Application, key: str) -> str:
    steps = parts.steps(application)
    place = next((n for n, step in enumerate(steps) if step.key == key), len(steps) - 2)
    return steps[min(place + 1, len(steps) - 1)].url


def _filling(request: HttpRequest, pk: UUID) -> Application:
    """The person's application while it is with them to fill in or to mend."""
    application = queries.get(request.user, pk)
    if application.status not in parts.WITH_APPLICANT:
        raise services.NotOpenForChange
    return application


def _context(application: Application, key: str, **more: Any) -> dict[str, Any]:
    steps = parts.steps(application)
    notes = {c["what"]: c["text"] for c in application.corrections}
    return {
        "application": application,
        "service": application.service,
        "steps": steps,
        "current": key,
        "step_number": next((n for n, s in enumerate(steps, 1) if s.key == key), 1),
        "notes": notes,
        **more,
    }


def _rows(
    application: Application, some: list[dict[str, Any]], values: Any, wrong: Any
) -> list[dict[str, Any]]:
    """Fields ready for the template: what to ask, what is there, what is wrong, what the officer said."""
    notes = {c["what"]: c["text"] for c in application.corrections}
    rows = []
    for field in some:
        value = values.get(field["key"], "")
        if field["type"] == "yes_no" and isinstance(value, bool):
            value = "yes" if value else "no"
        rows.append(
            {
                "field": field,
                "id": f"id_{field['key']}",
                "value": value,
                "error": wrong.get(field["key"]),
                "note": notes.get(f"answer:{field['key']}"),
                "open": services.may_change(application, f"answer:{field['key']}"),
            }
        )
    return rows


@signed_in
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """One section of the questions."""
    application = _filling(request, pk)
    asked = queries.to_fill_in(application, section)
    values: Any = queries.answers_of(application)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        raw = {key: str(value) for key, value in request.POST.items()}
        wrong = services.save_answers(
            person=request.user, application_id=pk, section=section, raw=raw, now=clock.now()
        )
        application = _filling(request, pk)
        before, asked = {f["key"] for f in asked["fields"]}, queries.to_fill_in(application, section)
        values = queries.answers_of(application)
        fresh = {f["key"] for f in asked["fields"]} - before - set(values)
        if not wrong:  # the same page again, if it asks more now
            return redirect(request.path if fresh else _after(application, section))
        values = {**values, **raw}
    offered: dict[str, Any] = {}
    if request.method == "GET" and application.applicant_id == request.user.pk:  # not for who types for them
        offered = {k: v for k, v in queries.shared_answers(application).items() if k not in values}
    rows = _rows(application, asked["fields"], {**offered, **values}, wrong)
    for row in rows:
        row["offered"] = row["field"]["key"] in offered
    context = _context(application, section, section=asked, rows=rows, wrong=wrong)
    return render(request, "applications/section.html", context, status=422 if wrong else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The documents: sent one by one or together; each is checked at once."""
    application = _filling(request, pk)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        for requirement in queries.files_required(application):
            sent = request.FILES.get(requirement["code"])
            if sent is None:
                continue
            try:
                if (sent.size or 0) > documents.LIMIT:
                    raise documents.FileTooBig
                services.attach(
                    person=request.user,
                    application_id=pk,
                    requirement=requirement["code"],
                    name=sent.name or requirement["code"],
                    data=sent.read(),
                    now=clock.now(),
                )
            except DomainError as error:
                wrong[requirement["code"]] = error.sentence
        if not wrong:
            missing = [key for key in services.missing(application) if key.startswith("file:")]
            if not missing or "later" in request.POST:
                return redirect(_after(application, "files"))
            wrong = {key.removeprefix("file:"): "Berkas ini belum dikirim." for key in missing}
    context = _context(application, "files", rows=parts.file_rows(application, wrong), wrong=wrong)
    return render(request, "applications/files.html", context, status=422 if wrong else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything once more before it is sent; then sent."""
    application = queries.get(request.user, pk)
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
    missing = services.missing(application)
    context = _context(
        application,
        "check",
        sections=parts.sections(application, missing),
        files=parts.file_rows(application, {k.removeprefix("file:"): v for k, v in missing.items()}),
        missing=missing,
        mend_url=parts.first_lacking(application, missing),
        fee=application.edition.content["fee"],
    )
    return render(
        request, "applications/check.html", context, status=422 if request.method == "POST" else 200
    )
