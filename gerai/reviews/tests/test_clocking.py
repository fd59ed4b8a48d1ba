"""Extending and stopping: once, by law, told, and never by somebody else's head."""

from datetime import timedelta

import pytest

from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.reviews import clocking, deadlines, queries, rules
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
GROUND = "Perda Kota 3/2012 pasal 12"
DAY = timedelta(days=1)


@pytest.fixture
def world():
    return World()


def act(world, how, application, at=MONDAY, who=None, **more):
    return how(person=who or world.signer, case_id=application.pk, now=at, **more)


def test_an_extension_moves_the_promise_once_and_tells_its_ground(world):
    application = world.in_review()
    before = Case.objects.get().due_at
    act(world, clocking.extend, application, days=2, ground=GROUND)
    with pytest.raises(rules.NotExtendable):
        act(world, clocking.extend, application, days=2, ground=GROUND)

    application.refresh_from_db()
    assert application.promised_at == Case.objects.get().due_at == before + 2 * DAY
    assert Entry.objects.get(kind="reviews.extended").data["ground"] == GROUND


@pytest.mark.parametrize(("days", "ground", "refusal"), [
    (0, GROUND, rules.NotExtendable), (6, GROUND, rules.NotExtendable), (2, "perlu", rules.GroundMissing),
])  # fmt: skip
def test_an_extension_is_short_and_has_a_ground(world, days, ground, refusal):
    application = world.in_review()
    with pytest.raises(refusal):
        act(world, clocking.extend, application, days=days, ground=ground)
    assert Case.objects.get().extra_days == 0


def test_what_is_late_already_is_not_extended(world):
    application = world.in_review()
    with pytest.raises(rules.NotExtendable):
        act(world, clocking.extend, application, at=Case.objects.get().due_at + DAY, days=1, ground=GROUND)


def test_only_who_answers_for_the_agency_may_and_for_its_own_cases(world):
    application = world.in_review()
    for person in (world.verifier, world.pupr, world.staff("Lain", "PUPR", "signer")):
        with pytest.raises(NotFound):
            act(world, clocking.stop, application, who=person, days=3, ground=GROUND)
    assert not Pause.objects.exists()
    assert not queries.running(world.pupr).exists()
    assert [c.pk for c in queries.running(world.signer)] == [application.pk]


def test_while_the_clock_stands_still_nobody_is_warned_and_it_goes_on_by_itself(world):
    application = world.in_review()
    before = Case.objects.get().due_at
    act(world, clocking.stop, application, days=3, ground=GROUND)
    with pytest.raises(rules.NotStoppable):
        act(world, clocking.stop, application, days=3, ground=GROUND)
    until = Pause.objects.get().until_at

    deadlines.check(now=until - timedelta(minutes=1))
    assert not Entry.objects.filter(kind__in=("reviews.task_late", "reviews.task_warned")).exists()
    for minutes in (0, 1):
        deadlines.check(now=until + timedelta(minutes=minutes))

    assert Pause.objects.get().ended_at == until
    assert Case.objects.get().due_at > before
    assert Entry.objects.filter(kind="reviews.went_on").count() == 1
    assert all(task.warn_at for task in Task.objects.filter(done_at=None))


def test_going_on_twice_is_once(world):
    application = world.in_review()
    act(world, clocking.stop, application, days=3, ground=GROUND)
    for hours in (1, 2):
        act(world, clocking.go_on, application, at=MONDAY + timedelta(hours=hours))

    assert Entry.objects.filter(kind="reviews.went_on").count() == 1


def test_the_heads_pages(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = world.in_review()
    page = f"/tugas/kasus/{application.pk}/"
    client.force_login(world.verifier)
    assert client.get("/tugas/kasus/").status_code == 404
    client.force_login(world.staff("Lain", "PUPR", "signer"))
    assert client.get(page).status_code == 404
    client.force_login(world.signer)
    assert application.number in client.get("/tugas/kasus/").content.decode()
    assert client.post(page, {"act": "stop", "days": "x", "ground": ""}).status_code == 422
    client.post(page, {"act": "stop", "days": "3", "ground": GROUND})
    assert GROUND in client.get(page).content.decode()
    client.post(page, {"act": "go_on"})
    assert Pause.objects.get().ended_at is not None
