"""The list of what is due: the most urgent first, by who works on it and by service."""

from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.agencies.rules import FORMS
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.core.typed import whole
from gerai.permits import batches, waiting
from gerai.reviews import filtering, inbox_queries, queries
from gerai.reviews.filtering import Chosen
from gerai.reviews.inbox_queries import Parts
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


def _chosen(request: HttpRequest) -> Chosen:
    """The filter: as asked for now, else as it was left the last time."""
    if "who" in request.GET:
        chosen = filtering.read(request.GET)
        request.session["inbox"] = asdict(chosen)
        return chosen
    return filtering.read(request.session.get("inbox", {}))


def _offered(parts: Parts, chosen: Chosen) -> dict[str, Any]:
    """What to choose from: all of the open tasks, and what is chosen, so that it can be seen."""
    services = dict(parts.services)
    kinds = [kind.value for kind in Kind if kind in parts.kinds or kind == chosen.kind]
    if chosen.service:
        services.setdefault(chosen.service, chosen.service)
    return {"services": list(services.items()), "kinds": kinds}


def _unsigned(request: HttpRequest) -> int:
    """What waits for the person's own signature: decided by them, or by who held their office before."""
    if not batches.asks_passphrase():
        return 0
    return waiting.to_sign(request.user).count() + waiting.left_to(request.user).count()


@REVIEWERS
def show(request: HttpRequest) -> HttpResponse:
    """What is due first: late, today, later."""
    now = clock.now()
    chosen, wanted = _chosen(request), request.GET.get("cari", "").strip()
    mine, refusal = queries.inbox(request.user), None
    found = inbox_queries.narrowed(mine, request.user, chosen)
    if wanted:
        try:
            found = inbox_queries.searched(mine, request.user, wanted, now)
        except DomainError as error:
            found, refusal = mine.none(), error.sentence
    page = whole(request.GET.get("halaman"), digits=4) or 1
    tasks = inbox_queries.first(found, SHOWN, (page - 1) * SHOWN)
    if page > 1 and not tasks:  # what was there is done meanwhile
        page, tasks = 1, inbox_queries.first(found, SHOWN)
    shown = rows(tasks, now)
    parts = inbox_queries.parts(mine)
    saved = list(filtering.of(request.user))
    counts = queries.counted(found, now, agencies.calendar(shown[0]["task"].case.mall)) if shown else {}
    context = {
        "groups": [
            {"key": key, "rows": list(some), "count": counts[key]}
            for key, some in groupby(shown, key=itemgetter("group"))
        ],
        "total": sum(counts.values()),
        "shown": len(shown),
        "summary": [(key, count) for key, count in counts.items() if count],
        "first": shown[0]["task"] if shown and page == 1 else None,
        "page": page,
        "pages": -(-sum(counts.values()) // SHOWN),
        "in_field": Kind.INSPECT in parts.kinds,
        "to_sign": parts.kinds.get(Kind.DECIDE, 0) + _unsigned(request),
        "all": sum(parts.kinds.values()),
        **_offered(parts, chosen),
        "chosen": chosen,
        "narrowed": chosen.narrows or bool(wanted),
        "wanted": wanted,
        "refusal": refusal,
        "ended": inbox_queries.ended(request.user, wanted, now) if wanted else [],
        "standing_in": inbox_queries.standing_in(request.user, now),
        "forms": FORMS,
        "saved": saved,
        "any_mine": any(row["task"].taken_by_id == request.user.pk for row in shown),
        "any_completeness": any(
            row["task"].kind == Kind.COMPLETENESS and row["task"].taken_by_id in (None, request.user.pk)
            for row in shown
        ),
        "unsaved": chosen.narrows and chosen not in [Chosen(one.who, one.service, one.kind) for one in saved],
    }
    return render(request, "reviews/inbox.html", context)


@REVIEWERS
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter that is shown, under a name."""
    try:
        chosen, name = filtering.read(request.POST), request.POST.get("name", "")
        filtering.keep(person=request.user, name=name, chosen=chosen, now=clock.now())
    except DomainError as error:
        messages.error(request, error.sentence.said(gettext))
    return redirect("reviews:inbox")


@REVIEWERS
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a filter of one's own."""
    filtering.remove(person=request.user, filter_id=pk)
    return redirect("reviews:inbox")
