"""The list of what is due: the most urgent first, by who works on it and by service."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.core.typed import whole
from gerai.permits import batches, waiting
from gerai.reviews import inbox_queries, queries, services
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind, urgency

REVIEWERS = role("verifier", "reviewer", "signer")
SHOWN = 50


def rows(tasks: list[Task], now: datetime) -> list[dict[str, Any]]:
    """The tasks with how urgent each is."""
    if not tasks:
        return []
    calendar = agencies.calendar(tasks[0].case.mall)
    found = ((t, urgency(t.opened_at, t.due_at, now, calendar)) for t in tasks)
    return [{"task": t, "application": t.case.application, **how} for t, how in found]


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The filter: as asked for now, else as it was left the last time."""
    if "who" in request.GET:
        who = request.GET["who"] if request.GET["who"] in inbox_queries.WHO else ""
        chosen = {"who": who, "service": request.GET.get("service", "")[:40]}
        request.session["inbox"] = chosen
        return chosen
    kept: dict[str, str] = request.session.get("inbox", {"who": "", "service": ""})
    return kept


def _services(shown: list[dict[str, Any]], chosen: str) -> list[tuple[str, Any]]:
    """The services to choose from: of what is shown, and the chosen one, so that it can be seen."""
    found: dict[str, Any] = {chosen: chosen} if chosen else {}
    found |= {
        f"{a.agency.code}/{a.service.code}": a.service.name for a in (row["application"] for row in shown)
    }
    return sorted(found.items())


def _unsigned(request: HttpRequest) -> int:
    """What waits for the person's own signature: decided by them, or by who held their office before."""
    if not batches.asks_passphrase():
        return 0
    return waiting.to_sign(request.user).count() + waiting.left_to(request.user).count()


@REVIEWERS
def show(request: HttpRequest) -> HttpResponse:
    """What is due first: late, today, later."""
    now = clock.now()
    chosen = _chosen(request)
    mine = queries.inbox(request.user)
    found = inbox_queries.narrowed(mine, request.user, **chosen)
    shown = rows(inbox_queries.first(found, SHOWN), now)
    kinds = inbox_queries.kinds(mine, Kind.INSPECT, Kind.DECIDE)
    counts = queries.counted(found, now, agencies.calendar(shown[0]["task"].case.mall)) if shown else {}
    context = {
        "groups": [
            {"key": key, "rows": list(some), "count": counts[key]}
            for key, some in groupby(shown, key=itemgetter("group"))
        ],
        "total": sum(counts.values()),
        "shown": len(shown),
        "counts": counts,
        "first": shown[0]["task"] if shown else None,
        "in_field": kinds[Kind.INSPECT] > 0,
        "to_sign": kinds[Kind.DECIDE] + _unsigned(request),
        "services": _services(shown, chosen["service"]),
        "chosen": chosen,
        "narrowed": any(chosen.values()),
    }
    return render(request, "reviews/inbox.html", context)


@REVIEWERS
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """The ticked ones are mine: no colleague works on them too."""
    chosen = [pk for text in request.POST.getlist("task") if (pk := whole(text)) is not None][:SHOWN]
    taken = 0
    for pk in chosen:
        try:
            services.claim(person=request.user, task_id=pk, now=clock.now())
            taken += 1
        except DomainError as error:
            messages.error(request, error.sentence.said(gettext))
    if taken:
        text = ngettext("%(n)d tugas sekarang Anda kerjakan.", "%(n)d tugas sekarang Anda kerjakan.", taken)
        messages.success(request, text % {"n": taken})
    elif not chosen:
        messages.error(request, gettext("Tandai dulu tugas yang akan Anda kerjakan."))
    return redirect("reviews:inbox")
