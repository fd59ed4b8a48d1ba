"""What a box shows before it is let in: its code, what to do, and the way for visitors who came here by chance."""

from collections.abc import Callable

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public
from gerai.floor import access, hall, pairing

HOME = {"board": "floor:board", "kiosk": "floor:kiosk"}


def pairing_page(kind: str) -> Callable[[HttpRequest], HttpResponse]:
    """The page of a box of this kind that is not let in. It shows nothing of the hall and gives no number."""

    def page(request: HttpRequest) -> HttpResponse:
        code = access.open_code(request, kind)
        address = f"{settings.BASE_URL}/perangkat/?kode={code}"
        context = {
            "kind": kind,
            "code": hall.shown_code(code) if code else "",
            "address": address,
            "host": settings.BASE_URL.partition("://")[2],
            "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=2) if code else "",
        }
        return render(request, "floor/pairing.html", context)

    return page


def _place(request: HttpRequest) -> str:
    """The network address that asks; "" behind a proxy on this machine, where it tells nobody apart."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return "" if address in ("127.0.0.1", "::1") else address


@public
@require_POST
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """A code for this box. While its code is good it keeps it, however often it asks."""
    answer = redirect(HOME[kind])
    if access.machine(request, kind) is None and access.open_code(request, kind) is None:
        made, secret = pairing.ask(
            mall=agencies.the_mall(), kind=kind, place=_place(request), now=clock.now()
        )
        access.keep_request(answer, made, secret)
    return answer


@public
@require_POST
def claim(request: HttpRequest, kind: str) -> HttpResponse:
    """Fetch the token once the manager has typed the code. Only the box that shows the code can."""
    own = access.asked(request, kind)
    if own is None:
        raise hall.CodeOver
    token = pairing.claim(pairing_id=own[0], secret=own[1], kind=kind, now=clock.now())
    answer = JsonResponse({"paired": token is not None})
    if token is not None:
        access.keep_token(answer, kind, token)
    return answer
