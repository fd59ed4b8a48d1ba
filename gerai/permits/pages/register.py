"""The agency's register of permits and letters, for its officers."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gerai.agencies.access import role
from gerai.agencies.models import Membership
from gerai.core import clock, ids
from gerai.core.errors import NotFound
from gerai.permits import queries, registers, waiting
from gerai.permits.pages.parts import quiet
from gerai.permits.ports import what_went_wrong

YEAR = re.compile(r"[1-9][0-9]{3}", re.ASCII)


def _wanted(request: HttpRequest) -> registers.Wanted:
    """The filters of the address; what makes no sense filters nothing."""
    asked = request.GET
    year, state = asked.get("tahun", ""), asked.get("keadaan", "")
    return registers.Wanted(
        number=asked.get("nomor", "").replace("\0", "").strip()[:120],
        service=asked.get("layanan", "").replace("\0", "")[:30],
        state=state if state in registers.STATES else "",
        year=int(year) if YEAR.fullmatch(year) else None,
        after=ids.read(asked.get("setelah", "")),
    )


@role(*queries.READERS)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The permits and letters of the officer's agency, newest first, holders veiled."""
    member: Membership = request.member  # type: ignore[attr-defined]
    agency = member.agency
    if agency is None:  # these roles are given at agencies only
        raise NotFound
    now, wanted = clock.now(), _wanted(request)
    rows, more = registers.page(agency, wanted, now)
    services, years = registers.choices(agency)
    stuck = waiting.stuck(agency.mall, now).filter(agency=agency)
    kept = {k: v for k, v in request.GET.items() if k in ("nomor", "layanan", "keadaan", "tahun") and v}
    context = {
        "agency": agency,
        "others": queries.reads_for(request.user).exclude(agency_id=agency.pk),
        "rows": rows,
        "wanted": wanted,
        "states": registers.STATES,
        "services": services,
        "years": years,
        "filtered": bool(kept),
        "next": urlencode({**kept, "setelah": str(more)}) if more else "",
        "first": urlencode(kept),
        "stuck": stuck.count(),
        "stuck_since": getattr(stuck.first(), "decided_at", None),
        "stuck_why": [what_went_wrong(code) for code in waiting.why_stuck(stuck)],
    }
    return quiet(render(request, "permits/register.html", context))
