"""Nothing is late in silence: the heads are told, officers get one message a morning, applicants their last days."""

from datetime import UTC, datetime, timedelta

import pytest

from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import deadlines, heads, queries, services, telling
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


def told(template):
    return {
        n.person.name: n.body
        for n in Notice.objects.filter(key__startswith=template).select_related("person")
    }


def test_a_broken_promise_is_told_once_to_who_answers_for_it():
    world = World()
    world.in_review()
    world.staff("Admin", "DPMPTSP", "agency_admin")
    deadlines.check(now=Case.objects.get().due_at)
    entry = Entry.objects.get(kind="reviews.case_late")

    for _ in range(2):
        telling.case_late(entry=entry, now=MONDAY)

    assert set(told("case_late")) == {"Admin", "Kepala"}
    assert "DINKES, PUPR" in told("case_late")["Kepala"]


def test_a_case_that_was_closed_meanwhile_is_told_to_nobody():
    world = World()
    world.in_review()
    deadlines.check(now=Case.objects.get().due_at)
    Case.objects.update(closed_at=MONDAY)

    telling.case_late(entry=Entry.objects.get(kind="reviews.case_late"), now=MONDAY)

    assert not Notice.objects.filter(key__startswith="case_late").exists()


def test_a_late_case_is_on_the_mayors_list_also_when_nobody_has_a_late_task():
    world = World()
    application = world.in_review()
    case = Case.objects.get()
    world.say(application, world.dinkes, "technical.dinkes", "approve")
    case.tasks.filter(done_at=None).update(due_at=case.due_at + timedelta(days=30))

    assert queries.late(world.mall, case.due_at) == {}
    assert queries.late(world.mall, case.due_at + timedelta(minutes=1)) == {"DPMPTSP": (1, case.due_at)}


def test_the_heads_of_an_agency_that_only_examines_hear_each_morning_how_much_is_late():
    world = World()
    task = world.task(world.in_review(), "technical.dinkes")
    world.staff("Kadis", "DINKES", "signer")
    after = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # Monday 08.00
    assert task.due_at < after

    assert heads.morning(mall=world.mall, now=after - timedelta(days=1)) == 0  # a Sunday
    assert [heads.morning(mall=world.mall, now=after) for _ in range(2)] == [1, 0]

    assert set(told("agency_late")) == {"Kadis"}
    assert "1 tugas petugas DINKES" in told("agency_late")["Kadis"]
    assert heads.morning(mall=world.mall, now=after + timedelta(days=1)) == 1


def test_an_officer_with_something_due_gets_one_message_that_morning():
    world = World()
    task = world.task(world.in_review(), "technical.dinkes")
    morning = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)  # Friday 08.00; due that day at 15.00
    assert task.due_at.date() == morning.date()

    assert telling.digest(mall=world.mall, now=morning - timedelta(minutes=1)) == 0
    assert telling.digest(mall=world.mall, now=morning) == 2
    assert telling.digest(mall=world.mall, now=morning + timedelta(hours=1)) == 0

    assert set(told("tasks_due")) == {"Dewi", "Putra"}
    assert "1 jatuh tempo hari ini" in told("tasks_due")["Dewi"]


def test_on_a_holiday_nobody_is_woken():
    world = World()
    world.in_review()

    assert telling.digest(mall=world.mall, now=datetime(2026, 11, 25, 3, 0, tzinfo=UTC)) == 0


def test_what_a_colleague_works_on_is_not_in_my_message():
    world = World()
    task = world.task(world.in_review(), "technical.dinkes")
    world.staff("Dina", "DINKES", "reviewer")
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)

    telling.digest(mall=world.mall, now=datetime(2026, 11, 27, 2, 0, tzinfo=UTC))

    assert "Dina" not in told("tasks_due")


def test_an_applicant_is_reminded_once_before_the_last_day_to_mend():
    world = World()
    application = world.submitted()
    services.give_back(
        person=world.verifier,
        task_id=world.task(application, "completeness").pk,
        corrections=[{"what": "answer:address", "text": "Alamat lengkap."}],
        now=MONDAY,
    )
    application.refresh_from_db()

    assert telling.mend_soon(mall=world.mall, now=application.correct_by - timedelta(days=4)) == 0
    assert telling.mend_soon(mall=world.mall, now=application.correct_by - timedelta(days=2)) == 1
    assert telling.mend_soon(mall=world.mall, now=application.correct_by - timedelta(days=1)) == 0
    assert set(told("mend_soon")) == {"Sari"}
