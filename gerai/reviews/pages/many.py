"""Ticked tasks of the inbox: taken up, let go, found complete, each by itself; and one left to colleagues for good."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.core.typed import whole
from gerai.reviews import inbox_queries, services, standing_aside
from gerai.reviews.pages.inbox import REVIEWERS, SHOWN


def _each(request: HttpRequest, act: Callable[..., Any]) -> int:
    """Do it with each ticked task; the refused are named with their sentence. Returns how many it was done with."""
    chosen = [pk for text in request.POST.getlist("task") if (pk := whole(text)) is not None][:SHOWN]
    if not chosen:
        messages.error(request, gettext("Tandai dulu tugasnya."))
    numbers, done = inbox_queries.numbers(request.user, chosen), 0
    for pk in dict.fromkeys(chosen):
        try:
            act(person=request.user, task_id=pk, now=clock.now())
            done += 1
        except DomainError as error:
            sentence = error.sentence.said(gettext)
            messages.error(request, f"{numbers[pk]}: {sentence}" if pk in numbers else sentence)
    return done


@REVIEWERS
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """The ticked ones are mine: no colleague works on them too."""
    if n := _each(request, services.claim):
        text = ngettext("%(n)d tugas sekarang Anda kerjakan.", "%(n)d tugas sekarang Anda kerjakan.", n)
        messages.success(request, text % {"n": n})
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def let_go(request: HttpRequest) -> HttpResponse:
    """Whoever comes first may do the ticked ones."""
    if n := _each(request, services.let_go_own):
        text = ngettext("%(n)d tugas Anda lepaskan.", "%(n)d tugas Anda lepaskan.", n)
        messages.success(request, text % {"n": n})
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def complete(request: HttpRequest) -> HttpResponse:
    """The files of the ticked ones are complete."""
    if n := _each(request, lambda **given: services.complete(note="", **given)):
        text = ngettext(
            "%(n)d berkas dinyatakan lengkap. Pemohonnya sudah kami beri tahu.",
            "%(n)d berkas dinyatakan lengkap. Pemohonnya sudah kami beri tahu.",
            n,
        )
        messages.success(request, text % {"n": n})
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def stand_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer has an interest in this case: it is a colleague's from now on."""
    standing_aside.stand_aside(person=request.user, task_id=pk, now=clock.now())
    messages.success(
        request, gettext("Permohonan itu sekarang untuk rekan lain. Kepala instansi kami beri tahu.")
    )
    return redirect("reviews:inbox")
