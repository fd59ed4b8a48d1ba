"""The signing official: read the finished permits, tick, decide and sign; or reject one with its ground."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gerai.accounts import confirming
from gerai.accounts import queries as people
from gerai.agencies import substituting
from gerai.agencies.access import role
from gerai.applications import queries as application_queries
from gerai.core import clock, ids
from gerai.core.errors import DomainError
from gerai.permits import batches, taking_over, waiting
from gerai.permits import services as permits
from gerai.permits.ports import what_went_wrong
from gerai.reviews import decisions, grounds, queries
from gerai.reviews.models import Task
from gerai.reviews.pages import case
from gerai.reviews.pages.inbox import rows
from gerai.reviews.rules import Kind

SHOWN = 200


@role("signer")
@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """The batch: read the finished permits, mark, confirm by a code, decide and sign."""
    if request.method == "POST":
        return _batch(request)
    now = clock.now()
    undecided = queries.inbox(request.user).filter(kind=Kind.DECIDE)
    tasks = list(undecided[:SHOWN])
    good = decisions.recommended_of([t.case for t in tasks])
    advised = decisions.own_advice(request.user, tasks, now)
    names = people.name_of([t.case.application.applicant_id for t in tasks])
    found = [
        {
            **row,
            "holder": names.get(row["application"].applicant_id, ""),
            "recommended": row["task"].case_id in good,
            "own_advice": row["task"].case_id in advised,
        }
        for row in rows(tasks, now)
    ]
    ready = [row for row in found if row["recommended"] and not row["own_advice"]]
    in_person = batches.asks_passphrase()  # else a job signs, whoever is in office by then
    unsigned = list(waiting.to_sign(request.user)) if in_person else []
    held = [permit for permit in unsigned if permit.held_until and permit.held_until > now]
    context = {
        "rows": found,
        "ready": len(ready),
        "late": sum(row["level"] == 3 for row in ready),
        "more": max(0, undecided.count() - SHOWN) if len(tasks) == SHOWN else 0,
        "held": len(held),
        "left": decisions.tasks_of(waiting.left_to(request.user)) if in_person else [],
        "again": [
            {"permit": permit, "why": what_went_wrong(permit.sign_failure) if permit.sign_failure else ""}
            for permit in unsigned
            if permit not in held
        ],
    }
    return render(request, "reviews/sign.html", context)


def _chosen(request: HttpRequest) -> tuple[list[int], list[UUID]]:
    """The tasks that are ticked, and the decided permits to be signed again."""
    tasks = {int(value) for value in request.POST.getlist("task") if value.isdecimal() and len(value) < 19}
    again = set(filter(None, map(ids.read, request.POST.getlist("permit"))))
    return sorted(tasks), sorted(again) if batches.asks_passphrase() else []


def _waiting(request: HttpRequest, tasks: list[int], again: list[UUID]) -> tuple[list[Task], list[Any]]:
    """Of the chosen ones those that wait for this official indeed."""
    found = list(queries.inbox(request.user).filter(kind=Kind.DECIDE, pk__in=tasks))
    good = decisions.recommended_of([task.case for task in found])
    unsigned = [*waiting.to_sign(request.user).filter(pk__in=again)] if again else []
    unsigned += [*waiting.left_to(request.user).filter(pk__in=again)] if again else []
    return [task for task in found if task.case_id in good], unsigned


def _batch(request: HttpRequest) -> HttpResponse:
    """Ask for the code, once for all; then decide each by itself, and sign."""
    tasks, again = _chosen(request)
    if not tasks and not again:
        messages.error(request, decisions.NothingChosen().sentence.said(gettext))
        return redirect("reviews:sign")
    open_tasks, unsigned = _waiting(request, tasks, again)
    if confirming.is_asking(request):
        tasks, again = sorted(task.pk for task in open_tasks), sorted(permit.pk for permit in unsigned)
        if not tasks and not again:
            messages.info(request, gettext("Yang Anda pilih tidak menunggu tanda tangan lagi."))
            return redirect("reviews:sign")
    passphrase = request.POST.get("passphrase", "")
    act = f"sign:{','.join(map(str, tasks))}:{','.join(map(str, again))}"
    step = confirming.confirmation(request, act, check=lambda: batches.check_passphrase(passphrase))
    if step.twice:
        return _received(request, "reviews:sign")
    if not step.yes:
        return _ask_to_sign(request, step, open_tasks, unsigned, tasks, again)
    _take_over(request, [permit.pk for permit in unsigned if permit.decided_by_id != request.user.pk])
    ids = (_decide(request, tasks) if tasks else []) + again
    if not batches.asks_passphrase():  # a job signs
        text = ngettext(
            "%(n)d izin diputuskan dan sedang ditandatangani.",
            "%(n)d izin diputuskan dan sedang ditandatangani.",
            len(ids),
        )
        if ids:
            messages.success(request, text % {"n": len(ids)})
        return redirect("reviews:inbox")
    left = _sign_in_person(request, ids, passphrase)
    if done := len(ids) - left:
        text = ngettext("%(n)d izin ditandatangani.", "%(n)d izin ditandatangani.", done)
        messages.success(request, text % {"n": done})
    return redirect("reviews:sign" if left else "reviews:inbox")


def _decide(request: HttpRequest, tasks: list[int]) -> list[UUID]:
    """The permits of what could be decided; a sentence for each that could not."""
    decided, refused = decisions.approve_batch(person=request.user, task_ids=tasks, now=clock.now())
    for sentence in refused:
        messages.error(request, sentence.said(gettext))
    return waiting.of_applications(request.user, [found.pk for found in decided])


def _take_over(request: HttpRequest, left: list[UUID]) -> None:
    """What a former official left is decided anew; a sentence for each that could not be."""
    for pk in left:
        try:
            decisions.take_over(person=request.user, permit_id=pk, now=clock.now())
        except DomainError as error:
            messages.error(request, error.sentence.said(gettext))


def _sign_in_person(request: HttpRequest, ids: list[UUID], passphrase: str) -> int:
    """How many are not signed yet when the page goes on: still under way, or gone wrong."""
    batches.start(person=request.user, permit_ids=ids, passphrase=passphrase, tell_time=clock.now)
    unsigned = waiting.to_sign(request.user) | waiting.left_to(request.user)
    return unsigned.filter(pk__in=ids).count()


def _received(request: HttpRequest, where: str) -> HttpResponse:
    """The second of two clicks: the first does the work."""
    messages.info(request, gettext("Permintaan ini sudah kami terima dan sedang dikerjakan."))
    return redirect(where)


def _ask_to_sign(
    request: HttpRequest,
    step: confirming.Confirmation,
    open_tasks: list[Task],
    unsigned: list[Any],
    tasks: list[int],
    again: list[UUID],
) -> HttpResponse:
    names = people.name_of([task.case.application.applicant_id for task in open_tasks])
    listed = [
        {
            "number": task.case.application.number,
            "service": task.case.application.service.name,
            "holder": names.get(task.case.application.applicant_id, ""),
        }
        for task in open_tasks
    ]
    listed += [{"number": p.number, "service": p.service.name, "holder": ""} for p in unsigned]
    n = len(tasks) + len(again)
    context = {
        "title": ngettext("Tanda tangani %(n)d izin", "Tanda tangani %(n)d izin", n) % {"n": n},
        "button": gettext("Putuskan dan tanda tangani") if tasks else gettext("Tanda tangani"),
        "carried": [("task", pk) for pk in tasks] + [("permit", pk) for pk in again],
        "rows": listed,
    }
    return _ask(request, step, reverse("reviews:sign"), reverse("reviews:sign"), context)


def _ask(
    request: HttpRequest, step: confirming.Confirmation, here: str, back: str, context: dict[str, Any]
) -> HttpResponse:
    """The page that asks for the code, and for the passphrase where officials sign in person."""
    context |= {
        "here": here,
        "back": back,
        "asks_passphrase": batches.asks_passphrase(),
        "warning": batches.trouble(request.user, clock.now()),
        **step.context,
    }
    return render(request, "accounts/confirm.html", context, status=step.status)


@role("signer")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The finished permit, marked as a preview, before it is decided."""
    found = queries.task(request.user, pk)
    application = found.case.application
    case.log_opening(request, found)
    now = clock.now()
    stand = substituting.running(request.user, found.agency_id, found.role, now)
    answers, capacity = application_queries.answers_of(application), stand.form if stand else ""
    left = waiting.left_to(request.user).filter(application=application).first()
    if left is not None:
        permit = taking_over.find(request.user, left.pk)
        pdf = taking_over.preview(
            permit=permit, answers=answers, person=request.user, capacity=capacity, now=now
        )
    else:
        pdf = permits.preview(
            application=application, answers=answers, decided_by=request.user, capacity=capacity, now=now
        )
    return HttpResponse(pdf, content_type="application/pdf")


@role("signer")
@never_cache
@sensitive_post_parameters("passphrase")
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject with ground and sentence, confirmed by a code: the letter is signed as well."""
    passphrase = request.POST.get("passphrase", "")
    try:
        task = queries.task(request.user, pk)
        said = grounds.chosen(request.POST), request.POST.get("text", "")
        ground, text = decisions.check_rejection(*said)
        act = f"reject:{pk}:{sha256(repr((ground, text)).encode()).hexdigest()}"
        step = confirming.confirmation(request, act, check=lambda: batches.check_passphrase(passphrase))
        if step.twice:
            return _received(request, "reviews:inbox")
        if not step.yes:
            context = {
                "title": gettext("Tolak permohonan %(number)s") % {"number": task.case.application.number},
                "button": gettext("Tolak dan kirim surat"),
                "carried": [("ground", ground), ("text", text)],
                "text_title": gettext("Isi penolakan"),
                "text": text,
                "ground": ground,
            }
            back = reverse("reviews:task", args=[pk])
            return _ask(request, step, reverse("reviews:reject", args=[pk]), back, context)
        decisions.reject(person=request.user, task_id=pk, ground=ground, text=text, now=clock.now())
    except DomainError as error:
        return case.refused(request, pk, error)
    if not batches.asks_passphrase():
        return case.after(request, gettext("Permohonan ditolak. Surat penolakan sedang ditandatangani."))
    ids = waiting.of_applications(request.user, [task.case_id])
    if _sign_in_person(request, ids, passphrase):
        messages.success(request, gettext("Permohonan ditolak. Suratnya menunggu tanda tangan Anda."))
        return redirect("reviews:sign")
    return case.after(request, gettext("Permohonan ditolak. Surat penolakan sudah ditandatangani."))
