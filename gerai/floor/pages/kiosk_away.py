"""The kiosk while the server is away: its own page from the browser's store, spare numbers, and their coming in."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import DomainError, FormInvalid
from gerai.floor.access import device
from gerai.floor.pages.kiosk import OFTEN, in_its_language, machine_of, often
from gerai.visits import blocks
from gerai.visits.rules import MAX_ERRANDS

FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "floor/kiosk.css",
    "floor/kiosk_away.js",
    "mark.svg",
)
LONGEST = timedelta(hours=12)


@device("kiosk")
@in_its_language
@require_GET
def away(request: HttpRequest) -> HttpResponse:
    """The page that the browser keeps. It knows nothing by itself: services and numbers are in the browser's store."""
    return render(
        request, "floor/kiosk/away.html", {"mall": machine_of(request).mall, "device": machine_of(request)}
    )


@device("kiosk")
@require_GET
def keeper(request: HttpRequest) -> HttpResponse:
    """The service worker that gives this page when the server does not answer."""
    own = reverse("floor:kiosk_away")
    kept = [own, f"{own}?b=en", *(static(name) for name in FILES)]
    text = render(
        request, "floor/kiosk/keeper.js", {"kept": json.dumps(kept), "away": json.dumps(own)}
    ).content
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@device("kiosk")
@require_http_methods(["GET", "POST"])
def spare(request: HttpRequest) -> HttpResponse:
    """
    What the kiosk needs to go on alone today: numbers and services. First it brings in what it gave.

    A refused number is told back with its reason; the rest goes on.
    """
    me, now = machine_of(request), clock.now()
    refused = _bring_in(request) if request.method == "POST" else []
    local = now.astimezone(ZoneInfo(me.mall.timezone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    services = [
        {"code": f"{s.agency.code}/{s.code}", "name": s.name, "agency": s.agency.short}
        for s in catalogue.published(me.mall)
    ]
    return JsonResponse(
        {
            "seconds": round((midnight - now).total_seconds()),
            "token": get_token(request),
            "entrance": me.entrance,
            "numbers": blocks.lease(mall=me.mall, entrance=me.entrance, holder=str(me.pk), now=now),
            "services": services,
            "often": [f"{s.agency.code}/{s.code}" for s in often(request)][:OFTEN],
            "refused": refused,
        }
    )


def _bring_in(request: HttpRequest) -> list[dict[str, Any]]:
    me, now, refused = machine_of(request), clock.now(), []
    for given in _given(request):
        with translation.override(given["language"]):
            try:
                blocks.bring_in(
                    mall=me.mall,
                    entrance=given["entrance"],
                    holder=str(me.pk),
                    number=given["number"],
                    chosen=[catalogue.find(me.mall, *code.split("/", 1)) for code in given["services"]],
                    ago=given["ago"],
                    now=now,
                    language=given["language"],
                    instead_of=given["key"],
                )
            except DomainError as error:
                number = f"{given['entrance']} {given['number']}"
                refused.append({"number": number, "text": error.sentence.said(translation.gettext)})
    return refused


def _given(request: HttpRequest) -> list[dict[str, Any]]:
    """
    What the machine says it gave, read with care.

    :raises FormInvalid: for another shape
    """
    try:
        told = json.loads(request.body)["given"][:500]
        return [
            {
                "number": int(one["number"]),
                "entrance": str(one["entrance"])[:2],
                "services": [str(code) for code in one["services"] if "/" in str(code)][: MAX_ERRANDS + 1],
                "ago": min(LONGEST, timedelta(seconds=max(0, int(one["ago"])))),
                "language": "en" if one.get("language") == "en" else "id",
                "key": str(one.get("key", ""))[:64],
            }
            for one in told
        ]
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise FormInvalid(fields={"given": str(error)[:60]}) from error
