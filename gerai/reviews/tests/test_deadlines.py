"""No deadline passes in silence, and a look at them reads only what is due for a word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gerai.applications.models import Application
from gerai.ledger.models import Entry
from gerai.reviews import cases, deadlines, services
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def said(kind):
    """The levels told of one kind, in order."""
    entries = Entry.objects.filter(kind__startswith=f"reviews.{kind}_").order_by("id")
    return [(e.data.get("task"), e.data["level"]) for e in entries if "level" in e.data]


def assess(world, application):
    services.assess(
        person=world.verifier,
        task_id=world.task(application, "assess").pk,
        outcome="approve",
        note="",
        now=MONDAY,
    )


def test_a_task_is_warned_at_half_at_four_fifths_and_when_late_once_each():
    world = World()
    task = world.task(world.in_review(), "technical.dinkes")
    Task.objects.exclude(pk=task.pk).update(warn_at=None)
    whole = task.due_at - task.opened_at

    for share in (0.1, 0.49, 0.5, 0.6, 0.79, 0.8, 0.8, 0.99, 1, 1.1, 5):
        deadlines.check(now=task.opened_at + whole * share)

    assert said("task") == [
        ("technical.dinkes", "half"),
        ("technical.dinkes", "four_fifths"),
        ("technical.dinkes", "late"),
    ]
    task.refresh_from_db()
    assert (task.warned, task.warn_at) == (3, None)


def test_after_a_long_silence_only_the_last_level_is_said():
    world = World()
    world.in_review()

    written = deadlines.check(now=MONDAY + 30 * DAY)

    assert written == 3  # two tasks, one case
    assert {level for _, level in said("task") + said("case")} == {"late"}
    assert deadlines.check(now=MONDAY + 31 * DAY) == 0


def test_the_case_itself_is_warned_by_its_own_clock():
    world = World()
    application = world.in_review()
    Task.objects.update(warn_at=None)
    case = Case.objects.get(pk=application.pk)

    deadlines.check(now=case.started_at + (case.due_at - case.started_at) * 0.5)
    deadlines.check(now=case.due_at)

    assert [level for _, level in said("case")] == ["half", "late"]


def test_nobody_is_warned_of_what_is_done_or_closed():
    world = World()
    application = world.in_review()
    services.recommend(
        person=world.dinkes,
        task_id=world.task(application, "technical.dinkes").pk,
        outcome="approve",
        note="",
        now=MONDAY,
    )
    Case.objects.update(closed_at=MONDAY)

    deadlines.check(now=MONDAY + 30 * DAY)

    assert said("task") == [("technical.pupr", "late")]
    assert said("case") == []


def test_while_the_applicant_must_pay_the_case_is_not_warned_and_afterwards_it_is():
    world = World()
    application = world.reviewed()
    assess(world, application)

    assert Case.objects.get().warn_at is None
    deadlines.check(now=MONDAY + 30 * DAY)
    assert said("case") == []
    cases.paid(application_id=application.pk, now=MONDAY + DAY)

    deadlines.check(now=datetime(2026, 12, 2, 8, 0, tzinfo=UTC))  # due: one working day later than promised
    assert [level for _, level in said("case")] == ["late"]


def test_a_row_that_cannot_be_told_stops_no_other_and_is_tried_again():
    world = World()
    application = world.in_review()
    broken, good = world.task(application, "technical.dinkes"), world.task(application, "technical.pupr")
    with connection.cursor() as cursor:  # the database itself refuses every change of the first
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
        )
        cursor.execute(
            f"CREATE TRIGGER broken BEFORE UPDATE ON reviews_task FOR EACH ROW WHEN (OLD.id = {broken.pk})"
            " EXECUTE FUNCTION refuse()"
        )  # fmt: skip

    deadlines.check(now=MONDAY + 30 * DAY)
    assert said("task") == [("technical.pupr", "late")]
    assert [level for _, level in said("case")] == ["late"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken ON reviews_task")
    deadlines.check(now=MONDAY + 30 * DAY)

    assert said("task") == [("technical.pupr", "late"), ("technical.dinkes", "late")]
    good.refresh_from_db()
    assert good.warned == 3


def copies(model, like, times, **columns):
    """Many more rows like one, made inside the database; `columns` are SQL over n."""
    names = [f.column for f in model._meta.concrete_fields if not f.primary_key or f.column in columns]
    values = ", ".join(columns.get(name, name) for name in names)
    table, key = model._meta.db_table, model._meta.pk.column
    many = f"FROM {table}, generate_series(1, {times}) n WHERE {key} = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} {many}", [like.pk])


def cost_of_a_look(now):
    """Queries asked, and rows of tasks and cases that the database read, by its own count."""
    count = (
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
        " WHERE relname IN ('reviews_task', 'reviews_case')"
    )
    with connection.cursor() as cursor:
        cursor.execute(count)
        before = cursor.fetchone()[0]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            written = deadlines.check(now=now)
        cursor.execute(count)
        return written, len(asked), cursor.fetchone()[0] - before


@pytest.mark.slow
def test_forty_thousand_open_tasks_and_cases_that_are_not_due_cost_nothing():
    world = World()
    first = world.in_review()
    like, case = world.task(first, "technical.dinkes"), Case.objects.get()
    Task.objects.update(warn_at=None)
    Case.objects.update(warn_at=None)
    far = {"warn_at": "timestamptz '2027-06-01'", "due_at": "timestamptz '2027-06-01'"}
    ids = "('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid"
    copies(Application, first, 20_000, id=ids, number="'N' || n")
    copies(Case, case, 20_000, application_id=ids, **far)
    copies(Task, like, 20_000, case_id=ids, **far)
    copies(Task, like, 20_000, case_id=ids, key="'c'", kind="'completeness'", **far)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reviews_task, reviews_case")

    assert cost_of_a_look(MONDAY + DAY) == (0, 9, 0)
    copies(Task, like, 5, key="'d' || n", warn_at=f"timestamptz '{MONDAY}'")
    written, asked, read = cost_of_a_look(MONDAY + 30 * DAY)

    assert written == 5
    assert asked <= 8 + 1 + 5 * 9
    assert read <= 5 * 30
