"""What could not be signed: each by itself, tried again, and shown to people."""

from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.permits import noting, tasks, waiting
from gerai.permits.tests.make import MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_one_that_cannot_be_signed_does_not_keep_the_others_from_it(caplog):
    world = World()
    poison, good = world.poison(), world.reserved()
    assert waiting.unsigned(clock.now())[0] == poison.pk  # the oldest, so the first

    tasks.sign_left_over(timestamp=0)

    good.refresh_from_db()
    poison.refresh_from_db()
    assert (good.status, poison.status) == ("valid", "signing")
    assert f"permit {poison.pk} could not be signed" in caplog.text


def test_it_is_tried_again_behind_the_others_and_told_in_the_ledger_once():
    world = World()
    poison = world.poison()
    tasks.sign_left_over(timestamp=0)
    good = world.reserved()

    assert waiting.unsigned(clock.now()) == [good.pk, poison.pk]
    tasks.sign_left_over(timestamp=0)
    assert waiting.unsigned(clock.now()) == [poison.pk]
    assert Entry.objects.filter(kind="permits.signing_failed").count() == 1


def test_a_failure_that_another_worker_has_overtaken_changes_nothing():
    permit = World().issued()
    noting.failure(permit_id=permit.pk, now=MONDAY)

    permit.refresh_from_db()
    assert permit.sign_failed_at is None
    assert not Entry.objects.filter(kind="permits.signing_failed").exists()


def test_what_waits_for_over_ten_minutes_is_counted_in_its_own_mall():
    world = World()
    permit = world.reserved()

    assert waiting.stuck(world.mall, MONDAY + timedelta(minutes=10)).count() == 0
    assert list(waiting.stuck(world.mall, MONDAY + timedelta(minutes=11))) == [permit]


def test_the_agencys_officers_see_it_and_others_do_not(client):
    world = World()
    world.reserved()

    for who, shown in ((world.kepala, True), (world.other, False)):
        client.force_login(who)
        assert ("1 dokumen belum tertandatangani" in client.get("/izin/").content.decode()) is shown
