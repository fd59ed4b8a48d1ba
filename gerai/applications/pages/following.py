"""Where an application stands, for its applicant: state, history, receipt, own files, taking it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.applications import answers as form
from gerai.applications import helping, queries, services
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.applications.rules import Status
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.ledger import queries as ledger
from gerai.ledger.models import Entry

# What the applicant sees of the ledger, in words.
TIMELINE = {
    "applications.started": "Permohonan dimulai",
    "applications.submitted": "Permohonan dikirim",
    "reviews.completed": "Berkas dinyatakan lengkap",
    "reviews.returned": "Dikembalikan untuk diperbaiki",
    "applications.resubmitted": "Perbaikan dikirim",
    "reviews.task_done": "Selesai diperiksa",
    "reviews.due_moved": "Batas waktu berubah mengikuti kalender hari kerja",
    "reviews.recommended": "Disarankan untuk disetujui",
    "reviews.paid": "Pembayaran diterima",
    "reviews.decided": "Disetujui kepala dinas",
    "reviews.rejected": "Permohonan ditolak",
    "applications.withdrawn": "Permohonan dibatalkan pemohon",
}


def _tells(entry: Entry) -> bool:
    """Whether an entry is news to the applicant: steps inside the office have an entry of their own."""
    if entry.kind == "reviews.task_done":
        return "." in entry.data.get("task", "")  # an agency's task in a stage of the route
    if entry.kind == "reviews.decided":
        return bool(entry.data.get("outcome") == "approved")  # a refusal is told by its own entry
    return entry.kind in TIMELINE


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the application stands, what comes next and when, and its history."""
    application = queries.get(request.user, pk)
    helping.note_opening(officer=request.user, application=application, now=clock.now())
    context = {
        "application": application,
        "service": application.service,
        "helped": application.applicant.name if application.helper_id == request.user.pk else "",
        "content": application.edition.content,
        "history": [e for e in ledger.history(application.mall_id, f"application:{pk}") if _tells(e)],
        "timeline": TIMELINE,
        "mend_url": parts.first_page(application) if application.status in parts.WITH_APPLICANT else "",
        "answer_by": _completeness_by(application),
        "sections": parts.sections(application, {}),
        "files": parts.file_rows(application, {}),
        "corrections": _corrections(application),
    }
    return render(request, "applications/show.html", context)


def _corrections(application: Application) -> list[dict[str, Any]]:
    labels = {f"answer:{f['key']}": f["label"] for f in form.fields(application.edition.content)}
    labels |= {f"file:{r['code']}": r["name"] for r in application.edition.content["requirements"]}
    return [{"label": labels.get(c["what"]), "text": c["text"]} for c in application.corrections]


def _completeness_by(application: Application) -> datetime | None:
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
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was handed in, on paper: for who has no phone it is all they take home."""
    application = queries.get(request.user, pk)
    if application.submitted_at is None:
        return redirect("applications:show", pk=pk)
    context = {
        "application": application,
        "service": application.service,
        "content": application.edition.content,
        "files": [row for row in parts.file_rows(application, {}) if row["document"]],
        "answer_by": _completeness_by(application),
    }
    return render(request, "applications/receipt.html", context)


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
