"""One case on one screen: answers beside documents, what changed, what the others said, and the officer's word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from gerai.applications import confirm_queries
from gerai.applications import services as applications
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger import queries as history
from gerai.ledger import services as ledger
from gerai.reviews import queries, services
from gerai.reviews.models import Case, Task
from gerai.reviews.pages import reading
from gerai.reviews.pages.inbox import REVIEWERS
from gerai.reviews.rules import Kind

_framed_here: Callable[..., Any] = csp_replace({"frame-ancestors": [SELF]})


def log_opening(request: HttpRequest, task: Task) -> None:
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


@REVIEWERS
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: answers beside documents, what the others said, the decision in one place."""
    if queries.any_task(request.user, pk).kind == Kind.OPINION:
        return redirect("reviews:opinion", pk=pk)
    found = queries.task(request.user, pk)
    log_opening(request, found)
    return render(request, "reviews/task.html", reading.context(found, request.user, clock.now()))


@REVIEWERS
@xframe_options_sameorigin  # the case screen shows it beside the answers; nothing else of Gerai is framed
@_framed_here
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


@REVIEWERS
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """With which the applicant confirmed at the counter what an officer typed."""
    found = queries.task(request.user, pk)
    confirmation = confirm_queries.signature(found.case.application)
    if confirmation is None or confirmation.signature is None:
        raise NotFound
    data = documents.open_file(
        document=confirmation.signature,
        actor=applications.person_ref(request.user),
        mall=found.case.mall_id,
        now=clock.now(),
    )
    return HttpResponse(data, content_type=confirmation.signature.media_type)


def refused(request: HttpRequest, pk: int, error: DomainError) -> HttpResponse:
    """Show the case again with the sentence; nothing was changed."""
    found = queries.task(request.user, pk)
    context = {
        **reading.context(found, request.user, clock.now()),
        "refusal": error.sentence,
        "sent": request.POST,
        "sent_files": request.POST.getlist("show_file"),
        "mending": any(name.startswith("mend:") for name in request.POST),
    }
    return render(request, "reviews/task.html", context, status=error.status)


def after(request: HttpRequest, sentence: str) -> HttpResponse:
    """Say it, and back to the list."""
    messages.success(request, sentence)
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The file is complete."""
    try:
        services.complete(person=request.user, task_id=pk, note=request.POST.get("note", ""), now=clock.now())
    except DomainError as error:
        return refused(request, pk, error)
    return after(request, gettext("Berkas dinyatakan lengkap. Pemohon sudah kami beri tahu."))


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
        return refused(request, pk, error)
    waiting = queries.beside(queries.task(request.user, pk))
    if waiting:
        names = ", ".join(sorted({t.agency.short for t in waiting}))
        text = gettext("Tersimpan. Pemohon kami beri tahu sekaligus setelah %(names)s selesai memeriksa.")
        return after(request, text % {"names": names})
    return after(request, gettext("Dikembalikan ke pemohon dengan semua hal yang perlu diperbaiki."))


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
        return refused(request, pk, error)
    return after(request, sentence)


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


@REVIEWERS
@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A rejection is looked at once more."""
    try:
        note = request.POST.get("note", "")
        services.ask_again(person=request.user, task_id=pk, note=note, now=clock.now())
    except DomainError as error:
        return refused(request, pk, error)
    return after(request, gettext("Diminta ditinjau lagi. Tugasnya kembali ke daftar mereka."))


@REVIEWERS
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """I work on this; or a colleague may again."""
    act = services.let_go if "let_go" in request.POST else services.claim
    act(person=request.user, task_id=pk, now=clock.now())
    return redirect("reviews:task", pk=pk)
