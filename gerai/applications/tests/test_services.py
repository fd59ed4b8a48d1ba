"""Filling in: each service works and is recorded; each refusal changes nothing; twice; somebody else's."""

from uuid import uuid4

import pytest

from gerai.applications import marks, queries, services
from gerai.applications.models import Application, Attachment
from gerai.applications.rules import MoveNotAllowed, Status
from gerai.applications.tests.make import GOOD, MONDAY, World, picture, save, state
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_a_draft_is_begun_in_the_edition_of_the_day(world):
    draft = world.draft()

    assert (draft.status, draft.edition, draft.number, draft.submitted_at) == (
        "draft",
        world.edition,
        None,
        None,
    )
    entry = Entry.objects.get(kind="applications.started")
    assert (entry.actor_id, entry.data["channel"]) == (str(world.sari.pk), "online")


def test_beginning_twice_leaves_one_draft_and_one_entry(world):
    assert world.draft() == world.draft()

    assert Entry.objects.filter(kind="applications.started").count() == 1
    assert world.draft(world.budi).applicant == world.budi


def test_who_helps_at_the_desk_is_written_down_and_may_go_on(world):
    draft = services.start(person=world.sari, service=world.service, now=MONDAY, helper=world.desk)

    save(world.desk, draft, GOOD)

    entry = Entry.objects.get(kind="applications.started")
    assert (entry.actor_id, entry.data["channel"]) == (str(world.desk.pk), "desk")
    assert queries.answers_of(queries.get(world.sari, draft.pk, MONDAY))["area"] == 3


@pytest.mark.parametrize("change", [{"online": False}, {"active": False}])
def test_what_is_not_offered_online_cannot_be_begun(world, change):
    for name, value in change.items():
        setattr(world.service, name, value)

    with pytest.raises(services.NotOnline):
        world.draft()

    assert not Application.objects.exists()
    assert not Entry.objects.exists()


def test_a_service_without_a_published_edition_cannot_be_begun(world):
    world.service.editions.update(status="superseded")

    with pytest.raises(services.NotOnline):
        world.draft()


def test_personal_answers_are_sealed_and_the_others_can_be_counted(world):
    draft = world.filled()

    assert "address" not in draft.answers
    assert b"Suprapto" not in bytes(draft.answers_sealed)
    assert queries.answers_of(draft)["address"] == "Jalan Suprapto 12"
    assert draft.answers["area"] == 3


def test_what_is_right_is_kept_beside_what_is_wrong(world):
    draft = world.draft()

    wrong = save(world.sari, draft, {**GOOD, "area": "5000"})

    draft.refresh_from_db()
    assert wrong == {"area": "Angka ini terlalu besar. Paling besar 1000."}
    assert queries.answers_of(draft) == {"address": "Jalan Suprapto 12", "shape": "shop"}


def test_one_section_leaves_the_others_alone(world):
    draft = world.filled()

    save(world.sari, draft, {**GOOD, "area": "9"})

    draft.refresh_from_db()
    assert queries.answers_of(draft)["area"] == 9
    assert queries.answers_of(draft)["own"] is True


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda w, a: save(w.budi, a, GOOD), NotFound),
        (lambda w, a: save(w.sari, a, GOOD, "no_such"), NotFound),
        (lambda w, a: w.attach(a, who=w.budi), NotFound),
        (lambda w, a: w.attach(a, b"MZ a program"), documents.FileTypeRefused),
        (lambda w, a: w.attach(a, b""), documents.FileBroken),
        (lambda w, a: services.submit(person=w.budi, application_id=a.pk, now=MONDAY), NotFound),
        (lambda w, a: services.submit(person=w.sari, application_id=uuid4(), now=MONDAY), NotFound),
        (lambda w, a: services.resubmit(person=w.sari, application_id=a.pk, now=MONDAY), MoveNotAllowed),
        (lambda w, a: services.withdraw(person=w.budi, application_id=a.pk, now=MONDAY), NotFound),
    ],
)
def test_a_refusal_on_a_draft_changes_nothing(world, act, refusal):
    draft = world.filled()
    before = state(draft)

    with pytest.raises(refusal):
        act(world, draft)

    assert state(draft) == before


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda w, a: save(w.sari, a, GOOD), services.NotOpenForChange),
        (lambda w, a: w.attach(a), services.NotOpenForChange),
        (lambda w, a: services.resubmit(person=w.sari, application_id=a.pk, now=MONDAY), MoveNotAllowed),
        (lambda w, a: marks.mark(application=a, status=Status.APPROVED), MoveNotAllowed),
    ],
)
def test_what_was_sent_stays_as_it_was_sent(world, act, refusal):
    application = world.submitted()
    before = state(application)

    with pytest.raises(refusal):
        act(world, application)

    assert state(application) == before


def test_a_newer_file_takes_the_place_of_the_older(world):
    draft = world.filled()

    world.attach(draft, picture("red"))

    assert Attachment.objects.get().document == Document.objects.latest("id")
    assert services.missing(draft) == {}


def test_a_file_that_nobody_asked_for_is_not_taken(world):
    draft = world.draft()

    for code in ("ASLI", "LAIN"):  # shown at the counter only; unknown
        with pytest.raises(NotFound):
            services.attach(
                person=world.sari, application_id=draft.pk, requirement=code, name="x", data=picture(), now=MONDAY
            )  # fmt: skip

    assert not Document.objects.exists()
