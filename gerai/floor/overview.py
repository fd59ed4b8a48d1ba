"""The floor now, for who runs it: every queue and counter, what is wrong, what was done. Reads only.

An agency's administrator sees the same picture, cut to the agency.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies.models import Agency, Counter, CounterLoan, Mall, Membership, RosterDay
from gerai.catalogue import queries as catalogue
from gerai.core.dates import WEEKDAYS
from gerai.core.errors import NotFound
from gerai.floor import absent, calling_in, hall, outlook, queries, rules
from gerai.floor.models import Advice, Device, Duty
from gerai.ledger.models import Entry
from gerai.visits import queries as visits
from gerai.visits import since, slots
from gerai.visits.models import Closure, Errand
from gerai.visits.rules import State

TOO_LONG = timedelta(minutes=15)
OUT_OF_ORDER = "floor.called_out_of_order"


@dataclass(slots=True)
class Place:
    """One counter now: who sits there since when, whether it pauses, whom it serves."""

    counter: Counter
    duty: Duty | None = None
    errand: Errand | None = None
    guests: list[CounterLoan] = field(default_factory=list)

    @property
    def agencies(self) -> list[Agency]:
        """Whose queues it calls from."""
        return list(self.counter.agencies.all())


def places(mall: Mall, agency: Agency | None = None) -> list[Place]:
    """Every counter (of an agency) with what happens there."""
    found = agencies.counters(mall)
    if agency:
        # Through the ids: a filter on `agencies` would hide the counter's other tenants.
        found = found.filter(pk__in=agency.counters.values("pk"))
    rows = {c.pk: Place(c) for c in found}
    for duty in Duty.objects.filter(mall=mall, closed_at=None).select_related("person"):
        if row := rows.get(duty.counter_id):
            row.duty = duty
    at_counters = Errand.objects.filter(mall=mall, state__in=[State.CALLED, State.SERVING])
    for errand in at_counters.select_related("visit"):
        if row := rows.get(errand.counter_id or 0):
            row.errand = errand
    for loan in roster.loans(mall):
        if row := rows.get(loan.counter_id):
            row.guests.append(loan)
    return list(rows.values())


def now(mall: Mall, now: datetime, agency: Agency | None = None) -> dict[str, Any]:
    """All that the first screen shows."""
    lines = [one for one in outlook.of(mall, now) if agency is None or one.agency.pk == agency.pk]
    lines.sort(key=lambda one: (-one.wait, -len(one.waiting), one.agency.code))
    mine = Q(agency=agency) if agency else Q()
    waiting = Errand.objects.filter(mine, mall=mall, state=State.WAITING)
    day = agencies.calendar(mall).local(now).date()
    late = waiting.annotate(since=since.SINCE).filter(since__lt=now - TOO_LONG, visit__day=day)
    overrun = [one for one in lines if one.overrun]
    missing = absent.by_kind(mall, lines, now)
    shut = [c for c in visits.closures(mall, day) if agency is None or c.agency_id == agency.pk]
    advice = Advice.objects.filter(mine, mall=mall, ended_at=None).select_related("agency").order_by("-wait")
    silent = [] if agency else silent_machines(mall, now)
    given = [_beside(one) for one in advice]
    return {
        "lines": [one for one in lines if one.waiting or one.open or one.paused],
        "still": sum(1 for one in lines if not (one.waiting or one.open or one.paused)),
        "waiting": sum(len(one.waiting) for one in lines),
        "advice": given,
        "late": list(late.select_related("visit", "agency", "service").order_by("since")[:5]),
        "late_count": late.count(),
        "absent": missing,
        "overrun": overrun,
        "silent": silent,
        "closures": shut,
        "places": [p for p in places(mall, agency) if p.duty or p.guests],
        "open_now": agencies.calendar(mall).is_open(now),
        "played": queries.is_played(mall),
        "count": len(given)
        + bool(late.count())
        + bool(overrun)
        + sum(map(bool, missing.values()))
        + bool(silent),
    }


def _beside(advice: Advice) -> dict[str, Any]:
    """Advice with who is asked to come; and who would be, if nobody is."""
    call = _asked(advice)
    following = calling_in.next_person(advice) if advice.kind == "open" and call is None else None
    return {"advice": advice, "call": call, "next": following}


def _asked(advice: Advice) -> Any:
    """Who is being asked to come, or is coming."""
    return advice.calls.select_related("person").exclude(answer__in=["no", "silent"]).order_by("-id").first()


def silent_machines(mall: Mall, now: datetime) -> list[Device]:
    """Boards and kiosks that have not been heard from, and machines that report trouble."""
    quiet = Q(kind__in=hall.BOXES) & (Q(seen_at=None) | Q(seen_at__lt=now - hall.SILENT))
    found = Device.objects.filter(quiet | ~Q(trouble=""), mall=mall, revoked_at=None)
    return list(found.order_by("name"))


def history(mall: Mall, now: datetime, agency: Agency | None = None) -> dict[str, Any]:
    """What was done today: advice and its effect, numbers called out of order, loans."""
    here = agencies.calendar(mall).local(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Q(agency=agency) if agency else Q()
    past = Advice.objects.filter(mine, mall=mall, made_at__gte=midnight, ended_at__isnull=False)
    entries = Entry.objects.filter(mall=mall.pk, kind=OUT_OF_ORDER, at__gte=midnight)
    if agency:
        entries = entries.filter(data__agency=agency.code)
    return {
        "past": list(past.select_related("agency").order_by("-made_at")[:12]),
        "out_of_order": list(entries.order_by("-at")[:20]),
        "reasons": rules.OUT_OF_ORDER,
        "loans": [n for n in roster.loans(mall) if agency is None or n.agency_id == agency.pk],
    }


def choices(mall: Mall, agency: Agency | None = None) -> dict[str, Any]:
    """What the forms offer: free counters, officers who are free, officers at work, agencies."""
    all_places = places(mall, agency)
    return {
        "free": [p for p in all_places if p.duty is None],
        "manned": [p for p in all_places if p.duty is not None],
        "officers": free_officers(mall, agency),
        "agencies": [agency] if agency else list(agencies.agencies(mall)),
        "services": catalogue.published(mall, agency.code if agency else None),
    }


def free_officers(mall: Mall, agency: Agency | None = None) -> list[Membership]:
    """Counter officers (of an agency) who are at no counter."""
    found = Membership.objects.filter(
        mall=mall, role__in=queries.OFFICERS, active=True, person__is_active=True
    )
    if agency:
        found = found.filter(agency=agency)
    working = Duty.objects.filter(mall=mall, closed_at=None).values("person")
    return list(
        found.exclude(person__in=working)
        .select_related("person", "agency")
        .order_by("agency__code", "person__name")
    )


def place(mall: Mall, number: int, agency: Agency | None = None) -> Place:
    """
    One counter by its number, if it is the agency's.

    :raises NotFound: if there is none
    """
    found = next((p for p in places(mall, agency) if p.counter.number == number), None)
    if found is None:
        raise NotFound
    return found


def advice(mall: Mall, pk: int, agency: Agency | None = None) -> Advice:
    """
    One advice, if it is the agency's.

    :raises NotFound: if there is none
    """
    mine = Q(agency=agency) if agency else Q()
    found = Advice.objects.filter(mine, mall=mall, pk=pk).select_related("agency", "mall").first()
    if found is None:
        raise NotFound
    return found


def closure(mall: Mall, pk: int, agency: Agency | None = None) -> Closure:
    """
    One closure, if it is the agency's.

    :raises NotFound: if there is none
    """
    mine = Q(agency=agency) if agency else Q()
    found = Closure.objects.filter(mine, mall=mall, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def loan(mall: Mall, pk: int) -> CounterLoan:
    """
    One loan of a counter.

    :raises NotFound: if there is none
    """
    found = CounterLoan.objects.filter(mall=mall, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def roster_of(agency: Agency) -> dict[str, Any]:
    """The agency's roster as a table: half hours down, weekdays across, with what can be booked; who is on call."""
    stored = {row.weekday: row for row in RosterDay.objects.filter(agency=agency)}
    most = roster.most_bookable(agency)
    shared = slots.usual_minutes(agency)
    days = [weekday for weekday in range(7) if roster.slots_of(agency, weekday)]
    columns = []
    for weekday in days:
        row = stored.get(weekday)
        cells: list[dict[str, Any]] = [
            {
                "half": half,
                "counters": row.counters.get(half, 0) if row else 0,
                "expected": row.expected.get(half) if row else None,
                "bookable": row.bookable.get(half, shared) if row else shared,
                "could_book": row.could_book.get(half) if row else None,
            }
            for half in roster.slots_of(agency, weekday)
        ]
        columns.append(
            {
                "weekday": weekday,
                "name": WEEKDAYS[weekday],
                "cells": cells,
                "proposed": row is None or row.proposed,
                "decided": bool(row and row.bookable),
                "booked_now": sum(cell["bookable"] for cell in cells),
                "booked_then": sum(cell["could_book"] or 0 for cell in cells),
                "advised": bool(row and row.could_book and row.could_book != row.bookable),
            }
        )
    listed = roster.on_call(agency)
    taken = {row.person_id for row in listed}
    return {
        "columns": columns,
        "most": agency.counters.count(),
        "most_bookable": most,
        "on_call": listed,
        "could": [m.person for m in roster.officers(agency) if m.person.phone and m.person_id not in taken],
    }


def could_book(agency: Agency, weekday: int) -> dict[str, int]:
    """
    What the forecast advises on bookings of a weekday.

    :raises NotFound: if it has not advised anything yet
    """
    row = RosterDay.objects.filter(agency=agency, weekday=weekday).exclude(could_book={}).first()
    if row is None:
        raise NotFound
    return dict(row.could_book)
