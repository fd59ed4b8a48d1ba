"""Pages of the kiosk: three taps to a number, and the ticket."""

import uuid
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from gerai.agencies import queries as agencies
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import public
from gerai.ledger.rules import ActorRef
from gerai.visits import queries as visits
from gerai.visits import services as arriving

ENTRANCE = "A"


def _choices(request: HttpRequest) -> dict[str, Any]:
    """The agency being looked at and what has been chosen so far (kept in the form, not in a session)."""
    mall = agencies.the_mall()
    chosen = [c for c in request.GET.getlist("s") + request.POST.getlist("s") if "/" in c][:8]
    text = request.GET.get("agency", "")
    return {
        "agencies": agencies.agencies(mall),
        "agency": text,
        "services": catalogue.published(mall, text) if text else [],
        "chosen": [catalogue.find(mall, *c.split("/", 1)) for c in dict.fromkeys(chosen)],
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }


@public
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """Three taps to a number."""
    if request.method != "POST":
        return render(request, "floor/kiosk/choose.html", _choices(request))
    visit = arriving.arrive(
        mall=agencies.the_mall(),
        chosen=_choices(request)["chosen"],
        entrance=ENTRANCE,
        actor=ActorRef("device", "kiosk"),
        now=clock.now(),
        priority=request.POST.get("priority", ""),
        language=(get_language() or "id")[:2],
        request_key=request.POST.get("key", "")[:64] or None,
    )
    return redirect("floor:kiosk_ticket", secret=visit.secret)


@public
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """The number, to read and to print, with a QR to the live page."""
    now = clock.now()
    visit = visits.ticket(secret, now)
    errands = visits.errands(visit)
    live = next((e for e in errands if e.state == "waiting" and e.rank_at), None)
    wait = visits.wait_for(visit.mall, live.agency_id, live.rank_at, now) if live and live.rank_at else None
    address = f"{settings.BASE_URL}/kunjungan/{secret}/"
    qr = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    context = {"visit": visit, "errands": errands, "wait": wait, "qr": qr}
    return render(request, "floor/kiosk/ticket.html", context)
