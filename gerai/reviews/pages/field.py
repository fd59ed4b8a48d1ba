"""
The officer's page in the field, which goes on working without a network once it has been opened.

The page itself (`show`) holds nothing personal and is what the phone's browser keeps; what it shows comes from `day`,
sealed on the phone with a key that only this officer is given. `plain` is the same list for who has no script.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.core import clock, encryption, ids
from gerai.core.dates import said
from gerai.core.errors import NotFound
from gerai.core.typed import whole
from gerai.reviews import inspection_queries, reporting
from gerai.reviews.pages.case import log_opening
from gerai.reviews.pages.inbox import REVIEWERS

FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "reviews/report.css",
    "reviews/field_store.js",
    "reviews/field_point.js",
    "reviews/field.js",
    "mark.svg",
)
KEPT = timedelta(hours=24)  # so long the phone can open what it keeps without having seen the server


@REVIEWERS
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The page that the phone keeps: words and scripts, and nothing about anybody."""
    return render(request, "reviews/field/show.html")


@REVIEWERS
@require_GET
def keeper(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps this one page and its files, and no other page of anybody."""
    told = {
        "page": json.dumps(reverse("reviews:field")),
        "files": json.dumps([static(name) for name in FILES]),
    }
    text = render(request, "reviews/field/keeper.js", told).content
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _rows(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    calendar = agencies.calendar(request.member.mall)  # type: ignore[attr-defined]
    found = inspection_queries.days_in_field(request.user, now, calendar)
    ids = [row["task"].case.application.applicant_id for row in found]
    names = people.name_of(ids)
    return [
        {
            **row,
            "application": row["task"].case.application,
            "place": inspection_queries.place_of(row["task"]),
            "holder": names.get(row["task"].case.application.applicant_id, ""),
            "points": inspection_queries.step(row["task"]).get("checklist", []),
        }
        for row in found
    ]


@REVIEWERS
@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """The same list without a script; never kept by the phone."""
    rows = _rows(request, clock.now())
    for row in rows:
        log_opening(request, row["task"])
    return render(request, "reviews/field/plain.html", {"rows": rows})


@REVIEWERS
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What the phone takes along, each opening entered for its owner, and the key that seals it there."""
    now, me = clock.now(), str(request.user.pk)
    rows = _rows(request, now)
    for row in rows:
        log_opening(request, row["task"])
    language = (get_language() or "id")[:2]
    return JsonResponse(
        {
            "owner": encryption.blind_index(me, place="reviews.field.owner").hex()[:16],
            "key": base64.b64encode(encryption.blind_index(me, place="reviews.field.key")).decode(),
            "token": get_token(request),
            "seconds": KEPT.total_seconds(),
            "visits": [
                {
                    "task": row["task"].pk,
                    "number": row["application"].number,
                    "service": row["application"].service.name,
                    "title": row["task"].title,
                    "holder": row["holder"],
                    "place": row["place"],
                    "when": _said(row["at"], row["application"].mall, language),
                    "reported": row["reported"],
                    "points": row["points"],
                }
                for row in rows
            ],
        }
    )


def _said(at: datetime | None, mall: Any, language: str) -> str:
    return said(at, mall.timezone)["en" if language == "en" else "id"] if at else ""


def _task(request: HttpRequest) -> int:
    found = whole(request.POST.get("task"))
    if found is None:
        raise NotFound
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@REVIEWERS
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """One photo from the phone; sent again it is the same one."""
    file = request.FILES.get("photo")
    kept = reporting.keep_photo(
        person=request.user,
        task_id=_task(request),
        key=ids.named(request.POST.get("key", "")),
        report_key=ids.named(request.POST.get("report", "")),
        point=request.POST.get("point", "")[:40],
        data=file.read() if file else b"",
        taken_at=_moment(request.POST.get("taken_at", "")),
        now=clock.now(),
    )
    return JsonResponse({"photo": str(kept.pk)})


@REVIEWERS
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """A report from the phone, after its photos; sent again it is the same one."""
    try:
        told = json.loads(request.POST.get("report", ""))
        answers = {str(key): str(value) for key, value in dict(told["answers"]).items()}
        photos = [ids.named(one) for one in told["photos"]]
        words = {name: str(told[name]) for name in ("finding", "text", "place")}
        made_at = _moment(str(told["made_at"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFound from None
    made = reporting.report(
        person=request.user,
        task_id=_task(request),
        key=ids.named(request.POST.get("key", "")),
        answers=answers,
        photos=photos,
        made_at=made_at,
        now=clock.now(),
        **words,
    )
    return JsonResponse({"report": str(made.pk)})
