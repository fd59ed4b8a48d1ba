"""A simulated day: real services, nobody lost, and a ledger that explains every visit."""

import time
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Counter
from gerai.catalogue.models import Edition
from gerai.floor import services, story
from gerai.floor.management.commands.simulate import Pace, next_open
from gerai.floor.models import Duty
from gerai.floor.simulation import stage
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import ACTIVE

DAY = date(2026, 11, 23)  # a Monday
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def hall_of(counters: int) -> Hall:
    """Agencies X and Y, both with a service that is offered, and free counters that serve both."""
    hall = Hall(counters=0)
    for number in range(1, counters + 1):
        Counter.objects.create(mall=hall.mall, number=number).agencies.set(Agency.objects.all())
    for service in hall.services.values():
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=MORNING
        )
    return hall


def undone(kind: str) -> int:
    """How many steps of this kind were taken back."""
    return Entry.objects.filter(kind="floor.undone", data__what=kind).count()


def played(hall: Hall, visitors: int, seed: int = 1):
    day = stage.prepare(mall=hall.mall, day=DAY, seed=seed, now=MORNING, visitors=visitors)
    day.play()
    return day


def test_of_a_hundred_visitors_none_is_lost_and_the_ledger_explains_each():
    hall = hall_of(5)

    day = played(hall, 100)

    assert Visit.objects.count() == 100
    came = Visit.objects.filter(stage="ended")
    assert sorted(came.values_list("number", flat=True)) == list(range(1, came.count() + 1))
    assert came.exclude(code=None).exists()  # some had booked
    assert Visit.objects.exclude(stage="ended").exists()  # and of those some did not come
    assert set(Visit.objects.values_list("stage", flat=True)) <= {"ended", "missed", "cancelled"}
    assert not Visit.objects.filter(ended_at=None).exists()
    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert story.contradictions(hall.mall, DAY) == []
    assert not Duty.objects.filter(closed_at=None).exists()
    assert not day.refused
    told = stage.summary(hall.mall, 0)
    assert told.visits == came.count()
    assert told.finished == Errand.objects.filter(state="done").exclude(outcome="transferred").count() > 90
    sat_down = Entry.objects.filter(kind="floor.started").count() - undone("floor.started")
    unproven = Entry.objects.filter(kind="floor.proof_missing").count()
    assert told.called == sat_down + told.absent + unproven
    meals = Entry.objects.filter(kind="floor.paused", data__reason="meal").count()
    relieved = Entry.objects.filter(kind="floor.handed_over").count() // 2  # there and back
    assert meals + relieved == 5  # everybody had lunch


# What the screens of officers and visitors offer besides the straight way.
AT_COUNTERS = (
    "recalled absent came_back called_out_of_order proof_missing undone held unheld transferred paused resumed"
    " handed_over"
)
ON_TICKETS = "booked cancelled missed paused resumed errand_added errand_dropped reordered left"
DETOURS = {*(f"floor.{act}" for act in AT_COUNTERS.split()), *(f"visits.{act}" for act in ON_TICKETS.split())}


def test_on_a_busy_day_everything_that_the_screens_offer_is_done_and_nobody_is_left_in_limbo():
    hall = hall_of(5)

    day = played(hall, 150)

    assert DETOURS - set(Entry.objects.values_list("kind", flat=True)) == set()
    assert all(undone(kind) for kind in ("floor.called", "floor.started", "floor.finished"))
    assert Entry.objects.filter(kind="floor.paused").exclude(data__reason="meal").exists()
    ends = Errand.objects.filter(state="done").values_list("outcome", flat=True)
    assert set(ends) == {"done", "incomplete", "referred", "transferred"}
    assert Visit.objects.filter(party__gt=1).exists()
    assert Visit.objects.exclude(company="").exists()
    assert Visit.objects.filter(language="en").exists()
    assert not Visit.objects.filter(ended_at=None).exists()
    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert not Duty.objects.filter(closed_at=None).exists()
    assert story.contradictions(hall.mall, DAY) == []
    assert not day.refused


def test_who_takes_a_counter_over_at_lunch_gives_it_back():
    hall = hall_of(2)

    day = played(hall, 12)

    handed = Entry.objects.filter(kind="floor.handed_over").order_by("id")
    stand_in = Person.objects.get(email="pengganti1.1771@simulasi.example")
    [there, back] = handed
    assert (there.data["to"], back.actor_id) == (str(stand_in.pk), str(stand_in.pk))
    assert back.data["to"] == there.actor_id
    assert all(officer.person.email.startswith("loket") for officer in day.officers)


def test_simulated_people_are_known_by_the_ledger_and_cannot_sign_in():
    hall = hall_of(1)

    played(hall, 3)

    arrived = Entry.objects.filter(kind="visits.arrived")
    assert set(arrived.values_list("actor_kind", "actor_id")) == {("system", "simulation")}
    officer = Person.objects.get(email="loket1.1771@simulasi.example")
    assert not officer.has_usable_password()
    made = Entry.objects.get(kind="accounts.registered", subject=f"person:{officer.pk}")
    assert (made.actor_kind, made.actor_id) == ("system", "simulation")


def test_the_same_seed_plays_the_same_day_and_its_officers_come_again():
    hall = hall_of(2)

    def course():
        mine = Entry.objects.filter(subject__startswith="visit:").order_by("id")
        return [(e.kind, e.at, e.data.get("wait_s")) for e in mine]

    played(hall, 12)
    first = course()
    played(hall, 12)

    again = course()[len(first) :]
    assert [kind for kind, _, _ in again] == [kind for kind, _, _ in first]
    assert [(at, wait) for _, at, wait in again] == [(at, wait) for _, at, wait in first]
    assert Person.objects.filter(email__startswith="loket").count() == 2


def test_a_day_is_not_played_on_top_of_real_visitors():
    hall = hall_of(1)
    hall.arrive("X")

    with pytest.raises(stage.RealPeople):
        stage.prepare(mall=hall.mall, day=DAY, seed=1, now=MORNING, visitors=3)
    assert Visit.objects.count() == 1
    assert not Person.objects.exists()


def test_a_real_officer_keeps_the_counter_and_may_serve_simulated_visitors():
    hall = hall_of(2)
    real = Person.objects.create(name="Dewi", email="dewi@uji.test", created_at=MORNING)
    member = real.memberships.create(
        mall=hall.mall, agency=Agency.objects.get(code="X"), role="counter_officer"
    )
    services.sign_on(member=member, counter_number=1, now=MORNING)

    day = stage.prepare(mall=hall.mall, day=DAY, seed=1, now=MORNING, visitors=3)

    assert [officer.counter for officer in day.officers] == [2]


class Enough(Exception):
    """The day is cut short here."""


def play_until(day, enough):
    def pace(when):
        if enough(when):
            raise Enough

    day.course.pace = pace
    with pytest.raises(Enough):
        day.play()


def test_a_day_that_is_stopped_leaves_nobody_in_limbo():
    hall = hall_of(1)
    day = stage.prepare(mall=hall.mall, day=DAY, seed=3, now=MORNING, visitors=30)

    play_until(day, lambda when: when > day.opens + stage.script.LAST_NUMBER * 3)
    assert Errand.objects.filter(state__in=ACTIVE).exists()
    day.stop()

    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert not Duty.objects.filter(closed_at=None).exists()
    assert story.contradictions(hall.mall, DAY) == []


def test_a_day_that_is_stopped_while_somebody_is_parked_serves_them_first():
    hall = hall_of(2)
    day = stage.prepare(mall=hall.mall, day=DAY, seed=1, now=MORNING, visitors=40)

    play_until(day, lambda when: any(officer.parked for officer in day.officers))
    parked = Errand.objects.get(state="held")
    day.stop()

    assert Errand.objects.get(pk=parked.pk).state == "done"
    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert not Duty.objects.filter(closed_at=None).exists()
    assert not day.refused


def test_the_ledger_finds_rows_that_it_does_not_explain():
    hall = hall_of(1)
    played(hall, 4)
    errand = Errand.objects.filter(state="done").first()

    Errand.objects.filter(pk=errand.pk).update(state="absent")
    assert [f"errand {errand.pk} is absent" in text for text in story.contradictions(hall.mall, DAY)] == [
        True
    ]
    Errand.objects.filter(pk=errand.pk).update(state="done")
    hall.mall.visit_set.create(day=DAY, entrance="A", number=99, arrived_at=MORNING)
    assert story.contradictions(hall.mall, DAY) == ["A 099: not in the ledger"]


def test_the_ledger_notices_a_call_by_two_and_a_finish_without_a_start():
    def entry(kind, errand):
        return Entry(kind=kind, subject="visit:1", at=MORNING, data={"errand": errand, "errands": 2})

    twice = story.told([entry("visits.arrived", 0), entry("floor.called", 1), entry("floor.called", 2)])
    assert "two places at once" in twice["visit:1"].troubles[0]
    early = story.told([entry("visits.arrived", 0), entry("floor.finished", 1)])
    assert "errand 1 was planned" in early["visit:1"].troubles[0]


def simulate(**options):
    said = StringIO()
    call_command("simulate", stdout=said, **options)
    return said.getvalue()


def test_the_command_tells_the_day_from_the_ledger():
    hall_of(2)

    said = simulate(visitors=6, date=DAY)

    assert "Datang 6, " in said
    assert "Ditolak" not in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"date": date(2026, 11, 22)}, "Mal tutup pada Minggu, 22 November 2026"),
        ({"visitors": 0}, "--visitors"),
        ({"speed": -1.0}, "--speed"),
    ],
)
def test_the_command_refuses_with_words_and_makes_nothing(options, sentence):
    hall_of(1)

    with pytest.raises(CommandError, match=sentence):
        simulate(**options)
    assert not Visit.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), date(2026, 11, 23)),  # 14.59 in Bengkulu
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), date(2026, 11, 30)),  # Saturday there
    ],
)
def test_without_a_date_the_day_is_today_until_closing_and_then_the_next_one_open(now, day):
    hall = Hall(counters=0)
    hall.mall.opening = {name: ["08:00", "15:00"] for name in ("mon", "tue", "wed", "thu", "fri")}

    assert next_open(hall.mall, now) == day


def test_a_clock_at_six_thousand_times_waits_for_its_moment():
    pace = Pace(6000, wall=False)

    began = time.monotonic()
    for minutes in (0, 1, 2):
        pace(later(minutes))
    assert 0.02 <= time.monotonic() - began < 30


def test_outside_a_demo_there_is_no_simulation(settings):
    settings.DEMO = False
    hall_of(1)

    with pytest.raises(CommandError, match="Hanya untuk peragaan"):
        simulate(visitors=1, date=DAY)
    assert not Visit.objects.exists()
