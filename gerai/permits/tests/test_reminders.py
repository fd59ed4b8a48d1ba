"""Reminders before a permit ends: 90, 30 and 7 days, each once, and to nobody whose permit does not hold."""

from datetime import timedelta

import pytest

from gerai.core.ids import uuid7
from gerai.notices.models import Notice
from gerai.permits import registers, rules, services, tasks, withdrawing
from gerai.permits.models import Permit
from gerai.permits.tests.make import MONDAY, World, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return World(valid_years=1)


def due(world: World, permit: Permit, before: int) -> list[int]:
    """Which reminders are due so many days before the permit's end."""
    day = permit.valid_until - timedelta(days=before)
    found = {days: list(registers.ending(world.mall, days, day)) for days in rules.REMIND_DAYS}
    return [days for days, rows in found.items() if rows]


def at(permit: Permit, before: int):
    """The moment so many days before the permit's end, in the morning."""
    return MONDAY + (permit.valid_until - timedelta(days=before) - MONDAY.date())


@pytest.mark.parametrize(
    ("before", "which"),
    [
        *[(91, []), (90, [90]), (84, [90]), (83, []), (31, []), (30, [30])],
        *[(24, [30]), (23, []), (8, []), (7, [7]), (1, [7]), (0, [])],
    ],
)
def test_each_reminder_is_due_on_its_day_and_made_good_for_a_week(world, before, which):
    assert due(world, world.issued(), before) == which


def test_suspended_revoked_and_unsigned_permits_are_left_alone(world):
    words = {"reason": "Alasan yang panjang.", "actor": world.kepala, "now": MONDAY}
    permit = world.issued()
    withdrawing.suspend(permit=permit, ground="UU 17/2023", **words)
    assert due(world, permit, 30) == []

    withdrawing.lift(permit=permit, ground="UU 17/2023", **words)
    assert due(world, permit, 30) == [30]
    withdrawing.revoke(permit=permit, **words)
    assert due(world, permit, 30) == []
    assert due(world, world.reserved(person("Ani")), 30) == []


def test_one_without_an_end_is_never_announced():
    world = World(valid_years=None)
    world.issued()
    for days in rules.REMIND_DAYS:
        assert list(registers.ending(world.mall, days, MONDAY.date())) == []


def test_a_permit_that_never_had_so_many_days_is_not_announced_on_the_day_it_is_issued(world):
    permit = world.issued()
    short = Permit.objects.get(pk=permit.pk)
    short.pk, short.secret, short.number = uuid7(), "s", "0002/DINKES/SIP/2026"
    short.application, short.document = world.waiting(world.budi), None
    short.content, short.content_sealed = {**short.content, "rows": []}, None
    short.status, short.signed_at, short.valid_until = "signing", None, short.valid_from + timedelta(days=88)
    short.save(force_insert=True)
    services.sign(permit_id=short.pk, now=MONDAY)

    assert list(registers.ending(world.mall, 90, short.valid_from)) == []
    ((found, _),) = registers.ending(world.mall, 30, short.valid_until - timedelta(days=30))
    assert found == short


def test_the_holder_is_told_once_for_each_day_with_the_address_of_their_permit(world):
    permit = world.issued()
    for before in (90, 90, 88, 30, 29, 7, 7, 3):
        tasks.remind_of_ends(at(permit, before))

    told = Notice.objects.filter(key__startswith="permit-ends-").order_by("created_at")
    assert [n.key for n in told] == [f"permit-ends-{days}:{permit.pk}" for days in rules.REMIND_DAYS]
    assert all(n.person_id == world.sari.pk and f"/izin/{permit.pk}/" in n.body for n in told)
    assert all("Selasa, 23 November 2027" in n.body for n in told)


def test_one_whose_holder_cannot_be_told_does_not_keep_the_others_from_it(world, caplog):
    first, second = world.issued(), world.issued(world.budi)
    service = first.service
    service.name = {}  # nothing to call it by: the words of the notice cannot be filled
    service.save()
    tasks.remind_of_ends(at(second, 30))
    service.name = {"id": "Izin", "en": "Permit"}
    service.save()
    tasks.remind_of_ends(at(second, 29))

    assert Notice.objects.filter(key__startswith="permit-ends-30").count() == 2
