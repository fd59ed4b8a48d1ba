"""Nearly next and called, by text: who asked for it hears each once per errand, and never what is no longer so."""

from datetime import timedelta

import pytest

from gerai.accounts.models import Person
from gerai.core import clock
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.notices import delivering, devices
from gerai.notices.models import Notice
from gerai.notices.tests.browsers import Service, service
from gerai.notices.tests.make import Gateway
from gerai.visits import rules, tasks, telling, ticket

__all__ = ["service"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    Gateway.sent.clear()
    return Gateway


def sari(**more):
    about = {"phone": "+628111", "phone_verified": True} | more
    return Person.objects.create(name="Sari", email="sari@uji.test", created_at=MORNING, **about)


def wants(hall, owner, others=4):
    """Sari's number behind so many others; she asked for texts."""
    for n in range(others):
        hall.arrive("X", at=n / 10)
    visit = hall.arrive("X", at=1, person=owner)
    return ticket.call_by_text(visit=visit, on=True, actor=KIOSK, now=later(1))


def nearly(at):
    return telling.nearly(mall="1771", agencies={"X"}, now=later(at))


def call(hall, at):
    """The next number is called, and the entry is told twice."""
    floor.call_next(person=hall.officers[0], now=later(at))
    entry = Entry.objects.filter(kind="floor.called").latest("pk")
    for _ in range(2):
        telling.called(entry=entry, now=later(at))
    return {"person": hall.officers[0], "errand_id": entry.data["errand"]}


def told():
    return list(Notice.objects.order_by("pk").values_list("template", "channel"))


def test_with_three_before_and_at_the_call_a_text_goes_out_once_each(gateway):
    hall = Hall()
    visit = wants(hall, sari())
    assert nearly(7) == 0  # four are before her

    for n in range(5):
        one = call(hall, 8 + n)
        nearly(8 + n)
        floor.start(**one, now=later(8 + n))
        floor.finish(**one, outcome="done", now=later(8.5 + n))

    assert told() == [("nearly_your_turn", "text"), ("number_called", "text")]
    first, last = Notice.objects.order_by("pk")
    assert str(visit) in first.body
    assert "di X: 3." in first.body
    delivering.deliver(
        notice_id=first.pk, now=later(8)
    )  # served meanwhile: it comes too late, and does not come
    delivering.deliver(notice_id=last.pk, now=later(12))
    assert gateway.sent == {}
    assert set(Notice.objects.values_list("status", flat=True)) == {"silent"}


def test_what_still_stands_is_sent_and_what_waited_five_minutes_at_the_gateway_is_not(gateway):
    hall = Hall()
    wants(hall, sari(), others=1)
    assert nearly(7) == 1
    notice = Notice.objects.get()

    delivering.deliver(notice_id=notice.pk, now=later(8))
    assert [to for to, _ in gateway.sent.values()] == ["+628111"]
    Notice.objects.update(status="queued")
    delivering.deliver(notice_id=notice.pk, now=later(12))
    assert len(gateway.sent) == 1


def test_a_device_hears_it_without_asking_and_no_text_is_paid_for_it(service: Service):
    hall, owner = Hall(), sari()
    devices.switch_on(
        mall=hall.mall.pk, person=owner, subscription=service.browser(), browser="w", now=MORNING
    )
    wants(hall, owner, others=1)
    nearly(7)

    assert told() == [("nearly_your_turn", "push")]


def test_nobody_is_told_who_did_not_ask_or_has_just_come_or_lost_the_phone():
    hall, owner = Hall(), sari()
    visit = wants(hall, owner, others=1)

    assert nearly(5) == 0  # four minutes after taking the number
    Person.objects.update(phone_verified=False)
    assert nearly(7) == 0
    Person.objects.update(phone_verified=True)
    for _ in range(2):
        ticket.call_by_text(visit=visit, on=False, actor=KIOSK, now=later(7))
    assert nearly(8) == 0
    assert Entry.objects.filter(kind__startswith="visits.texts_").count() == 2
    assert told() == []


def test_ten_texts_a_day_are_enough():
    hall, owner = Hall(), sari()
    wants(hall, owner, others=1)
    for n in range(telling.TEXTS_A_DAY):
        Notice.objects.create(
            mall="1771", key=f"k{n}", person=owner, template="number_called", channel="text", subject="",
            body="", created_at=MORNING,
        )  # fmt: skip

    assert nearly(7) == 0
    assert telling.nearly(mall="1771", agencies={"X"}, now=MORNING + timedelta(days=1, minutes=2)) == 1


def test_only_a_proven_phone_and_only_its_owner_switches_it_on(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: later(2))
    hall, owner = Hall(), sari(phone_verified=False)
    visit = hall.arrive("X", person=owner, claim="secret")
    with pytest.raises(rules.NoPhoneProven):
        ticket.call_by_text(visit=visit, on=True, actor=KIOSK, now=later(1))
    Person.objects.update(phone_verified=True)
    page = f"/kunjungan/{visit.secret}/"

    assert "SMS" not in client.get(page).content.decode()
    assert client.post(page + "sms/", {"on": "yes"}).status_code == 403
    client.force_login(owner)
    assert "Kabari saya lewat SMS" in client.get(page).content.decode()
    client.post(page + "sms/", {"on": "yes"})
    visit.refresh_from_db()
    assert visit.call_by_text
    assert "…111" in client.get(page).content.decode()


def test_the_consumer_of_moved_queues_tells_it(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: later(8))
    hall = Hall()
    wants(hall, sari(), others=2)
    call(hall, 7)
    entries = list(Entry.objects.filter(kind="floor.called"))

    for _ in range(2):
        tasks.follow(entries)

    assert told() == [("nearly_your_turn", "text")]
