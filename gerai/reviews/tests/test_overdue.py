"""The statement that the legal time has passed: its applicant's alone, only then, with the facts of the clock."""

from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.reviews import clocking, overdue
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


def late(world):
    """A case whose time passed yesterday; pages look at the clock."""
    application = world.in_review()
    due = clock.now() - timedelta(days=1)
    Case.objects.filter(pk=application.pk).update(due_at=due)
    type(application).objects.filter(pk=application.pk).update(promised_at=due)
    return Case.objects.get(pk=application.pk)


def test_the_applicant_finds_it_on_their_page_and_reads_who_has_the_file(client):
    world = World()
    case = late(world)
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    path = f"/permohonan/{case.pk}/batas-waktu/"

    assert path in client.get(f"/permohonan/{case.pk}/").content.decode()
    page = client.get(path).content.decode()

    assert all(said in page for said in ("Berkas sekarang pada", "DINKES, PUPR", "pasal 53 UU 30/2014"))
    client.force_login(world.budi)
    assert client.get(path).status_code == 404


def test_there_is_none_before_the_time_has_passed(client):
    world = World()
    application = world.in_review()
    client.force_login(world.sari)

    assert client.get(f"/permohonan/{application.pk}/batas-waktu/").status_code == 404


def test_there_is_none_where_the_law_grants_by_itself():
    assert not overdue.is_overdue(late(World(deemed=True)), clock.now())


def test_a_clock_that_a_head_has_stopped_lets_nothing_pass():
    world = World()
    application = world.in_review()
    clocking.stop(person=world.signer, case_id=application.pk, days=3, ground="Perda 1 pasal 2", now=MONDAY)
    case = Case.objects.get(pk=application.pk)

    assert not overdue.is_overdue(case, case.due_at + timedelta(days=1))
