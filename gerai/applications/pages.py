"""Pages of the applicant: start, one thing per page, check, send, follow."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.applications import answers as form
from gerai.applications import queries, services
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger import queries as ledger

WITH_APPLICANT = (Status.DRAFT, Status.RETURNED)


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """What is needed and promised, then begin."""
    service = catalogue.find(agencies.the_mall(), agency, code)
    if request.method == "POST":
        application = services.start(person=request.user, service=service, now=clock.now())
        return redirect(_first_page(application))
    context = {"service": service, "content": service.edition.content, "mine": _open_draft(request, service)}
    return render(request, "applications/start.html", context)


def _open_draft(request: HttpRequest, service: Any) -> Application | None:
    return next(
        (a for a in queries.of(request.user) if a.service_id == service.pk and a.status == Status.DRAFT), None
    )


def _steps(application: Application) -> list[dict[str, str]]:
    """The pages of an application: its sections, the files, the check."""
    pk = application.pk
    steps = [
        {"key": s["key"], "title": s["title"], "url": f"/permohonan/{pk}/isi/{s['key']}/"}
        for s in application.edition.content["questions"]
        if any(services.may_change(application, f"answer:{f['key']}") for f in s["fields"])
    ]
    files = queries.files_required(application)
    if any(services.may_change(application, f"file:{r['code']}") for r in files):
        title = {"id": "Berkas", "en": "Documents"}
        steps.append({"key": "files", "title": title, "url": f"/permohonan/{pk}/berkas/"})
    title = {"id": "Periksa dan kirim", "en": "Check and send"}
    steps.append({"key": "check", "title": title, "url": f"/permohonan/{pk}/periksa/"})
    return steps


def _first_page(application: Application) -> str:
    return _steps(application)[0]["url"]


def _after(application: Application, key: str) -> str:
    steps = _steps(application)
    place = next((n for n, step in enumerate(steps) if step["key"] == key), len(steps) - 2)
    return steps[min(place + 1, len(steps) - 1)]["url"]


def _filling(request: HttpRequest, pk: UUID) -> Application:
    """The person's application while it is with them to fill in or to mend."""
    application = queries.get(request.user, pk)
    if application.status not in WITH_APPLICANT:
        raise services.NotOpenForChange
    return application


def _context(application: Application, key: str, **more: Any) -> dict[str, Any]:
    steps = _steps(application)
    notes = {c["what"]: c["text"] for c in application.corrections}
    return {
        "application": application,
        "service": application.service,
        "steps": steps,
        "current": key,
        "step_number": next((n for n, s in enumerate(steps, 1) if s["key"] == key), 1),
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
    asked = next((s for s in application.edition.content["questions"] if s["key"] == section), None)
    if asked is None:
        raise NotFound
    values: Any = queries.answers_of(application)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        raw = {f["key"]: request.POST.get(f["key"], "") for f in asked["fields"]}
        wrong = services.save_answers(
            person=request.user, application_id=pk, section=section, raw=raw, now=clock.now()
        )
        if not wrong:
            return redirect(_after(application, section))
        values = {**values, **raw}
    rows = _rows(application, asked["fields"], values, wrong)
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
                wrong[requirement["code"]] = error.text
        if not wrong:
            missing = [key for key in services.missing(application) if key.startswith("file:")]
            if not missing or "later" in request.POST:
                return redirect(_after(application, "files"))
            wrong = {key.removeprefix("file:"): "Berkas ini belum dikirim." for key in missing}
    context = _context(application, "files", rows=_file_rows(application, wrong), wrong=wrong)
    return render(request, "applications/files.html", context, status=422 if wrong else 200)


def _file_rows(application: Application, wrong: dict[str, str]) -> list[dict[str, Any]]:
    attached = {a.requirement: a.document for a in application.attachments.select_related("document")}
    notes = {c["what"]: c["text"] for c in application.corrections}
    return [
        {
            "requirement": r,
            "document": attached.get(r["code"]),
            "error": wrong.get(r["code"]),
            "note": notes.get(f"file:{r['code']}"),
            "open": services.may_change(application, f"file:{r['code']}"),
        }
        for r in queries.files_required(application)
    ]


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything once more before it is sent; then sent."""
    application = queries.get(request.user, pk)
    if request.method == "POST":
        try:
            services.submit(person=request.user, application_id=pk, now=clock.now())
            return redirect("applications:show", pk=pk)
        except services.NotYetComplete:
            pass  # shown below, beside each missing part
    if application.status not in WITH_APPLICANT:
        return redirect("applications:show", pk=pk)
    missing = services.missing(application)
    context = _context(
        application,
        "check",
        sections=_sections(application, missing),
        files=_file_rows(application, {k.removeprefix("file:"): v for k, v in missing.items()}),
        missing=missing,
        fee=application.edition.content["fee"],
    )
    return render(
        request, "applications/check.html", context, status=422 if request.method == "POST" else 200
    )


def _sections(application: Application, missing: dict[str, str]) -> list[dict[str, Any]]:
    values = queries.answers_of(application)
    language = get_language() or "id"
    return [
        {
            "key": s["key"],
            "title": s["title"],
            "rows": [
                {
                    "label": f["label"],
                    "value": form.shown(f, values.get(f["key"]), language),
                    "error": missing.get(f"answer:{f['key']}"),
                }
                for f in s["fields"]
            ],
        }
        for s in application.edition.content["questions"]
    ]


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the application stands, what comes next and when, and its history."""
    application = queries.get(request.user, pk)
    context = {
        "application": application,
        "service": application.service,
        "content": application.edition.content,
        "history": [
            e for e in ledger.history(application.mall_id, f"application:{pk}") if e.kind in TIMELINE
        ],
        "timeline": TIMELINE,
        "mend_url": _first_page(application) if application.status in WITH_APPLICANT else "",
        "answer_by": _completeness_by(application),
        "sections": _sections(application, {}),
        "files": _file_rows(application, {}),
        "corrections": _corrections(application),
    }
    return render(request, "applications/show.html", context)


# What the applicant sees of the ledger, in words.
TIMELINE = {
    "applications.started": "Permohonan dimulai",
    "applications.submitted": "Permohonan dikirim",
    "reviews.completed": "Berkas dinyatakan lengkap",
    "reviews.returned": "Dikembalikan untuk diperbaiki",
    "applications.resubmitted": "Perbaikan dikirim",
    "reviews.task_done": "Satu pemeriksaan selesai",
    "reviews.recommended": "Disarankan untuk disetujui",
    "reviews.paid": "Pembayaran diterima",
    "permits.issued": "Izin terbit",
    "reviews.rejected": "Permohonan ditolak",
    "applications.withdrawn": "Permohonan dibatalkan pemohon",
}


def _corrections(application: Application) -> list[dict[str, Any]]:
    labels = {f"answer:{f['key']}": f["label"] for f in form.fields(application.edition.content)}
    labels |= {f"file:{r['code']}": r["name"] for r in application.edition.content["requirements"]}
    return [{"label": labels.get(c["what"]), "text": c["text"]} for c in application.corrections]


def _completeness_by(application: Application) -> Any:
    """The instant by which the completeness check is answered: one working day after it was sent."""
    if application.status != Status.SUBMITTED or application.submitted_at is None:
        return None
    sent = [
        entry.at
        for entry in ledger.history(application.mall_id, f"application:{application.pk}")
        if entry.kind in ("applications.submitted", "applications.resubmitted")
    ]
    return agencies.calendar(application.mall).due(sent[-1], 1)


@signed_in
def own_file(request: HttpRequest, pk: UUID, requirement: str) -> HttpResponse:
    """The applicant looks at a file they sent."""
    application = queries.get(request.user, pk)
    attachment = application.attachments.filter(requirement=requirement).select_related("document").first()
    if attachment is None:
        raise NotFound
    data = documents.open_file(
        document=attachment.document,
        actor=services.person_ref(request.user),
        mall=application.mall_id,
        now=clock.now(),
    )
    response = HttpResponse(data, content_type=attachment.document.media_type)
    response["Content-Disposition"] = "inline"
    return response


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    services.withdraw(person=request.user, application_id=pk, now=clock.now())
    return redirect("applications:show", pk=pk)
