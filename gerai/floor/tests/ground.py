"""The ground of the state machine of visits: its clock, its hall, and what must always be so."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from gerai.agencies.queries import calendar
from gerai.floor import services, story
from gerai.floor.models import Duty
from gerai.floor.tests.make import MORNING, Hall
from gerai.visits import closing
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import ACTIVE, LIVE, State

DAY = MORNING.date()
AT_COUNTER = (State.CALLED, State.SERVING)


class Ground(RuleBasedStateMachine):
    """A day in a hall; whatever people do on it, this holds."""

    hall: Hall

    def __init__(self):
        super().__init__()
        self.now = MORNING
        self.came = {}
        self.inside = transaction.atomic()
        self.inside.__enter__()

    def teardown(self):
        try:
            self.the_day_ends()
        finally:
            transaction.set_rollback(True)
            self.inside.__exit__(None, None, None)

    def later(self, minutes):
        self.now += timedelta(minutes=minutes, seconds=7)
        return self.now

    def officer(self, place):
        return self.hall.officers[place % len(self.hall.officers)]

    def duty(self, person):
        return Duty.objects.select_related("counter").filter(person=person, closed_at=None).first()

    def one_of(self, found, place):
        return found[place % len(found)] if found else None

    # -- what must always be so ---------------------------------------------------------------------------

    @invariant()
    def everybody_in_the_mall_has_one_live_place_and_nobody_else_has_any(self):
        live = Count("errands", filter=Q(errands__state__in=LIVE))
        for pk, stage, places in Visit.objects.annotate(live=live).values_list("pk", "stage", "live"):
            assert places == (1 if stage == "arrived" else 0), (pk, stage, places)

    @invariant()
    def a_counter_has_one_visitor(self):
        here = Errand.objects.filter(state__in=AT_COUNTER).values_list("counter", flat=True)
        assert len(here) == len(set(here))

    def numbers_are_given_once_and_none_is_lost(self):
        given = Visit.objects.exclude(number=None).order_by("number")
        for entrance in "AB":
            numbers = list(given.filter(entrance=entrance).values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))

    def the_ledger_tells_the_same_story(self):
        """It is replayed from the first entry, so asking at the end finds what went wrong at any step."""
        assert story.contradictions(self.hall.mall, DAY) == []

    def the_day_ends(self):
        """Officers end what they began; then everybody has an end, and the ledger knows which."""
        self.now = max(self.now, calendar(self.hall.mall).hours(DAY)[1])
        here = Errand.objects.filter(state__in=[*AT_COUNTER, State.HELD]).select_related("officer")
        for errand in sorted(
            here, key=lambda e: e.state == State.HELD
        ):  # the parked come last: one at a time is at the counter
            if errand.state == State.HELD:
                services.resume(person=errand.officer, errand_id=errand.pk, now=self.now)
            services.finish(person=errand.officer, errand_id=errand.pk, now=self.now)
        for person in self.hall.officers:
            services.sign_off(person=person, now=self.later(1))
        # Who came after hours by the machine's clock stays until midnight.
        closing.close_day(mall=self.hall.mall, now=self.now)
        closing.close_day(mall=self.hall.mall, now=MORNING + timedelta(days=1))
        assert not Errand.objects.filter(state__in=ACTIVE).exists()
        assert not Visit.objects.filter(ended_at=None).exists()
        self.numbers_are_given_once_and_none_is_lost()
        self.the_ledger_tells_the_same_story()
