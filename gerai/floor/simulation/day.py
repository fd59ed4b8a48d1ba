"""The day itself: visitors and officers act one after the other, each act one call of a real service."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from gerai.agencies.models import Mall, Membership
from gerai.catalogue.models import Service
from gerai.floor import services
from gerai.floor.simulation import script
from gerai.floor.simulation.cast import SIMULATION, Doing, Officer
from gerai.floor.simulation.course import Course
from gerai.floor.simulation.detours import Detours
from gerai.floor.simulation.guests import Guest, Guests
from gerai.floor.simulation.script import Visitor
from gerai.floor.simulation.tickets import Tickets
from gerai.visits import booking, closing
from gerai.visits import services as visits
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import AHEAD, LIVE, State

LOOKS = timedelta(minutes=5)  # how often an officer without work looks at the screen
LUNCH = timedelta(minutes=30)
OVERTIME = timedelta(minutes=60)  # after closing; who still waits then is told and goes home


class Day:
    """A day that can be played once. `pace` may wait before each event: see `Course`."""

    def __init__(
        self,
        *,
        mall: Mall,
        visitors: Sequence[Visitor],
        offered: Sequence[Service],
        officers: Sequence[Officer],
        stand_ins: Sequence[Membership],
        opens: datetime,
        closes: datetime,
        random: Random,
        pace: Callable[[datetime], None] = lambda when: None,
    ) -> None:
        self.mall, self.officers, self.opens, self.closes = mall, officers, opens, closes
        self.expected = len(visitors)
        self.course = course = Course(random, opens - LOOKS, pace)
        agencies = sorted({service.agency_id for service in offered})
        self._speed = {agency: random.lognormvariate(0, script.PACE) for agency in agencies}
        self._minutes = {service.pk: service.counter_minutes for service in offered}
        self.guests = Guests(
            course=course,
            mall=mall,
            offered=offered,
            visitors=visitors,
            opens=opens,
            came=self._somebody_came,
        )
        self.tickets = Tickets(course=course, offered=offered, closes=closes, waits=self._somebody_waits)
        self.detours = Detours(
            course=course,
            mall=mall,
            offered=offered,
            stand_ins=stand_ins,
            closes=closes,
            free=self._free,
            finish=self._finish,
        )
        for place, officer in enumerate(officers):
            begins = opens - random.random() * LOOKS
            course.at(begins, lambda o=officer: self._sign_on(o))  # type: ignore[misc]
            noon = (
                opens + (closes - opens) * 4 / 7 + LUNCH * (place % 2)
            )  # half the team, then the other half
            course.at(noon, lambda o=officer: self._hungry(o))  # type: ignore[misc]
        course.at(opens + LOOKS, self._look)
        course.at(closes + OVERTIME, self._send_home)

    @property
    def refused(self) -> Counter[str]:
        """How often which refusal was met."""
        return self.course.refused

    @property
    def length(self) -> timedelta:
        """How much of the mall's day has been played, from the first officer's coming."""
        return max(timedelta(0), self.course.now - self.course.begins)

    def play(self) -> None:
        """From the first booking until the last officer has gone and nobody is left in the mall."""
        self.course.run()
        self._close()

    def stop(self) -> None:
        """End the day here and now: who is served is finished, who waits goes home, nobody is left in limbo."""
        self.course.forget()
        for officer in self.officers:
            officer.leaving = True
            for errand in officer.served:
                self.course.do(services.finish, person=officer.person, errand_id=errand)
            for errand in sorted(officer.parked):
                self.course.do(services.resume, person=officer.person, errand_id=errand)
                self.course.do(services.finish, person=officer.person, errand_id=errand)
            self.course.do(services.sign_off, person=officer.person)
        self._close()

    def _close(self) -> None:
        """As at the end of every day; on a day cut short the rest goes home by itself."""
        self.course.do(closing.close_day, mall=self.mall)
        for visit in Visit.objects.filter(pk__in=list(self.guests.present), ended_at=None).order_by("number"):
            self.course.do(visits.leave, visit=visit, actor=SIMULATION)
        for visit in Visit.objects.filter(pk__in=self.guests.booked, stage__in=AHEAD).order_by("pk"):
            self.course.do(booking.cancel, visit=visit, actor=SIMULATION)

    def _somebody_came(self, guest: Guest) -> None:
        self.tickets.taken(guest)
        self._somebody_waits(guest.visit.pk)

    def _somebody_waits(self, visit: Any) -> None:
        """Whoever has been free longest among the officers who serve the visit's live errand sees it on the screen."""
        waits = Errand.objects.filter(visit_id=visit, state=State.WAITING)
        agency = waits.values_list("agency_id", flat=True).first()
        free = [o for o in self.officers if o.doing == Doing.FREE and not o.woken and agency in o.agencies]
        if free:
            officer = min(free, key=lambda o: o.since or self.course.now)
            officer.woken = True
            self.course.within(1, 6, lambda: self._press(officer))

    def _sign_on(self, officer: Officer) -> None:
        if self.course.do(services.sign_on, member=officer.member, counter_number=officer.counter):
            self._free(officer)

    def _free(self, officer: Officer) -> None:
        """Nobody is at the counter: go on with somebody parked, go home, eat, or call the next."""
        officer.doing, officer.since, officer.woken = Doing.FREE, self.course.now, False
        if self.detours.goes_on(officer):
            return
        if officer.leaving:
            self._sign_off(officer)
        elif officer.hungry:
            self._eat(officer)
        elif not self.detours.breathes(officer):
            officer.woken = True
            self.course.within(2, 15, lambda: self._press(officer))

    def _press(self, officer: Officer) -> None:
        officer.woken = False
        if officer.doing != Doing.FREE or officer.leaving:
            return
        errand = self.detours.out_of_turn(officer) or self.course.do(
            services.call_next, person=officer.person
        )
        if errand is None:
            if self.course.now >= self.closes:
                self._sign_off(officer)
            return
        officer.doing = Doing.BUSY
        officer.served = {errand.pk}
        guest = self.guests.present.get(errand.visit_id)
        if guest:
            guest.at_counter = True
        self.detours.slip(
            officer,
            errand,
            again=lambda: self._leaves_counter(officer, errand),
            on=lambda: self._comes(officer, errand, guest),
        )

    def _comes(self, officer: Officer, errand: Errand, guest: Guest | None) -> None:
        """Whoever was called comes to the counter, or does not."""
        if guest and (guest.gone or self.course.chance(script.NOT_THERE)):
            self.course.within(40, 70, lambda: self._recall(officer, errand, guest))
        else:
            self.course.within(10, 60, lambda: self._is_there(officer, errand, guest))

    def _is_there(self, officer: Officer, errand: Errand, guest: Guest | None) -> None:
        if self.detours.lacks_proof(officer, errand, guest):
            self._leaves_counter(officer, errand)
        else:
            self._start(officer, errand)

    def _start(self, officer: Officer, errand: Errand) -> None:
        self.course.do(services.start, person=officer.person, errand_id=errand.pk)
        self.detours.slip(
            officer,
            errand,
            again=lambda: self.course.within(3, 20, lambda: self._start(officer, errand)),
            on=lambda: self._serve(officer, errand),
        )

    def _serve(self, officer: Officer, errand: Errand) -> None:
        minutes = self._minutes.get(errand.service_id, 10) * self._speed.get(errand.agency_id, 1.0)
        took = script.duration(minutes * errand.party, self.course.random)  # a group takes its time
        if not self.detours.parks(officer, errand, took):
            self.course.at(self.course.now + took, lambda: self._finish(officer, errand))

    def _finish(self, officer: Officer, errand: Errand) -> None:
        if self.detours.sends_on(officer, errand):
            self._leaves_counter(officer, errand)
            return
        self.detours.ends(officer, errand)
        self.detours.slip(
            officer,
            errand,
            again=lambda: self.course.within(20, 90, lambda: self._finish(officer, errand)),
            on=lambda: self._leaves_counter(officer, errand),
        )

    def _recall(self, officer: Officer, errand: Errand, guest: Guest) -> None:
        self.course.do(services.recall, person=officer.person, errand_id=errand.pk)
        self.course.within(40, 70, lambda: self._absent(officer, errand, guest))

    def _absent(self, officer: Officer, errand: Errand, guest: Guest) -> None:
        self.course.do(services.absent, person=officer.person, errand_id=errand.pk)
        self._leaves_counter(officer, errand)
        if not guest.gone and self.course.chance(script.COMES_BACK):
            self.course.within(120, 720, lambda: self._come_back(officer, errand))
        else:
            guest.gone = True

    def _come_back(self, officer: Officer, errand: Errand) -> None:
        elsewhere = Errand.objects.filter(visit_id=errand.visit_id, state__in=LIVE).exists()
        if (
            officer.doing == Doing.AWAY or elsewhere
        ):  # nobody there to ask, or their next errand is called by now
            return
        self.course.do(services.come_back, person=officer.person, errand_id=errand.pk)
        self._somebody_waits(errand.visit_id)

    def _leaves_counter(self, officer: Officer, errand: Errand) -> None:
        officer.served = set()
        guest = self.guests.present.get(errand.visit_id)
        if guest:
            guest.at_counter = False
        self._somebody_waits(errand.visit_id)
        self._free(officer)

    def _hungry(self, officer: Officer) -> None:
        if self.detours.relieved(officer, LUNCH):
            return
        officer.hungry = True
        if officer.doing == Doing.FREE:
            self._eat(officer)

    def _eat(self, officer: Officer) -> None:
        officer.hungry = False
        self.detours.pause(officer, "meal", LUNCH)

    def _look(self) -> None:
        """Whoever has nothing to do sees on the screen whether somebody waits after all; after closing they go."""
        waiting = Errand.objects.filter(mall=self.mall, state=State.WAITING)
        wanted = set(waiting.values_list("agency_id", flat=True).distinct())
        for officer in self.officers:
            if officer.doing == Doing.FREE and not officer.woken:
                if wanted & officer.agencies:
                    self._press(officer)
                elif self.course.now >= self.closes:
                    self._sign_off(officer)
        if self.course.now < self.closes + OVERTIME:
            self.course.at(self.course.now + LOOKS, self._look)

    def _send_home(self) -> None:
        for officer in self.officers:
            officer.leaving = True
            if officer.doing in (Doing.FREE, Doing.PAUSING):
                self._sign_off(officer)

    def _sign_off(self, officer: Officer) -> None:
        """Go home; not before who is parked here has come back and is finished."""
        if officer.parked:
            return
        officer.doing = Doing.AWAY
        self.course.do(services.sign_off, person=officer.person)
