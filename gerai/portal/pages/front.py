"""The front door: find, read what a service is, one's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gerai.agencies import queries as agencies
from gerai.agencies.rules import DAYS
from gerai.applications import bundle_queries as bundles
from gerai.applications import queries as applications
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.floor import queries as floor
from gerai.payments import queries as payments
from gerai.permits import queries as permits
from gerai.privacy import queries as privacy_queries
from gerai.reviews import inspection_queries as inspections
from gerai.reviews import queries as reviews
from gerai.visits import queries as visits
from gerai.visits import waitinglist

AWAITED = ("returned", "payment", "draft")  # the person's turn, the most urgent first
RUNNING = ("submitted", "review", "decision", "signing")
POPULAR = ("DUKCAPIL-02", "DPMPTSP-10", "POLRESTA-01", "DUKCAPIL-11", "DPMPTSP-32", "BPJSKES-03")


@public
def home(request: HttpRequest) -> HttpResponse:
    """What can I get done, how, how long?"""
    mall = agencies.the_mall()
    now = clock.now()
    calendar = agencies.calendar(mall)
    context = {
        "open_now": calendar.is_open(now),
        "hours": calendar.opening.get(DAYS[calendar.local(now).weekday()]),
        "today": now,
        "state": visits.now(mall, now),
        "played": floor.is_played(mall),
        "popular": catalogue.by_codes(mall, list(POPULAR)),
        "events": catalogue.life_events(mall),
        "counts": catalogue.counts(mall),
        "screener": catalogue.has_screener(mall),
    }
    return render(request, "portal/home.html", context)


@public
def search(request: HttpRequest) -> HttpResponse:
    """Forgives typos, knows everyday words."""
    text = request.GET.get("q", "").strip()[:100]
    mall = agencies.the_mall()
    found = catalogue.search(mall, text) if text else []
    context = {"text": text, "found": found, "screener": not found and catalogue.has_screener(mall)}
    return render(request, "portal/search.html", context)


@public
def agencies_list(request: HttpRequest) -> HttpResponse:
    """Every service: search first, then moments of life, then agency by agency."""
    mall = agencies.the_mall()
    context = {
        "agencies": sorted(agencies.agencies(mall), key=lambda a: a.short.casefold()),
        "events": catalogue.life_events(mall),
        "counts": catalogue.counts(mall),
    }
    return render(request, "portal/agencies.html", context)


@public
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """One agency and all it offers."""
    mall = agencies.the_mall()
    found = agencies.agency(mall, code)
    return render(request, "portal/agency.html", {"agency": found, "found": catalogue.published(mall, code)})


@public
def service(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """The whole service standard, the wait now, and the ways to get it."""
    mall, now = agencies.the_mall(), clock.now()
    found = catalogue.find(mall, agency, code)
    context = {
        "service": found,
        "content": found.edition.content,
        "rest": catalogue.agency_wide(found.edition.content["standard"]),
        "always": [r for r in found.edition.content["requirements"] if not r.get("when")],
        "sometimes": [r for r in found.edition.content["requirements"] if r.get("when")],
        "wait": visits.wait_at(mall, found.agency_id, now),
        "hits": visits.hits(mall, now),
        "open_now": agencies.calendar(mall).is_open(now),
    }
    return render(request, "portal/service.html", context)


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for me, what is under way, what I have, and who opened my data."""
    found = list(applications.of(request.user)[:60])
    together = bundles.open_of(request.user)
    told_there = bundles.drafts_of(together)  # waits as one thing, not as each of its drafts
    to_choose = inspections.to_choose(a.pk for a in found if a.status in RUNNING)
    objected = reviews.objected(a.pk for a in found if a.status == "rejected")
    waiting = [a for a in found if a.pk in to_choose or (a.status in AWAITED and a.pk not in told_there)]
    context = {
        "awaited": sorted(waiting, key=lambda a: 0 if a.pk in to_choose else AWAITED.index(a.status)),
        "to_choose": to_choose,
        "objections": [(a, objected[a.pk]) for a in found if a.pk in objected],
        "running": [a for a in found if a.status in RUNNING and a.pk not in to_choose],
        "ended": [a for a in found if a.status not in {*AWAITED, *RUNNING} and a.pk not in objected],
        "bundles": together,
        "permits": permits.of(request.user)[:30],
        "owed": {
            i.application_id: i.amount
            for i in payments.of(request.user, clock.now())[:60]
            if i.status == "open"
        },
        "visits": visits.of(request.user)[:10],
        "waiting_days": waitinglist.of(
            request.user, agencies.calendar(agencies.the_mall()).local(clock.now()).date()
        ),
        "openings": privacy_queries.openings(request.user, 10),
    }
    return render(request, "portal/mine.html", context)


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep, why, how long, and your rights."""
    return render(request, "portal/privacy.html")
