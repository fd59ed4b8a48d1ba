"""The officers of a simulated day, made through the same services as anybody, with no password to sign in by."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gerai.accounts import queries as people
from gerai.accounts import services as accounts
from gerai.agencies import queries as agencies
from gerai.agencies import services as roles
from gerai.agencies.models import Agency, Mall, Membership
from gerai.floor import rules
from gerai.floor.models import Duty
from gerai.ledger.rules import ActorRef
from gerai.visits.models import Errand

SIMULATION = ActorRef("system", "simulation")


class Doing(StrEnum):
    """What a simulated officer does now."""

    AWAY = "away"  # not signed on yet, or home again
    FREE = "free"
    BUSY = "busy"
    PAUSING = "pausing"


@dataclass(slots=True)
class Officer:
    """A simulated officer, the counter that they take and the agencies that it serves. A stand-in may take over."""

    member: Membership  # who is at the counter now
    counter: int
    agencies: frozenset[int]
    doing: Doing = Doing.AWAY
    since: datetime | None = None  # free since then
    hungry: bool = False
    woken: bool = False  # has seen that somebody waits, and is about to press
    leaving: bool = False
    served: set[int] = field(default_factory=set)
    # Errands begun here whose visitor has gone to fetch something; who is back with it, and how long it takes yet.
    parked: set[int] = field(default_factory=set)
    back: list[tuple[Errand, timedelta]] = field(default_factory=list)

    @property
    def person(self) -> Any:
        """The account."""
        return self.member.person


def officers(*, mall: Mall, now: datetime, limit: int | None = None, spare: bool = False) -> list[Officer]:
    """
    An officer for every counter that nobody holds now and that serves an agency; those of an earlier day return.

    `spare`: where an agency has several, its last counter stays free, for whoever wants to try it.
    """
    held = set(Duty.objects.filter(mall=mall, closed_at=None).values_list("counter_id", flat=True))
    served = {
        counter: sorted((agency for agency in counter.agencies.all() if agency.live_at), key=lambda a: a.code)
        for counter in agencies.counters(mall)
    }
    last = {its[0].pk: counter for counter, its in served.items() if its and spare}
    several = Tally(its[0].pk for its in served.values() if its)
    kept = {counter.pk for agency, counter in last.items() if several[agency] > 1}
    found: list[Officer] = []
    for counter, its in served.items():
        if counter.pk in held | kept or not its or (limit is not None and len(found) >= limit):
            continue
        member = _member(
            mall=mall,
            agency=its[0],
            name=f"Petugas simulasi {counter.number}",
            nik=f"1771010101809{counter.number:03}",
            mailbox=f"loket{counter.number}",
            now=now,
        )
        found.append(Officer(member, counter.number, frozenset(agency.pk for agency in its)))
    return found


def stand_ins(*, mall: Mall, officers: Sequence[Officer], now: datetime) -> list[Membership]:
    """Somebody for each agency of these officers who is at no counter now; those of an earlier day return."""
    busy = set(Duty.objects.filter(mall=mall, closed_at=None).values_list("person_id", flat=True))
    first: dict[Agency, int] = {}  # the number of its first counter names them
    for officer in officers:
        if officer.member.agency:
            first.setdefault(officer.member.agency, officer.counter)
    found = [
        _member(
            mall=mall,
            agency=agency,
            name=f"Pengganti simulasi {number}",
            nik=f"1771010101808{number:03}",
            mailbox=f"pengganti{number}",
            now=now,
        )
        for agency, number in first.items()
    ]
    return [member for member in found if member.person_id not in busy]


def _member(*, mall: Mall, agency: Agency, name: str, nik: str, mailbox: str, now: datetime) -> Membership:
    """An officer of an agency. The number has the form of a NIK and is of nobody."""
    email = f"{mailbox}.{mall.code.lower()}{rules.SIMULATED}"
    person = people.by_contact(email) or accounts.register(
        mall=mall.code, name=name, nik=nik, email=email, now=now, by=SIMULATION
    )
    return roles.give_role(
        mall=mall, person=person, role="counter_officer", agency=agency, actor=SIMULATION, now=now
    )
