"""Sending, sending again, taking back, and what the rooms above make of it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from gerai.applications import marks, queries, services, tasks
from gerai.applications.models import Application, Attachment, NumberSeries
from gerai.applications.rules import MoveNotAllowed
from gerai.applications.tests.make import GOOD, MONDAY, World, kinds, save, state
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_sending_gives_the_number_and_is_recorded(world):
    application = world.submitted()

    application.refresh_from_db()
    assert (application.status, application.number) == ("submitted", "1771-2026-000001")
    assert application.submitted_at == MONDAY
    entry = Entry.objects.get(kind="applications.submitted")
    assert (entry.actor_id, entry.data["number"], entry.data["round"]) == (
        str(world.sari.pk),
        "1771-2026-000001",
        1,
    )


def test_no_answer_and_no_name_is_in_the_ledger(world):
    world.submitted()

    written = " ".join(str(e.data) + e.subject for e in Entry.objects.all())
    assert "Suprapto" not in written
    assert "Sari" not in written


def test_sending_twice_keeps_the_first_number_and_time(world):
    application = world.submitted()

    again = services.submit(
        person=world.sari, application_id=application.pk, now=MONDAY + timedelta(minutes=1)
    )

    assert (again.number, again.submitted_at) == (application.number, MONDAY)
    assert kinds(application).count("applications.submitted") == 1
    assert NumberSeries.objects.get().last == 1


@pytest.mark.parametrize("spoil", ["answer", "file"])
def test_what_is_incomplete_is_not_sent_and_uses_up_no_number(world, spoil):
    draft = world.filled()
    if spoil == "answer":
        save(world.sari, draft, {**GOOD, "area": ""})
    else:
        Attachment.objects.all().delete()
    before = state(draft)

    with pytest.raises(services.NotYetComplete):
        services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)

    assert state(draft) == before
    assert not NumberSeries.objects.exists()


def test_what_is_missing_is_named_with_its_place(world):
    assert services.missing(world.draft()).keys() == {
        "answer:area",
        "answer:address",
        "answer:shape",
        "answer:own",
        "file:KTP",
    }


def test_the_year_of_a_number_turns_at_the_malls_midnight(world):
    draft = world.filled()
    half_past_midnight_in_bengkulu = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)

    sent = services.submit(person=world.sari, application_id=draft.pk, now=half_past_midnight_in_bengkulu)

    assert sent.number == "1771-2027-000001"


def test_only_what_the_officer_named_can_be_mended(world):
    application = world.returned()

    save(world.sari, application, {**GOOD, "area": "4", "address": "lain"})
    with pytest.raises(services.NotOpenForChange):
        save(world.sari, application, {**GOOD, "own": "no"}, "more")
    with pytest.raises(services.NotOpenForChange):
        world.attach(application)

    application.refresh_from_db()
    assert queries.answers_of(application)["area"] == 4
    assert queries.answers_of(application)["address"] == "Jalan Suprapto 12"


@pytest.mark.parametrize(("complete", "status"), [(False, "submitted"), (True, "review")])
def test_sending_again_keeps_number_and_first_time_and_counts_the_round(world, complete, status):
    application = world.returned(complete=complete)
    later = MONDAY + timedelta(days=1)

    for _ in range(2):  # a double click
        again = services.resubmit(person=world.sari, application_id=application.pk, now=later)

    assert (again.status, again.round, again.corrections) == (status, 2, [])
    assert (again.number, again.submitted_at) == (application.number, MONDAY)
    assert kinds(application).count("applications.resubmitted") == 1
    assert kinds(application).count("applications.submitted") == 1


def test_sending_again_what_is_incomplete_changes_nothing(world):
    application = world.returned()
    save(world.sari, application, {**GOOD, "area": ""})
    before = state(application)

    with pytest.raises(services.NotYetComplete):
        services.resubmit(person=world.sari, application_id=application.pk, now=MONDAY)
    with pytest.raises(MoveNotAllowed):
        services.submit(person=world.sari, application_id=application.pk, now=MONDAY)

    assert state(application) == before


def test_taking_back_ends_it_once(world):
    application = world.submitted()

    for _ in range(2):
        services.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)

    application.refresh_from_db()
    assert application.status == "withdrawn"
    assert kinds(application).count("applications.withdrawn") == 1


@pytest.mark.parametrize("status", ["decision", "signing", "approved", "rejected"])
def test_what_is_being_decided_cannot_be_taken_back(world, status):
    application = world.submitted()
    Application.objects.filter(pk=application.pk).update(status=status)
    before = state(application)

    with pytest.raises(MoveNotAllowed):
        services.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)

    assert state(application) == before


def test_after_a_withdrawn_draft_a_new_one_can_be_begun(world):
    draft = world.draft()

    services.withdraw(person=world.sari, application_id=draft.pk, now=MONDAY)

    assert world.draft() != draft


def test_an_issued_permit_approves_the_application_and_lies_ready(world):
    application = world.submitted()
    Application.objects.filter(pk=application.pk).update(status="signing")

    for _ in range(2):
        marks.mark_signed(application_id=application.pk, now=MONDAY)
    application.refresh_from_db()
    assert (application.status, application.ready_for_pickup) == ("approved", True)
    for _ in range(2):
        marks.mark_picked_up(application_id=application.pk)
    marks.mark_signed(application_id=application.pk, now=MONDAY)

    application.refresh_from_db()
    assert application.ready_for_pickup is False


def test_locking_what_does_not_exist_says_not_found():
    with pytest.raises(NotFound):
        marks.lock(uuid4())


def test_the_applicant_is_told_once_however_often_the_entry_comes(world):
    world.submitted()
    entry = Entry.objects.get(kind="applications.submitted")

    tasks.tell(entry)
    tasks.tell(entry)
    tasks.tell(Entry.objects.get(kind="applications.started"))  # nothing to tell

    notice = Notice.objects.get()
    assert notice.person == world.sari
    assert "1771-2026-000001" in notice.subject + notice.body
