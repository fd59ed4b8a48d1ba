"""What is asked for twice is said to its applicant before they begin, and before they send; nothing is forbidden."""

import pytest
from django.utils import translation

from gerai.applications import alike, marks, services
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.applications.tests.make import GOOD, MONDAY, World, person, save

pytestmark = pytest.mark.django_db
START = "/ajukan/DPMPTSP/UJI/"


@pytest.fixture
def world():
    with translation.override("id"):
        yield World()


def test_the_same_answers_under_way_are_found_and_other_answers_are_not(world):
    first = world.submitted()
    draft = world.filled()

    assert alike.same_as(draft) == first
    assert alike.same_as(first) is None
    save(world.sari, draft, {**GOOD, "area": "9"})
    assert alike.same_as(Application.objects.get(pk=draft.pk)) is None


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_has_ended_is_no_double(world, status):
    first = world.submitted()
    Application.objects.filter(pk=first.pk).update(status=status)

    assert alike.same_as(world.filled()) is None
    assert alike.under_way(world.sari, world.service) == []


def test_the_same_answers_of_somebody_else_are_no_double_and_nobody_else_sees_them(world):
    world.submitted()
    stranger = person("Budi Santoso")

    assert alike.same_as(world.filled(stranger)) is None
    assert alike.under_way(stranger, world.service) == []


def test_who_begins_again_reads_what_is_under_way_and_who_sends_reads_that_it_is_the_same(client, world):
    first = world.submitted()
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    start = client.get(START).content.decode()
    draft = world.filled()

    check = client.get(f"/permohonan/{draft.pk}/periksa/").content.decode()

    assert "Masih diproses untuk layanan ini" in start
    assert f"/permohonan/{first.pk}/" in start
    assert f"sama persis dengan permohonan {first.number}" in check
    assert f"/permohonan/{first.pk}/" in check
    client.post(f"/permohonan/{draft.pk}/periksa/")
    assert Application.objects.get(pk=draft.pk).status == Status.SUBMITTED  # it may be another matter


def test_nothing_is_said_where_nothing_is_under_way_and_of_a_return(client, world):
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    assert "Masih diproses untuk layanan ini" not in client.get(START).content.decode()

    returned = world.returned()
    services.submit(person=world.sari, application_id=world.filled().pk, now=MONDAY)

    assert marks.lock(returned.pk).status == Status.RETURNED
    assert "sama persis" not in client.get(f"/permohonan/{returned.pk}/periksa/").content.decode()
