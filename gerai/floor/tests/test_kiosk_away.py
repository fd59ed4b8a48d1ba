"""What a kiosk borrows for the time without a server, and how it comes back."""

import json
from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.floor.tests.make import enter, pair
from gerai.floor.tests.test_kiosk import hall, kiosk  # noqa: F401 - fixtures
from gerai.visits.models import Closure, Visit

pytestmark = pytest.mark.django_db


def given(number, *codes, ago=60, **more):
    return {"number": number, "entrance": "K", "services": list(codes), "ago": ago, **more}


def bring(client, *told):
    return client.post("/kios/cadangan/", json.dumps({"given": told}), content_type="application/json")


def test_a_kiosk_borrows_numbers_and_services_until_midnight(client, hall, kiosk):  # noqa: F811
    lent = client.get("/kios/cadangan/").json()

    assert (lent["entrance"], lent["numbers"][0], len(lent["numbers"])) == ("K", 9001, 30)
    assert [s["code"] for s in lent["services"]] == ["X/X", "Y/Y"]
    assert lent["often"][0] in ("X/X", "Y/Y")
    midnight = (clock.now() + timedelta(seconds=lent["seconds"])).astimezone()
    assert 0 < lent["seconds"] <= 24 * 3600
    assert midnight.strftime("%H") in ("23", "00")
    assert lent["token"]


def test_what_it_gave_comes_in_once_with_its_age_and_the_rest_goes_on(client, hall, kiosk):  # noqa: F811
    client.get("/kios/cadangan/")
    told = [
        given(9001, "X/X", "Y/Y", language="en"),
        given(9002, "X/none"),
        given(8000, "X/X"),
        given(9003, "X/X", ago=-5),
    ]
    for _ in range(2):
        answer = bring(client, *told).json()
        assert [one["number"] for one in answer["refused"]] == ["K 9002", "K 8000"]
        assert all(one["text"] for one in answer["refused"])
    assert [str(v) for v in Visit.objects.order_by("number")] == ["K 9001", "K 9003"]
    assert Visit.objects.get(number=9001).language == "en"
    assert Visit.objects.get(number=9001).errands.count() == 2
    assert 9001 not in answer["numbers"]


def test_a_closed_agency_is_said_at_the_kiosk_with_the_number(client, hall, kiosk):  # noqa: F811
    client.get("/kios/cadangan/")
    now = clock.now()
    agency = hall.services["X"].agency
    Closure.objects.create(
        mall=hall.mall, agency=agency, day=now.astimezone().date(), reason="listrik", closed_at=now
    )
    refused = bring(client, given(9001, "X/X")).json()["refused"]
    assert refused[0]["number"] == "K 9001"
    assert "listrik" in refused[0]["text"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"given": 1}', b'{"given": [1]}', b'{"given": [{"number": "x"}]}', b"\xff"]
)
def test_another_shape_is_refused_and_changes_nothing(client, hall, kiosk, body):  # noqa: F811
    client.get("/kios/cadangan/")
    answer = client.post("/kios/cadangan/", body, content_type="application/json")
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_only_a_paired_kiosk_borrows_and_is_kept_a_page_for(client, hall):  # noqa: F811
    for path in ("/kios/cadangan/", "/kios/sendiri/", "/kios/penjaga.js"):
        assert client.get(path).status_code in (401, 403)
    enter(client, pair(hall.mall, "board"))
    assert client.get("/kios/cadangan/").status_code in (401, 403)


def test_its_page_and_its_keeper_name_each_other(client, hall, kiosk):  # noqa: F811
    keeper = client.get("/kios/penjaga.js")
    assert keeper["Content-Type"].startswith("text/javascript")
    assert b'"/kios/sendiri/"' in keeper.content
    assert b"floor/kiosk_away.js" in keeper.content
    assert b"{{" not in keeper.content
    page = client.get("/kios/sendiri/").content.decode()
    assert "Mau mengurus apa?" in page
    english = client.get("/kios/sendiri/?b=en").content.decode()
    assert "What would you like to do?" in english
    assert "Mau mengurus apa?" not in english
