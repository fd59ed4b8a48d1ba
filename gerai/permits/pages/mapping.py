"""The public map of permits, and beside it the same as a list."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public
from gerai.core.typed import whole
from gerai.permits import mapping, registers
from gerai.permits.rules import Shown

ALL = "semua"


def _wanted(request: HttpRequest) -> mapping.Wanted:
    """The filters of the address; what makes no sense filters nothing."""
    asked = request.GET
    state = asked.get("keadaan", Shown.VALID.value)
    return mapping.Wanted(
        agency=asked.get("instansi", "").replace("\0", "")[:20],
        service=asked.get("layanan", "").replace("\0", "")[:30],
        state="" if state == ALL else state if state in registers.STATES else Shown.VALID.value,
        box=mapping.box_of(asked.get("kotak", "")),
        page=whole(asked.get("halaman"), digits=5) or 1,
    )


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Permits at their place. Nothing of any person, no private home."""
    mall, wanted = agencies.the_mall(), _wanted(request)
    by_agency, by_service = mapping.choices(mall)
    state = wanted.state or ALL
    kept = {"instansi": wanted.agency, "layanan": wanted.service, "keadaan": state}
    kept = {name: value for name, value in kept.items() if value}
    here = {**kept, **({"kotak": wanted.box.text()} if wanted.box else {})}
    context = {
        **mapping.look(mall, wanted, clock.now()),
        "wanted": wanted,
        "state": state,
        "states": registers.STATES,
        "agencies": by_agency,
        "services": by_service,
        "kept": urlencode(kept),
        "here": urlencode(here),
        "size": (mapping.WIDTH, mapping.HEIGHT),
    }
    response = render(request, "permits/map.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
