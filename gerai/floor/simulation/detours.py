"""What simulated officers do besides calling, serving and finishing: the rest of what a counter's screen offers."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gerai.agencies.models import Mall, Membership
from gerai.catalogue.models import Service
from gerai.floor import queries, rules, services
from gerai.floor.simulation import script
from gerai.floor.simulation.cast import Doing, Officer
from gerai.floor.simulation.course import SECOND, Course
from gerai.floor.simulation.guests import Guest
from gerai.visits.models import Errand
from gerai.visits.rules import State

ELSEWHERE = (State.CALLED, State.SERVING, State.HELD)
SHORT_PAUSES = [reason for reason in rules.PAUSES if reason != "meal"]
NOTE = "Perlu layanan ini lebih dulu"
# What the visitor is told with each end, in the officer's words.
TOLD = {"done": "", "incomplete": "Bawa berkas aslinya", "referred": "Diurus di kantor pusat instansi"}


class Detours:
    """
    Each act is drawn where a person at the counter would come to it.

    `free` is called when nobody is at an officer's counter any more, `finish` to end an errand there.
    """

    def __init__(
        self,
        *,
        course: Course,
        mall: Mall,
        offered: Sequence[Service],
        stand_ins: Sequence[Membership],
        closes: datetime,
        free: Callable[[Officer], None],
        finish: Callable[[Officer, Errand], None],
    ) -> None:
        self.course, self.mall, self.offered, self.closes = course, mall, offered, closes
        self.free, self.finish = free, finish
        self._reserve = list(stand_ins)  # those at no counter

    # -- calling ------------------------------------------------------------------------------------------

    def out_of_turn(self, officer: Officer) -> Errand | None:
        """Perhaps call one of those whose turn is later, for a reason. Nobody who is on a break."""
        duty = queries.duty(officer.person) if self.course.chance(script.OUT_OF_TURN) else None
        if duty is None:
            return None
        here = queries.waiting(duty).exclude(visit__away_until__gt=self.course.now)
        later = [str(errand.visit) for errand in here[1:10]]
        if not later:
            return None
        called: Errand | None = self.course.do(
            services.call_number,
            person=officer.person,
            number=self.course.random.choice(later),
            reason=self.course.random.choice(list(rules.OUT_OF_ORDER)),
        )
        return called

    def lacks_proof(self, officer: Officer, errand: Errand, guest: Guest | None) -> bool:
        """Whether somebody called earlier cannot show why: they wait on by the time they came. Asked once a visit."""
        if guest is None or guest.asked or not guest.visitor.priority:
            return False
        guest.asked = True
        if not self.course.chance(script.NO_PROOF):
            return False
        return self.course.do(services.no_proof, person=officer.person, errand_id=errand.pk) is not None

    def ends(self, officer: Officer, errand: Errand) -> None:
        """Done, or the visitor must come back with something, or belongs elsewhere."""
        how = script.one_of(script.ENDS, self.course.random)
        here = {"person": officer.person, "errand_id": errand.pk}
        self.course.do(services.finish, **here, outcome=how, note=TOLD[how])

    # -- taking back --------------------------------------------------------------------------------------

    def slip(
        self, officer: Officer, errand: Errand, *, again: Callable[[], None], on: Callable[[], None]
    ) -> None:
        """Perhaps the last step was a mistake: then it is taken back and `again` follows; otherwise `on`."""
        if self.course.chance(script.SLIPS):
            self.course.within(3, 20, lambda: self._take_back(officer, errand, again, on))
        else:
            on()

    def _take_back(
        self, officer: Officer, errand: Errand, again: Callable[[], None], on: Callable[[], None]
    ) -> None:
        next_one = Errand.objects.filter(visit=errand.visit_id, state__in=ELSEWHERE).exclude(pk=errand.pk)
        step = queries.last_step(officer.person, self.mall.pk, self.course.now)
        # A stand-in who has come meanwhile takes back own steps only.
        mine = step if step and step.data["errand"] == errand.pk and not next_one.exists() else None
        undone = mine and self.course.do(services.undo, person=officer.person, step=mine.pk)
        (again if undone else on)()

    # -- parking ------------------------------------------------------------------------------------------

    def parks(self, officer: Officer, errand: Errand, took: timedelta) -> bool:
        """Whether something will be missing: the visitor fetches it, the counter serves others until they are back."""
        if not self.course.chance(script.PARKED):
            return False
        begun = took * self.course.random.uniform(0.2, 0.7)
        self.course.at(self.course.now + begun, lambda: self._park(officer, errand, took - begun))
        return True

    def _park(self, officer: Officer, errand: Errand, rest: timedelta) -> None:
        if self.course.do(services.hold, person=officer.person, errand_id=errand.pk) is None:
            self.course.at(self.course.now + rest, lambda: self.finish(officer, errand))
            return
        officer.served.discard(errand.pk)
        officer.parked.add(errand.pk)
        self.course.within(*script.FETCHING, lambda: self._has_fetched(officer, errand, rest))
        self.free(officer)

    def _has_fetched(self, officer: Officer, errand: Errand, rest: timedelta) -> None:
        officer.back.append((errand, rest))
        if officer.doing == Doing.FREE:
            self.goes_on(officer)

    def goes_on(self, officer: Officer) -> bool:
        """Whether one of the parked is back; then the counter is theirs before anybody is called."""
        if not officer.back:
            return False
        errand, rest = officer.back.pop(0)
        officer.doing, officer.served = Doing.BUSY, {errand.pk}
        officer.parked.discard(errand.pk)
        self.course.do(services.resume, person=officer.person, errand_id=errand.pk)
        self.course.at(self.course.now + rest, lambda: self.finish(officer, errand))
        return True

    # -- sending on ---------------------------------------------------------------------------------------

    def sends_on(self, officer: Officer, errand: Errand) -> bool:
        """Whether the visitor turned out to need something else first: they wait there, with the place they had."""
        if self.course.now > self.closes or not self.course.chance(script.SENT_ON):
            return False
        own = set(Errand.objects.filter(visit=errand.visit_id).values_list("service_id", flat=True))
        others = [service for service in self.offered if service.pk not in own]
        if not others:
            return False
        other = self.course.random.choice(others)
        to = f"{other.agency.code}/{other.code}"
        sent = self.course.do(services.transfer, person=officer.person, errand_id=errand.pk, to=to, note=NOTE)
        return sent is not None

    # -- pauses -------------------------------------------------------------------------------------------

    def breathes(self, officer: Officer) -> bool:
        """Whether the officer pauses for a few minutes before the next visitor."""
        if self.course.now > self.closes or not self.course.chance(script.BREATHERS):
            return False
        reason = self.course.random.choice(SHORT_PAUSES)
        self.pause(officer, reason, self.course.random.uniform(*script.BREATHER) * SECOND)
        return True

    def pause(self, officer: Officer, reason: str, length: timedelta) -> None:
        """Nobody is called here for so long."""
        officer.doing = Doing.PAUSING
        self.course.do(services.pause, person=officer.person, reason=reason)
        self.course.at(self.course.now + length, lambda: self._end_pause(officer))

    def _end_pause(self, officer: Officer) -> None:
        if officer.doing == Doing.PAUSING:
            self.course.do(services.go_on, person=officer.person)
            self.free(officer)

    # -- handing over -------------------------------------------------------------------------------------

    def relieved(self, officer: Officer, length: timedelta) -> bool:
        """Whether a stand-in takes the counter over for so long, with whoever is there and whoever is parked there."""
        own = officer.member
        free = [member for member in self._reserve if member.agency_id in officer.agencies]
        if (
            officer.doing not in (Doing.FREE, Doing.BUSY)
            or not free
            or not self.course.chance(script.RELIEVED)
        ):
            return False
        if not self._hand_over(officer, free[0]):
            return False
        self._reserve.remove(free[0])
        self.course.at(self.course.now + length, lambda: self._returns(officer, own))
        return True

    def _returns(self, officer: Officer, own: Membership) -> None:
        """The officer is back from lunch; who stood in for them is free again. Not in the middle of a pause."""
        if officer.doing == Doing.PAUSING:
            self.course.within(60, 120, lambda: self._returns(officer, own))
            return
        stand_in = officer.member
        if officer.doing == Doing.AWAY or self._hand_over(officer, own):
            self._reserve.append(stand_in)

    def _hand_over(self, officer: Officer, to: Membership) -> bool:
        done = self.course.do(services.hand_over, person=officer.person, to=str(to.person_id))
        if done is not None:
            officer.member = to
        return done is not None
