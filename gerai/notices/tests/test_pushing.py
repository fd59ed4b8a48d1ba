"""Pushed messages through the double: which go, beside or instead, tried again, and never to the wrong person."""

import json
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail

from gerai.notices import rules, services
from gerai.notices.models import Device, Push
from gerai.notices.tests.browsers import Service, service
from gerai.notices.tests.make import MALL, MORNING, NIGHT, NOW, jobs, person, reminder, sari, send

__all__ = ["service"]
from gerai.notices.tests.pushed import on, push_jobs, work

pytestmark = pytest.mark.django_db


def test_what_must_be_kept_goes_beside_the_mail(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)

    notice = send(who)
    work()

    assert notice.channel == "email"
    (got,) = service.shown(browser)
    assert (got["title"], got["path"]) == ("Permohonan MPP-2026-000001 perlu diperbaiki", "/x/")
    assert got["urgency"] == "normal"
    assert Push.objects.get().status == "sent"
    assert "Izin dokter" not in json.dumps(got)  # the screen of a locked phone is read by others


def test_a_reminder_goes_instead_of_the_mail(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)

    notice = reminder(who)
    assert (notice.channel, jobs()) == ("push", [])
    work()

    notice.refresh_from_db()
    assert (notice.status, notice.sent_at) == ("sent", NOW)
    assert len(service.shown(browser)) == 1
    assert not mail.outbox


@pytest.mark.parametrize("mood", ["gone", "unknown"])
def test_a_browser_that_is_gone_is_forgotten_and_the_reminder_takes_the_usual_way(
    service: Service, mood: str
) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)
    service.mood(browser, mood)
    notice = reminder(who)

    work()

    notice.refresh_from_db()
    assert not Device.objects.exists()
    assert (notice.channel, notice.status) == ("email", "queued")
    assert jobs() == [(notice.pk, None)]


def test_two_devices_get_it_each_and_one_that_is_gone_takes_nothing_from_the_other(service: Service) -> None:
    who, phone, tablet = sari(), service.browser(), service.browser()
    on(who, phone)
    on(who, tablet)
    service.mood(phone, "gone")

    notice = reminder(who)
    work()

    notice.refresh_from_db()
    assert (notice.channel, notice.status) == ("push", "sent")
    assert len(service.shown(tablet)) == 1
    assert Device.objects.count() == 1


def test_a_busy_service_is_asked_again_when_it_said_and_a_silent_one_later_and_later(
    service: Service,
) -> None:
    who, browser = sari(), service.browser()
    device = on(who, browser)
    notice = send(who)
    service.mood(browser, "busy")
    work()
    assert push_jobs() == [(notice.pk, device.pk, NOW + timedelta(seconds=120))]

    service.mood(browser, "down")
    work()
    assert push_jobs() == [(notice.pk, device.pk, NOW + timedelta(seconds=16))]

    service.mood(browser, "fine")
    work()
    assert not push_jobs()
    row = Push.objects.get()
    assert (row.status, row.attempts, row.last_error) == ("sent", 3, "")


def test_after_the_last_try_a_reminder_takes_the_usual_way(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)
    service.mood(browser, "down")
    notice = reminder(who)

    for _ in range(rules.PUSH_ATTEMPTS):
        work()

    notice.refresh_from_db()
    assert (Push.objects.get().status, notice.channel) == ("failed", "email")
    assert jobs() == [(notice.pk, None)]
    assert Device.objects.exists()


def test_what_the_service_never_takes_is_not_tried_again(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)
    service.mood(browser, "large")
    send(who)

    work()

    assert not push_jobs()
    assert Push.objects.get().last_error == "PushRefused"


def test_at_night_a_push_waits_and_what_cannot_wait_rings(settings: LazySettings, service: Service) -> None:
    settings.QUIET_HOURS = True
    who, browser = sari(), service.browser()
    device = on(who, browser)

    later = send(who, now=NIGHT)
    at_once = send(who, "a:2", template="come_to_counter", now=NIGHT, **CALL)

    assert push_jobs() == [(later.pk, device.pk, MORNING), (at_once.pk, device.pk, None)]


CALL = {"agency": "Dinas", "day": "hari ini", "waiting": 3, "by": "10.00", "late": 1, "holding": 2}


def test_a_call_is_pushed_and_never_posted_and_old_ones_are_not_shown(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)
    notice = send(who, template="number_called", number="A-12", counter="3")
    assert (notice.channel, jobs()) == ("push", [])

    work(NOW + timedelta(minutes=6))

    notice.refresh_from_db()
    assert (notice.status, notice.channel, jobs()) == ("silent", "none", [])
    assert service.shown(browser) == []


def test_who_does_without_reminders_gets_none_pushed_either(service: Service) -> None:
    who = sari()
    on(who, service.browser())
    services.choose(mall=MALL, person=who, channel="", reminders=False, news=True, now=NOW)

    assert reminder(who).channel == "none"
    assert not Push.objects.exists()


def test_somebody_without_an_address_is_reached_on_their_device(service: Service) -> None:
    who, browser = person(), service.browser()
    on(who, browser)

    notice = send(who)
    work()

    notice.refresh_from_db()
    assert (notice.channel, notice.status) == ("push", "sent")
    assert len(service.shown(browser)) == 1


# -- never to somebody else ----------------------------------------------------------------------------
