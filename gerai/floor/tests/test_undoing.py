"""Taking back the last step: only the last, only soon, only while nothing has come of it."""

import pytest

from gerai.agencies.models import Membership
from gerai.core.errors import DomainError
from gerai.floor import queries, rules, services
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.floor.tests.test_services import together
from gerai.ledger.models import Entry
from gerai.visits import services as visits
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return Hall(counters=2)


def undo(hall, at, place=0):
    officer = hall.officers[place]
    step = queries.last_step(officer, hall.mall.pk, later(at))
    return services.undo(person=officer, step=step.pk if step else 0, now=later(at))


def call(hall, at=1, place=0):
    return services.call_next(person=hall.officers[place], now=later(at))


def as_stored(errand):
    fields = (
        "state",
        "rank_at",
        "joined_at",
        "called_at",
        "started_at",
        "ended_at",
        "counter_id",
        "officer_id",
    )
    return Errand.objects.filter(pk=errand.pk).values(*fields, "calls", "outcome", "note", "hit").get()


def test_a_call_taken_back_leaves_the_visitor_where_they_were(hall):
    before = as_stored(hall.arrive("X").errands.get())
    errand = call(hall)

    undo(hall, 2)

    assert as_stored(errand) == before
    told = Entry.objects.get(kind="floor.undone")
    assert told.cause == Entry.objects.get(kind="floor.called").pk
    assert call(hall, at=3, place=1).pk == errand.pk


def test_each_step_is_taken_back_to_the_one_before(hall):
    officer = hall.officers[0]
    hall.arrive("X")
    errand = call(hall)
    steps = [
        lambda: services.start(person=officer, errand_id=errand.pk, now=later(1)),
        lambda: services.hold(person=officer, errand_id=errand.pk, now=later(1)),
        lambda: services.resume(person=officer, errand_id=errand.pk, now=later(1)),
        lambda: services.finish(
            person=officer, errand_id=errand.pk, now=later(1), outcome="incomplete", note="Bawa KK asli"
        ),
    ]
    stored = [as_stored(errand)]
    for step in steps:
        step()
        stored.append(as_stored(errand))

    for before in reversed(stored[:-1]):
        undo(hall, 2)
        assert as_stored(errand) == before
    assert undo(hall, 2).state == "waiting"


def test_finishing_taken_back_takes_the_next_errand_out_of_its_queue_again(hall):
    visit = hall.arrive("X", "Y")
    errand = call(hall)
    services.start(person=hall.officers[0], errand_id=errand.pk, now=later(2))
    before = {e.pk: as_stored(e) for e in visit.errands.all()}
    services.finish(person=hall.officers[0], errand_id=errand.pk, now=later(3))

    undo(hall, 4)

    assert {e.pk: as_stored(e) for e in visit.errands.all()} == before
    assert call(hall, at=5, place=1) is None


def test_the_end_of_a_visit_is_taken_back_with_its_last_errand(hall):
    visit = hall.arrive("X")
    services.finish(person=hall.officers[0], errand_id=call(hall).pk, now=later(3))

    undo(hall, 4)

    visit.refresh_from_db()
    assert (visit.ended_at, visit.stage) == (None, "arrived")


def test_an_absence_and_a_transfer_are_taken_back(hall):
    hall.offer("Y", "Y2")
    hall.arrive("X")
    errand = call(hall)
    before = as_stored(errand)
    services.absent(person=hall.officers[0], errand_id=errand.pk, now=later(1))
    undo(hall, 2)
    assert as_stored(errand) == before

    services.transfer(
        person=hall.officers[0], errand_id=errand.pk, to="Y/Y2", note="Perlu cetak", now=later(2)
    )
    undo(hall, 3)
    assert as_stored(errand) == before
    assert Errand.objects.count() == 1


def test_pressed_twice_only_one_step_is_taken_back(hall):
    hall.arrive("X")
    errand = call(hall)
    services.start(person=hall.officers[0], errand_id=errand.pk, now=later(1))
    step = queries.last_step(hall.officers[0], hall.mall.pk, later(1)).pk

    services.undo(person=hall.officers[0], step=step, now=later(2))
    services.undo(person=hall.officers[0], step=step, now=later(2))

    assert Errand.objects.get().state == "called"
    assert Entry.objects.filter(kind="floor.undone").count() == 1


def refused(hall, at, refusal=rules.NothingToUndo, place=0, step=None):
    before = list(Errand.objects.order_by("pk").values())
    step = step or Entry.objects.filter(kind__in=rules.STEPS).latest("id").pk
    with pytest.raises(refusal):
        services.undo(person=hall.officers[place], step=step, now=later(at))
    assert list(Errand.objects.order_by("pk").values()) == before
    assert not Entry.objects.filter(kind="floor.undone").exists()


def test_after_two_minutes_it_is_too_late(hall):
    hall.arrive("X")
    call(hall, at=1)

    refused(hall, 3.1)


def test_another_officers_step_is_not_mine_to_take_back(hall):
    hall.arrive("X")
    call(hall)

    refused(hall, 1.5, place=1)


def test_nothing_is_taken_back_once_the_visit_has_gone_on(hall):
    visit = hall.arrive("X", "Y")
    errand = call(hall)
    services.finish(person=hall.officers[0], errand_id=errand.pk, now=later(1))
    finished = Entry.objects.get(kind="floor.finished").pk
    call(hall, at=1.5, place=1)
    refused(hall, 2, step=finished)

    services.finish(person=hall.officers[1], errand_id=visit.errands.get(state="called").pk, now=later(1.6))
    refused(hall, 2, step=finished)


def test_nothing_is_taken_back_once_the_visitor_has_acted(hall):
    visit = hall.arrive("X", "Y")
    services.absent(person=hall.officers[0], errand_id=call(hall).pk, now=later(1))
    visits.leave(visit=visit, actor=KIOSK, now=later(1.5))

    refused(hall, 2)


def test_while_somebody_else_is_at_the_counter_nobody_is_brought_back_to_it(hall):
    hall.arrive("X")
    hall.arrive("X")
    services.finish_and_call(person=hall.officers[0], errand_id=call(hall).pk, now=later(1))
    first = Entry.objects.get(kind="floor.finished").pk
    refused(hall, 2, step=first)  # the last step was the second call

    undo(hall, 2)
    assert undo(hall, 2).state == "serving"
    assert call(hall, at=2).pk == Errand.objects.get(state="serving").pk


def test_after_a_recall_the_call_stands(hall):
    hall.arrive("X")
    services.recall(person=hall.officers[0], errand_id=call(hall).pk, now=later(1.5))

    refused(hall, 2)


def test_at_another_counter_the_old_step_stands(hall):
    hall.arrive("X")
    services.finish(person=hall.officers[0], errand_id=call(hall).pk, now=later(1))
    for place in (0, 1):
        services.sign_off(person=hall.officers[place], now=later(1))
    member = Membership.objects.get(person=hall.officers[0])
    services.sign_on(member=member, counter_number=2, now=later(1))

    refused(hall, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_taking_back_and_calling_the_next_errand_at_once_leave_one_of_the_two():
    hall = Hall(counters=2)
    for _ in range(12):
        hall.arrive("X", "Y")
    outcomes = set()
    for at in range(12):
        errand = services.call_next(person=hall.officers[0], now=later(20 * at))
        services.finish(person=hall.officers[0], errand_id=errand.pk, now=later(20 * at))
        step = Entry.objects.filter(kind="floor.finished").latest("id").pk

        def race(place, step=step, at=at):
            try:
                if place == 0:
                    return [services.undo(person=hall.officers[0], step=step, now=later(20 * at + 1))]
                return [
                    services.call_number(
                        person=hall.officers[1],
                        number=f"A {at + 1}",
                        reason="mistake",
                        now=later(20 * at + 1),
                    )
                ]
            except DomainError as refusal:
                return [refusal]

        results = together(2, race)
        done = [r for r in results if isinstance(r, Errand)]
        assert len(done) == 1, results
        live = Errand.objects.filter(visit_id=errand.visit_id, state__in=["waiting", "called", "serving"])
        assert live.count() == 1
        outcomes.add(live.get().state)
        services.finish(
            person=hall.officers[0 if live.get().state == "serving" else 1],
            errand_id=live.get().pk,
            now=later(20 * at + 5),
        )
        Errand.objects.filter(state="waiting", visit_id=errand.visit_id).update(state="left")
    assert outcomes <= {"serving", "called"}
