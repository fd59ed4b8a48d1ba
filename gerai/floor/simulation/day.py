"""The day itself: visitors and officers act one after the other, each act one call of a real service."""

import heapq
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError
from gerai.floor import services
from gerai.floor.simulation import script
from gerai.floor.simulation.cast import SIMULATION, Doing, Officer
from gerai.floor.simulation.script import Visitor
from gerai.visits import closing
from gerai.visits import services as visits
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import LIVE, State

LOOKS = timedelta(minutes=5)  # how often an officer without work looks at the screen
LUNCH = timedelta(minutes=30)
OVERTIME = timedelta(minutes=60)  # after closing; who still waits then is told and goes home
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Guest:
    """Somebody in the mall. At a counter from the call on; `gone` if they went home without a word."""

    visitor: Visitor
    visit: Visit
    at_counter: bool = False
    gone: bool = False


class Day:
    """
    A day that can be played once.

    `pace` is called with the moment of each event before it happens: it may wait. Services get that moment as `now`.
    """

    def __init__(
        self,
        *,
        mall: Mall,
        visitors: Sequence[Visitor],
        offered: Sequence[Service],
        officers: Sequence[Officer],
        opens: datetime,
        closes: datetime,
        random: Random,
        pace: Callable[[datetime], None] = lambda when: None,
    ) -> None:
        self.mall, self.offered, self.officers = mall, offered, officers
        self.opens, self.closes, self.random, self.pace = opens, closes, random, pace
        self.now = self.began = opens - LOOKS
        self.expected = len(visitors)
        self.guests: dict[Any, Guest] = {}
        self.refused: Tally[str] = Tally()
        self.services = 0  # how many calls of services it took
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        agencies = sorted({service.agency_id for service in offered})
        self._speed = {agency: random.lognormvariate(0, script.PACE) for agency in agencies}
        self._minutes = {service.pk: service.counter_minutes for service in offered}
        for visitor in visitors:
            self._at(visitor.at, lambda v=visitor: self._arrive(v))  # type: ignore[misc]
        for place, officer in enumerate(officers):
            begins = opens - random.random() * LOOKS
            self._at(begins, lambda o=officer: self._sign_on(o))  # type: ignore[misc]
            noon = (
                opens + (closes - opens) * 4 / 7 + LUNCH * (place % 2)
            )  # half the team, then the other half
            self._at(noon, lambda o=officer: self._hungry(o))  # type: ignore[misc]
        self._at(opens + LOOKS, self._look)
        self._at(closes + OVERTIME, self._send_home)

    # -- the clock ------------------------------------------------------------------------------------------

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), act))

    def _in(self, low: float, high: float, act: Callable[[], None]) -> None:
        """Between so many seconds from now."""
        self._at(self.now + self.random.uniform(low, high) * SECOND, act)

    def _do(self, service: Callable[..., Any], **arguments: Any) -> Any:
        """Call a service at the present moment. A refusal is what a person would read: counted, and life goes on."""
        self.services += 1
        try:
            return service(**arguments, now=self.now)
        except DomainError as refusal:
            self.refused[refusal.code] += 1
            return None

    @property
    def length(self) -> timedelta:
        """How much of the day has been played."""
        return self.now - self.began

    def play(self) -> None:
        """From the first officer's coming until the last has gone and nobody is left in the mall."""
        while self._events:
            when, _, act = heapq.heappop(self._events)
            self.pace(when)
            self.now = when
            act()
        self._close()

    def stop(self) -> None:
        """End the day here and now: who is served is finished, who waits goes home, nobody is left in limbo."""
        self._events.clear()
        for officer in self.officers:
            officer.leaving = True
            for errand in officer.served:
                self._do(services.finish, person=officer.person, errand_id=errand)
            self._do(services.sign_off, person=officer.person)
        self._close()

    def _close(self) -> None:
        """As at the end of every day; on a day cut short the rest goes home by itself."""
        self._do(closing.close_day, mall=self.mall)
        for visit in Visit.objects.filter(pk__in=list(self.guests), ended_at=None).order_by("number"):
            self._do(visits.leave, visit=visit, actor=SIMULATION)

    # -- visitors -------------------------------------------------------------------------------------------

    def _arrive(self, visitor: Visitor) -> None:
        visit = self._do(
            visits.arrive,
            mall=self.mall,
            chosen=[self.offered[place] for place in visitor.chosen],
            entrance="A",
            actor=SIMULATION,
            priority=visitor.priority,
        )
        if visit is None:
            return
        guest = self.guests[visit.pk] = Guest(visitor, visit)
        if visitor.patience is not None:
            self._at(self.now + visitor.patience, lambda: self._lose_patience(guest))
        self._somebody_waits(visit.pk)

    def _lose_patience(self, guest: Guest) -> None:
        if not guest.at_counter and not guest.gone:
            guest.gone = True
            self._do(visits.leave, visit=guest.visit, actor=SIMULATION)

    def _somebody_waits(self, visit: Any) -> None:
        """Whoever has been free longest among the officers who serve the visit's live errand sees it on the screen."""
        waits = Errand.objects.filter(visit_id=visit, state=State.WAITING)
        agency = waits.values_list("agency_id", flat=True).first()
        free = [o for o in self.officers if o.doing == Doing.FREE and not o.woken and agency in o.agencies]
        if free:
            officer = min(free, key=lambda o: o.since or self.now)
            officer.woken = True
            self._in(1, 6, lambda: self._press(officer))

    # -- officers -------------------------------------------------------------------------------------------

    def _sign_on(self, officer: Officer) -> None:
        if self._do(services.sign_on, member=officer.member, counter_number=officer.counter):
            self._free(officer)

    def _free(self, officer: Officer) -> None:
        """Nobody is at the counter: eat, go home, or call the next."""
        officer.doing, officer.since, officer.woken = Doing.FREE, self.now, False
        if officer.leaving:
            self._sign_off(officer)
        elif officer.hungry:
            self._eat(officer)
        else:
            officer.woken = True
            self._in(2, 15, lambda: self._press(officer))

    def _press(self, officer: Officer) -> None:
        officer.woken = False
        if officer.doing != Doing.FREE:
            return
        errand = self._do(services.call_next, person=officer.person)
        if errand is None:
            if self.now >= self.closes:
                self._sign_off(officer)
            return
        officer.doing = Doing.BUSY
        officer.served = {errand.pk}
        guest = self.guests.get(errand.visit_id)
        if guest:
            guest.at_counter = True
        if guest and (guest.gone or self.random.random() < script.NOT_THERE):
            self._in(40, 70, lambda: self._recall(officer, errand, guest))
        else:
            self._in(10, 60, lambda: self._start(officer, errand))

    def _start(self, officer: Officer, errand: Errand) -> None:
        self._do(services.start, person=officer.person, errand_id=errand.pk)
        minutes = self._minutes.get(errand.service_id, 10) * self._speed.get(errand.agency_id, 1.0)
        took = script.duration(minutes, self.random)
        self._at(self.now + took, lambda: self._finish(officer, errand))

    def _finish(self, officer: Officer, errand: Errand) -> None:
        self._do(services.finish, person=officer.person, errand_id=errand.pk)
        self._leaves_counter(officer, errand)

    def _recall(self, officer: Officer, errand: Errand, guest: Guest) -> None:
        self._do(services.recall, person=officer.person, errand_id=errand.pk)
        self._in(40, 70, lambda: self._absent(officer, errand, guest))

    def _absent(self, officer: Officer, errand: Errand, guest: Guest) -> None:
        self._do(services.absent, person=officer.person, errand_id=errand.pk)
        self._leaves_counter(officer, errand)
        if not guest.gone and self.random.random() < script.COMES_BACK:
            self._in(120, 720, lambda: self._come_back(officer, errand))
        else:
            guest.gone = True

    def _come_back(self, officer: Officer, errand: Errand) -> None:
        elsewhere = Errand.objects.filter(visit_id=errand.visit_id, state__in=LIVE).exists()
        if (
            officer.doing == Doing.AWAY or elsewhere
        ):  # nobody there to ask, or their next errand is called by now
            return
        self._do(services.come_back, person=officer.person, errand_id=errand.pk)
        self._somebody_waits(errand.visit_id)

    def _leaves_counter(self, officer: Officer, errand: Errand) -> None:
        officer.served = set()
        guest = self.guests.get(errand.visit_id)
        if guest:
            guest.at_counter = False
        self._somebody_waits(errand.visit_id)
        self._free(officer)

    def _hungry(self, officer: Officer) -> None:
        officer.hungry = True
        if officer.doing == Doing.FREE:
            self._eat(officer)

    def _eat(self, officer: Officer) -> None:
        officer.doing, officer.hungry = Doing.EATING, False
        self._do(services.pause, person=officer.person)
        self._at(self.now + LUNCH, lambda: self._back_from_lunch(officer))

    def _back_from_lunch(self, officer: Officer) -> None:
        if officer.doing == Doing.EATING:
            self._do(services.pause, person=officer.person)
            self._free(officer)

    def _look(self) -> None:
        """Whoever has nothing to do sees on the screen whether somebody waits after all; after closing they go."""
        waiting = Errand.objects.filter(mall=self.mall, state=State.WAITING)
        wanted = set(waiting.values_list("agency_id", flat=True).distinct())
        for officer in self.officers:
            if officer.doing == Doing.FREE and not officer.woken:
                if wanted & officer.agencies:
                    self._press(officer)
                elif self.now >= self.closes:
                    self._sign_off(officer)
        if self.now < self.closes + OVERTIME:
            self._at(self.now + LOOKS, self._look)

    def _send_home(self) -> None:
        for officer in self.officers:
            officer.leaving = True
            if officer.doing in (Doing.FREE, Doing.EATING):
                self._sign_off(officer)

    def _sign_off(self, officer: Officer) -> None:
        officer.doing = Doing.AWAY
        self._do(services.sign_off, person=officer.person)
