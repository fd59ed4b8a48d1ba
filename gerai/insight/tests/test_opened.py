"""What the advice to open a counter did: told to the mayor without names, to the manager and the agency with them."""

from datetime import timedelta

import pytest

from gerai.floor import advice, calling_in
from gerai.floor.models import Advice, CallOut
from gerai.floor.tests.make import MORNING, later
from gerai.floor.tests.test_advice import BOSS, Busy
from gerai.floor.tests.test_manager import person_with
from gerai.insight import opened, pages

pytestmark = pytest.mark.django_db
HERE = "/wali-kota/saran-loket/"


@pytest.fixture
def hall(monkeypatch):
    """An advice was given, one on call declined, the next came and opened a counter."""
    monkeypatch.setattr(pages, "clock", lambda: later(60))
    made = Busy()
    made.look(2)
    calling_in.call_in(advice=Advice.objects.get(), actor=BOSS, now=later(3))
    calling_in.answer(call=CallOut.objects.get(), coming=False, now=later(4))
    second = CallOut.objects.get(answer="")
    calling_in.answer(call=second, coming=True, now=later(5))
    made.sign_on(second.person, 2, 9)
    advice.look(mall=made.mall, now=later(9))
    return made


def of(hall, agency=None):
    return opened.listed(hall.mall, MORNING - timedelta(days=1), later(600), agency)


def test_how_often_it_was_followed_how_fast_and_what_it_did(hall):
    found = opened.sums(of(hall))
    assert (found.followed, found.minutes, found.measured) == (1, 7, None)
    given = Advice.objects.get(outcome="followed")
    Advice.objects.filter(pk=given.pk).update(real_wait=4.0, measured_at=later(40))
    found = opened.sums(of(hall))
    assert (found.told, found.measured) == (given.wait, 4.0)
    assert opened.sums(of(hall, hall.services["Y"].agency)).given == 0


def test_the_mayor_reads_it_without_names_the_manager_and_the_agency_with_them(hall, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(person_with(hall, "mayor"))
    shown = client.get(HERE).content.decode()
    assert "1 diikuti." in shown
    assert "7 menit setelah disarankan" in shown
    assert "tidak bisa, dijawab" in shown
    assert "siaga0" not in shown
    client.force_login(person_with(hall, "mall_manager", name="kelola"))
    assert "siaga0" in client.get(HERE).content.decode()
    client.force_login(person_with(hall, "agency_admin", hall.services["Y"].agency, name="lain"))
    shown = client.get(HERE).content.decode()
    assert "Belum ada saran" in shown
    assert "siaga0" not in shown
