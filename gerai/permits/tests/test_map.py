"""The map of permits: frozen with the permit, only what the edition names, and the same as a list and as GeoJSON."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gerai.applications import marks
from gerai.applications import services as applications
from gerai.applications.rules import Status
from gerai.permits import mapping, services, withdrawing
from gerai.permits.models import Permit
from gerai.permits.tests.make import ADDRESS, CONTENT, MONDAY, World, both, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERE = {"lat": -3.8004, "lon": 102.2655}


def world_with(place: str | None = "spot", **spot: Any) -> World:
    """A service that asks for a point, and may name it for the map."""
    world = World(**({"place": place} if place else {}))
    fields = [
        *CONTENT["questions"][0]["fields"],
        {"key": "spot", "label": both("Titik"), "type": "point", **spot},
    ]
    content = world.service.editions.get().content
    content["questions"] = [{**content["questions"][0], "fields": fields}]
    world.service.editions.model.objects.create(
        service=world.service, number=2, content=content, status="superseded", published_at=MONDAY
    )
    return world


def issued(world: World, name: str, lat: float = HERE["lat"], lon: float = HERE["lon"]) -> Permit:
    application = world.waiting(person(name))
    application.edition = world.service.editions.get(number=2)
    application.save(update_fields=["edition"])
    answers = {"clinic": "Klinik", "start": "2026-12-01", "home": ADDRESS, "spot": {"lat": lat, "lon": lon}}
    applications.keep_answers(application, answers)
    marks.mark(application=application, status=Status.SIGNING)
    made = services.issue(application=application, answers=answers, decided_by=world.kepala, now=MONDAY)
    return services.sign(permit_id=made.pk, now=MONDAY)


def features(client) -> list[dict[str, Any]]:
    answer = client.get("/data/izin.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    told = json.loads(b"".join(answer.streaming_content))
    assert told["type"] == "FeatureCollection"
    return told["features"]


def test_the_place_is_frozen_with_the_permit_and_shown_with_its_open_columns(client):
    permit = issued(world_with(), "Wati Satu")

    (feature,) = features(client)
    assert feature["geometry"] == {"type": "Point", "coordinates": [102.2655, -3.8004]}
    assert (feature["properties"]["number"], feature["properties"]["status"]) == (permit.number, "valid")
    page = client.get("/peta-izin/").content.decode()
    assert page.count(f"/cek/?nomor={permit.number}") == 2  # on the map and in the list


@pytest.mark.parametrize("world", [{"place": None}, {"personal": True}])
def test_a_home_and_what_the_edition_does_not_name_are_on_no_map(client, world):
    permit = issued(world_with(**world), "Wati Satu")

    assert (permit.lat, permit.lon) == (None, None)
    assert features(client) == []
    assert permit.number not in client.get("/peta-izin/").content.decode()


def test_nothing_of_any_person_is_on_the_map(client):
    permit = issued(world_with(), "Wati Wulandari")

    said = client.get("/peta-izin/").content.decode() + json.dumps(features(client))
    for secret in ("Wulandari", ADDRESS, permit.secret, permit.content["application"], str(permit.holder_id)):
        assert secret not in said


def test_the_list_and_the_map_follow_the_filters(client):
    world = world_with()
    first, second = issued(world, "Satu"), issued(world, "Dua", -3.81)
    withdrawing.revoke(permit=second, reason="Alasan yang panjang.", actor=world.kepala, now=MONDAY)

    def numbers(**asked: str) -> set[str]:
        return set(re.findall(r"nomor=([^\"]+)", client.get("/peta-izin/", asked).content.decode()))

    assert numbers() == {first.number}
    assert numbers(keadaan="revoked") == {second.number}
    assert numbers(keadaan="semua") == {first.number, second.number}
    assert numbers(keadaan="semua", layanan="LAIN") == set()
    assert numbers(keadaan="semua", instansi="DINKES") == {first.number, second.number}
    assert numbers(keadaan="semua", kotak="102.26,-3.803,102.27,-3.798") == {first.number}
    assert numbers(kotak="nan,1,2", keadaan="x", halaman="-4") == {first.number}


def test_neighbours_are_one_mark_that_leads_nearer_and_reading_takes_few_statements(client):
    world = world_with()
    for n in range(3):
        issued(world, f"P{n}", HERE["lat"] + n / 1e6)
    issued(world, "Jauh", -3.9)

    with CaptureQueriesContext(connection) as read:
        told = mapping.look(world.mall, mapping.Wanted(), MONDAY)
    assert sorted(mark["n"] for mark in told["marks"]) == [1, 3]
    assert len(read) <= 6
    many = next(mark for mark in told["marks"] if mark["n"] == 3)
    nearer = mapping.look(world.mall, mapping.Wanted(box=mapping.box_of(many["box"])), MONDAY)
    assert nearer["count"] == 3


def test_a_mall_without_a_placed_permit_says_so(client):
    World()
    assert "Tidak ada izin di sini" in client.get("/peta-izin/").content.decode()


def test_the_scale_is_a_round_length_and_true_to_the_earth():
    box = mapping.Box(102.2, -3.9, 102.4, -3.7).fitted()
    scale = mapping._scale(box)
    assert not scale["metres"]
    (x1, _), (x2, _) = box.spot(-3.8, 102.3), box.spot(-3.8, 102.3 + scale["n"] / mapping.KM / box.shrink)
    assert x2 - x1 == pytest.approx(scale["px"], abs=0.2)
    (_, y1), (_, y2) = box.spot(-3.8, 102.3), box.spot(-3.8 - scale["n"] / mapping.KM, 102.3)
    assert y2 - y1 == pytest.approx(scale["px"], abs=0.2)  # as long upwards as sideways


def test_who_decides_on_a_place_finds_the_permits_within_a_hundred_metres_the_nearest_first():
    world = world_with()
    far = 0.0018  # some two hundred metres
    near = issued(world, "Wati", HERE["lat"] + 0.0005)
    nearest = issued(world, "Dewi", HERE["lat"], HERE["lon"] + 0.0002)
    issued(world, "Rini", HERE["lat"], HERE["lon"] + far)
    issued(world, "Yuli", HERE["lat"] + 0.0008, HERE["lon"] + 0.0008)  # in the square, not in the circle

    assert mapping.near(world.mall, **HERE) == [nearest, near]
    assert mapping.near(world.mall, 0.0, 0.0) == []
