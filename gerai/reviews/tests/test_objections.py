"""Objections: in time and once, answered or granted by law, and then decided anew under a new number."""

from datetime import timedelta

import pytest

from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.permits import services as permits
from gerai.permits.models import Permit
from gerai.reviews import deadlines, decisions, objecting, queries, rules
from gerai.reviews.models import Case, Objection, Task
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHY = "Lokasi kami tidak berada di jalur hijau."
FREE = {"fee": {**content()["fee"], "amount": "0"}}


@pytest.fixture
def world():
    return World(**FREE)


def reject(world, signed):
    """Sari's application, rejected; when its letter was signed."""
    application = world.reviewed()
    world.assess(application, "reject", "Tidak sesuai.")
    task = world.task(application, "decide")
    decisions.reject(person=world.signer, task_id=task.pk, ground="Perda 1", text="Jalur hijau.", now=MONDAY)
    permits.sign(permit_id=Permit.objects.get().pk, now=signed)
    application.refresh_from_db()
    assert application.status == "rejected"
    return application


@pytest.fixture
def rejected(world):
    return reject(world, MONDAY)


def file(world, application, at=MONDAY, text=WHY, who=None):
    return objecting.file(person=who or world.sari, application_id=application.pk, text=text, now=at)


def reply(world, application, outcome, at=MONDAY, **words):
    said = {"ground": "", "text": "", **words}
    task = world.task(application, "objection")
    return objecting.answer(person=world.signer, task_id=task.pk, outcome=outcome, now=at, **said)


def test_an_objection_is_filed_once_and_lies_with_the_signing_official(world, rejected):
    first, second = file(world, rejected), file(world, rejected, text="Lain lagi, tetapi sama.")

    assert first.pk == second.pk
    assert objecting.said(Objection.objects.get()) == WHY
    assert b"jalur" not in bytes(Objection.objects.get().text_sealed)
    assert [t.kind for t in queries.inbox(world.signer)] == ["objection"]
    assert Entry.objects.filter(kind="reviews.objected").count() == 1


def test_the_official_has_the_days_of_the_law_though_the_promise_of_the_rejected_case_was_shorter(
    world, rejected
):
    objection = file(world, rejected)

    assert objection.due_at > Case.objects.get(pk=rejected.pk).due_at
    assert world.task(rejected, "objection").due_at == objection.due_at


def test_only_the_applicant_objects_and_only_in_time_and_with_a_reason(world, rejected):
    last = objecting.until(Case.objects.get())
    with pytest.raises(NotFound):
        file(world, rejected, who=world.budi)
    with pytest.raises(rules.ObjectionEmpty):
        file(world, rejected, text=" ")
    with pytest.raises(rules.NothingToObject):
        file(world, rejected, at=last + timedelta(minutes=1))

    assert not Objection.objects.exists()
    assert file(world, rejected, at=last)


def test_nothing_is_objected_to_before_the_letter_is_signed(world):
    with pytest.raises(rules.NothingToObject):
        file(world, world.in_review())


def test_a_granted_one_is_decided_anew_under_its_own_number_without_examining_again(world, rejected):
    file(world, rejected)
    objection = reply(world, rejected, "approve")

    anew = Application.objects.get(pk=objection.successor_id)
    assert anew.number != rejected.number
    assert application_queries.answers_of(anew) == application_queries.answers_of(rejected)
    assert [t.key for t in Task.objects.filter(case_id=anew.pk)] == ["assess"]
    assert Case.objects.get(pk=anew.pk).due_at == anew.promised_at
    world.assess(anew)
    decisions.approve(person=world.signer, task_id=world.task(anew, "decide").pk, now=MONDAY)
    assert Permit.objects.get(application=anew).kind == "permit"
    assert Permit.objects.get(application=rejected).kind == "refusal"  # the letter stays as it was signed


def test_a_refused_one_needs_ground_and_reason_and_ends_there(world, rejected):
    file(world, rejected)
    with pytest.raises(rules.ReasonMissing):
        reply(world, rejected, "reject", text="Tetap.")
    reply(world, rejected, "reject", ground="Perda 1 pasal 7", text="Jalur hijau menurut RTRW.")

    assert Objection.objects.get().granted is False
    assert Application.objects.count() == 1
    with pytest.raises(rules.TaskDone):
        reply(world, rejected, "reject", ground="Perda 1 pasal 7", text="Jalur hijau menurut RTRW.")
    with pytest.raises(rules.NothingToObject):
        file(world, rejected)


def test_silence_grants_it_once(world, rejected):
    due = file(world, rejected).due_at

    deadlines.check(now=due - timedelta(minutes=1))
    assert Objection.objects.get().answered_at is None
    for late in (0, 1):
        deadlines.check(now=due + timedelta(days=late))

    assert Objection.objects.get().granted is True
    assert Application.objects.count() == 2
    answered = Entry.objects.get(kind="reviews.objection_answered")
    assert answered.data["by_law"] is True
    assert not Task.objects.filter(case_id=rejected.pk, done_at=None).exists()


def test_the_pages_of_both_sides(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    rejected = reject(world, clock.now())
    page = f"/keberatan/{rejected.pk}/"
    client.force_login(world.budi)
    assert client.get(page).status_code == 404
    client.force_login(world.sari)
    assert "Mengapa Anda tidak setuju" in client.get(page).content.decode()
    assert client.post(page, {"text": ""}).status_code == 422
    client.post(page, {"text": WHY})
    assert "Sudah kami terima" in client.get(page).content.decode()

    own = f"/permohonan/{rejected.pk}/"
    assert "sudah kami terima dan sedang dijawab" in client.get(own).content.decode()

    client.force_login(world.signer)
    task = world.task(rejected, "objection")
    assert WHY in client.get(f"/tugas/{task.pk}/").content.decode()
    client.post(f"/tugas/{task.pk}/keberatan/", {"outcome": "approve"})
    client.force_login(world.sari)
    assert "Dikabulkan" in client.get(page).content.decode()
    assert "Keberatan Anda sudah dijawab." in client.get(own).content.decode()


@pytest.mark.parametrize(("days", "words"), [(0, "paling lambat"), (60, "waktunya sudah lewat")])
def test_the_rejected_application_tells_the_last_day_to_object(world, client, days, words):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    rejected = reject(world, clock.now() - timedelta(days=days))
    client.force_login(world.sari)

    answer = client.get(f"/permohonan/{rejected.pk}/")

    assert words in answer.content.decode()
    assert answer.context["objection"]["until"] == objecting.until(queries.case(rejected.pk))
