"""A head gives a task to somebody, shares out the rest evenly, and takes back; the officer is told."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import rules, services, sharing, telling
from gerai.reviews.models import Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
WHY = "Vera sedang bertugas di lapangan"


@pytest.fixture
def world():
    return World()


def give(world, task, officer, who=None, reason=WHY, at=MONDAY):
    return sharing.give(
        person=who or world.signer, task_id=task.pk, officer_id=str(officer.pk), reason=reason, now=at
    )


def split(world, *officers, who=None, role="verifier"):
    return sharing.split(
        person=who or world.signer,
        agency="DPMPTSP",
        role=role,
        officer_ids=[str(one.pk) for one in officers],
        now=MONDAY,
    )


def test_a_head_gives_a_task_with_a_reason_once_and_also_away_from_somebody(world):
    task = world.task(world.submitted(), "completeness")
    other = world.staff("Vino", "DPMPTSP", "verifier")
    services.claim(person=world.verifier, task_id=task.pk, now=MONDAY)

    for _ in range(2):
        give(world, task, other)

    task.refresh_from_db()
    assert (task.taken_by, task.given_by, task.given_reason) == (other, world.signer, WHY)
    entry = Entry.objects.get(kind="reviews.task_given")
    assert (entry.data["to"], entry.data["was"]) == (str(other.pk), str(world.verifier.pk))
    assert WHY not in str(entry.data)


def test_what_a_head_gave_can_be_let_go_and_its_reason_goes_with_it(world):
    task = world.task(world.submitted(), "completeness")
    give(world, task, world.verifier)
    services.let_go(person=world.verifier, task_id=task.pk, now=MONDAY)

    task.refresh_from_db()
    assert (task.taken_by, task.given_by, task.given_reason) == (None, None, "")


def test_a_task_goes_only_to_who_holds_its_role_there_and_never_to_the_applicant(world):
    task = world.task(world.submitted(), "completeness")
    world.also(world.sari, "DPMPTSP", "verifier")

    for officer in (world.dinkes, world.signer, world.sari, world.budi):
        with pytest.raises(sharing.NotTheirTask):
            give(world, task, officer)
    with pytest.raises(sharing.GivenReasonMissing):
        give(world, task, world.verifier, reason="-")

    assert not Task.objects.filter(taken_by__isnull=False).exists()


def test_only_who_leads_the_agency_shares_and_its_tasks_on_others_cases_too(world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    chief = world.staff("Kadinkes", "DINKES", "signer")

    for stranger in (world.signer, world.dinkes, world.verifier):
        with pytest.raises(NotFound):
            give(world, task, world.dinkes, who=stranger)
    give(world, task, world.dinkes, who=chief)
    with pytest.raises(NotFound):
        split(world, world.verifier, who=chief)

    task.refresh_from_db()
    assert task.taken_by == world.dinkes


def test_a_finished_task_is_not_given(world):
    application = world.in_review()
    with pytest.raises(rules.TaskDone):
        give(world, world.task(application, "completeness"), world.verifier)


def test_taking_back_leaves_it_to_everybody_with_the_reason(world):
    task = world.task(world.submitted(), "completeness")
    give(world, task, world.verifier)
    for _ in range(2):
        sharing.take_back(person=world.signer, task_id=task.pk, reason="Vera sakit", now=MONDAY)

    task.refresh_from_db()
    assert (task.taken_by, task.given_reason) == (None, "Vera sakit")
    assert Entry.objects.filter(kind="reviews.task_taken_back").count() == 1
    services.claim(person=world.verifier, task_id=task.pk, now=MONDAY)
    task.refresh_from_db()
    assert task.given_reason == ""


def test_the_open_ones_are_split_evenly_by_due_date_and_a_second_press_finds_none(world):
    other = world.staff("Abdi", "DPMPTSP", "verifier")
    tasks = [world.task(world.submitted(), "completeness") for _ in range(5)]
    for n, task in enumerate(reversed(tasks)):
        Task.objects.filter(pk=task.pk).update(due_at=MONDAY + timedelta(hours=n))
    services.claim(person=world.verifier, task_id=tasks[0].pk, now=MONDAY)  # the last to be due stays hers

    got, left = split(world, other, world.verifier)
    again = split(world, other, world.verifier)

    assert (got, left, again) == ({other.pk: 2, world.verifier.pk: 2}, 0, ({}, 0))
    by_due = list(Task.objects.order_by("due_at").values_list("taken_by__name", flat=True))
    assert by_due == ["Abdi", "Vera", "Abdi", "Vera", "Vera"]
    assert Entry.objects.filter(kind="reviews.task_given").count() == 4


def test_nobody_gets_a_case_of_their_own_or_a_decision_on_their_recommendation(world):
    own = world.submitted()
    world.also(world.sari, "DPMPTSP", "verifier")
    assert split(world, world.sari) == ({}, 1)
    assert world.task(own, "completeness").taken_by is None

    decided = world.reviewed()
    world.also(world.verifier, "DPMPTSP", "signer")
    world.assess(decided, "reject", "Luasnya keliru.")
    assert split(world, world.verifier, role="signer") == ({}, 1)
    assert split(world, world.verifier, world.signer, role="signer") == ({world.signer.pk: 1}, 0)
    with pytest.raises(sharing.NobodyChosen):
        split(world, world.budi)


def test_the_morning_message_counts_what_was_given_since_the_last(world):
    task = world.task(world.submitted(), "completeness")
    Task.objects.filter(pk=task.pk).update(due_at=MONDAY + timedelta(days=20))
    give(world, task, world.verifier, at=MONDAY + timedelta(hours=1))

    tuesday = MONDAY + timedelta(days=1)
    assert telling.digest(mall=world.mall, now=tuesday) == 1
    assert telling.digest(mall=world.mall, now=tuesday) == 0
    assert telling.digest(mall=world.mall, now=MONDAY + timedelta(days=3)) == 0  # Wednesday is a holiday

    assert "Baru dibagikan kepada Anda: 1" in Notice.objects.get(template="tasks_due").body


def test_the_heads_screens(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    task = world.task(world.submitted(), "completeness")
    client.force_login(world.verifier)
    assert client.get("/tugas/bagi/").status_code == 404
    client.force_login(world.staff("Lain", "PUPR", "signer"))
    assert client.get(f"/tugas/bagi/{task.pk}/").status_code == 404
    client.force_login(world.signer)

    assert "1 belum dikerjakan" in client.get("/tugas/bagi/").content.decode()
    assert client.post("/tugas/bagi/", {"agency": "DPMPTSP", "role": "verifier"}).status_code == 422
    assert client.post(f"/tugas/bagi/{task.pk}/", {"officer": "x", "reason": WHY}).status_code == 422
    client.post("/tugas/bagi/", {"agency": "DPMPTSP", "role": "verifier", "officer": str(world.verifier.pk)})
    client.post(f"/tugas/bagi/{task.pk}/", {"act": "take_back", "reason": WHY})
    client.post(f"/tugas/bagi/{task.pk}/", {"officer": str(world.verifier.pk), "reason": WHY})
    client.force_login(world.verifier)
    assert WHY in client.get("/tugas/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_split_at_once_give_each_task_once():
    world = World()
    for _ in range(4):
        world.submitted()
    second = world.staff("Wakil", "DPMPTSP", "agency_admin")
    other = world.staff("Abdi", "DPMPTSP", "verifier")
    together, errors = Barrier(2), []

    def press(head):
        try:
            together.wait(10)
            split(world, other, world.verifier, who=head)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(head,)) for head in (world.signer, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    split(world, other, world.verifier)  # whatever each passed over while the other held it
    assert not Task.objects.filter(taken_by=None).exists()
    assert Entry.objects.filter(kind="reviews.task_given").count() == 4
