"""Who may not be called before closing is told while it can still be mended: the visitor and the manager."""

import pytest

from gerai.accounts.models import Person
from gerai.agencies.models import Membership
from gerai.agencies.rules import DAYS
from gerai.catalogue.models import Edition
from gerai.core import clock
from gerai.floor import outlook
from gerai.floor.tests.make import KIOSK, MORNING, Hall, enter, later, pair
from gerai.visits import forecasts, overrun, queries, services
from gerai.visits.models import Errand

pytestmark = pytest.mark.django_db


def told(errand, now):
    return overrun.of_errand(errand, queries.place_of(errand, now)[1], now)


def test_only_the_end_of_a_line_too_long_for_today_is_told_and_when_to_come_instead():
    hall = Hall()
    hall.mall.opening["tue"] = ["08:00", "15:00"]
    hall.mall.save()
    for _ in range(45):  # ten minutes each: seven hours and a half from nine
        hall.arrive("X")
    office = hall.services["X"].agency
    forecasts.refresh(mall=hall.mall.pk, agency_id=office.pk, now=later(1))
    line = list(
        Errand.objects.select_related("visit__mall", "service__agency__mall").order_by("rank_at", "id")
    )

    assert told(line[3], later(1)) is None
    found = told(line[-1], later(1))
    assert (found.closes, found.opens, found.tomorrow) == (later(360), later(23 * 60), True)
    assert found.asked == "s=X/X&day=2026-11-24"
    assert [one.agency for one in overrun.of_services(hall.mall, [hall.services["X"]], later(1))] == [office]
    (one,) = (one for one in outlook.of(hall.mall, later(1)) if one.agency == office)
    assert 3 < one.overrun < 20
    # Whoever was let in after hours is served at any hour; who is called has nothing to fear.
    line[-1].visit.arrived_at = later(361)
    assert told(line[-1], later(1)) is None
    line[0].state = "called"
    assert told(line[0], later(1)) is None


def test_phone_kiosk_and_manager_see_it_with_what_to_do(client):
    hall = Hall()
    hall.mall.opening = {day: ["00:00", "23:59"] for day in DAYS}
    hall.mall.save()
    service = hall.services["X"]
    service.counter_minutes = 900
    service.save()
    Edition.objects.create(service=service, number=1, content={}, status="published", published_at=MORNING)
    for _ in range(4):
        last = services.arrive(mall=hall.mall, chosen=[service], entrance="A", actor=KIOSK, now=clock.now())
    forecasts.refresh(mall=hall.mall.pk, agency_id=service.agency_id, now=clock.now())
    words = "mungkin tidak sempat dipanggil hari ini: antrean X panjang, dan tutup pukul 23.59"

    page = client.get(f"/kunjungan/{last.secret}/").content.decode()
    assert words in page
    assert "besok" in page
    assert words in client.get("/antrean/ambil/", {"s": "X/X"}).content.decode()
    boss = Person.objects.create(name="Maya", email="maya@uji.test", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, person=boss, role="mall_manager")
    client.force_login(boss)
    page = client.get("/lantai/").content.decode()
    assert "orang di X mungkin tidak terlayani sebelum tutup pukul 23.59" in page
    assert "tawarkan janji temu" in page
    client.logout()
    enter(client, pair(hall.mall, "kiosk", at=clock.now(), entrance="A"))
    assert words in client.get("/kios/", {"s": "X/X"}).content.decode()
    assert words in client.get(f"/kios/tiket/{last.secret}/").content.decode()
