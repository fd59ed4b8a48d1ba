"""Pages of whoever runs the floor: the floor now, and what can be done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.access import role
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.core.typed import whole
from gerai.floor import calling_in, managing, overview
from gerai.floor.acting import ref
from gerai.visits import closing

BOSS = role("mall_manager", "agency_admin")


def _scope(request: HttpRequest) -> dict[str, Any]:
    """The mall, and the agency that an administrator is bound to; None sees the whole mall."""
    member: Any = request.member  # type: ignore[attr-defined]
    return {"mall": member.mall, "agency": member.agency}


def _number(text: str | None) -> int:
    found = whole(text, digits=9)
    return -1 if found is None else found


@BOSS
def floor(request: HttpRequest) -> HttpResponse:
    """What needs me now? Then every queue and counter, and what can be done."""
    now, scope = clock.now(), _scope(request)
    context = {
        **scope,
        **overview.now(now=now, **scope),
        **overview.history(now=now, **scope),
        "choices": overview.choices(**scope),
        "now": now,
    }
    return render(request, "floor/manager.html", context)


@BOSS
def state(request: HttpRequest) -> HttpResponse:
    """The part that changes by itself."""
    now, scope = clock.now(), _scope(request)
    return render(request, "floor/_floor.html", {**scope, **overview.now(now=now, **scope), "now": now})


@BOSS
@require_POST
def call_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: ask who is on call."""
    scope = _scope(request)
    call = calling_in.call_in(
        advice=overview.advice(scope["mall"], pk, scope["agency"]), actor=ref(request.user), now=clock.now()
    )
    messages.success(request, _("Pesan terkirim kepada %(name)s.") % {"name": call.person.name})
    return redirect("floor:manager")


@BOSS
@require_POST
def open_counter(request: HttpRequest) -> HttpResponse:
    """Sign an officer on in their place."""
    scope = _scope(request)
    place = overview.place(scope["mall"], _number(request.POST.get("counter")), scope["agency"])
    wanted = request.POST.get("member", "")
    member = next((m for m in overview.free_officers(**scope) if str(m.pk) == wanted), None)
    if member is None:
        raise managing.OfficerElsewhere
    managing.open_counter(
        counter=place.counter, member=member, reason=request.POST.get("reason", ""), actor=ref(request.user),
        now=clock.now(),
    )  # fmt: skip
    return redirect("floor:manager")


@BOSS
@require_POST
def close_counter(request: HttpRequest) -> HttpResponse:
    """Sign an officer off in their place."""
    scope = _scope(request)
    place = overview.place(scope["mall"], _number(request.POST.get("counter")), scope["agency"])
    managing.close_counter(
        counter=place.counter, reason=request.POST.get("reason", ""), actor=ref(request.user), now=clock.now()
    )
    return redirect("floor:manager")


@role("mall_manager")
@require_POST
def lend(request: HttpRequest) -> HttpResponse:
    """Let a counter serve a further agency today."""
    mall = _scope(request)["mall"]
    roster.lend(
        counter=overview.place(mall, _number(request.POST.get("counter"))).counter,
        agency=agencies.agency(mall, request.POST.get("agency", "")),
        reason=request.POST.get("reason", ""),
        actor=ref(request.user),
        now=clock.now(),
    )
    return redirect("floor:manager")


@role("mall_manager")
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The counter serves its own agencies again."""
    loan = overview.loan(_scope(request)["mall"], pk)
    roster.give_back(loan=loan, actor=ref(request.user), now=clock.now())
    return redirect("floor:manager")


def _service(mall: Any, chosen: str) -> Any:
    """
    What was chosen from the list ("AGENCY/CODE").

    :raises managing.ServiceNotChosen: if nothing was
    """
    if not chosen:
        raise managing.ServiceNotChosen
    return catalogue.find(mall, *(chosen.split("/", 1) if "/" in chosen else ("", chosen)))


@BOSS
@require_POST
def close_today(request: HttpRequest) -> HttpResponse:
    """Close an agency or one of its services for the rest of the day."""
    scope, one = _scope(request), request.POST.get("service")
    if one is None:
        agency, service = (
            scope["agency"] or agencies.agency(scope["mall"], request.POST.get("agency", "")),
            None,
        )
    else:
        service = _service(scope["mall"], one)
        agency = service.agency
        if scope["agency"] not in (None, agency):
            raise NotFound
    closing.close_today(
        agency=agency, service=service, reason=request.POST.get("reason", ""), actor=ref(request.user),
        now=clock.now(),
    )  # fmt: skip
    return redirect("floor:manager")


@BOSS
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve again today."""
    scope = _scope(request)
    closure = overview.closure(scope["mall"], pk, scope["agency"])
    closing.reopen(closure=closure, actor=ref(request.user), now=clock.now())
    return redirect("floor:manager")


def _agency(request: HttpRequest, code: str) -> Any:
    """The agency of a roster page: a manager's any, an administrator's own."""
    scope = _scope(request)
    agency = agencies.agency(scope["mall"], code)
    if scope["agency"] not in (None, agency):
        raise NotFound
    return agency


@BOSS
def rosters(request: HttpRequest, code: str) -> HttpResponse:
    """How many counters are to be open, half hour by half hour, and who is on call."""
    agency = _agency(request, code)
    return render(request, "floor/roster.html", {"agency": agency, **overview.roster_of(agency)})


@BOSS
@require_POST
def put_roster(request: HttpRequest, code: str, weekday: int) -> HttpResponse:
    """Decide one weekday."""
    agency = _agency(request, code)
    if weekday > 6:
        raise NotFound
    counters = {half: _number(request.POST.get(half)) for half in roster.slots_of(agency, weekday)}
    roster.put_day(
        agency=agency, weekday=weekday, counters=counters, actor=ref(request.user), now=clock.now()
    )
    messages.success(request, _("Jadwal tersimpan."))
    return redirect("floor:rosters", code=code)


@BOSS
@require_POST
def put_bookable(request: HttpRequest, code: str, weekday: int) -> HttpResponse:
    """Decide how much of one weekday can be booked: as typed, as advised, or the mall's share."""
    agency, use = _agency(request, code), request.POST.get("use")
    if weekday > 6:
        raise NotFound
    if use == "advice":
        minutes = overview.could_book(agency, weekday)
    elif use == "share":
        minutes = {}
    else:
        minutes = {half: _number(request.POST.get(half)) for half in roster.slots_of(agency, weekday)}
    roster.put_bookable(
        agency=agency, weekday=weekday, minutes=minutes, actor=ref(request.user), now=clock.now()
    )
    messages.success(request, _("Janji temu tersimpan. Yang sudah dipesan tetap berlaku."))
    return redirect("floor:rosters", code=code)


@BOSS
@require_POST
def put_on_call(request: HttpRequest, code: str) -> HttpResponse:
    """Put an officer on the list of those on call, or take one off."""
    agency = _agency(request, code)
    person = _officer(agency, request.POST.get("person", ""))
    actor, now = ref(request.user), clock.now()
    if "remove" in request.POST:
        roster.remove_on_call(agency=agency, person_id=person.pk, actor=actor, now=now)
    else:
        roster.put_on_call(agency=agency, person=person, actor=actor, now=now)
    return redirect("floor:rosters", code=code)


def _officer(agency: Any, wanted: str) -> Any:
    found = next((m.person for m in roster.officers(agency) if str(m.person_id) == wanted), None)
    if found is None:
        raise NotFound
    return found
