"""Another calendar moves every open due date, writes an entry for each, and does so once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from gerai.agencies import services as agencies
from gerai.agencies.models import Holiday, Mall
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.reviews import cases, clocking, deadlines, recomputing, services, tasks
from gerai.reviews.models import Case, Pause
from gerai.reviews.tests.make import HOURS, MONDAY, World

pytestmark = pytest.mark.django_db
WEDNESDAY = (
    date(2026, 11, 25),
    "Libur uji",
    "local",
)  # the holiday that the world of these tests begins with
THURSDAY = (date(2026, 11, 26), "Libur baru", "local")


def due(day, month=11, hour=8):
    """15.00 in Bengkulu."""
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def holidays(world, *days, now=MONDAY):
    """Set the holidays and do what the worker does with the entry."""
    assert agencies.set_holidays(mall=world.mall, holidays=days, actor=SYSTEM, now=now)
    entry = Entry.objects.filter(kind="agencies.holidays_changed").latest("id")
    recomputing.recompute(mall="1771", cause=entry.pk, now=now)
    return entry


def dates(world, application):
    """When the case, the promise, and the first agency's task are due."""
    application.refresh_from_db()
    task = world.task(application, "technical.dinkes")
    return Case.objects.get(pk=application.pk).due_at, application.promised_at, task.due_at


def moved():
    found = Entry.objects.filter(kind__endswith="due_moved").order_by("id")
    return [(e.kind, e.data.get("task"), e.data["before"], e.data["due_at"]) for e in found]


def paused():
    """A case whose clock stands still since Tuesday 09.00, for payment."""
    world = World()
    application = world.reviewed()
    task = world.task(application, "assess")
    services.assess(
        person=world.verifier, task_id=task.pk, outcome="approve", note="", now=MONDAY + timedelta(days=1)
    )
    return world, application


def test_a_new_holiday_gives_everything_open_one_day_more_and_is_recorded():
    world = World()
    application = world.in_review()
    assert dates(world, application) == (due(1, 12), due(1, 12), due(27))

    cause = holidays(world, WEDNESDAY, THURSDAY)

    assert dates(world, application) == (due(2, 12), due(2, 12), due(30))
    assert sorted(moved()) == [
        ("reviews.due_moved", None, "2026-12-01T08:00:00+00:00", "2026-12-02T08:00:00+00:00"),
        (
            "reviews.task_due_moved",
            "technical.dinkes",
            "2026-11-27T08:00:00+00:00",
            "2026-11-30T08:00:00+00:00",
        ),
        (
            "reviews.task_due_moved",
            "technical.pupr",
            "2026-11-27T08:00:00+00:00",
            "2026-11-30T08:00:00+00:00",
        ),
    ]
    assert set(Entry.objects.filter(kind__endswith="due_moved").values_list("cause", flat=True)) == {cause.pk}


def test_a_holiday_taken_away_brings_everything_forward():
    world = World()
    application = world.in_review()

    holidays(world)

    assert dates(world, application) == (due(30), due(30), due(26))


def test_a_repeated_entry_moves_nothing_and_writes_nothing():
    world = World()
    application = world.in_review()
    entry = holidays(world, WEDNESDAY, THURSDAY)
    before = (dates(world, application), Entry.objects.count())

    assert recomputing.recompute(mall="1771", cause=entry.pk, now=MONDAY + timedelta(days=3)) == 0

    assert (dates(world, application), Entry.objects.count()) == before


def test_there_and_back_ends_where_it_began():
    world = World()
    application = world.in_review()
    before = dates(world, application)

    holidays(world, WEDNESDAY, THURSDAY)
    holidays(world, WEDNESDAY)

    assert dates(world, application) == before


def test_what_is_done_or_closed_or_elsewhere_keeps_its_date():
    world = World()
    application = world.in_review()
    services.recommend(
        person=world.dinkes, task_id=world.task(application, "technical.dinkes").pk, outcome="approve",
        note="", now=MONDAY,
    )  # fmt: skip
    Case.objects.update(closed_at=MONDAY)
    other = Mall.objects.create(code="1702", name="Lain", city="Lain", opening=HOURS)

    assert recomputing.recompute(mall=other.code, cause=1, now=MONDAY) == 0
    holidays(world, WEDNESDAY, THURSDAY)

    assert dates(world, application) == (due(1, 12), due(1, 12), due(27))
    assert [task for _, task, _, _ in moved()] == ["technical.pupr"]


def test_a_pause_that_ended_still_counts_after_the_calendar_changed():
    world, application = paused()
    cases.paid(application_id=application.pk, now=MONDAY + timedelta(days=3))
    # Touched by the pause: Tuesday and Thursday; Wednesday is a holiday. Two days more than Tuesday 1 December.
    assert Case.objects.get().due_at == due(3, 12)

    holidays(world, WEDNESDAY, (date(2026, 11, 30), "Libur baru", "local"))

    assert Case.objects.get().due_at == due(4, 12)
    assert Case.objects.get().warn_at is not None


def test_a_paused_case_moves_but_stays_paused_and_counts_its_pause_at_the_end():
    world, application = paused()

    holidays(world, WEDNESDAY, (date(2026, 11, 30), "Libur baru", "local"), now=MONDAY + timedelta(days=2))
    during = Case.objects.get()
    cases.paid(application_id=application.pk, now=MONDAY + timedelta(days=3))

    assert (during.due_at, during.warn_at) == (due(2, 12), None)
    assert during.pauses.filter(reason="payment").count() == 1
    assert Case.objects.get().due_at == due(4, 12)


def test_what_was_late_and_has_time_again_is_warned_again():
    world = World()
    application = world.in_review()
    just_late = due(27)
    deadlines.check(now=just_late)
    late = Entry.objects.filter(kind="reviews.task_late", data__task="technical.dinkes")
    assert late.count() == 1

    holidays(world, WEDNESDAY, THURSDAY, now=just_late)
    deadlines.check(now=just_late)
    assert late.count() == 1
    deadlines.check(now=dates(world, application)[2])

    assert late.count() == 2


def test_what_is_late_at_once_by_the_new_calendar_is_told_at_the_next_look():
    world = World()
    application = world.in_review()
    now = due(26, hour=9)

    holidays(world, now=now)
    deadlines.check(now=now)

    assert dates(world, application)[2] < now
    assert Entry.objects.filter(kind="reviews.task_late").count() == 2


def test_other_opening_hours_move_the_hour():
    world = World()
    application = world.in_review()
    world.mall.opening = {day: ["08:00", "14:00"] for day in HOURS}
    world.mall.save()

    recomputing.recompute(mall="1771", cause=1, now=MONDAY)

    assert dates(world, application) == (due(1, 12, 7), due(1, 12, 7), due(27, hour=7))


def test_one_case_that_fails_stops_no_other_and_asks_for_another_go():
    world = World()
    first = world.in_review()
    world.sari = world.budi
    second = world.in_review()
    Holiday.objects.create(mall=world.mall, date=THURSDAY[0], name="Libur baru", kind="local")
    with connection.cursor() as cursor:  # the database itself refuses every change of the first
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no'; END$$"
        )
        cursor.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON reviews_case FOR EACH ROW"
            f" WHEN (OLD.application_id = '{first.pk}') EXECUTE FUNCTION refuse()"
        )

    with pytest.raises(recomputing.NotAllMoved):
        recomputing.recompute(mall="1771", cause=1, now=MONDAY)
    assert dates(world, first) == (due(1, 12), due(1, 12), due(27))
    assert dates(world, second) == (due(2, 12), due(2, 12), due(30))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken ON reviews_case")

    assert recomputing.recompute(mall="1771", cause=1, now=MONDAY) == 1
    assert dates(world, first) == (due(2, 12), due(2, 12), due(30))


def test_the_consumer_hands_a_changed_calendar_to_one_job_and_ignores_other_changes():
    world = World()
    agencies.set_holidays(mall=world.mall, holidays=[WEDNESDAY, THURSDAY], actor=SYSTEM, now=MONDAY)
    same = {"code": "1771", "name": "Mal Baru", "city": "Bengkulu", "timezone": "Asia/Jakarta", "details": {}}
    agencies.open_mall(**same, opening=HOURS, actor=SYSTEM, now=MONDAY)
    agencies.open_mall(**same, opening={**HOURS, "fri": ["08:00", "11:00"]}, actor=SYSTEM, now=MONDAY)
    renamed, reopened = Entry.objects.filter(kind="agencies.mall_changed").order_by("id")
    changed = Entry.objects.get(kind="agencies.holidays_changed")

    for entry in (changed, renamed, reopened):
        tasks.follow(entry)

    jobs = ProcrastinateJob.objects.filter(task_name="reviews.recompute").order_by("id")
    assert [job.args for job in jobs] == [
        {"mall": "1771", "cause": changed.pk},
        {"mall": "1771", "cause": reopened.pk},
    ]
    assert {job.lock for job in jobs} == {"reviews.recompute 1771"}


def returned(world):
    """Given back on Monday; ten working days to mend it."""
    application = world.submitted()
    cases.open_case(application_id=application.pk, now=MONDAY)
    task = world.task(application, "completeness")
    mend = [{"what": "answer:area", "text": "Kurang jelas."}]
    services.give_back(person=world.verifier, task_id=task.pk, corrections=mend, now=MONDAY)
    application.refresh_from_db()
    return application


def test_a_new_holiday_gives_the_applicant_a_day_more_to_mend_and_never_takes_one_away():
    world = World()
    application = returned(world)
    told = application.correct_by

    cause = holidays(world, WEDNESDAY, THURSDAY)
    recomputing.recompute(mall="1771", cause=cause.pk, now=MONDAY)

    application.refresh_from_db()
    assert application.correct_by == told + timedelta(days=1)
    entry = Entry.objects.get(kind="reviews.mending_moved")
    assert (entry.data["before"], entry.data["by"]) == (told.isoformat(), application.correct_by.isoformat())
    assert entry.cause == cause.pk
    holidays(world)
    application.refresh_from_db()
    assert application.correct_by == told + timedelta(days=1)


def test_a_stop_of_so_many_working_days_ends_by_the_new_calendar():
    world = World()
    application = world.in_review()
    clocking.stop(person=world.signer, case_id=application.pk, days=3, ground="Perda 1 pasal 2", now=MONDAY)
    until = Pause.objects.get().until_at

    holidays(world, WEDNESDAY, THURSDAY)

    assert Pause.objects.get().until_at > until
    assert Entry.objects.get(kind="reviews.stop_moved").data["before"] == until.isoformat()
    deadlines.check(now=until)
    assert Pause.objects.get().ended_at is None
    deadlines.check(now=Pause.objects.get().until_at)
    assert Pause.objects.get().ended_at is not None
