"""The mayor's page, an agency's own row, and every figure down to its entries."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.core.clock import now as clock
from gerai.core.errors import DomainError
from gerai.insight import asking, queries, replay
from gerai.insight import opened as opening
from gerai.insight.indicators import BY_KEY, EVENTS, INDICATORS, indicator

SPANS = ("day", "month")
FIRST = 3  # as many things as one minute holds; the others are one click away


def _table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The agencies that have figures, and apart those that have none."""
    return {"rows": [r for r in rows if not r["empty"]], "idle": [r for r in rows if r["empty"]]}


def _span(request: HttpRequest) -> str:
    wanted = request.GET.get("span", "month")
    return wanted if wanted in SPANS else "month"


@role("mayor", "mall_manager")
def today(request: HttpRequest) -> HttpResponse:
    """What needs the mayor today, five figures, one table."""
    now, mall, span = clock(), request.member.mall, _span(request)  # type: ignore[attr-defined]
    names = {"": mall.name, **{agency.code: agency.short for agency in agencies.agencies(mall)}}
    alarms = [
        {"alarm": a, "name": names.get(a.agency, a.agency), "among": [names.get(c, c) for c in a.among]}
        for a in queries.alarms(mall, now)
    ]
    context: dict[str, Any] = {
        "now": now,
        "alarms": alarms[:FIRST],
        "more": alarms[FIRST:],
        "count": len(alarms),
        "headline": [{**h, "indicator": BY_KEY[h["key"]]} for h in queries.headline(mall, now)],
        **_table(queries.table(mall, span, now)),
        "indicators": INDICATORS,
        "span": span,
    }
    return render(request, "insight/today.html", context)


@role("agency_admin")
def own(request: HttpRequest) -> HttpResponse:
    """The agency's own row, the same figures the mayor sees."""
    member, now, span = request.member, clock(), _span(request)  # type: ignore[attr-defined]
    context = {
        "now": now,
        "agency": member.agency,
        "rows": queries.table(member.mall, span, now, member.agency),
        "indicators": INDICATORS,
        "span": span,
    }
    return render(request, "insight/own.html", context)


@role("mayor", "mall_manager", "agency_admin")
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: what it means, its value, and the entries it is made of."""
    member, now, span = request.member, clock(), _span(request)  # type: ignore[attr-defined]
    wanted, code = indicator(key), request.GET.get("agency", "")
    # An agency's administrator sees that agency's entries only, whatever the address says.
    agency = member.agency or (agencies.agency(member.mall, code) if code else None)
    begin, end = queries.period(member.mall, span, now)
    found = queries.entries(member.mall, wanted, begin, end, agency)
    context = {
        "indicator": wanted,
        "events": EVENTS,
        "agency": agency,
        "span": span,
        "value": queries.value_of(member.mall, key, begin, end, now, agency),
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "back": "insight:own" if member.agency else "insight:today",
    }
    return render(request, "insight/figure.html", context)


@role("mayor", "mall_manager", "agency_admin")
def opened(request: HttpRequest) -> HttpResponse:
    """Counters that were advised, asked for and opened, and what it did; who was asked is not the mayor's affair."""
    member, now = request.member, clock()  # type: ignore[attr-defined]
    begin, end = queries.period(member.mall, "month", now)
    found = opening.listed(member.mall, begin, end, member.agency)
    context = {
        "agency": member.agency,
        "sums": opening.sums(found),
        "page": Paginator(found, 20).get_page(request.GET.get("page")),
        "names": member.role != "mayor",
        "back": "insight:own" if member.agency else "insight:today",
    }
    return render(request, "insight/opened.html", context)


@role("mayor", "mall_manager")
def what_if(request: HttpRequest) -> HttpResponse:
    """A day played again with other counters, lines, hours or rule, beside the baseline. Everything by simulation."""
    mall, now = request.member.mall, clock()  # type: ignore[attr-defined]
    days, offices, asked = replay.past_days(mall, now), agencies.agencies(mall), request.GET
    context: dict[str, Any] = {
        "days": days,
        "agencies": offices,
        "asked": asked,
        "saturday": asking.SATURDAY,
        "bookable": asking.BOOKABLE,
        "halves": asking.HALVES,
        "open_saturday": bool(mall.opening.get("sat")),
    }
    try:
        case = asking.read(asked, [one.code for one in offices])
        day = asking.day_of(asked.get("day", ""), days)
        if "day" in asked:
            context |= {"case": case} | asking.compare(mall, day, case, days, now)
    except DomainError as wrong:  # the form stays as it was filled in
        return render(
            request, "insight/what_if.html", context | {"wrong": wrong.sentence}, status=wrong.status
        )
    return render(request, "insight/what_if.html", context)
