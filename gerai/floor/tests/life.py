"""People and officers as a state machine: what they may do in any order, and what must always be so."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from gerai.accounts.models import Person
from gerai.agencies.models import Agency
from gerai.core.errors import DomainError
from gerai.floor import queries, rules, services
from gerai.floor.models import Duty
from gerai.floor.tests.ground import Ground
from gerai.floor.tests.make import KIOSK, MORNING
from gerai.visits import booking, closing, slots, ticket
from gerai.visits import rules as visit_rules
from gerai.visits import services as visits
from gerai.visits.models import Closure, Errand, Visit
from gerai.visits.rules import State

DAY = MORNING.date()
AT_COUNTER = (State.CALLED, State.SERVING)
SERVED_BY = {1: "X", 2: "XY", 3: "Y"}  # counter 2 serves both

minutes = st.integers(0, 9)
some = st.integers(0, 50)


class Life(Ground):
    """People and officers; what they do is a rule, what must always be so an invariant of the ground."""

    # -- visitors -----------------------------------------------------------------------------------------

    @rule(gap=minutes, codes=st.sampled_from(["X", "Y", "XY"]), priority=st.sampled_from(["", "", "elderly"]))
    def arrives(self, gap, codes, priority):
        closed = Closure.objects.filter(reopened_at=None, agency__code__in=codes).exists()
        self.later(gap)
        try:
            visit = visits.arrive(
                mall=self.hall.mall,
                chosen=[self.hall.services[code] for code in codes],
                entrance="A",
                actor=KIOSK,
                now=self.now,
                priority=priority,
            )
        except visit_rules.ClosedToday:
            assert closed
            return
        assert not closed
        self.came[visit.pk] = self.now

    @rule(gap=minutes, place=some, codes=st.sampled_from(["X", "Y", "XY"]))
    def books(self, gap, place, codes):
        self.later(gap)
        chosen = [self.hall.services[code] for code in codes]
        option = self.one_of(slots.options(chosen, DAY, 1, self.now), place)
        if option is None:
            return
        person = Person.objects.create(name="Tamu", created_at=self.now)
        try:
            booking.book(
                person=person,
                mall=self.hall.mall,
                chosen=chosen,
                starts_at=option.starts_at,
                actor=KIOSK,
                now=self.now,
            )
        except visit_rules.ClosedToday:
            assert Closure.objects.filter(reopened_at=None).exists()

    @rule(gap=minutes, place=some)
    def checks_in(self, gap, place):
        self.later(gap)
        visit = self.one_of(list(Visit.objects.filter(stage="confirmed").order_by("pk")), place)
        if visit:
            booking.check_in(mall=self.hall.mall, code=visit.code, entrance="B", actor=KIOSK, now=self.now)

    @rule(gap=minutes, place=some)
    def leaves(self, gap, place):
        self.later(gap)
        if visit := self.in_the_mall(place):
            visits.leave(visit=visit, actor=KIOSK, now=self.now)

    def in_the_mall(self, place):
        return self.one_of(list(Visit.objects.filter(stage="arrived").order_by("pk")), place)

    @rule(gap=minutes, place=some, minutes=st.integers(0, 30))
    def goes_to_pray(self, gap, place, minutes):
        self.later(gap)
        if visit := self.in_the_mall(place):
            self.tries(ticket.pause, visit=visit, minutes=minutes, actor=KIOSK)

    @rule(gap=minutes, place=some, code=st.sampled_from("XY"))
    def wants_one_more(self, gap, place, code):
        self.later(gap)
        if visit := self.in_the_mall(place):
            self.tries(ticket.add, visit=visit, service=self.hall.services[code], actor=KIOSK)

    @rule(gap=minutes, place=some, which=some, verb=st.sampled_from([ticket.drop, ticket.go_first]))
    def wants_less_or_another_order(self, gap, place, which, verb):
        self.later(gap)
        if visit := self.in_the_mall(place):
            errand = self.one_of(list(visit.errands.order_by("pk")), which)
            self.tries(verb, visit=visit, errand_id=errand.pk, actor=KIOSK)

    # -- officers -----------------------------------------------------------------------------------------

    @rule(gap=minutes, place=some)
    def calls(self, gap, place):
        person, now = self.officer(place), self.later(gap)
        duty = self.duty(person)
        if duty is None or duty.paused_at:
            with pytest.raises(rules.NotOnDuty if duty is None else rules.Paused):
                services.call_next(person=person, now=now)
            return
        here = Errand.objects.filter(counter=duty.counter, state__in=AT_COUNTER).first()
        agencies = [self.hall.services[code].agency_id for code in SERVED_BY[duty.counter.number]]
        waiting = Errand.objects.select_related("visit").filter(agency__in=agencies, state=State.WAITING)
        free = [e for e in waiting if not (e.visit.away_until and e.visit.away_until > now)]

        called = services.call_next(person=person, now=now)

        if here:
            assert called.pk == here.pk
        elif called is None:
            assert free == []
        else:
            self.is_fair(next(e for e in free if e.pk == called.pk), free)

    def is_fair(self, called, free):
        assert (called.rank_at, called.pk) == min((e.rank_at, e.pk) for e in free)
        if called.visit_id not in self.came or called.joined_at != called.visit.arrived_at:
            return  # an appointment, or a second errand: it did not come by walking in now
        for other in free:
            walked_in = other.visit_id in self.came and other.joined_at == other.visit.arrived_at
            if other.agency_id == called.agency_id and walked_in:
                assert self.came[called.visit_id] - self.came[other.visit_id] <= timedelta(minutes=15)

    def at_counter(self, place):
        """An errand at a counter, and the officer there; nobody if that officer has gone."""
        found = Errand.objects.filter(state__in=AT_COUNTER).order_by("pk").select_related("officer")
        errand = self.one_of(list(found), place)
        return (errand, errand.officer) if errand else (None, None)

    @rule(gap=minutes, place=some)
    def starts(self, gap, place):
        errand, person = self.at_counter(place)
        if errand:
            services.start(person=person, errand_id=errand.pk, now=self.later(gap))
            assert Errand.objects.get(pk=errand.pk).state == State.SERVING

    @rule(gap=minutes, place=some)
    def finishes(self, gap, place):
        errand, person = self.at_counter(place)
        if errand:
            services.finish(person=person, errand_id=errand.pk, now=self.later(gap))
            services.finish(person=person, errand_id=errand.pk, now=self.now)  # a double click
            assert Errand.objects.get(pk=errand.pk).state == State.DONE

    @rule(gap=minutes, place=some)
    def did_not_come(self, gap, place):
        errand, person = self.at_counter(place)
        if errand and errand.state == State.CALLED:
            services.recall(person=person, errand_id=errand.pk, now=self.later(gap))
            services.absent(person=person, errand_id=errand.pk, now=self.later(gap))

    @rule(gap=minutes, place=some)
    def comes_back(self, gap, place):
        self.later(gap)
        errand = self.one_of(list(Errand.objects.filter(state=State.ABSENT).order_by("pk")), place)
        if errand:
            self.tries(services.come_back, person=errand.officer, errand_id=errand.pk)

    @rule(gap=minutes, place=some, which=some)
    def calls_out_of_order(self, gap, place, which):
        self.later(gap)
        waiting = Errand.objects.filter(state=State.WAITING).select_related("visit").order_by("pk")
        if errand := self.one_of(list(waiting), which):
            self.tries(
                services.call_number, person=self.officer(place), number=str(errand.visit), reason="frail"
            )

    @rule(gap=minutes, place=some)
    def parks_or_goes_on_with_who_is_parked(self, gap, place):
        self.later(gap)
        found = Errand.objects.filter(state__in=[State.SERVING, State.HELD]).order_by("pk")
        if errand := self.one_of(list(found.select_related("officer")), place):
            verb = services.hold if errand.state == State.SERVING else services.resume
            self.tries(verb, person=errand.officer, errand_id=errand.pk)

    @rule(gap=minutes, place=some, code=st.sampled_from(["X/X", "Y/Y"]))
    def sends_on(self, gap, place, code):
        self.later(gap)
        errand, person = self.at_counter(place)
        if errand:
            self.tries(services.transfer, person=person, errand_id=errand.pk, to=code, note="Minta cetak")

    @rule(gap=minutes, place=some)
    def takes_back_the_last_step(self, gap, place):
        self.later(min(gap, 1))
        person = self.officer(place)
        step = queries.last_step(person, self.hall.mall.pk, self.now)
        if step:
            self.tries(services.undo, person=person, step=step.pk)

    @rule(gap=minutes, place=some)
    def officer_pauses_or_goes_on(self, gap, place):
        self.later(gap)
        duty = self.duty(self.officer(place))
        if duty:
            verb = services.go_on if duty.paused_at else services.pause
            verb(person=duty.person, now=self.now)

    @rule(gap=minutes, place=some)
    def officer_goes_or_comes(self, gap, place):
        self.later(gap)
        person = self.officer(place)
        duty = self.duty(person)
        if duty is None:
            number = self.hall.officers.index(person) + 1
            member = person.memberships.get()
            services.sign_on(member=member, counter_number=number, now=self.now)
        else:
            self.tries(services.sign_off, person=person)

    def tries(self, service, /, **arguments):
        """What may be refused: then nothing is changed."""
        before = self.everything()
        try:
            service(**arguments, now=self.now)
        except DomainError:
            assert self.everything() == before

    def everything(self):
        return (
            list(Errand.objects.order_by("pk").values_list("pk", "state", "counter", "rank_at")),
            list(Visit.objects.order_by("pk").values_list("pk", "stage", "ended_at")),
            list(Duty.objects.order_by("pk").values_list("pk", "closed_at", "paused_at")),
        )

    # -- the manager --------------------------------------------------------------------------------------

    @precondition(lambda self: self.came)
    @rule(gap=minutes, code=st.sampled_from("XY"))
    def closes_an_agency_or_reopens_it(self, gap, code):
        self.later(gap)
        agency = Agency.objects.select_related("mall").get(code=code)
        closure = Closure.objects.filter(agency=agency, reopened_at=None).first()
        if closure:
            closing.reopen(closure=closure, actor=KIOSK, now=self.now)
        else:
            closing.close_today(agency=agency, reason="Listrik padam", actor=KIOSK, now=self.now)
