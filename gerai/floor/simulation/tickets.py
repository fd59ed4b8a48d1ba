"""What simulated visitors change about their own ticket: a break, one errand more or less, another order."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from gerai.catalogue.models import Service
from gerai.floor.simulation import script
from gerai.floor.simulation.cast import SIMULATION
from gerai.floor.simulation.course import Course
from gerai.floor.simulation.guests import Guest
from gerai.visits import ticket
from gerai.visits.models import Errand
from gerai.visits.rules import State


class Tickets:
    """Some of the visitors change their mind while they wait; `waits` is told the visit of who can be called then."""

    def __init__(
        self, *, course: Course, offered: Sequence[Service], closes: datetime, waits: Callable[[Any], None]
    ) -> None:
        self.course, self.offered, self.closes, self.waits = course, offered, closes, waits

    def taken(self, guest: Guest) -> None:
        """Somebody has just got a number: draw what they will want, if they still wait then."""
        several = len(guest.visitor.chosen) > 1
        if self.course.chance(script.PRAY):
            self.course.within(30, 300, lambda: self._goes_to_pray(guest))
        if self.course.chance(script.WANT_MORE):
            self.course.within(60, 900, lambda: self._wants_more(guest))
        if several and self.course.chance(script.REORDER):
            self.course.within(30, 300, lambda: self._wants_another_first(guest))
        if several and self.course.chance(script.DROP):
            self.course.within(60, 900, lambda: self._wants_less(guest))

    def _open(self, guest: Guest) -> list[Errand]:
        """What nobody has begun with, in its order. Nothing for who is at a counter: they do not look at the phone."""
        if guest.at_counter or guest.gone:
            return []
        found = Errand.objects.filter(visit=guest.visit.pk, state__in=ticket.OPEN)
        return list(found.order_by("sequence", "pk"))

    def _waits(self, guest: Guest) -> bool:
        return any(errand.state == State.WAITING for errand in self._open(guest))

    def _goes_to_pray(self, guest: Guest) -> None:
        minutes = self.course.random.choice(script.BREAKS)
        if self.course.now + timedelta(minutes=minutes) > self.closes or not self._waits(guest):
            return
        self.course.do(ticket.pause, visit=guest.visit, minutes=minutes, actor=SIMULATION)
        if self.course.chance(script.BACK_EARLY):
            self.course.within(20 * minutes, 55 * minutes, lambda: self._is_back_early(guest))
        else:  # the break ends by itself
            self.course.within(60 * minutes, 60 * minutes + 30, lambda: self.waits(guest.visit.pk))

    def _is_back_early(self, guest: Guest) -> None:
        if self._waits(guest):
            self.course.do(ticket.pause, visit=guest.visit, minutes=0, actor=SIMULATION)
            self.waits(guest.visit.pk)

    def _wants_more(self, guest: Guest) -> None:
        if self.course.now > self.closes - script.LAST_NUMBER or not self._open(guest):
            return
        own = set(Errand.objects.filter(visit=guest.visit.pk).values_list("service_id", flat=True))
        others = [service for service in self.offered if service.pk not in own]
        if others:
            service = self.course.random.choice(others)
            self.course.do(ticket.add, visit=guest.visit, service=service, actor=SIMULATION)
            self.waits(guest.visit.pk)

    def _wants_another_first(self, guest: Guest) -> None:
        left = self._open(guest)
        if len(left) > 1:
            self.course.do(ticket.go_first, visit=guest.visit, errand_id=left[-1].pk, actor=SIMULATION)
            self.waits(guest.visit.pk)

    def _wants_less(self, guest: Guest) -> None:
        left = self._open(guest)
        if len(left) > 1:
            self.course.do(ticket.drop, visit=guest.visit, errand_id=left[-1].pk, actor=SIMULATION)
            self.waits(guest.visit.pk)
