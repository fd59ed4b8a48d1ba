"""An officer with an interest leaves a case to colleagues for good, without saying why; the heads see to it."""

import pytest

from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import clocking, history, noting, queries, rules, services, standing_aside, tasks
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.together_models import StoodAside

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def aside(world, task, who=None):
    return standing_aside.stand_aside(person=who or world.dinkes, task_id=task.pk, now=MONDAY)


def test_the_case_leaves_their_list_and_hands_for_good_and_stays_with_colleagues(world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    colleague = world.staff("Rina", "DINKES", "reviewer")
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)

    aside(world, task)
    aside(world, task)

    assert StoodAside.objects.count() == Entry.objects.filter(kind="reviews.stood_aside").count() == 1
    assert (list(queries.inbox(world.dinkes)), list(queries.inbox(colleague))) == ([], [task])
    assert Task.objects.get(pk=task.pk).taken_by is None
    for act in (services.claim, lambda **given: services.recommend(outcome="approve", note="", **given)):
        with pytest.raises(rules.YouStoodAside):
            act(person=world.dinkes, task_id=task.pk, now=MONDAY)
    services.recommend(person=colleague, task_id=task.pk, outcome="approve", note="", now=MONDAY)


def test_only_who_holds_the_task_stands_aside(world):
    task = world.task(world.in_review(), "technical.dinkes")

    for stranger in (world.pupr, world.sari, world.verifier):
        with pytest.raises(NotFound):
            aside(world, task, stranger)
    assert not StoodAside.objects.exists()


def test_the_heads_are_told_once_and_the_entry_says_no_reason(world):
    head = world.staff("Kadis", "DINKES", "signer")
    aside(world, world.task(world.in_review(), "technical.dinkes"))
    entry = Entry.objects.get(kind="reviews.stood_aside")

    tasks.tell(entry)
    tasks.tell(entry)

    assert Notice.objects.get(template="stood_aside").person == head
    assert "reason" not in entry.data


def test_colleagues_read_in_the_history_that_somebody_stood_aside_and_not_who(world):
    application = world.in_review()
    aside(world, world.task(application, "technical.dinkes"))
    last = history.of(Case.objects.get(pk=application.pk))[-1]

    assert (last["kind"], last["side"], last["agency"]) == ("stood_aside", "officer", "DINKES")
    assert not last["to"]


def test_the_page_offers_it_and_shows_nothing_to_do_afterwards(world, client):
    task = world.task(world.in_review(), "technical.dinkes")
    client.force_login(world.dinkes)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    assert "Saya punya kepentingan" in client.get(f"/tugas/{task.pk}/").content.decode()

    assert client.post(f"/tugas/{task.pk}/mundur/")["Location"] == "/tugas/"

    page = client.get(f"/tugas/{task.pk}/").content.decode()
    assert "Anda sudah menyatakan punya kepentingan" in page
    assert "/rekomendasi/" not in page


def test_a_head_moves_no_clock_of_a_case_of_their_own(world):
    application = world.in_review()
    world.also(world.sari, "DPMPTSP", "signer")

    for act in (clocking.extend, clocking.stop):
        with pytest.raises(rules.OwnCase):
            act(person=world.sari, case_id=application.pk, days=2, ground="Perda 1 pasal 2", now=MONDAY)


def test_who_stood_aside_reads_and_writes_no_notes_any_more(client, world):
    task = world.task(world.in_review(), "technical.dinkes")
    said = {"text": "Pemohon sudah ditelepon.", "for_route": False, "now": MONDAY}
    noting.write(person=world.dinkes, task_id=task.pk, **said)
    aside(world, task)

    with pytest.raises(rules.YouStoodAside):
        noting.write(person=world.dinkes, task_id=task.pk, **said | {"text": "Satu lagi."})
    assert noting.on(world.dinkes, task) == []
    assert len(noting.on(world.staff("Rina", "DINKES", "reviewer"), task)) == 1
    client.force_login(world.dinkes)
    shown = client.get(f"/tugas/{task.pk}/", HTTP_ACCEPT_LANGUAGE="id").content.decode()
    assert "punya kepentingan" in shown
    for words in ("Catatan internal", "Yang sudah diperiksa", "Riwayat:"):
        assert words not in shown
