"""The ledger explains a visit also where it left the straight way."""

import pytest

from gerai.floor import queries, services, story
from gerai.floor.tests.make import Hall, later

pytestmark = pytest.mark.django_db


def test_a_day_of_detours_is_told_without_contradiction():
    hall = Hall()
    officer = hall.officers[0]
    hall.offer("Y", "Y2")
    for _ in range(3):
        hall.arrive("X", "Y")

    def undo(at):
        step = queries.last_step(officer, hall.mall.pk, later(at)).pk
        services.undo(person=officer, step=step, now=later(at))

    first = services.call_number(person=officer, number="A 2", reason="frail", now=later(1))
    services.start(person=officer, errand_id=first.pk, now=later(2))
    services.hold(person=officer, errand_id=first.pk, now=later(3))
    second = services.call_next(person=officer, now=later(4))
    services.finish(person=officer, errand_id=second.pk, now=later(5))
    undo(6)
    services.transfer(person=officer, errand_id=second.pk, to="Y/Y2", note="Minta cetak", now=later(7))
    undo(8)
    services.transfer(person=officer, errand_id=second.pk, to="Y/Y2", note="Minta cetak", now=later(9))
    services.resume(person=officer, errand_id=first.pk, now=later(10))
    services.finish(person=officer, errand_id=first.pk, now=later(11))
    services.call_next(person=officer, now=later(12))
    undo(13)
    third = services.call_next(person=officer, now=later(14))
    services.absent(person=officer, errand_id=third.pk, now=later(15))
    services.come_back(person=officer, errand_id=third.pk, now=later(16))

    assert story.contradictions(hall.mall, queries.today(hall.mall, later(0))) == []
