"""Live advice: one sentence with its effect, one tap, who answers, what it did. Nobody is flooded."""

import threading

import pytest
from django.db import connection

from gerai.accounts.models import Person
from gerai.agencies import roster
from gerai.agencies.models import Counter, Membership, RosterDay
from gerai.floor import advice, calling_in, outlook, rostering, services
from gerai.floor.models import Advice, CallOut, Duty
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.notices.models import Notice
from gerai.visits import closing

BOSS = ActorRef("person", "manager")


class Busy(Hall):
    """Agency X with one counter open, `free` ones empty, twelve people waiting and two officers on call."""

    def __init__(self, free=1, waiting=12):
        super().__init__(counters=1)
        self.x = self.services["X"].agency
        for number in range(2, 2 + free):
            Counter.objects.create(mall=self.mall, number=number).agencies.add(self.x)
        self.reserve = []
        for n in range(2):
            person = Person.objects.create(name=f"siaga{n}", phone=f"+6281100011{n}", created_at=MORNING)
            Membership.objects.create(mall=self.mall, agency=self.x, person=person, role="counter_officer")
            roster.put_on_call(agency=self.x, person=person, actor=BOSS, now=MORNING)
            self.reserve.append(person)
        for n in range(waiting):
            self.arrive("X", at=n / 10)

    def look(self, at):
        return advice.look(mall=self.mall, now=later(at))

    def sign_on(self, person, number, at):
        member = Membership.objects.get(person=person)
        services.sign_on(member=member, counter_number=number, now=later(at))


pytestmark = pytest.mark.django_db


def test_a_long_queue_is_answered_by_one_advice_with_its_effect_and_no_second_one():
    hall = Busy()

    assert hall.look(2) == 1
    for minute in (2.3, 2.6, 4, 8):
        hall.look(minute)

    given = Advice.objects.get()
    assert (given.kind, given.agency, given.waiting, given.counters) == ("open", hall.x, 12, 1)
    assert given.wait > 60
    assert given.people >= 8
    assert given.minutes > 5
    assert Entry.objects.filter(kind="floor.advised").count() == 1


def test_a_short_queue_gets_no_advice_and_a_spare_counter_may_close():
    hall = Busy(waiting=0)
    assert hall.look(1) == 0

    hall.sign_on(hall.reserve[0], 2, 2)
    assert hall.look(3) == 1
    assert Advice.objects.get().kind == "close"
    services.sign_off(person=hall.reserve[0], now=later(4))
    hall.look(5)
    assert Advice.objects.get().outcome == "followed"


def test_where_no_counter_is_free_the_advice_says_what_is_short():
    hall = Busy(free=0)
    hall.look(2)

    given = Advice.objects.get()
    assert (given.kind, given.agency) == ("short", hall.x)
    assert given.lack >= 1
    with pytest.raises(calling_in.AdviceOver):
        calling_in.call_in(advice=given, actor=BOSS, now=later(3))


def forecast(hall, counters=1, expected=9):
    day = roster.slots_of(hall.x, 0)
    roster.propose_day(
        agency=hall.x, weekday=0, counters=dict.fromkeys(day, counters), expected=dict.fromkeys(day, expected),
        actor=BOSS, now=MORNING,
    )  # fmt: skip


def test_the_forecast_of_the_coming_hour_speaks_before_anybody_waits():
    hall = Busy(waiting=0)
    forecast(hall)
    for n in range(18):  # nine came in each of the first two half hours: the day is as forecast
        visit = hall.arrive("X", at=n / 10 - 30)
        visit.errands.update(state="done", ended_at=MORNING)

    hall.look(1)

    given = Advice.objects.get()
    assert (given.kind, given.waiting) == ("open", 0)
    assert given.ahead in (15, 30, 45, 60)


def test_one_tap_asks_the_first_by_text_then_the_next_until_one_comes_and_the_effect_is_measured():
    hall = Busy()
    hall.look(2)
    given = Advice.objects.get()

    first = calling_in.call_in(advice=given, actor=BOSS, now=later(3))
    assert calling_in.call_in(advice=given, actor=BOSS, now=later(3)).pk == first.pk
    hall.look(5)
    assert CallOut.objects.count() == 1
    hall.look(6)
    second = CallOut.objects.get(answer="")
    assert (first.person, second.person) == tuple(hall.reserve)
    assert list(Notice.objects.order_by("id").values_list("channel", flat=True)) == ["text", "text"]
    assert f"/siaga/{second.secret}/" in Notice.objects.last().body

    calling_in.answer(call=second, coming=True, now=later(7))
    calling_in.answer(call=second, coming=True, now=later(7))
    hall.sign_on(hall.reserve[1], 2, 9)
    hall.look(9.5)
    given.refresh_from_db()
    assert given.outcome == "followed"
    for minute, officer in ((10, hall.officers[0]), (11, hall.reserve[1])):
        services.call_next(person=officer, now=later(minute))
    hall.look(40)
    given.refresh_from_db()
    assert given.real_wait == pytest.approx(10.45, abs=0.1)
    kinds = list(
        Entry.objects.filter(subject=f"advice:{given.pk}").order_by("id").values_list("kind", flat=True)
    )
    assert kinds == [
        "floor.advised", "floor.on_call_asked", "floor.on_call_silent", "floor.on_call_asked",
        "floor.on_call_accepted", "floor.advice_followed", "floor.advice_measured",
    ]  # fmt: skip
    measured = Entry.objects.get(kind="floor.advice_measured").data
    assert measured["predicted_without"] > measured["predicted_with"]


def test_a_no_asks_the_next_at_once_and_then_nobody_is_left():
    hall = Busy()
    hall.look(2)
    given = Advice.objects.get()
    first = calling_in.call_in(advice=given, actor=BOSS, now=later(3))
    calling_in.answer(call=first, coming=False, now=later(3))
    second = CallOut.objects.get(answer="")
    calling_in.answer(call=second, coming=False, now=later(4))

    with pytest.raises(calling_in.NobodyOnCall):
        calling_in.call_in(advice=given, actor=BOSS, now=later(5))
    with pytest.raises(calling_in.CallOutOver):
        calling_in.answer(call=first, coming=True, now=later(5))
    assert set(CallOut.objects.values_list("answer", flat=True)) == {"no"}


def test_who_works_at_a_counter_is_not_called_and_a_late_yes_counts_while_nobody_comes():
    hall = Busy(free=2)
    hall.sign_on(hall.reserve[0], 2, 1)
    hall.look(2)
    call = calling_in.call_in(advice=Advice.objects.get(), actor=BOSS, now=later(3))
    assert call.person == hall.reserve[1]
    hall.look(7)
    call.refresh_from_db()
    assert call.answer == "silent"

    calling_in.answer(call=call, coming=True, now=later(8))
    assert Advice.objects.get().accepted_at == later(8)


def test_an_advice_nobody_follows_lapses_and_the_next_one_waits_five_minutes():
    hall = Busy()
    hall.look(2)
    hall.look(23)
    assert Advice.objects.filter(outcome="lapsed").count() == 1
    assert Advice.objects.count() == 2  # given again: the queue is as long as it was

    Duty.objects.update(closed_at=later(24))
    closing.close_day(mall=hall.mall, now=later(400))  # the mall has closed, everybody is told
    hall.look(400)
    assert not Advice.objects.filter(ended_at=None).exists()
    assert hall.look(401) == 0


def test_the_proposed_roster_has_more_counters_in_the_morning_peak_and_learns_from_past_days():
    hall = Busy(free=4, waiting=0)
    rostering.propose_all(mall=hall.mall, now=MORNING)
    day = roster.of(hall.x)[0]
    assert day["09:00"] > day["14:30"] >= 1
    assert rostering.propose_all(mall=hall.mall, now=MORNING) == 0

    for week in range(1, 9):
        for n in range(12):  # twelve come at half past two on every Monday
            at = 330 + n / 2 - week * 7 * 24 * 60
            hall.arrive("X", at=at, request_key=f"{week}-{n}")
    rostering.propose(agency=hall.x, now=MORNING)
    learnt = roster.of(hall.x)[0]
    assert learnt["14:30"] > learnt["09:00"]
    assert roster.today(hall.mall, MORNING)[hall.x.pk].expected["14:30"] > 9


def test_the_outlook_counts_counters_paused_and_free():
    hall = Busy(free=2)
    services.pause(person=hall.officers[0], now=later(1))
    one = next(o for o in outlook.of(hall.mall, later(2)) if o.agency == hall.x)

    assert (one.open, one.paused, one.free, one.counters) == (0, 1, [2, 3], 3)
    assert one.wait == outlook.LONG


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_passes_and_taps_at_once_give_one_advice_and_one_message():
    hall = Busy()
    errors, gate = [], threading.Barrier(6)

    def run(number):
        try:
            gate.wait(30)
            hall.look(2)
            calling_in.call_in(advice=Advice.objects.get(), actor=BOSS, now=later(2))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not errors
    assert Advice.objects.count() == CallOut.objects.count() == Notice.objects.count() == 1
    assert Entry.objects.filter(kind="floor.advised").count() == 1


def test_first_guesses_are_together_what_the_mall_expects():
    hall = Busy(free=4, waiting=0)
    rostering.propose_all(mall=hall.mall, now=MORNING)
    without = sum(sum(row.expected.values()) for row in RosterDay.objects.filter(weekday=0))
    hall.mall.details = {"expected_visitors": 20}
    hall.mall.save()
    rostering.propose_all(mall=hall.mall, now=MORNING)
    expected = sum(sum(row.expected.values()) for row in RosterDay.objects.filter(weekday=0))
    assert without > 40
    assert expected == pytest.approx(20 * rostering.ERRANDS, abs=1)


def test_a_shortage_is_told_up_to_an_hour_ahead_while_nobody_waits_yet():
    hall = Busy(free=0, waiting=0)
    forecast(hall)
    for n in range(18):
        visit = hall.arrive("X", at=n / 10 - 30)
        visit.errands.update(state="done", ended_at=MORNING)

    hall.look(1)

    given = Advice.objects.get()
    assert (given.kind, given.waiting) == ("short", 0)
    assert given.ahead in (15, 30, 45, 60)
    assert given.wait > 10
    assert given.lack >= 2  # nine people of ten minutes in half an hour are three counters' work


def test_advice_to_open_says_what_is_still_missing_when_every_free_counter_is_open():
    hall = Busy(free=1, waiting=60)
    hall.look(2)
    given = Advice.objects.get()
    assert given.kind == "open"
    assert given.lack == max(0, outlook.of(hall.mall, later(2))[0].needed() - 2) > 0
