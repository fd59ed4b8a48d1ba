"""The API as kiosks and counter programs use it."""

import json

import pytest

from gerai.accounts.models import Person
from gerai.api.callers import token_for
from gerai.core import clock
from gerai.floor import devices
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import LEAST_MEASURED, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    from gerai.catalogue.models import Edition

    hall = Hall(counters=2)
    for service in hall.services.values():
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=MORNING
        )
    return hall


def paired(hall, kind="kiosk", person=None):
    return devices.pair(mall=hall.mall, kind=kind, name=kind, actor=KIOSK, now=MORNING, person=person)


def post(client, path, token, body=None, **headers):
    return client.post(
        f"/api/v1/{path}",
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", **headers},
    )


def test_a_number_from_arrival_to_finish(client, hall):
    _, kiosk = paired(hall)
    _, counter = paired(hall, "counter_api", hall.officers[0])

    made = post(client, "visits", kiosk, {"services": ["X/X", "Y/Y"]})
    assert made.status_code == 201
    assert made.json()["number"] == "A 001"
    called = post(client, "counters/1/call-next", counter).json()["errand"]
    assert called["number"] == "A 001"
    assert post(client, f"errands/{called['id']}/start", counter).json()["state"] == "serving"
    assert post(client, f"errands/{called['id']}/finish", counter).json()["state"] == "done"
    assert post(client, f"errands/{called['id']}/finish", counter).json()["state"] == "done"
    shown = client.get(f"/api/v1/visits/{made.json()['secret']}").json()
    assert [errand["state"] for errand in shown["errands"]] == ["done", "waiting"]


def test_the_same_idempotency_key_gives_the_same_number_and_only_to_the_same_machine(client, hall):
    _, kiosk = paired(hall)
    _, other = paired(hall)
    body = {"services": ["X/X"]}

    numbers = [
        post(client, "visits", token, body, **{"Idempotency-Key": "k1"}).json()["number"]
        for token in (kiosk, kiosk, other)
    ]

    assert numbers == ["A 001", "A 001", "A 002"]
    assert Visit.objects.count() == 2


def test_without_a_good_token_nothing_happens(client, hall):
    device, token = paired(hall)
    devices.revoke(device=device, actor=KIOSK, now=clock.now())

    for bad in ("", "x", token):
        answer = post(client, "visits", bad, {"services": ["X/X"]})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_wrong")
    assert Visit.objects.count() == 0


def test_an_officer_whose_role_ended_is_out_at_once(client, hall):
    _, token = paired(hall, "counter_api", hall.officers[0])
    hall.officers[0].memberships.update(active=False)

    assert post(client, "counters/1/call-next", token).status_code == 401


def test_a_kiosk_cannot_call_and_an_officer_not_at_anothers_counter(client, hall):
    _, kiosk = paired(hall)
    _, counter = paired(hall, "counter_api", hall.officers[0])

    assert post(client, "counters/1/call-next", kiosk).json()["code"] == "token_may_not"
    assert post(client, "counters/2/call-next", counter).json()["code"] == "not_on_duty"


def test_anothers_errand_does_not_exist(client, hall):
    _, token = paired(hall, "counter_api", hall.officers[1])
    hall.arrive("X")
    errand = floor.call_next(person=hall.officers[0], now=MORNING)

    assert post(client, f"errands/{errand.pk}/finish", token).status_code == 404


def test_a_body_of_another_shape_is_refused_with_the_field(client, hall):
    _, kiosk = paired(hall)
    answer = post(client, "visits", kiosk, {"services": "X/X"})

    assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
    assert answer.json()["text"] == "Isi permintaan tidak sesuai. Periksa: arrival.services"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9"
    answer = post(client, "visits", kiosk, {"services": "X/X"})
    assert answer.json()["text"] == "The request does not fit. Check: arrival.services"
    assert post(client, "visits", kiosk, {"services": ["X/NO"]}).status_code == 404
    assert post(client, "visits", kiosk, {"services": []}).json()["code"] == "no_errand_chosen"
    wrong = post(client, "visits", kiosk, {"services": ["X/X"], "entrance": "<b>"})
    assert wrong.json()["code"] == "entrance_wrong"


def test_anybody_reads_the_mall_the_services_the_description_and_checks_a_permit(client, hall):
    hall.arrive("X")

    assert client.get("/api/v1/mall").json()["waiting"] == 1
    assert len(client.get("/api/v1/services").json()["services"]) == 2
    assert client.get("/api/v1/permits/none").json() == {"status": "unknown"}
    described = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/visits" in described["paths"]


def test_the_description_says_the_shape_of_every_answer_and_refusal(client, hall):
    described = client.get("/api/v1/openapi.json").json()

    assert "Idempotency-Key" in described["info"]["description"]
    for address, verbs in described["paths"].items():
        for verb in verbs.values():
            assert all("content" in answer for answer in verb["responses"].values()), address
    shapes = described["components"]["schemas"]
    checked = client.get("/api/v1/permits/none").json()
    assert checked["status"] in shapes["Shown"]["enum"]
    assert set(client.get("/api/v1/mall").json()) == set(shapes["Mall"]["properties"])


def test_the_mall_is_told_with_its_record_too(client, hall):
    hall.arrive("X")
    errand = Errand.objects.get()
    for _ in range(LEAST_MEASURED):  # enough calls to speak of a record
        errand.pk, errand._state.adding = None, True
        errand.state, errand.called_at, errand.hit = State.DONE, clock.now(), True
        errand.save()

    assert client.get("/api/v1/mall").json()["hits"] == {"right": 100, "of": LEAST_MEASURED}


def test_an_address_that_is_none_is_refused_as_data(client, hall):
    answer = client.get("/api/v1/permit/none")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json()["code"] == "not_found"


def test_an_officers_own_token_works_while_they_hold_a_role(client, hall):
    officer = hall.officers[0]
    token = token_for(officer)
    hall.arrive("X")

    assert post(client, "counters/1/call-next", token).json()["errand"]["number"] == "A 001"
    assert post(client, "counters/1/call-next", token + "x").status_code == 401
    officer.memberships.update(active=False)
    assert post(client, "counters/1/call-next", token).status_code == 401


def test_a_citizens_token_opens_nothing(client, hall):
    citizen = Person.objects.create(name="Budi", email="budi@uji.test", created_at=MORNING)

    assert post(client, "counters/1/call-next", token_for(citizen)).status_code == 401


def test_a_counter_program_has_every_verb_of_the_screen(client, hall):
    officer = hall.officers[0]
    token = token_for(officer)
    hall.offer("Y", "Y2")
    today = (clock.now() - MORNING).total_seconds() / 60
    for _ in range(3):
        hall.arrive("X", at=today)

    def act(path, **body):
        answer = post(client, path, token, body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    chosen = act("counters/1/call-number", number="A 2", reason="frail")["errand"]["id"]
    now = client.get("/api/v1/counters/1", headers={"Authorization": f"Bearer {token}"}).json()
    assert (now["waiting"], now["step"]["what"]) == (2, "floor.called_out_of_order")
    act(f"errands/{chosen}/start")
    assert act(f"errands/{chosen}/hold")["state"] == "held"
    first = act("counters/1/call-next")["errand"]["id"]
    act(f"errands/{first}/absent")
    assert act(f"errands/{first}/come-back")["state"] == "waiting"
    act(f"errands/{chosen}/resume")
    moved = act(f"errands/{chosen}/transfer", to="Y/Y2", note="Minta cetak ulang")
    assert (moved["service"], moved["state"]) == ("Y/Y2", "waiting")
    step = client.get("/api/v1/counters/1", headers={"Authorization": f"Bearer {token}"}).json()["step"]["id"]
    assert act("counters/1/undo", step=step)["errand"]["state"] == "serving"
    act(f"errands/{chosen}/finish", outcome="incomplete", note="Bawa KK asli")
    act("counters/1/pause", reason="meal")
    assert post(client, "counters/1/call-next", token).json()["code"] == "counter_paused"
    act("counters/1/go-on")
    act("counters/1/sign-off")


def test_a_counters_press_under_a_key_happens_once(client, hall):
    token = token_for(hall.officers[0])
    hall.arrive("X")
    hall.arrive("X")

    first = post(client, "counters/1/call-next", token, **{"Idempotency-Key": "press-0001"}).json()
    post(client, f"errands/{first['errand']['id']}/finish", token)
    again = post(client, "counters/1/call-next", token, **{"Idempotency-Key": "press-0001"}).json()
    unknown, key = {"number": "A 9", "reason": "frail"}, {"Idempotency-Key": "press-0002"}
    refused = [post(client, "counters/1/call-number", token, unknown, **key) for _ in range(2)]

    assert again["errand"]["id"] == first["errand"]["id"]
    assert [(r.status_code, r.json()["code"]) for r in refused] == [(409, "number_not_waiting")] * 2


def test_another_officers_counter_and_an_unknown_verb_are_refused(client, hall):
    token = token_for(hall.officers[0])

    assert post(client, "counters/2/pause", token, {"reason": "meal"}).json()["code"] == "not_on_duty"
    assert post(client, "counters/1/demolish", token).status_code == 404
    assert post(client, "errands/1/demolish", token).status_code == 404
