"""Whose hands a case is not for: its own people read nothing of what colleagues say, who typed it checks nothing."""

from datetime import timedelta

import pytest

from gerai.applications.models import Application
from gerai.ledger.models import Entry
from gerai.reviews import asking, decisions, noting, objecting, queries, rules, services, sharing
from gerai.reviews.models import Objection, Task
from gerai.reviews.tests import signs
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
FREE = {"fee": {**content()["fee"], "amount": "0"}}


@pytest.fixture
def world():
    return World(**FREE)


@pytest.fixture
def officer(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def typed_by(officer, application):
    """The application as if the officer had typed it at the desk; the day of the help is over."""
    Application.objects.filter(pk=application.pk).update(
        helper=officer, helped_until=MONDAY - timedelta(days=1)
    )
    return application


def test_who_opens_a_task_of_their_own_case_reads_nothing_of_what_colleagues_say(officer, world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    world.staff("Pak Kimia", "DPMPTSP", "reviewer")
    asking.ask(
        person=world.dinkes, task_id=task.pk, agency="DPMPTSP", role="reviewer", days=1, personal=False,
        question="Apakah luasnya masuk akal?", files=[], reason="", now=MONDAY,
    )  # fmt: skip
    noting.write(person=world.dinkes, task_id=task.pk, text="Suaranya gugup.", for_route=True, now=MONDAY)
    world.say(application, world.pupr, "technical.pupr", "reject", "Gudangnya melanggar sempadan.")
    world.also(world.sari, "DINKES", "reviewer")
    said = ("Suaranya gugup", "sempadan", "luasnya masuk akal")
    officer.force_login(world.dinkes)
    colleague = officer.get(f"/tugas/{task.pk}/").content.decode()
    officer.force_login(world.sari)
    own = officer.get(f"/tugas/{task.pk}/").content.decode()

    assert [words in colleague for words in said] == [True, True, True]
    assert [words in own for words in said] == [False, False, False]
    assert "Ini permohonan Anda sendiri" in own


def test_who_typed_it_at_the_desk_does_not_check_completeness_nor_take_it(officer, world):
    application = typed_by(world.verifier, world.submitted())
    task = world.task(application, "completeness")
    mend = [{"what": "answer:area", "text": "Ukur lagi."}]
    before = Entry.objects.count()

    with pytest.raises(rules.TypedByYou):
        services.complete(person=world.verifier, task_id=task.pk, note="", now=MONDAY)
    with pytest.raises(rules.TypedByYou):
        services.give_back(person=world.verifier, task_id=task.pk, corrections=mend, now=MONDAY)
    with pytest.raises(rules.TypedByYou):
        services.claim(person=world.verifier, task_id=task.pk, now=MONDAY)

    task.refresh_from_db()
    assert (task.done_at, task.taken_by, Entry.objects.count()) == (None, None, before)
    assert not queries.inbox(world.verifier).exists()
    officer.force_login(world.verifier)
    page = officer.get(f"/tugas/{task.pk}/").content.decode()
    assert "Anda yang mengetik permohonan ini" in page
    assert "Berkas lengkap" not in page


def test_a_colleague_of_who_typed_it_checks_it(world):
    application = typed_by(world.verifier, world.submitted())
    colleague = world.staff("Vino", "DPMPTSP", "verifier")
    services.complete(
        person=colleague, task_id=world.task(application, "completeness").pk, note="", now=MONDAY
    )

    application.refresh_from_db()
    assert application.status == "review"


def test_who_typed_it_neither_recommends_assesses_nor_answers_a_question(world):
    application = typed_by(world.dinkes, world.in_review())
    task = world.task(application, "technical.dinkes")
    with pytest.raises(rules.TypedByYou):
        services.recommend(person=world.dinkes, task_id=task.pk, outcome="approve", note="", now=MONDAY)
    asking.ask(
        person=world.pupr, task_id=world.task(application, "technical.pupr").pk, agency="DINKES",
        role="reviewer", question="Apakah luasnya masuk akal?", days=1, personal=False, files=[], reason="",
        now=MONDAY,
    )  # fmt: skip
    with pytest.raises(rules.TypedByYou):
        asking.answer(
            person=world.dinkes,
            task_id=Task.objects.get(kind="opinion").pk,
            text="Ya, masuk akal.",
            now=MONDAY,
        )
    other = typed_by(world.verifier, world.reviewed())
    with pytest.raises(rules.TypedByYou):
        world.assess(other)

    assert not Task.objects.filter(done_at=None, taken_by__isnull=False).exists()
    assert world.task(other, "assess").done_at is None


def test_of_a_batch_only_what_the_official_typed_is_not_decided():
    world = signs.official()
    first, second = signs.ready(world, 2)
    typed_by(world.signer, Task.objects.get(pk=first).case.application)

    decided, refused = decisions.approve_batch(person=world.signer, task_ids=[first, second], now=MONDAY)

    assert [case.pk for case in decided] == [Task.objects.get(pk=second).case_id]
    assert refused == [rules.TypedByYou().sentence]
    assert Task.objects.get(pk=first).done_at is None


def test_the_official_who_typed_it_neither_rejects_nor_answers_an_objection_to_it(world):
    application = world.reviewed()
    world.assess(application, "reject", "Luasnya keliru.")
    task = typed_by(world.signer, application) and world.task(application, "decide")
    with pytest.raises(rules.TypedByYou):
        decisions.reject(person=world.signer, task_id=task.pk, ground="Perda 1", text="Keliru", now=MONDAY)
    Task.objects.filter(pk=task.pk).update(kind="objection", key="objection")
    Objection.objects.create(case_id=application.pk, filed_at=MONDAY, due_at=MONDAY, text_sealed=b"x")

    with pytest.raises(rules.TypedByYou):
        objecting.answer(
            person=world.signer, task_id=task.pk, outcome="approve", ground="", text="", now=MONDAY
        )
    task.refresh_from_db()
    assert task.done_at is None


def test_a_head_gives_nobody_what_they_typed_and_shares_around_them(world):
    task = world.task(typed_by(world.verifier, world.submitted()), "completeness")
    with pytest.raises(sharing.NotTheirTask):
        sharing.give(
            person=world.signer,
            task_id=task.pk,
            officer_id=str(world.verifier.pk),
            reason="Cepat",
            now=MONDAY,
        )
    split = {"person": world.signer, "agency": "DPMPTSP", "role": "verifier", "now": MONDAY}

    assert sharing.split(officer_ids=[str(world.verifier.pk)], **split) == ({}, 1)
    other = world.staff("Vino", "DPMPTSP", "verifier")
    assert sharing.split(officer_ids=[str(world.verifier.pk), str(other.pk)], **split) == ({other.pk: 1}, 0)
