"""Appointments: choose a day and a time, see one's own, move, cancel, say that one comes, check in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.ledger.rules import ActorRef
from gerai.visits import booking, queries, readiness, reminders, rules, slots, waitinglist, who
from gerai.visits.models import Visit
from gerai.visits.pages import holding
from gerai.visits.pages.choosing import choices, party_of
from gerai.visits.rules import AHEAD, Stage

DOOR = "B"  # the entrance of those who check in by their own phone


def _actor(request: HttpRequest) -> ActorRef:
    return ActorRef("person", str(request.user.pk))


def _moment(request: HttpRequest) -> datetime:
    """
    The time that was chosen.

    :raises rules.SlotTaken: if it is none
    """
    try:
        found = datetime.fromisoformat(request.POST.get("starts_at", ""))
    except ValueError:
        raise rules.SlotTaken from None
    if found.tzinfo is None:
        raise rules.SlotTaken
    return found


def _times(request: HttpRequest, chosen: list[Any], party: int) -> dict[str, Any]:
    """The days that can be booked and the times of the one looked at."""
    mall, now = agencies.the_mall(), clock.now()
    party = party if 1 <= party <= who.MAX_PARTY else 1
    person: Any = request.user
    days = slots.days(chosen, mall, party, slots.horizon(person.pk, mall, now), now)
    short_until = slots.short_until(person.pk, mall, now)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = next(
            (d for d, free in days if free), days[0][0] if days else agencies.calendar(mall).local(now).date()
        )
    found = slots.options(chosen, day, party, now) if day in dict(days) else []
    return {"days": days, "day": day, "options": found, "party": party, "short_until": short_until}


@signed_in
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """What, when: two choices to an appointment."""
    chosen = choices(request)
    if request.method == "POST":
        person: Any = request.user
        visit = booking.book(
            person=person,
            mall=agencies.the_mall(),
            chosen=chosen["chosen"],
            starts_at=_moment(request),
            actor=_actor(request),
            now=clock.now(),
            party=party_of(request),
            priority=request.POST.get("priority", ""),
            company=request.POST.get("company", ""),
            language=(get_language() or "id")[:2],
            request_key=request.POST.get("key", "")[:64] or None,
        )
        return redirect("visits:appointment", pk=visit.pk)
    times = _times(request, chosen["chosen"], party_of(request)) if chosen["chosen"] else {}
    return render(request, "visits/book.html", {**chosen, **times})


@signed_in
@require_POST
def wait_for_day(request: HttpRequest) -> HttpResponse:
    """Ask to be offered a time on a full day."""
    person: Any = request.user
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise rules.SlotTaken from None
    entry = waitinglist.join(
        person=person,
        mall=agencies.the_mall(),
        chosen=choices(request)["chosen"],
        day=day,
        actor=_actor(request),
        now=clock.now(),
        party=party_of(request),
    )
    return render(request, "visits/waiting_list.html", {"entry": entry})


@signed_in
@require_POST
def stop_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the waiting list of a day. Twice is once."""
    person: Any = request.user
    waitinglist.withdraw(entry=waitinglist.own(person, pk), actor=_actor(request), now=clock.now())
    messages.success(request, _("Anda keluar dari daftar tunggu."))
    return redirect("portal:mine")


def _show(request: HttpRequest, visit: Visit) -> HttpResponse:
    now = clock.now()
    found = readiness.of_visit(visit)
    errands = queries.errands(visit)
    context = {
        "visit": visit,
        "errands": [(e, found.get(e.pk)) for e in errands],
        "all_ready": all(r.good for r in found.values()),
        "again": "&".join(f"s={e.agency.code}/{e.service.code}" for e in errands),
        "ahead": visit.stage in AHEAD,
        "today": visit.day == agencies.calendar(visit.mall).local(now).date(),
        "late": rules.LATE,
    }
    if visit.stage == Stage.MISSED and visit.person_id:
        context["until"] = reminders.still_today(visit, now)
        context["short_until"] = slots.short_until(visit.person_id, visit.mall, now)
    return render(request, "visits/appointment.html", context)


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own appointment: when, where, the code, what is missing."""
    visit = queries.own(request.user, pk)
    if visit.stage in (Stage.ARRIVED, Stage.ENDED):
        return redirect("visits:show", secret=visit.secret)
    return _show(request, visit)


@signed_in
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another time; the old one stays until the new one is sure."""
    visit = queries.own(request.user, pk)
    if request.method == "POST":
        booking.move(visit=visit, starts_at=_moment(request), actor=_actor(request), now=clock.now())
        return redirect("visits:appointment", pk=pk)
    chosen = [e.service for e in queries.errands(visit)]
    return render(request, "visits/move.html", {"visit": visit, **_times(request, chosen, visit.party)})


@signed_in
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the time go."""
    booking.cancel(visit=queries.own(request.user, pk), actor=_actor(request), now=clock.now())
    return redirect("visits:appointment", pk=pk)


@signed_in
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I am coming, or I take the offered time."""
    booking.confirm(visit=queries.own(request.user, pk), actor=_actor(request), now=clock.now())
    return redirect("visits:appointment", pk=pk)


@signed_in
@require_POST
def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I am here: the number, on this phone."""
    visit = queries.own(request.user, pk)
    came = booking.check_in(
        mall=visit.mall, code=visit.code or "", entrance=DOOR, actor=_actor(request), now=clock.now()
    )
    return redirect("visits:show", secret=came.secret)


@public
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message: say that one comes, or cancel, without signing in."""
    visit = reminders.by_token(token)
    if request.method == "POST":
        actor = ActorRef("person", str(visit.person_id))
        act = booking.cancel if request.POST.get("answer") == "cancel" else booking.confirm
        visit = act(visit=visit, actor=actor, now=clock.now())
    context = {"visit": visit, "errands": queries.errands(visit), "ahead": visit.stage in AHEAD}
    return render(request, "visits/answer.html", context)


@public
def door(request: HttpRequest) -> HttpResponse:
    """The QR at the door: today's appointment is checked in with one tap, everybody else takes a number."""
    mall, now = agencies.the_mall(), clock.now()
    person: Any = request.user
    today = queries.today_of(person, mall, now) if person.is_authenticated else []
    held = [v for v in today if v.stage == Stage.ARRIVED and holding.holds(request, v)]
    context = {
        "coming": [v for v in today if v.stage in AHEAD],
        "held": held,
        "open_now": agencies.calendar(mall).is_open(now),
    }
    return render(request, "visits/door.html", context)
