"""Pages of the verifier, the technical reviewer and the signing official."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.applications import answers as form
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.catalogue.asking import COMPUTED
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger import queries as history
from gerai.ledger import services as ledger
from gerai.permits import services as permits
from gerai.reviews import cases, decisions, queries, services
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import Kind, urgency

REVIEWERS = role("verifier", "reviewer", "signer")


def _urgency(task: Task, now: datetime) -> dict[str, Any]:
    return urgency(task.opened_at, task.due_at, now, agencies.calendar(task.case.mall))


def _rows(tasks: list[Task], now: datetime) -> list[dict[str, Any]]:
    if not tasks:
        return []
    calendar = agencies.calendar(tasks[0].case.mall)
    found = ((t, urgency(t.opened_at, t.due_at, now, calendar)) for t in tasks)
    return [{"task": t, "application": t.case.application, **how} for t, how in found]


@REVIEWERS
def inbox(request: HttpRequest) -> HttpResponse:
    """What is due first: late, today, later."""
    rows = _rows(list(queries.inbox(request.user)[:200]), clock.now())
    context = {
        "groups": [{"key": key, "rows": list(some)} for key, some in groupby(rows, key=itemgetter("group"))],
        "total": len(rows),
        "first": rows[0]["task"] if rows else None,
        "to_sign": sum(row["task"].kind == Kind.DECIDE for row in rows),
    }
    return render(request, "reviews/inbox.html", context)


def _log_opening(request: HttpRequest, task: Task) -> None:
    """The applicant sees who opened their file; a reload within ten minutes is the same opening."""
    application = task.case.application
    now = clock.now()
    subject = f"person:{application.applicant_id}"
    recent = history.history(application.mall_id, subject).filter(
        kind="reviews.opened",
        actor_id=str(request.user.pk),
        data__application=str(application.pk),
        at__gt=now - timedelta(minutes=10),
    )
    if not recent.exists():
        ledger.append(
            mall=application.mall_id,
            kind="reviews.opened",
            subject=subject,
            actor=applications.person_ref(request.user),
            now=now,
            data={
                "application": str(application.pk),
                "number": application.number,
                "agency": task.agency.code,
            },
        )


def _context(task: Task) -> dict[str, Any]:
    application = task.case.application
    values = application_queries.answers_of(application)
    language = get_language() or "id"
    attached = {a.requirement: a for a in application.attachments.select_related("document")}
    sections = [
        {
            "title": s["title"],
            "rows": [
                {
                    "what": "" if f["type"] == COMPUTED else f"answer:{f['key']}",
                    "label": f["label"],
                    "value": form.shown(f, values.get(f["key"]), language),
                }
                for f in s["fields"]
            ],
        }
        for s in application_queries.sections(application)
    ]
    files = [
        {"what": f"file:{r['code']}", "requirement": r, "attachment": attached.get(r["code"])}
        for r in application_queries.files_required(application)
    ]
    amount = None
    if task.kind == Kind.ASSESS:
        amount = cases.fee_of(application)
    return {
        "task": task,
        "case": task.case,
        "application": application,
        "service": application.service,
        "content": application.edition.content,
        "holder": people.name_of([application.applicant_id]).get(application.applicant_id, ""),
        "nik_masked": application.applicant.nik_masked,
        "proven": application.applicant.proven_at is not None,
        "sections": sections,
        "files": files,
        "finished": queries.finished(task.case),
        "amount": amount,
        "recommended": task.kind == Kind.DECIDE and decisions.recommended(task.case),
    }


@REVIEWERS
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: answers beside documents, what the others said, the decision in one place."""
    found = queries.task(request.user, pk)
    _log_opening(request, found)
    return render(request, "reviews/task.html", {**_context(found), **_urgency(found, clock.now())})


@REVIEWERS
def file(request: HttpRequest, pk: int, requirement: str) -> HttpResponse:
    """A document of the case; its owner sees that it was opened."""
    found = queries.task(request.user, pk)
    attachment = (
        found.case.application.attachments.filter(requirement=requirement).select_related("document").first()
    )
    if attachment is None:
        raise NotFound
    data = documents.open_file(
        document=attachment.document,
        actor=applications.person_ref(request.user),
        mall=found.case.mall_id,
        now=clock.now(),
    )
    return HttpResponse(data, content_type=attachment.document.media_type)


def _refused(request: HttpRequest, pk: int, error: DomainError) -> HttpResponse:
    """Show the case again with the sentence; nothing was changed."""
    found = queries.task(request.user, pk)
    context = {
        **_context(found),
        **_urgency(found, clock.now()),
        "refusal": error.sentence,
        "sent": request.POST,
    }
    return render(request, "reviews/task.html", context, status=error.status)


def _next(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The file is complete."""
    services.complete(person=request.user, task_id=pk, note=request.POST.get("note", ""), now=clock.now())
    return _next(request, gettext("Berkas dinyatakan lengkap. Pemohon sudah kami beri tahu."))


@REVIEWERS
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the applicant with all there is to mend."""
    corrections = [
        {"what": name.removeprefix("mend:"), "text": request.POST.get(name, "")}
        for name in request.POST
        if name.startswith("mend:")
    ]
    try:
        services.give_back(person=request.user, task_id=pk, corrections=corrections, now=clock.now())
    except DomainError as error:
        return _refused(request, pk, error)
    return _next(request, gettext("Dikembalikan ke pemohon dengan semua hal yang perlu diperbaiki."))


def _say(request: HttpRequest, pk: int, service: Callable[..., Case], sentence: str) -> HttpResponse:
    """An outcome with its note."""
    try:
        service(
            person=request.user,
            task_id=pk,
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
            now=clock.now(),
        )
    except DomainError as error:
        return _refused(request, pk, error)
    return _next(request, sentence)


@REVIEWERS
@require_POST
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency's word."""
    return _say(request, pk, services.recommend, gettext("Rekomendasi tersimpan."))


@REVIEWERS
@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Recommend with the fee, or recommend rejection."""
    return _say(request, pk, services.assess, gettext("Saran tersimpan."))


@role("signer")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """The batch: read the finished permits, mark, decide and sign."""
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("task") if value.isdigit()]
        try:
            decided, refused = decisions.approve_batch(person=request.user, task_ids=chosen, now=clock.now())
        except decisions.NothingChosen as error:
            messages.error(request, error.sentence.said(gettext))
            return redirect("reviews:sign")
        if decided:
            text = ngettext(
                "%(n)d izin diputuskan dan sedang ditandatangani.",
                "%(n)d izin diputuskan dan sedang ditandatangani.",
                decided,
            )
            messages.success(request, text % {"n": decided})
        for sentence in refused:
            messages.error(request, sentence.said(gettext))
        return redirect("reviews:inbox")
    now = clock.now()
    tasks = [t for t in queries.inbox(request.user) if t.kind == Kind.DECIDE]
    names = people.name_of([t.case.application.applicant_id for t in tasks])
    rows = [
        {
            **row,
            "holder": names.get(row["application"].applicant_id, ""),
            "recommended": decisions.recommended(row["task"].case),
        }
        for row in _rows(tasks, now)
    ]
    ready = [row for row in rows if row["recommended"]]
    context = {"rows": rows, "ready": len(ready), "late": sum(row["level"] == 3 for row in ready)}
    return render(request, "reviews/sign.html", context)


@role("signer")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The finished permit, marked as a preview, before it is decided."""
    found = queries.task(request.user, pk)
    application = found.case.application
    _log_opening(request, found)
    pdf = permits.preview(
        application=application,
        answers=application_queries.answers_of(application),
        decided_by=request.user,
        now=clock.now(),
    )
    return HttpResponse(pdf, content_type="application/pdf")


@role("signer")
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject with ground and sentence."""
    try:
        decisions.reject(
            person=request.user,
            task_id=pk,
            ground=request.POST.get("ground", ""),
            text=request.POST.get("text", ""),
            now=clock.now(),
        )
    except DomainError as error:
        return _refused(request, pk, error)
    return _next(request, gettext("Permohonan ditolak. Surat penolakan sedang ditandatangani."))
