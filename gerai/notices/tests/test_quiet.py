"""At night only what cannot wait rings; the rest comes in the morning, and is never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import transaction

from gerai.notices import services
from gerai.notices.models import Notice
from gerai.notices.tests import make
from gerai.notices.tests.make import MORNING, NIGHT, NOW, jobs, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nights(settings: LazySettings) -> None:
    settings.QUIET_HOURS = True


def test_by_day_a_message_goes_at_once() -> None:
    notice = send(make.sari())

    assert notice.deliver_at is None
    assert jobs() == [(notice.pk, None)]


def test_at_night_it_waits_for_the_morning_with_its_job() -> None:
    notice = send(make.sari(), now=NIGHT)

    assert (notice.status, notice.deliver_at) == ("queued", MORNING)
    assert jobs() == [(notice.pk, MORNING)]


def test_in_the_morning_it_goes_once() -> None:
    notice = send(make.sari(), now=NIGHT)

    for _ in range(2):
        services.deliver(notice_id=notice.pk, now=MORNING)

    notice.refresh_from_db()
    assert (notice.status, len(mail.outbox)) == ("sent", 1)


@pytest.mark.parametrize(
    "about", [{"by_text": True}, {"template": "errand_not_today", "agencies": "Dukcapil", "opens": "besok"}]
)
def test_what_cannot_wait_rings_at_night(about: dict[str, object]) -> None:
    notice = send(make.sari(), now=NIGHT, **about)  # type: ignore[arg-type]

    assert jobs() == [(notice.pk, None)]
    services.deliver(notice_id=notice.pk, now=NIGHT)
    assert len(mail.outbox) == 1


def test_a_code_is_sent_at_any_hour() -> None:
    services.send_code(contact="sari@uji.test", digits="123456", language="id")

    assert len(mail.outbox) == 1


def test_a_try_that_falls_into_the_night_is_put_off_without_counting() -> None:
    notice = send(make.sari())
    make.drop_jobs()

    services.deliver(notice_id=notice.pk, now=NIGHT)

    notice.refresh_from_db()
    assert (notice.status, notice.attempts, notice.deliver_at) == ("queued", 0, MORNING)
    assert jobs() == [(notice.pk, MORNING)]
    assert not mail.outbox


def test_a_night_that_was_put_off_twice_still_sends_once() -> None:
    notice = send(make.sari())
    for minutes in (0, 5):  # the worker died before its job was done, so the job ran again
        services.deliver(notice_id=notice.pk, now=NIGHT + timedelta(minutes=minutes))

    for notice_id, _ in jobs():
        services.deliver(notice_id=notice_id, now=MORNING)

    assert len(mail.outbox) == 1


def test_no_morning_comes_for_a_change_that_failed() -> None:
    @transaction.atomic
    def change() -> None:
        send(make.sari(), now=NIGHT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert not Notice.objects.exists()
    assert not jobs()


def test_the_night_begins_on_the_malls_own_clock(settings: LazySettings) -> None:
    settings.MALL_ZONE = "gerai.notices.tests.make.zone_in_the_east"
    evening = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # 18.30 in Bengkulu, 20.30 in Jayapura

    assert send(make.sari(), now=evening).deliver_at == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


def test_a_demo_has_no_night_unless_it_asks_for_one(settings: LazySettings) -> None:
    del settings.QUIET_HOURS
    settings.DEMO = True
    assert send(make.sari(), now=NIGHT).deliver_at is None

    settings.DEMO = False
    assert send(make.person(email="budi@uji.test"), "a:2", now=NIGHT).deliver_at == MORNING


def test_who_gets_nothing_waits_for_nothing() -> None:
    notice = send(make.person(), now=NIGHT)

    assert (notice.status, notice.deliver_at) == ("silent", None)
    assert not jobs()


def test_the_same_key_at_night_and_by_day_is_one_message() -> None:
    sari = make.sari()
    first = send(sari, now=NIGHT)

    assert send(sari, now=NOW).pk == first.pk
    assert len(jobs()) == 1
