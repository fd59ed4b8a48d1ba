"""Internal notes: written and struck from the case screen, for officers alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import noting
from gerai.reviews.pages import case
from gerai.reviews.pages.inbox import REVIEWERS


@REVIEWERS
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A note for the own agency, or for all agencies of the route."""
    try:
        noting.write(
            person=request.user,
            task_id=pk,
            text=request.POST.get("note_text", ""),
            for_route=request.POST.get("for_route") == "1",
            now=clock.now(),
        )
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    messages.success(request, gettext("Catatan tersimpan. Pemohon tidak melihatnya."))
    return redirect("reviews:task", pk=pk)


@REVIEWERS
@require_POST
def strike(request: HttpRequest, pk: int, note: UUID) -> HttpResponse:
    """Struck out with a reason; it stays readable."""
    try:
        reason = request.POST.get("strike_reason", "")
        noting.strike(person=request.user, task_id=pk, note_id=note, reason=reason, now=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    messages.success(request, gettext("Catatan dicoret."))
    return redirect("reviews:task", pk=pk)
