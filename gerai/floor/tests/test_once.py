"""An action under a key happens once, however often and however many at once it is sent."""

from functools import partial

import pytest

from gerai.agencies.models import Membership
from gerai.floor import rules, services
from gerai.floor.models import Answer
from gerai.floor.tests.make import Hall, later
from gerai.floor.tests.test_services import together
from gerai.ledger.models import Entry
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db


def send(hall, key, verb, place=0, at=1, **more):
    officer = hall.officers[place]
    act = partial(verb, person=officer, now=later(at), **more)
    return services.once(person=officer, key=key, now=later(at), act=act)


def test_the_same_key_gives_the_same_answer_and_happens_once():
    hall = Hall()
    for _ in range(3):
        hall.arrive("X")
    first = send(hall, "press-001", services.call_next)
    send(hall, "press-002", services.finish_and_call, errand_id=first.errand)
    second = Errand.objects.get(state="called").pk
    services.finish(person=hall.officers[0], errand_id=second, now=later(2))

    # The line was down: both are sent again, after the second visitor has gone.
    again = send(hall, "press-002", services.finish_and_call, errand_id=first.errand, at=3)

    assert again.errand == second
    assert Entry.objects.filter(kind="floor.called").count() == 2
    assert Errand.objects.filter(state="waiting").count() == 1


def test_a_refusal_is_remembered_too_and_changes_nothing():
    hall = Hall()
    hall.arrive("X")
    services.pause(person=hall.officers[0], now=later(1), reason="meal")
    first = send(hall, "press-001", services.call_next)
    services.go_on(person=hall.officers[0], now=later(2))
    again = send(hall, "press-001", services.call_next, at=3)

    assert (first.refusal, first.status) == ("counter_paused", 409)
    assert (again.pk, again.refusal) == (first.pk, "counter_paused")
    assert Errand.objects.get().state == "waiting"


def test_what_a_refused_action_had_begun_is_undone():
    hall = Hall()
    hall.arrive("X")
    errand = services.call_next(person=hall.officers[0], now=later(1))
    services.pause(person=hall.officers[0], now=later(1), reason="meal")

    def finish_then_refused(*, person, now):
        services.finish(person=person, errand_id=errand.pk, now=now)
        services.call_next(person=person, now=now)

    assert send(hall, "press-001", finish_then_refused).refusal == "counter_paused"
    assert Errand.objects.get().state == "called"


def test_another_officers_key_is_another_key():
    hall = Hall(counters=2)
    hall.arrive("X")
    hall.arrive("X")

    one = send(hall, "press-001", services.call_next)
    two = send(hall, "press-001", services.call_next, place=1)

    assert one.errand != two.errand


def test_signing_off_is_answered_again_though_the_duty_is_over():
    hall = Hall()
    send(hall, "press-001", services.sign_off)

    assert send(hall, "press-001", services.sign_off).refusal == ""
    assert Entry.objects.filter(kind="floor.closed").count() == 1


def test_without_a_counter_an_action_is_refused_and_not_remembered():
    hall = Hall()
    services.sign_off(person=hall.officers[0], now=later(1))

    assert send(hall, "press-001", services.call_next).refusal == "not_on_duty"
    assert not Answer.objects.exists()


def test_a_key_that_is_none_is_refused():
    hall = Hall()

    for key in ("", "short", "x" * 65, "kunci-ñandú"):
        with pytest.raises(rules.KeyMalformed):
            send(hall, key, services.call_next)


def test_keys_are_forgotten_after_a_day():
    hall = Hall()
    send(hall, "press-001", services.call_next)
    services.sign_off(person=hall.officers[0], now=later(2))
    member = Membership.objects.get(person=hall.officers[0])
    services.sign_on(member=member, counter_number=1, now=later(24 * 60 + 2))

    assert not Answer.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_copies_of_one_press_at_once_call_one_person():
    hall = Hall()
    for _ in range(8):
        hall.arrive("X")
    first = services.call_next(person=hall.officers[0], now=later(1))

    answers = together(
        8, lambda n: [send(hall, "press-001", services.finish_and_call, errand_id=first.pk).errand]
    )

    assert len(set(answers)) == 1
    assert Errand.objects.filter(state="called").count() == 1
    assert Entry.objects.filter(kind="floor.called").count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_a_key_eight_presses_at_once_call_finish_and_end_one_too():
    hall = Hall()
    for _ in range(8):
        hall.arrive("X")
    officer = hall.officers[0]

    called = together(8, lambda n: [services.call_next(person=officer, now=later(1)).pk])
    assert len(set(called)) == 1
    together(8, lambda n: [services.finish(person=officer, errand_id=called[0], now=later(5)).pk])

    assert Entry.objects.filter(kind="floor.called").count() == 1
    assert Entry.objects.filter(kind="floor.finished").count() == 1
    assert sorted(Errand.objects.values_list("state", flat=True)) == ["done", *["waiting"] * 7]
