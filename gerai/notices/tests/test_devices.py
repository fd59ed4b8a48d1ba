"""Devices that are pushed to: switched on and off, forgotten, and what no browser gives."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from gerai.accounts import services as accounts
from gerai.ledger.models import Entry
from gerai.notices import devices, following, subscribing
from gerai.notices.models import Device, Notice, Push
from gerai.notices.tests.browsers import Service, service
from gerai.notices.tests.make import MALL, MANAGER, NOW, jobs, person, reminder, sari, send

__all__ = ["service"]
from gerai.notices.tests.pushed import on, work

pytestmark = pytest.mark.django_db


def test_switching_on_twice_is_once_and_recorded_once_without_the_address(service: Service) -> None:
    who, browser = sari(), service.browser()

    assert on(who, browser, "w").pk == on(who, browser, "w").pk

    entry = Entry.objects.get(kind="notices.device_on")
    assert (entry.subject, entry.data) == (f"person:{who.pk}", {})
    kept = Device.objects.get()
    assert browser["endpoint"].encode() not in bytes(kept.subscription_sealed)


def test_a_browser_has_one_person_the_last_who_switched_it_on(service: Service) -> None:
    who, budi, browser = sari(), person(email="budi@uji.test"), service.browser()
    on(who, browser, "w")
    waiting = send(who)

    on(budi, browser, "w")
    work()

    assert Device.objects.get().person == budi
    assert service.shown(browser) == []
    waiting.refresh_from_db()
    assert waiting.status == "queued"  # its mail is on its way


@pytest.mark.parametrize("stays", [False, True])
def test_with_somebody_elses_sign_in_or_any_sign_out_the_browser_is_forgotten(
    service: Service, stays: bool
) -> None:
    who, browser = sari(), service.browser()
    on(who, browser, "w")
    on(who, service.browser(), "another")
    notice = reminder(who)

    devices.browser_used(browser="w", person=who)
    assert Device.objects.count() == 2
    devices.browser_used(browser="w", person=person(name="Budi") if stays else None)

    work()
    assert service.shown(browser) == []
    assert Device.objects.count() == 1
    notice.refresh_from_db()
    assert notice.status == "sent"  # on the other device


def test_a_reminder_to_a_device_that_was_switched_off_meanwhile_takes_the_usual_way(service: Service) -> None:
    who = sari()
    on(who, service.browser(), "w")
    notice = reminder(who)

    devices.switch_off(mall=MALL, person=who, browser="w", now=NOW)
    work()

    notice.refresh_from_db()
    assert (notice.channel, jobs()) == ("email", [(notice.pk, None)])


def test_a_new_password_and_a_closed_account_end_it(service: Service) -> None:
    who, browser = sari(), service.browser()
    on(who, browser)
    send(who)

    accounts.set_password(person=who, password="rahasia-sekali-9")
    work()
    assert (service.shown(browser), Device.objects.count()) == ([], 0)

    on(who, browser)
    accounts.deactivate(mall=MALL, person=who, actor=MANAGER, now=NOW)
    following.follow(Entry.objects.get(kind="accounts.deactivated"))
    assert not Device.objects.exists()


def test_ten_devices_of_a_person_the_oldest_makes_room(service: Service) -> None:
    who = sari()
    first = on(who, service.browser(), "w0")
    for n in range(1, 11):
        on(who, service.browser(), f"w{n}", NOW + timedelta(minutes=n))

    assert Device.objects.count() == devices.MOST
    assert not Device.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"endpoint": "https://push.example/x"},
        {"endpoint": "https://push.example/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"endpoint": 3, "keys": {"p256dh": "B" * 87, "auth": "A" * 22}},
        {"endpoint": "https://push.example/x", "keys": {"p256dh": "é", "auth": "A"}},
    ],
)
def test_what_no_browser_gives_is_refused_and_nothing_kept(given: Any) -> None:
    with pytest.raises(subscribing.SubscriptionMalformed):
        on(sari(), given)

    assert not Device.objects.exists()


def test_a_point_that_is_not_on_the_curve_is_refused(service: Service) -> None:
    browser = service.browser()
    browser["keys"]["p256dh"] = "B" + "A" * 86

    with pytest.raises(subscribing.SubscriptionMalformed):
        on(sari(), browser)


def test_an_address_inside_our_network_is_refused_when_it_is_no_trial(
    settings: LazySettings, service: Service
) -> None:
    settings.PUSH_LOCAL = False

    with pytest.raises(subscribing.EndpointRefused):
        on(sari(), service.browser())

    assert not Device.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_switch_it_on_once(service: Service) -> None:
    who, browser, together = sari(), service.browser(), threading.Barrier(3)

    def click() -> None:
        together.wait()
        on(who, browser, "w")
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Device.objects.count() == 1
    assert Entry.objects.filter(kind="notices.device_on").count() == 1


# -- the pages -----------------------------------------------------------------------------------------


def test_the_page_switches_this_browser_on_and_off_and_sign_out_forgets_it(service: Service) -> None:
    who, browser = sari(), service.browser()
    client = Client(headers={"accept-language": "id"})
    client.force_login(who)
    assert 'data-worker="/saya/pesan/pekerja.js"' in client.get("/saya/pesan/").content.decode()

    answer = client.post("/saya/pesan/perangkat/", {"subscription": json.dumps(browser)}, follow=True)

    assert "Menyala di sini" in answer.content.decode()
    assert client.cookies["gerai_browser"]["httponly"]
    client.post("/keluar/")
    assert not Device.objects.exists()
    client.force_login(who)
    client.post("/saya/pesan/perangkat/", {"subscription": json.dumps(browser)})
    assert Device.objects.count() == 1
    page = client.post("/saya/pesan/perangkat/", {"off": "here"}, follow=True).content.decode()
    assert "Pemberitahuan dimatikan." in page
    assert not Device.objects.exists()


def test_without_script_all_devices_can_be_switched_off(service: Service) -> None:
    who = sari()
    on(who, service.browser())
    stranger = on(person(email="budi@uji.test"), service.browser())
    client = Client(headers={"accept-language": "id"})
    client.force_login(who)
    assert "Matikan di 1 perangkat" in client.get("/saya/pesan/").content.decode()

    client.post("/saya/pesan/perangkat/", {"all": "yes"})

    assert list(Device.objects.all()) == [stranger]


@pytest.mark.parametrize("given", ["{", "[]", "null"])
def test_nonsense_from_a_page_is_a_sentence(given: str) -> None:
    client = Client(headers={"accept-language": "id"})
    client.force_login(sari())

    answer = client.post("/saya/pesan/perangkat/", {"subscription": given})

    assert answer.status_code == 422
    assert "Coba perbarui peramban Anda" in answer.content.decode()


def test_the_worker_is_a_script_that_knows_nobody() -> None:
    answer = Client().get("/saya/pesan/pekerja.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content


def test_no_notice_leaves_a_push_behind_whose_device_is_gone(service: Service) -> None:
    who = sari()
    on(who, service.browser(), "w")
    send(who)

    devices.browser_used(browser="w", person=None)

    assert not Push.objects.exists()
    assert Notice.objects.count() == 1
