"""A mall that lives now: at any hour, beside real people, shown as played, and cleared away when it was killed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gerai.config.supervisor import up
from gerai.floor import services, story
from gerai.floor.models import Duty
from gerai.floor.simulation import leftovers, stage
from gerai.floor.tests.make import Hall, pair
from gerai.floor.tests.test_simulation import hall_of, play_until
from gerai.ledger.models import Entry
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import ACTIVE

pytestmark = pytest.mark.django_db
SUNDAY_NIGHT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)  # 20.00 in Bengkulu, where the mall is closed
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10.00, two hours after opening


@pytest.fixture(autouse=True)
def _any_hour(settings):
    settings.KEEP_HOURS = False  # as in the demo


def killed(hall: Hall, now: datetime):
    """A living mall, caught up to now and then killed outright."""
    day = stage.live(mall=hall.mall, seed=1, now=now)
    play_until(day, lambda when: when > now)
    return day


@pytest.mark.slow
def test_at_night_on_a_sunday_the_mall_lives_and_what_a_killed_run_left_is_cleared_and_explained():
    hall = hall_of(4)

    day = killed(hall, SUNDAY_NIGHT)

    came = Visit.objects.order_by("arrived_at")
    assert came.count() > 10
    assert came[0].arrived_at >= SUNDAY_NIGHT - stage.BEFORE
    assert came.latest("arrived_at").arrived_at <= SUNDAY_NIGHT
    assert Errand.objects.filter(state__in=ACTIVE).exists()
    assert [officer.counter for officer in day.officers] == [1, 2, 3]  # the last is for whoever wants to try
    assert Duty.objects.filter(closed_at=None).count() == 3

    for _ in range(2):
        leftovers.clear(mall=hall.mall, now=SUNDAY_NIGHT)
    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert not Visit.objects.filter(ended_at=None).exists()
    assert not Duty.objects.filter(closed_at=None).exists()
    assert story.contradictions(hall.mall, day.guests.day) == []


@pytest.mark.slow
def test_in_opening_hours_it_is_todays_morning_with_its_appointments():
    hall = hall_of(2)

    day = killed(hall, MONDAY)

    assert (day.opens, day.closes) == (MONDAY - timedelta(hours=2), MONDAY + timedelta(hours=5))
    assert Entry.objects.filter(kind="visits.booked").exists()


def test_with_real_people_in_the_mall_nothing_happens_before_now():
    hall = hall_of(2)
    real = hall.arrive("X", at=50)  # ten minutes ago

    day = killed(hall, MONDAY)

    assert day.course.begins >= MONDAY
    assert list(Visit.objects.filter(arrived_at__lt=MONDAY)) == [real]
    assert not Entry.objects.filter(kind="floor.called").exists()
    leftovers.clear(mall=hall.mall, now=MONDAY)
    assert list(Visit.objects.filter(ended_at=None)) == [real]


def test_whoever_looks_reads_that_it_is_played(client, client_of, settings):
    hall = hall_of(1)
    word = "dimainkan komputer"
    board = pair(hall.mall, "board")
    box = client_of()
    box.cookies["gerai_board"] = board.token

    assert word not in client.get("/").content.decode()
    member = stage.officers(mall=hall.mall, now=MONDAY)[0].member
    services.sign_on(member=member, counter_number=1, now=MONDAY)

    assert word in client.get("/").content.decode()
    assert word in box.get(reverse("floor:board")).content.decode()
    settings.DEMO = False
    assert word not in client.get("/").content.decode()


def test_start_knows_no_other_word(capsys):
    assert up(None, ["--liv"]) == 2
    assert "--liv. " in capsys.readouterr().out
