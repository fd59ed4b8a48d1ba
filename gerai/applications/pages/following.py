"""Where an application stands, for its applicant: state, history, receipt, own files, taking it back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.applications import acting, again, bundle_queries, helping, mending, queries, services
from gerai.applications import wallet as documents_of
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.applications.rules import OBJECTION_DAYS, Status, Why
from gerai.catalogue.checklists import INSPECT
from gerai.catalogue.rules import OURS, is_outside
from gerai.core import clock, ids
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
    "reviews.visit_proposed": "Waktu peninjauan ditawarkan",
    "reviews.visit_agreed": "Waktu peninjauan disepakati",
    "reviews.visit_set": "Waktu peninjauan ditetapkan petugas, karena belum ada jawaban",
    "reviews.visit_declined": "Waktu peninjauan tidak cocok bagi pemohon",
    "reviews.visit_called_off": "Peninjauan tidak jadi",
    "reviews.visit_missed": "Peninjauan tidak terlaksana: tidak ada yang bertemu",
    "reviews.inspected": "Laporan peninjauan masuk",
    "reviews.due_moved": "Batas waktu berubah mengikuti kalender hari kerja",
    "reviews.mending_moved": "Hari terakhir memperbaiki menjadi lebih lama, karena ada hari libur",
    "reviews.stop_moved": "Hari waktu berjalan lagi mengikuti kalender hari kerja",
    "reviews.recommended": "Disarankan untuk disetujui",
    "reviews.paid": "Pembayaran diterima",
    "reviews.deemed": "Dianggap dikabulkan menurut undang-undang, karena batas waktu lewat",
    "reviews.outside_recorded": "Hasil dari sistem resmi dicatat",
    "reviews.outside_corrected": "Catatan hasil dari sistem resmi diperbaiki",
    "applications.approved": "Ditandatangani dan terbit",
    "applications.rejected": "Ditolak dengan surat penolakan",
    "reviews.extended": "Waktu diperpanjang",
    "reviews.stopped": "Waktu dihentikan",
    "reviews.went_on": "Waktu berjalan lagi",
    "reviews.objected": "Keberatan diajukan",
    "reviews.objection_answered": "Keberatan dijawab",
    "reviews.reopened": "Dilanjutkan setelah keberatan dikabulkan",
    "reviews.correcting": "Kantor membetulkan kesalahannya sendiri",
    "reviews.correction_dropped": "Pembetulan tidak jadi; izin tetap seperti semula",
    "reviews.come": "Datang ke loket; instansi menyelesaikannya",
    "reviews.not_come": "Berakhir karena tidak datang sampai hari terakhirnya",
    "reviews.lapsed": "Berakhir karena tidak diperbaiki sampai batas waktunya",
    "reviews.unpaid": "Berakhir karena tidak dibayar sampai batas waktunya",
    "applications.withdrawn": "Permohonan dibatalkan pemohon",
    "reviews.outside_to_tell": "Pembatalan perlu disampaikan ke sistem resmi",
    "reviews.outside_told": "Pembatalan disampaikan ke sistem resmi",
}


def _tells(entry: Entry) -> bool:
    """Whether an entry is news to the applicant: steps inside the office have an entry of their own."""
    if entry.kind == "reviews.task_done":
        return "." in entry.data.get("task", "")  # an agency's task in a stage of the route
    return entry.kind in TIMELINE


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the application stands, what comes next and when, and its history."""
    application = queries.get(request.user, pk, clock.now())
    helping.note_opening(officer=request.user, application=application, now=clock.now())
    helped = application.applicant.name if application.helper_id == request.user.pk else ""
    entries = list(ledger.history(application.mall_id, f"application:{pk}"))
    context = {
        "application": application,
        "service": application.service,
        "helped": helped,
        "at_desk": acting.at_desk(request.user, application),
        "warning": acting.warning(application) if helped else "",
        "may_decide": acting.may_decide(request.user, application),
        "content": application.edition.content,
        "history": [e for e in entries if _tells(e)],
        "timeline": TIMELINE,
        "deemed": any(entry.kind == "reviews.deemed" for entry in entries),
        "not_come": any(entry.kind == "reviews.not_come" for entry in entries),
        "unpaid": any(entry.kind == "reviews.unpaid" for entry in entries),
        "pay_by": _pay_by(entries),
        "place": _place(application, entries),
        "mend_url": parts.going_on(application) if application.status in parts.WITH_APPLICANT else "",
        "answer_by": _completeness_by(application),
        "sections": parts.sections(application, {}),
        "files": parts.file_rows(application, {}),
        "corrections": mending.wishes(application),
        "bundles": bundle_queries.holding(request.user, application),
        "came": any(entry.kind == "reviews.come" for entry in entries),
        "overdue": _is_overdue(application, entries),
        "outside_system": _outside(application),
        "outside_told": _told_outside(entries),
        "outside_on": date.fromisoformat(application.outside["on"]) if application.outside else None,
        "forecast": queries.forecast_of(application),
        "ended": application.status in (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)
        and application.why != Why.CORRECT,
        "objection": _objection(application, entries),
        "calendar_days": queries.calendar_days(application, clock.now(), agencies.calendar(application.mall)),
    }
    return render(request, "applications/show.html", context)


def _is_overdue(application: Application, entries: list[Entry]) -> bool:
    """Whether the promise has passed while the office has the file, and nothing is granted by that alone."""
    clocks = [e.kind for e in entries if e.kind in ("reviews.stopped", "reviews.went_on")]
    promised = application.promised_at
    late = promised is not None and promised <= clock.now() and clocks[-1:] != ["reviews.stopped"]
    with_office = application.status in (Status.REVIEW, Status.DECISION)
    return late and with_office and not application.edition.content.get("deemed")


def _outside(application: Application) -> str:
    """The system that decides, where it is not Gerai."""
    system = str(application.edition.content.get("system_of_record", OURS))
    return system if is_outside(system) else ""


def _told_outside(entries: list[Entry]) -> str:
    """Whether a withdrawal is still "to_tell" to the system that decides, or "told" there; empty: nothing is."""
    kinds = {entry.kind for entry in entries}
    told = "told" if "reviews.outside_told" in kinds else "to_tell"
    return told if "reviews.outside_to_tell" in kinds else ""


def _pay_by(entries: list[Entry]) -> datetime | None:
    """The last day to pay, as it was told when the applicant was asked to."""
    told = [entry.data["pay_by"] for entry in entries if "pay_by" in entry.data]
    return datetime.fromisoformat(told[-1]) if told else None


def _place(application: Application, entries: list[Entry]) -> str:
    """What the page about visits to the place is for: to "choose" a time, to "see"; empty where nobody goes."""
    last = {e.data["task"]: e.kind for e in entries if e.kind.startswith("reviews.visit_")}
    if "reviews.visit_proposed" in last.values():
        return "choose"
    route = application.edition.content["route"]
    looked_at = any(task["kind"] == INSPECT for stage in route for task in stage["tasks"])
    return "see" if looked_at and application.submitted_at else ""


def _objection(application: Application, entries: list[Entry]) -> dict[str, Any]:
    """How far an objection is, and the last day for one: it counts from the signed letter."""
    at = {entry.kind: entry.at for entry in entries}
    if (rejected := at.get("applications.rejected")) is None:
        return {}
    until, kinds = agencies.calendar(application.mall).due(rejected, OBJECTION_DAYS), at.keys()
    return {
        "answered": "reviews.objection_answered" in kinds,
        "filed": "reviews.objected" in kinds,
        "until": until,
        "over": until < clock.now(),
    }


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
    application = queries.get(request.user, pk, clock.now())
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
    application = queries.get(request.user, pk, clock.now())
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
def outside_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The applicant looks at the document that an outside system gave out."""
    application = queries.get(request.user, pk, clock.now())
    document = documents_of.outside_document(application)
    data = documents.open_file(
        document=document,
        actor=services.person_ref(request.user),
        mall=application.mall_id,
        now=clock.now(),
    )
    response = HttpResponse(data, content_type=document.media_type)
    response["Content-Disposition"] = "inline"
    return response


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    services.withdraw(person=request.user, application_id=pk, now=clock.now())
    return redirect("applications:show", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def wallet(request: HttpRequest) -> HttpResponse:
    """The documents one has sent, until when each is valid, and for which applications it was used."""
    mall, now = agencies.the_mall(), clock.now()
    if request.method == "POST":
        wanted = ids.named(request.POST.get("document"))
        day = parts.day(request.POST.get("until"))
        documents.note_end(owner=request.user, document_id=wanted, day=day, mall=mall.pk, now=now)
        return redirect("applications:wallet")
    today = agencies.calendar(mall).local(now).date()
    rows = [{**row, "over": not again.lasts(row["document"], today)} for row in documents_of.of(request.user)]
    return render(request, "applications/wallet.html", {"rows": rows})
