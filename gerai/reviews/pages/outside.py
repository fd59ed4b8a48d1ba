"""What an outside system decided, typed in with its proof by the owner's officer."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import calling_off, outside
from gerai.reviews.pages import case
from gerai.reviews.pages.inbox import REVIEWERS


def _typed(request: HttpRequest) -> dict[str, Any]:
    try:
        day = date.fromisoformat(request.POST.get("decided_on", ""))
    except ValueError:
        day = None
    proof = request.FILES.get("proof")
    return {
        "reference": request.POST.get("reference", ""),
        "decided_on": day,
        "where": request.POST.get("where", ""),
        "proof": proof.read() if proof is not None else None,
        "reason": request.POST.get("result_reason", ""),
    }


@REVIEWERS
@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Granted, rejected or returned, with the outside system's own number."""
    corrections = [
        {"what": name.removeprefix("mend:"), "text": request.POST.get(name, "")}
        for name in request.POST
        if name.startswith("mend:")
    ]
    try:
        outside.record_result(
            person=request.user,
            task_id=pk,
            result=request.POST.get("result", ""),
            corrections=corrections,
            now=clock.now(),
            **_typed(request),
        )
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    return case.after(request, gettext("Hasil tercatat. Pemohon kami beri tahu."))


@REVIEWERS
@require_POST
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """What the applicant took back here is taken back there too."""
    try:
        calling_off.told_there(
            person=request.user, task_id=pk, note=request.POST.get("note", ""), now=clock.now()
        )
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    return case.after(request, gettext("Tercatat. Pemohon melihatnya di permohonannya."))


@REVIEWERS
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A wrong record is mended; the first stays."""
    try:
        outside.correct(person=request.user, task_id=pk, now=clock.now(), **_typed(request))
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    messages.success(
        request, gettext("Catatan diperbaiki. Yang lama tetap tersimpan, dan pemohon kami beri tahu.")
    )
    return redirect("reviews:task", pk=pk)
