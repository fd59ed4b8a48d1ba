"""Who is called to a counter hears it on the device where they switched that on, and nobody by post."""

import pytest

from gerai.floor import services as floor
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.notices import devices
from gerai.notices.models import Notice
from gerai.notices.tests.browsers import Service, service
from gerai.visits import tasks
from gerai.visits.models import Errand
from gerai.visits.tests.test_closures import person

__all__ = ["service"]
pytestmark = pytest.mark.django_db


def called(hall: Hall) -> Entry:
    floor.call_next(person=hall.officers[0], now=later(1))
    return Entry.objects.get(kind="floor.called")


def test_a_call_goes_to_the_device_with_number_and_counter(service: Service) -> None:
    hall, sari = Hall(), person()
    devices.switch_on(
        mall=hall.mall.pk, person=sari, subscription=service.browser(), browser="w", now=MORNING
    )
    visit = hall.arrive("X", person=sari)
    entry = called(hall)

    for _ in range(2):  # the worker may be killed between
        tasks.tell(entry)

    notice = Notice.objects.get()
    assert (notice.template, notice.channel, notice.path) == (
        "number_called", "push", f"/kunjungan/{visit.secret}/",
    )  # fmt: skip
    assert str(visit) in notice.subject
    assert "Sari" not in notice.subject + notice.body


def test_without_a_device_or_when_it_was_undone_nobody_is_told(service: Service) -> None:
    hall, sari = Hall(), person()
    hall.arrive("X", person=sari)
    entry = called(hall)
    tasks.tell(entry)
    devices.switch_on(
        mall=hall.mall.pk, person=sari, subscription=service.browser(), browser="w", now=MORNING
    )
    Errand.objects.update(state="waiting", counter=None)
    tasks.tell(entry)

    assert not Notice.objects.exists()
