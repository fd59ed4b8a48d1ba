"""Pages of the kiosk: three taps to a number, and the ticket. Only a paired kiosk enters.

The language is in the address, not in a cookie: the next visitor begins in Indonesian again.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.floor import hall, printing, queries
from gerai.floor.access import device
from gerai.floor.models import Device
from gerai.floor.pages.pairing import pairing_page
from gerai.ledger.rules import ActorRef
from gerai.visits import booking, overrun, who
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import MAX_ERRANDS, State

KIOSK = device("kiosk", otherwise=pairing_page("kiosk"))
OFTEN = 8  # services on the first screen
Page = Callable[..., HttpResponse]


def in_its_language(view: Page) -> Page:
    """Show the page in the language that the address names."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = "en" if "en" in (request.GET.get("b"), request.POST.get("b")) else "id"
        with translation.override(language):
            return view(request, *args, **kwargs)

    return shown


def machine_of(request: HttpRequest) -> Device:
    """The paired kiosk that asks."""
    found: Device = request.device  # type: ignore[attr-defined]
    return found


def _language() -> str:
    return (translation.get_language() or "id")[:2]


def _chosen(request: HttpRequest) -> list[Any]:
    """What has been chosen so far: kept in the address and the form, nowhere else."""
    given = [c for c in request.GET.getlist("s") + request.POST.getlist("s") if "/" in c]
    return [
        catalogue.find(machine_of(request).mall, *c.split("/", 1))
        for c in list(dict.fromkeys(given))[:MAX_ERRANDS]
    ]


def often(request: HttpRequest) -> list[Any]:
    """The services that people ask for most; in the first week, those that the mall expects."""
    mall = machine_of(request).mall
    codes = [*queries.most_asked(mall, clock.now(), OFTEN), *mall.details.get("most_asked", [])]
    return catalogue.by_codes(mall, list(dict.fromkeys(codes)))[:OFTEN]


@KIOSK
@in_its_language
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """What for, anything else, your number."""
    error = ""
    if request.method == "POST":
        try:
            return _arrive(request)
        except DomainError as refusal:
            error = refusal.sentence.said(translation.gettext)
    mall, agency, text = (
        machine_of(request).mall,
        request.GET.get("agency", ""),
        request.GET.get("q", "").strip()[:60],
    )
    chosen = _chosen(request)
    context: dict[str, Any] = {
        "mall": mall,
        "device": machine_of(request),
        "chosen": chosen,
        "here": urlencode([("s", f"{s.agency.code}/{s.code}") for s in chosen] + _tongue()),
        "other_tongue": _other_tongue(request),
        "text": text,
        "error": error,
    }
    if text:
        step, context["services"] = "found", catalogue.search(mall, text, limit=12)
    elif agency:
        step, context["services"] = "agency", catalogue.published(mall, agency)
    elif "semua" in request.GET:
        step, context["agencies"] = "agencies", list(agencies.agencies(mall))
    elif chosen and "tambah" not in request.GET:
        step, context["key"] = "confirm", uuid.uuid4().hex
        context |= {**who.for_forms(mall), "overruns": overrun.of_services(mall, chosen, clock.now())}
    else:
        step, context["services"] = "start", often(request)
    return render(request, "floor/kiosk/choose.html", {**context, "step": step}, status=422 if error else 200)


def _tongue() -> list[tuple[str, str]]:
    return [("b", "en")] if _language() == "en" else []


def _other_tongue(request: HttpRequest) -> str:
    """The same page in the other language."""
    kept = [(name, value) for name, values in request.GET.lists() if name != "b" for value in values]
    return "?" + urlencode(kept + ([] if _language() == "en" else [("b", "en")]))


def _arrive(request: HttpRequest) -> HttpResponse:
    """One number, however often the button is tapped: the form carries its key."""
    me = machine_of(request)
    visit = arriving.arrive(
        mall=me.mall,
        chosen=_chosen(request),
        entrance=me.entrance,
        actor=ActorRef("device", str(me.pk)),
        now=clock.now(),
        priority=request.POST.get("priority", ""),
        language=_language(),
        request_key=request.POST.get("key", "")[:64] or None,
    )
    return _to_ticket(visit)


def _to_ticket(visit: Visit) -> HttpResponse:
    """The ticket, once as a new one: that is printed."""
    address = reverse("floor:kiosk_ticket", args=[visit.secret])
    return redirect(f"{address}?{urlencode([('baru', '1'), *_tongue()])}")


@KIOSK
@in_its_language
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """The code of an appointment gives its number. Twice is once."""
    me, error = machine_of(request), ""
    if request.method == "POST":
        try:
            visit = booking.check_in(
                mall=me.mall,
                code=request.POST.get("code", "")[:12],
                entrance=me.entrance,
                actor=ActorRef("device", str(me.pk)),
                now=clock.now(),
            )
        except NotFound:
            error = translation.gettext(
                "Tidak ada janji temu dengan kode ini. Lihat lagi kodenya di ponsel, atau ambil nomor biasa."
            )
        except DomainError as refusal:
            error = refusal.sentence.said(translation.gettext)
        else:
            return _to_ticket(visit)
    context = {
        "mall": me.mall,
        "device": me,
        "error": error,
        "code": request.POST.get("code", "")[:12],
        "start": "?" + urlencode(_tongue()),
        "other_tongue": _other_tongue(request),
    }
    return render(request, "floor/kiosk/check_in.html", context, status=422 if error else 200)


@KIOSK
@in_its_language
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """The number, where to go first and why, how long; to read, to photograph, on paper."""
    return _ticket(request, secret)


def _ticket(request: HttpRequest, secret: str, trouble: str | None = None) -> HttpResponse:
    """The ticket; and what came of printing it, where that was tried (`trouble` is not None)."""
    now = clock.now()
    visit = visits.ticket(secret, now)
    if visit.mall_id != machine_of(request).mall.pk:
        raise hall.NotPaired
    errands = visits.errands(visit)
    context = {
        "mall": visit.mall,
        "device": machine_of(request),
        "visit": visit,
        "errands": errands,
        "first": printing.first_stop(errands),
        "overrun": _overrun(errands, now),
        "hits": visits.hits(visit.mall, now),
        "qr": printing.qr_of(visit),
        "new": "baru" in request.GET,
        "trouble": trouble,
        "printed": "" if trouble is None else _printed(trouble),
        "unreachable": hall.PRINTED["unreachable"],
        "start": "?" + urlencode(_tongue()),
    }
    return render(request, "floor/kiosk/ticket.html", context)


def _overrun(errands: list[Errand], now: datetime) -> overrun.Overrun | None:
    """What to say where the first stop may close before its turn comes."""
    live = next((errand for errand in errands if errand.state == State.WAITING), None)
    return overrun.of_errand(live, visits.place_of(live, now)[1], now) if live else None


def _printed(trouble: str) -> str:
    return hall.PRINTED.get(trouble, hall.PRINTED["unreachable"])


@KIOSK
@require_POST
@in_its_language
def print_ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Print at the kiosk's own printer. Without paper the screen says so: the QR code is the way out."""
    now = clock.now()
    visit = visits.ticket(secret, now)
    if visit.mall_id != machine_of(request).mall.pk:
        raise hall.NotPaired
    trouble = printing.print_visit(kiosk=machine_of(request), visit=visit, now=now)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"trouble": trouble, "told": translation.gettext(_printed(trouble))})
    return _ticket(request, secret, trouble)


@device("kiosk")
def beat(request: HttpRequest) -> HttpResponse:
    """The kiosk is alive; and it learns here when it was shut out."""
    return JsonResponse({"paired": True})
