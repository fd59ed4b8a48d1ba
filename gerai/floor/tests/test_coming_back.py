"""Who was absent comes back: the right, its limits, and the word we gave."""

import pytest

from gerai.floor import returning, rules, services
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.ledger.models import Entry
from gerai.visits import desk
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return Hall(counters=2)


# -- a chosen number ----------------------------------------------------------------------------------------


def absent(hall, *codes):
    hall.arrive(*codes)
    errand = services.call_next(person=hall.officers[0], now=later(1))
    return services.absent(person=hall.officers[0], errand_id=errand.pk, now=later(3))


def test_any_counter_of_the_agency_takes_somebody_back_with_the_time_they_had(hall):
    errand = absent(hall, "X")
    joined = errand.joined_at

    services.come_back(person=hall.officers[1], errand_id=errand.pk, now=later(9))
    services.come_back(person=hall.officers[1], errand_id=errand.pk, now=later(9))

    errand.refresh_from_db()
    assert (errand.state, errand.joined_at, errand.counter) == ("waiting", joined, None)
    assert Entry.objects.filter(kind="floor.came_back").count() == 1


def test_the_right_to_come_back_ends_with_the_day(hall):
    errand = absent(hall, "X")

    with pytest.raises(rules.ReturnOver):
        services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(24 * 60))
    assert Errand.objects.get().state == "absent"


def test_who_comes_back_stands_here_so_their_other_errand_steps_back(hall):
    errand = absent(hall, "X", "Y")
    assert sorted(Errand.objects.values_list("state", flat=True)) == ["absent", "waiting"]

    services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(5))

    states = dict(Errand.objects.values_list("pk", "state"))
    assert states.pop(errand.pk) == "waiting"
    assert list(states.values()) == ["planned"]


def test_who_is_at_another_counter_meanwhile_does_not_come_back(hall):
    errand = absent(hall, "X", "Y")
    services.call_next(person=hall.officers[1], now=later(4))

    with pytest.raises(rules.CalledElsewhere):
        services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(5))
    assert Errand.objects.get(pk=errand.pk).state == "absent"


def test_the_word_we_gave_is_judged_once(hall):
    errand = absent(hall, "X")
    judged = Errand.objects.get().hit
    services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(50))
    services.call_next(person=hall.officers[0], now=later(60))

    assert judged is True
    assert Errand.objects.get().hit is True


def test_a_second_press_at_the_desk_leaves_the_time_that_the_first_gave_back(hall):
    visit = hall.arrive("X", "Y")
    for minute in (1, 5):  # to lunch: both are missed
        called = services.call_next(person=hall.officers[0], now=later(minute))
        services.absent(person=hall.officers[0], errand_id=called.pk, now=later(minute + 2))

    for _press in range(2):
        returning.come_back_at_desk(mall=hall.mall, person=hall.officers[1], number=str(visit), now=later(9))

    last, first = visit.errands.order_by("-called_at")
    assert (last.state, last.joined_at) == ("waiting", called.joined_at)
    assert first.state == "absent"
    assert Entry.objects.filter(kind="floor.came_back").count() == 1


def test_a_priority_given_or_taken_meanwhile_holds_for_who_comes_back(hall):
    errand = absent(hall, "X", "Y")
    visit = errand.visit

    desk.set_priority(visit=visit, priority="pregnant", actor=KIOSK, now=later(4))
    services.come_back(person=hall.officers[0], errand_id=errand.pk, now=later(5))

    errand.refresh_from_db()
    assert errand.rank_at < errand.joined_at
    entry = Entry.objects.get(kind="visits.priority_changed")
    assert set(entry.data) == {"given", "agencies"}, "which priority it is may tell of somebody's health"
