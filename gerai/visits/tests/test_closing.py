"""The end of a day and of a service: everybody is told, nobody is left, and the ledger says why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerai.accounts.models import Person
from gerai.floor import services as floor
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.notices.models import Notice
from gerai.visits import closing, tasks
from gerai.visits.models import Closure, Errand, Visit
from gerai.visits.rules import ACTIVE

BOSS = ActorRef("person", "manager")
AFTER = later(6 * 60 + 1)  # 15.01 in Bengkulu
MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def person(name="sari"):
    return Person.objects.create(name=name.title(), email=f"{name}@uji.test", created_at=MORNING)


def appointment(hall, stage="confirmed", code="X", at=120):
    """A booking, as the booking service leaves it."""
    visit = Visit.objects.create(
        mall=hall.mall, day=MORNING.date(), stage=stage, person=person(f"b{at}{stage}"), slot_at=later(at),
        code=f"B{at}"[:6], reserved_until=later(at) if stage == "reserved" else None,
    )  # fmt: skip
    Errand.objects.create(
        visit=visit, mall=hall.mall, agency=hall.services[code].agency, service=hall.services[code],
        sequence=0, state="booked", slot_at=later(at),
    )  # fmt: skip
    return visit


def home(hall):
    for officer in hall.officers:
        floor.sign_off(person=officer, now=later(359))


@pytest.mark.django_db
def test_who_still_waits_after_the_last_counter_closed_is_told_and_the_ledger_says_why():
    hall = Hall()
    visit = hall.arrive("X", "Y", person=person())
    home(hall)

    assert closing.close_day(mall=hall.mall, now=AFTER) == 1

    assert set(visit.errands.values_list("state", flat=True)) == {"closed"}
    visit.refresh_from_db()
    assert (visit.stage, visit.ended_at) == ("ended", AFTER)
    entry = Entry.objects.get(kind="visits.closed")
    assert entry.data["reason"] == "day_over"
    assert sorted(entry.data["errands"]) == sorted(visit.errands.values_list("pk", flat=True))
    tasks.tell(entry)
    tasks.tell(entry)
    notice = Notice.objects.get()
    assert "buka lagi Senin, 30 November 2026 pukul 08.00" in notice.body


@pytest.mark.django_db
def test_nobody_is_sent_away_while_a_counter_still_serves_but_after_two_hours():
    hall = Hall()
    hall.arrive("X")

    assert closing.close_day(mall=hall.mall, now=later(359)) == 0
    assert closing.close_day(mall=hall.mall, now=AFTER) == 0
    assert closing.close_day(mall=hall.mall, now=AFTER + timedelta(hours=2)) == 1


@pytest.mark.django_db
def test_who_is_at_a_counter_stays_until_midnight_and_then_ends_with_an_outcome():
    hall = Hall(counters=2)
    hall.arrive("X")
    hall.arrive("X")
    called = floor.call_next(person=hall.officers[0], now=later(350))
    serving = floor.call_next(person=hall.officers[1], now=later(350))
    floor.start(person=hall.officers[1], errand_id=serving.pk, now=later(351))

    assert closing.close_day(mall=hall.mall, now=AFTER + timedelta(hours=3)) == 0
    assert closing.close_day(mall=hall.mall, now=MIDNIGHT) == 2

    called.refresh_from_db()
    serving.refresh_from_db()
    assert (called.state, called.outcome) == ("closed", "unended")
    assert (serving.state, serving.outcome) == ("done", "unended")
    assert not Visit.objects.exclude(stage="ended").exists()


@pytest.mark.django_db
def test_who_was_let_in_after_hours_waits_until_midnight():
    hall = Hall()
    home(hall)
    visit = hall.arrive("X", at=370)

    assert closing.close_day(mall=hall.mall, now=later(500)) == 0
    assert closing.close_day(mall=hall.mall, now=MIDNIGHT) == 1
    assert visit.errands.get().state == "closed"


@pytest.mark.django_db
def test_an_appointment_nobody_kept_is_missed_and_an_offer_nobody_took_lapses():
    hall = Hall()
    kept_not, not_taken = appointment(hall), appointment(hall, stage="reserved", at=150)

    assert closing.close_day(mall=hall.mall, now=later(359)) == 0
    assert closing.close_day(mall=hall.mall, now=AFTER) == 2

    kept_not.refresh_from_db()
    not_taken.refresh_from_db()
    assert (kept_not.stage, not_taken.stage) == ("missed", "expired")
    assert not Errand.objects.filter(state="booked").exists()
    assert set(Entry.objects.values_list("kind", flat=True)) >= {"visits.missed", "visits.expired"}


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 8), ("Asia/Makassar", 7), ("Asia/Jayapura", 6)])
def test_the_day_ends_by_the_malls_own_clock(zone, hour):
    hall = Hall()
    hall.mall.timezone = zone
    hall.mall.save()
    hall.arrive("X", at=-150)
    home(hall)
    three = datetime(2026, 11, 23, hour, 0, tzinfo=UTC)  # 15.00 there

    assert closing.close_day(mall=hall.mall, now=three - timedelta(seconds=1)) == 0
    assert closing.close_day(mall=hall.mall, now=three) == 1


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    visits=st.lists(
        st.tuples(st.sampled_from(["X", "Y", "XY", "YX", "booked", "reserved"]), st.integers(0, 340)),
        min_size=1,
        max_size=8,
    ),
    acts=st.lists(
        st.sampled_from(["call", "start", "finish", "absent", "leave", "shut", "reopen"]), max_size=12
    ),
)
@pytest.mark.django_db(transaction=True)
def test_after_the_day_nothing_is_active_each_ending_is_explained_and_twice_is_once(visits, acts):
    hall = fresh_hall()
    for n, (what, minute) in enumerate(sorted(visits, key=lambda v: v[1])):
        if what in ("booked", "reserved"):
            appointment(hall, "confirmed" if what == "booked" else "reserved", at=n * 7 + 20)
        else:
            hall.arrive(*what, at=minute)
    for n, act in enumerate(acts):
        do(hall, act, later(341 + n))
    closing.close_day(mall=hall.mall, now=AFTER)
    closing.close_day(mall=hall.mall, now=MIDNIGHT)

    assert not Errand.objects.filter(state__in=ACTIVE).exists()
    assert not Visit.objects.filter(stage__in=["arrived", "reserved", "confirmed"]).exists()
    for errand in Errand.objects.all():
        about = Entry.objects.filter(subject=f"visit:{errand.visit_id}")
        kinds = {"done": ["floor.finished", "visits.closed"], "absent": ["floor.absent"],
                 "left": ["visits.left", "visits.missed", "visits.expired"], "closed": ["visits.closed"]}  # fmt: skip
        assert about.filter(kind__in=kinds[errand.state]).exists(), errand
    before = Entry.objects.count()
    assert closing.close_day(mall=hall.mall, now=MIDNIGHT + timedelta(minutes=1)) == 0
    assert Entry.objects.count() == before


HALL: dict[str, Hall] = {}


def fresh_hall():
    """The same hall for each example, emptied."""
    from gerai.agencies.models import Mall

    if "hall" not in HALL or not Mall.objects.exists():
        HALL["hall"] = Hall()
    for model in (Errand, Closure, Visit):
        model.objects.all().delete()
    Person.objects.filter(email__startswith="b").delete()
    return HALL["hall"]


def do(hall, act, now):
    """One act of the floor, if it is possible now."""
    officer = hall.officers[0]
    present = Errand.objects.filter(state__in=["called", "serving"]).first()
    agency = hall.services["X"].agency
    if act == "call":
        floor.call_next(person=officer, now=now)
    elif act == "leave" and (visit := Visit.objects.filter(stage="arrived").first()):
        from gerai.visits import services

        services.leave(visit=visit, actor=BOSS, now=now)
    elif act == "shut":
        closing.close_today(agency=agency, reason="listrik padam", actor=BOSS, now=now)
    elif act == "reopen" and (closure := Closure.objects.filter(reopened_at=None).first()):
        closing.reopen(closure=closure, actor=BOSS, now=now)
    elif present and act == "finish":
        floor.finish(person=officer, errand_id=present.pk, now=now)
    elif present and present.state == "called" and act in ("start", "absent"):
        getattr(floor, act)(person=officer, errand_id=present.pk, now=now)
