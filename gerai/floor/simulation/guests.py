"""The visitors of a simulated day: they book the evening before or just come, and some do not wait or do not come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gerai.accounts import queries as people
from gerai.accounts import services as accounts
from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.floor import rules
from gerai.floor.simulation.cast import SIMULATION
from gerai.floor.simulation.course import Course
from gerai.floor.simulation.script import CANCELS, MISSES, Visitor
from gerai.visits import booking, slots
from gerai.visits import services as visits
from gerai.visits.models import Visit

ENTRANCE = "A"
EVENING = timedelta(hours=14)  # before the mall opens


@dataclass(slots=True)
class Guest:
    """Somebody in the mall. At a counter from the call on; `gone` if they went home without a word."""

    visitor: Visitor
    visit: Visit
    at_counter: bool = False
    gone: bool = False
    asked: bool = False  # for the proof of a priority


class Guests:
    """All visitors of the day; `came` is told each who has just joined a queue."""

    def __init__(
        self,
        *,
        course: Course,
        mall: Mall,
        offered: Sequence[Service],
        visitors: Sequence[Visitor],
        opens: datetime,
        came: Callable[[Guest], None],
    ) -> None:
        self.course, self.mall, self.offered, self.came = course, mall, offered, came
        self.day = agencies.calendar(mall).local(opens).date()
        self.present: dict[Any, Guest] = {}
        self.booked: list[Any] = []
        for number, visitor in enumerate(visitors):
            if visitor.books:
                evening = opens - EVENING + timedelta(minutes=120 * number / len(visitors))
                course.at(evening, lambda n=number, v=visitor: self._book(n, v))  # type: ignore[misc]
            else:
                course.at(visitor.at, lambda v=visitor: self._arrive(v))  # type: ignore[misc]

    def _chosen(self, visitor: Visitor) -> list[Service]:
        return [self.offered[place] for place in visitor.chosen]

    def _book(self, number: int, visitor: Visitor) -> None:
        """The free time nearest to when they would have come; without one they just come."""
        chosen = self._chosen(visitor)
        free = slots.options(chosen, self.day, visitor.party, self.course.now)
        if not free:
            self.course.at(visitor.at, lambda: self._arrive(visitor))
            return
        visit = self.course.do(
            booking.book,
            person=self._account(number),
            mall=self.mall,
            chosen=chosen,
            starts_at=min(free, key=lambda option: abs(option.starts_at - visitor.at)).starts_at,
            actor=SIMULATION,
            priority=visitor.priority,
            party=visitor.party,
            company=visitor.company,
            language=visitor.language,
        )
        if visit is None:
            return
        self.booked.append(visit.pk)
        if self.course.chance(CANCELS):
            self.course.within(
                3600, 36000, lambda: self.course.do(booking.cancel, visit=visit, actor=SIMULATION)
            )
        elif not self.course.chance(MISSES):
            minutes = self.course.random.uniform(-12, 6)
            self.course.at(visit.slot_at + timedelta(minutes=minutes), lambda: self._check_in(visitor, visit))

    def _account(self, number: int) -> Any:
        email = f"tamu{number}.{self.mall.code.lower()}{rules.SIMULATED}"
        return people.by_contact(email) or accounts.register(
            mall=self.mall.code,
            name=f"Tamu simulasi {number}",
            nik=f"177101020180{number % 9999 + 1:04}",  # of the form of a NIK, of nobody
            email=email,
            now=self.course.now,
            by=SIMULATION,
        )

    def _check_in(self, visitor: Visitor, visit: Visit) -> None:
        came = self.course.do(
            booking.check_in, mall=self.mall, code=visit.code, entrance=ENTRANCE, actor=SIMULATION
        )
        self._is_here(visitor, came)

    def _arrive(self, visitor: Visitor) -> None:
        visit = self.course.do(
            visits.arrive,
            mall=self.mall,
            chosen=self._chosen(visitor),
            entrance=ENTRANCE,
            actor=SIMULATION,
            priority=visitor.priority,
            party=visitor.party,
            company=visitor.company,
            language=visitor.language,
        )
        self._is_here(visitor, visit)

    def _is_here(self, visitor: Visitor, visit: Visit | None) -> None:
        if visit is None:
            return
        guest = self.present[visit.pk] = Guest(visitor, visit)
        if visitor.patience is not None:
            self.course.at(self.course.now + visitor.patience, lambda: self._lose_patience(guest))
        self.came(guest)

    def _lose_patience(self, guest: Guest) -> None:
        if not guest.at_counter and not guest.gone:
            guest.gone = True
            self.course.do(visits.leave, visit=guest.visit, actor=SIMULATION)
