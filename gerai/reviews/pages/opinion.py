"""A question to another agency: asked from the case screen, answered on a screen that shows only what is needed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.applications import acting
from gerai.applications import services as applications
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole
from gerai.documents import services as documents
from gerai.reviews import asking
from gerai.reviews.pages import case
from gerai.reviews.pages.inbox import REVIEWERS
from gerai.reviews.rules import urgency


@REVIEWERS
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask; the clock goes on."""
    try:
        asking.ask(
            person=request.user,
            task_id=pk,
            agency=request.POST.get("ask_agency", ""),
            role=request.POST.get("ask_role", "reviewer"),
            question=request.POST.get("question", ""),
            days=whole(request.POST.get("answer_days"), digits=3) or 0,
            personal=request.POST.get("show_personal") == "1",
            files=request.POST.getlist("show_file"),
            reason=request.POST.get("show_reason", ""),
            now=clock.now(),
        )
    except NotFound:
        raise
    except DomainError as error:
        return case.refused(request, pk, error)
    messages.success(
        request, gettext("Pertanyaan terkirim. Waktu tetap berjalan; jawabannya muncul di sini.")
    )
    return redirect("reviews:task", pk=pk)


@REVIEWERS
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, what is shown for it, and the answer."""
    task, asked, sections, files = asking.view(request.user, pk, get_language() or "id")
    now = clock.now()
    refusal, status = None, 200
    if request.method == "POST":
        try:
            asking.answer(person=request.user, task_id=pk, text=request.POST.get("answer", ""), now=now)
            return case.after(request, gettext("Jawaban terkirim ke instansi yang bertanya."))
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    own = acting.is_own(request.user, task.case.application)
    if not own:
        case.log_opening(request, task)
    context = {
        "task": task,
        "application": task.case.application,
        "service": task.case.application.service,
        "asked": asked,
        "sections": sections,
        "files": files,
        "own": own,
        "typed": acting.at_desk(request.user, task.case.application),
        "mine": task.taken_by_id == request.user.pk,
        "taken_by_other": task.taken_by if task.taken_by_id not in (None, request.user.pk) else None,
        "refusal": refusal,
        "sent": request.POST,
        **urgency(task.opened_at, task.due_at, now, agencies.calendar(task.case.mall)),
    }
    return render(request, "reviews/opinion.html", context, status=status)


@REVIEWERS
def file(request: HttpRequest, pk: int, requirement: str) -> HttpResponse:
    """A document that the asker shows; its owner sees that it was opened."""
    task, _, _, files = asking.view(request.user, pk, get_language() or "id")
    found = next((one for one in files if one.requirement == requirement), None)
    if found is None:
        raise NotFound
    actor, mall = applications.person_ref(request.user), task.case.mall_id
    data = documents.open_file(document=found.document, actor=actor, mall=mall, now=clock.now())
    return HttpResponse(data, content_type=found.document.media_type)
