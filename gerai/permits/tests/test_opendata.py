"""The register as open data: every permit, nothing of any person."""

import csv
import io
import json

import pytest

from gerai.applications import marks
from gerai.applications.rules import Status
from gerai.permits import registers, services, withdrawing
from gerai.permits.tests.make import ADDRESS, MONDAY, World, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return World()


def read(client, kind: str) -> str:
    return b"".join(client.get(f"/data/izin.{kind}").streaming_content).decode()


def test_csv_and_json_say_the_same_in_the_same_columns(client, world):
    world.issued()

    rows = list(csv.DictReader(io.StringIO(read(client, "csv"))))
    told = json.loads(read(client, "json"))

    assert list(rows[0]) == list(registers.COLUMNS) == [
        "number", "agency_code", "agency", "service_code", "service", "kind", "status",
        "issued_on", "valid_until", "certified", "demo", "replaced_by",
    ]  # fmt: skip
    assert told["schema"] == 1
    assert told["permits"] == [{
        "number": "0001/DINKES/SIP/2026", "agency_code": "DINKES", "agency": "Dinas DINKES", "service_code": "SIP",
        "service": "Izin praktik dokter", "kind": "permit", "status": "valid", "issued_on": "2026-11-23",
        "valid_until": "2031-11-23", "certified": False, "demo": True, "replaced_by": None,
    }]  # fmt: skip
    assert rows[0] == {**told["permits"][0], "certified": "false", "demo": "true", "replaced_by": ""}


def test_nothing_personal_of_a_permit_is_in_it(client, world):
    permit = world.issued()
    words = {"reason": "Rahasia Sari Wulandari.", "actor": world.kepala, "now": MONDAY}
    withdrawing.suspend(permit=permit, ground="UU 17/2023", **words)
    withdrawing.revoke(permit=permit, **words)
    permit.refresh_from_db()

    for kind in ("csv", "json"):
        said = read(client, kind)
        assert "revoked" in said
        for value in (
            "Sari", "Wulandari", "sari@", ADDRESS, "Klinik", "Rahasia", "Kepala Dinas", permit.secret,
            permit.content["application"], str(permit.pk), str(permit.holder_id), str(permit.application_id),
        ):  # fmt: skip
            assert value not in said, value


def test_what_is_not_signed_and_letters_of_refusal_are_left_out(client, world):
    world.reserved()
    application = world.waiting(world.budi)
    rejection = {"ground": "UU 17/2023", "text": "STR tidak aktif."}
    marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY, rejection=rejection)
    letter = services.refuse_letter(
        application=application,
        ground="UU 17/2023",
        text="STR tidak aktif.",
        decided_by=world.kepala,
        now=MONDAY,
    )
    services.sign(permit_id=letter.pk, now=MONDAY)

    assert json.loads(read(client, "json"))["permits"] == []


def test_the_state_is_the_one_of_the_public_page(client, world):
    permit = world.issued()
    withdrawing.suspend(
        permit=permit, reason="Alasan yang panjang.", ground="UU 17/2023", actor=world.kepala, now=MONDAY
    )
    (row,) = json.loads(read(client, "json"))["permits"]
    assert row["status"] == client.get(f"/cek/{permit.secret}/?format=json").json()["status"] == "suspended"


def test_many_come_whole_and_in_order_over_several_readings(world):
    signed = [world.issued(person(f"P{n:03} Orang")).number for n in range(5)]

    for size in (1, 2, 5, 100):
        told = list(registers.open_data(world.mall, MONDAY, size))
        assert [row["number"] for row in told] == signed


def test_slow_readers_never_hold_all_threads_and_the_place_is_given_back(client, world):
    world.issued()
    slow = [client.get("/data/izin.csv") for _ in range(2)]

    assert client.get("/data/izin.csv").status_code == 503
    for answer in slow:
        assert b"0001/DINKES" in b"".join(answer.streaming_content)  # read to the end: the client closes it
    for _ in range(3):
        assert "0001/DINKES" in read(client, "csv")
