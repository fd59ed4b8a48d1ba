"""The officers of a simulated day, made through the same services as anybody, with no password to sign in by."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from gerai.accounts import queries as people
from gerai.accounts import services as accounts
from gerai.agencies import queries as agencies
from gerai.agencies import services as roles
from gerai.agencies.models import Mall, Membership
from gerai.floor.models import Duty
from gerai.ledger.rules import ActorRef

SIMULATION = ActorRef("system", "simulation")


class Doing(StrEnum):
    """What a simulated officer does now."""

    AWAY = "away"  # not signed on yet, or home again
    FREE = "free"
    BUSY = "busy"
    EATING = "eating"


@dataclass(slots=True)
class Officer:
    """A simulated officer, the counter that they take and the agencies that it serves."""

    member: Membership
    counter: int
    agencies: frozenset[int]
    doing: Doing = Doing.AWAY
    since: datetime | None = None  # free since then
    hungry: bool = False
    woken: bool = False  # has seen that somebody waits, and is about to press
    leaving: bool = False
    served: set[int] = field(default_factory=set)

    @property
    def person(self) -> Any:
        """The account."""
        return self.member.person


def officers(*, mall: Mall, now: datetime, limit: int | None = None) -> list[Officer]:
    """An officer for every counter that nobody holds now and that serves an agency; those of an earlier day return."""
    held = set(Duty.objects.filter(mall=mall, closed_at=None).values_list("counter_id", flat=True))
    found: list[Officer] = []
    for counter in agencies.counters(mall):
        its = sorted((agency for agency in counter.agencies.all() if agency.live_at), key=lambda a: a.code)
        if counter.pk in held or not its or (limit is not None and len(found) >= limit):
            continue
        email = f"loket{counter.number}.{mall.code.lower()}@simulasi.example"
        person = people.by_contact(email) or accounts.register(
            mall=mall.code,
            name=f"Petugas simulasi {counter.number}",
            nik=f"1771010101809{counter.number:03}",  # of the form of a NIK, of nobody
            email=email,
            now=now,
            by=SIMULATION,
        )
        member = roles.give_role(
            mall=mall, person=person, role="counter_officer", agency=its[0], actor=SIMULATION, now=now
        )
        found.append(Officer(member, counter.number, frozenset(agency.pk for agency in its)))
    return found
