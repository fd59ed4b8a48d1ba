"""The head's screen: every running case of the agency, who holds it, and what may be done about its time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole
from gerai.reviews import clocking, foretelling, grounds, queries
from gerai.reviews.cases import STOPPED
from gerai.reviews.pages import paging
from gerai.reviews.rules import STOP_DAYS, promise

LED = role("signer", "agency_admin")


@LED
def running(request: HttpRequest) -> HttpResponse:
    """What is due first on top; late ones are late at a glance."""
    now = clock.now()
    malls = {led.mall_id for led in queries.leads(request.user)}
    found = paging.wanted(request, queries.running(request.user), "application", malls)
    shown = paging.page(found, request.GET.get("halaman"))
    cases = shown["list"]
    held = queries.holding([case.pk for case in cases])
    rows: list[dict[str, Any]] = [
        {"case": case, "holding": held.get(case.pk, []), "late": bool(case.due_at and case.due_at < now)}
        for case in cases
    ]
    late = found.filter(due_at__lt=now).count()
    context = {**shown, "rows": rows, "late": late, "wanted": request.GET.get("cari", "").strip()}
    return render(request, "reviews/running.html", context)


@LED
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: where it stands, and extend, stop or go on."""
    found = queries.led_by(request.user, pk)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            messages.success(request, _act(request, pk))
            return redirect("reviews:led", pk=pk)
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    application = found.application
    kind, days = promise(application.edition.content["standard"]["time"], found.promise_days)
    context = {
        "case": found,
        "application": application,
        "service": application.service,
        "holding": queries.holding([found.pk]).get(found.pk, []),
        "led": [led.agency_id for led in queries.leads(request.user)],
        "stop": found.pauses.filter(ended_at=None).first(),
        "promised": {"kind": kind, "days": days},
        "stopped_before": found.pauses.filter(reason=STOPPED).exists(),
        "stop_days": STOP_DAYS,
        "late": bool(found.due_at and found.due_at < clock.now()),
        "hits": foretelling.hits(found.mall) if found.expected_high else None,
        **_grounds(application.edition.content),
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "reviews/led.html", context, status=status)


def _grounds(content: dict[str, Any]) -> dict[str, Any]:
    offered = grounds.offered(content)
    return {"grounds": offered, "laws": [row["law"] for row in offered]}


def _act(request: HttpRequest, pk: UUID) -> str:
    """Do it; returns what to say about it."""
    given: dict[str, Any] = {"person": request.user, "case_id": pk, "now": clock.now()}
    days = whole(request.POST.get("days"), digits=3) or 0
    ground = grounds.chosen(request.POST)
    act = request.POST.get("act")
    if act == "extend":
        clocking.extend(days=days, ground=ground, **given)
        said = gettext("Waktu diperpanjang. Pemohon kami beri tahu dengan dasar hukumnya.")
    elif act == "stop":
        clocking.stop(days=days, ground=ground, **given)
        said = gettext("Waktu dihentikan. Pemohon kami beri tahu dengan dasar hukumnya.")
    elif act == "go_on":
        clocking.go_on(**given)
        said = gettext("Waktu berjalan lagi.")
    else:
        raise NotFound
    return said
