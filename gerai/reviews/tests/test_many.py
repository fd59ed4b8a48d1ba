"""Several tasks at once: each by itself, the refused ones named with their sentence, a second press changes nothing."""

import pytest

from gerai.applications.models import Application
from gerai.ledger.models import Entry
from gerai.reviews import rules, services
from gerai.reviews.models import Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.verifier)
    return client


def checks(world, count=3):
    return [world.task(world.submitted(), "completeness") for _ in range(count)]


def press(officer, what, *tasks):
    """The text of the inbox after so many were ticked and the button pressed."""
    sent = {"task": [getattr(task, "pk", task) for task in tasks]}
    return officer.post(f"/tugas/{what}/", sent, follow=True).content.decode()


def taken(tasks):
    return [task.taken_by for task in Task.objects.filter(pk__in=[t.pk for t in tasks]).order_by("pk")]


def told(kind):
    return Entry.objects.filter(kind=kind).count()


def test_the_ticked_ones_are_taken_and_again_changes_nothing(officer, world):
    tasks = checks(world)

    assert "2 tugas sekarang Anda kerjakan." in press(officer, "kerjakan", *tasks[:2])
    press(officer, "kerjakan", *tasks[:2])

    assert taken(tasks) == [world.verifier, world.verifier, None]
    assert told("reviews.task_taken") == 2


def test_the_ticked_ones_are_let_go_and_a_colleagues_stays_theirs(officer, world):
    first, second = tasks = checks(world, 2)
    colleague = world.staff("Vino", "DPMPTSP", "verifier")
    services.claim(person=world.verifier, task_id=first.pk, now=MONDAY)
    services.claim(person=colleague, task_id=second.pk, now=MONDAY)

    said = press(officer, "lepaskan", first, second)
    again = press(officer, "lepaskan", first)

    assert "1 tugas Anda lepaskan." in said
    assert f"{second.case.application.number}: Bukan Anda yang mengerjakan" in said
    assert f"{first.case.application.number}: Bukan Anda yang mengerjakan" in again
    assert taken(tasks) == [None, colleague]
    assert told("reviews.task_let_go") == 1


def test_letting_go_of_what_one_does_not_work_on_changes_nothing(world):
    task = checks(world, 1)[0]
    with pytest.raises(rules.NotYours):
        services.let_go_own(person=world.verifier, task_id=task.pk, now=MONDAY)
    assert told("reviews.task_let_go") == 0


def test_several_files_are_found_complete_and_the_refused_are_named(officer, world):
    first, own, colleagues, last = tasks = checks(world, 4)
    Application.objects.filter(pk=own.case_id).update(applicant=world.verifier)
    services.claim(person=world.staff("Vino", "DPMPTSP", "verifier"), task_id=colleagues.pk, now=MONDAY)

    said = press(officer, "lengkap", *tasks)

    assert "2 berkas dinyatakan lengkap." in said
    assert f"{own.case.application.number}: Permohonan ini milik Anda" in said
    assert f"{colleagues.case.application.number}: Tugas ini sedang dikerjakan Vino" in said
    done = [
        task.done_at is not None for task in Task.objects.filter(pk__in=[t.pk for t in tasks]).order_by("pk")
    ]
    assert done == [True, False, False, True]
    assert told("reviews.completed") == 2
    assert "Tugas ini sudah diselesaikan" in press(officer, "lengkap", first, last)
    assert told("reviews.completed") == 2


def test_other_kinds_are_not_ended_so_nor_what_is_not_theirs(officer, world):
    application = world.reviewed()
    assess, foreign = world.task(application, "assess"), world.task(world.in_review(), "technical.dinkes")

    said = press(officer, "lengkap", assess, foreign, "x", "9" * 30)

    assert f"{application.number}: Tugas ini tidak dapat diakhiri dengan pilihan itu." in said
    assert foreign.case.application.number not in said
    assert not Task.objects.filter(pk__in=[assess.pk, foreign.pk], done_at__isnull=False).exists()


@pytest.mark.parametrize("what", ["kerjakan", "lepaskan", "lengkap"])
def test_nothing_ticked_is_said_and_only_officers_press(officer, world, what):
    task = checks(world, 1)[0]

    assert "Tandai dulu tugasnya." in press(officer, what)
    officer.force_login(world.sari)
    assert officer.post(f"/tugas/{what}/", {"task": [task.pk]}).status_code == 404
    assert taken([task]) == [None]


def test_only_what_can_be_done_is_offered(officer, world):
    def offered():
        page = officer.get("/tugas/").content.decode()
        return ["Lepaskan yang ditandai" in page, "Nyatakan lengkap" in page, page.count('name="task"')]

    task = checks(world, 1)[0]
    assert offered() == [False, True, 1]
    services.claim(person=world.verifier, task_id=task.pk, now=MONDAY)
    assert offered() == [True, True, 1]
    services.claim(person=world.staff("Vino", "DPMPTSP", "verifier"), task_id=task.pk, now=MONDAY)
    assert offered() == [False, False, 0]
