"""Pages of the mall's manager: the machines of the hall, and what is announced there."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies.access import role
from gerai.agencies.models import Mall
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole
from gerai.floor import devices, hall, pairing, printing, speaking
from gerai.ledger.rules import ActorRef

MANAGER = role("mall_manager")


def mall_of(request: HttpRequest) -> Mall:
    """The mall of the manager who asks."""
    found: Mall = request.member.mall  # type: ignore[attr-defined]
    return found


def me(request: HttpRequest) -> ActorRef:
    """Who asks, for the ledger."""
    return ActorRef("person", str(request.user.pk))


def _placed(request: HttpRequest) -> dict[str, Any]:
    """Where the form says that a machine stands."""
    mall = mall_of(request)
    printer = request.POST.get("printer", "")
    return {
        "hall": request.POST.get("hall", "").strip()[:40],
        "zones": request.POST.getlist("zones"),
        "entrance": request.POST.get("entrance", "")[:2],
        "speaks": "silent" not in request.POST,
        "flash": "flash" in request.POST,
        "printer": devices.one(mall, printer) if printer else None,
    }


@MANAGER
@require_http_methods(["GET", "POST"])
def machines(request: HttpRequest) -> HttpResponse:
    """All machines: where they stand, whether they live, what they lack; and letting one in by its code."""
    mall, now = mall_of(request), clock.now()
    code, error = request.GET.get("kode", ""), ""
    if request.method == "POST":
        code = request.POST.get("code", "")
        try:
            made = pairing.confirm(
                mall=mall,
                code=code,
                name=request.POST.get("name", ""),
                actor=me(request),
                now=now,
                **_placed(request),
            )
        except DomainError as refusal:
            error = refusal.sentence.said(gettext)
        else:
            told = gettext("%(name)s sudah dipasangkan. Perangkatnya menyala sendiri dalam beberapa detik.")
            messages.success(request, told % {"name": made.name})
            return redirect("floor:machines")
    found = devices.of(mall)
    for each in found:
        each.silent = each.kind in hall.BOXES and (  # type: ignore[attr-defined]
            each.seen_at is None or now - each.seen_at > hall.SILENT
        )
        each.told = hall.TROUBLES.get(each.trouble, "")  # type: ignore[attr-defined]
        each.kind_name = hall.NAMES[each.kind]  # type: ignore[attr-defined]
    context = {
        "mall": mall,
        "machines": found,
        "printers": [each for each in found if each.kind == "printer"],
        "code": code,
        "error": error,
        "demo_printer": f"127.0.0.1:{settings.PORT + 5}" if settings.DEMO else "",
        **_places(mall),
    }
    return render(request, "floor/devices/machines.html", context, status=422 if error else 200)


def _places(mall: Mall) -> dict[str, Any]:
    entrances = mall.details.get("entrances") or [
        {"letter": "A", "name": {"id": "Pintu utama", "en": "Main entrance"}}
    ]
    return {"zones": mall.details.get("zones", []), "entrances": entrances}


@MANAGER
@require_http_methods(["GET", "POST"])
def machine(request: HttpRequest, pk: Any) -> HttpResponse:
    """One machine: where it stands and what it does."""
    mall = mall_of(request)
    found = devices.one(mall, pk)
    if request.method == "POST":
        devices.change(
            device=found,
            actor=me(request),
            now=clock.now(),
            name=request.POST.get("name", ""),
            **_placed(request),
        )
        messages.success(request, gettext("Perubahan tersimpan; layarnya mengikuti."))
        return redirect("floor:machines")
    printers = [each for each in devices.of(mall) if each.kind == "printer"]
    context = {"mall": mall, "machine": found, "printers": printers, **_places(mall)}
    return render(request, "floor/devices/machine.html", context)


@MANAGER
@require_POST
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    """Shut a machine out at once."""
    found = devices.one(mall_of(request), pk)
    devices.revoke(device=found, actor=me(request), now=clock.now())
    told = gettext("%(name)s dicabut. Layarnya sudah tertutup; pasangkan lagi bila perlu.")
    messages.success(request, told % {"name": found.name})
    return redirect("floor:machines")


@MANAGER
@require_POST
def printer(request: HttpRequest) -> HttpResponse:
    """Let a printer print its code: who reads it stands before the right one."""
    printing.print_code(
        mall=mall_of(request),
        address=request.POST.get("address", ""),
        now=clock.now(),
        here_too=settings.DEMO,
    )
    messages.success(
        request, gettext("Kode dicetak. Ketik kode di kertas itu untuk memasangkan pencetaknya.")
    )
    return redirect("floor:machines")


def _moment(text: str, zone: str) -> datetime | None:
    """What a date-and-time field holds, in the mall's time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


@MANAGER
@require_http_methods(["GET", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    """What is told in the hall now and later; telling something new."""
    mall, now = mall_of(request), clock.now()
    given, error = request.POST, ""
    if request.method == "POST":
        repeat = whole(given.get("every", "0"), digits=3)
        begins = _moment(given.get("from", ""), mall.timezone) or now
        ends = _moment(given.get("until", ""), mall.timezone)
        try:
            speaking.announce(
                mall=mall,
                text={"id": given.get("text_id", ""), "en": given.get("text_en", "")},
                zones=given.getlist("zones"),
                from_at=begins,
                until_at=ends or begins + timedelta(minutes=30),
                every_minutes=-1 if repeat is None else repeat,
                actor=me(request),
                now=now,
            )
        except DomainError as refusal:
            error = refusal.sentence.said(gettext)
        else:
            return redirect("floor:announcements")
    context = {
        "mall": mall,
        "announcements": speaking.ahead(mall, now),
        "now": now,
        "repeats": hall.REPEATS,
        "error": error,
        "given": given,
        **_places(mall),
    }
    return render(request, "floor/devices/announcements.html", context, status=422 if error else 200)


@MANAGER
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it no longer."""
    found = speaking.one(mall_of(request), pk)
    if found.ended_at:
        raise NotFound
    speaking.take_back(announcement=found, actor=me(request), now=clock.now())
    return redirect("floor:announcements")


@MANAGER
def posters(request: HttpRequest) -> HttpResponse:
    """A sheet for each door with the QR to arrive by: printed by the browser, in both languages."""
    mall, address = mall_of(request), f"{settings.BASE_URL}{reverse('visits:door')}"
    context = {
        "mall": mall,
        "posters": [entrance["name"] for entrance in mall.details.get("entrances", [])],
        "address": address,
        "qr": segno.make(address, error="q").svg_data_uri(scale=8, border=4),
    }
    return render(request, "floor/devices/posters.html", context)
