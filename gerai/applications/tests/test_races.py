"""Many clicks and many people at once: one draft each, one number each, none twice, none skipped."""

import threading

import pytest
from django.db import connection

from gerai.applications import services
from gerai.applications.models import Application, NumberSeries
from gerai.applications.tests.make import MONDAY, World, person
from gerai.ledger.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(jobs):
    """Run all of them from one starting shot; what each returned or raised."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            start.wait()
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n, job]) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_eight_clicks_on_begin_leave_one_draft():
    world = World()

    found = at_once([world.draft] * 8)

    assert len({draft.pk for draft in found}) == 1
    assert Entry.objects.filter(kind="applications.started").count() == 1


def test_eight_clicks_on_send_leave_one_number_and_one_entry():
    world = World()
    draft = world.filled()

    sent = at_once([lambda: services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)] * 8)

    assert {application.number for application in sent} == {"1771-2026-000001"}
    assert Entry.objects.filter(kind="applications.submitted").count() == 1
    assert NumberSeries.objects.get().last == 1


def test_twelve_people_sending_at_once_get_twelve_numbers_without_a_gap():
    world = World()
    drafts = [world.filled(person(f"P{n:02}")) for n in range(12)]

    def send(draft):
        return services.submit(person=draft.applicant, application_id=draft.pk, now=MONDAY).number

    numbers = at_once([lambda draft=draft: send(draft) for draft in drafts])

    assert sorted(numbers) == [f"1771-2026-{n:06d}" for n in range(1, 13)]


def test_eight_clicks_on_send_again_make_one_round():
    world = World()
    returned = world.returned()

    at_once([lambda: services.resubmit(person=world.sari, application_id=returned.pk, now=MONDAY)] * 8)

    assert Application.objects.get().round == 2
    assert Entry.objects.filter(kind="applications.resubmitted").count() == 1


def test_sending_and_taking_back_at_once_end_in_one_of_the_two():
    world = World()
    draft = world.filled()
    act = {"person": world.sari, "application_id": draft.pk, "now": MONDAY}

    at_once([lambda: services.submit(**act), lambda: services.withdraw(**act)] * 4)

    draft.refresh_from_db()
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert draft.status == "withdrawn"
    assert kinds in (
        ["applications.started", "applications.submitted", "applications.withdrawn"],
        ["applications.started", "applications.withdrawn"],
    )


def test_two_files_for_one_requirement_at_once_leave_one():
    world = World()
    draft = world.draft()

    at_once([lambda: world.attach(draft)] * 4)

    assert draft.attachments.count() == 1
