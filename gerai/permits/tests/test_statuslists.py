"""The status list, read without our library: who is revoked or suspended, and what the places do not tell."""

import base64
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import jwt
import pytest
from django.db import connection

from gerai.agencies.models import Mall
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.permits import credentials, rules, services, statuslists, waiting, withdrawing
from gerai.permits.models import StatusList, StatusPlace
from gerai.permits.tests.make import MONDAY, World, person
from gerai.permits.tests.test_races import decide

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def world():
    return World()


def place_of(client, permit) -> dict:
    """Where the credential says that its status stands, read without checking it."""
    text = credentials.take(permit=permit, actor=permit.holder, now=MONDAY)
    return jwt.decode(text.split("~")[0], options={"verify_signature": False})["status"]["status_list"]


def read(client, place: dict) -> int:
    """The status by the standard alone: PyJWT checks the signature, zlib unpacks, two bits are read."""
    answer = client.get(place["uri"].removeprefix(BASE))
    token = answer.content.decode()
    header = jwt.get_unverified_header(token)
    told = client.get("/.well-known/jwt-vc-issuer").json()["jwks"]["keys"]
    key = jwt.PyJWK(next(k for k in told if k["kid"] == header["kid"]))
    claims = jwt.decode(token, key, algorithms=["ES256"], issuer=BASE, subject=place["uri"])
    assert (answer["Content-Type"], header["typ"]) == ("application/statuslist+jwt", "statuslist+jwt")
    assert claims["status_list"]["bits"] == 2
    packed = zlib.decompress(base64.urlsafe_b64decode(claims["status_list"]["lst"] + "=="))
    return packed[place["idx"] // 4] >> place["idx"] % 4 * 2 & 0b11


def test_it_says_valid_then_suspended_then_valid_then_revoked_at_once(client, world):
    permit = world.issued()
    place = place_of(client, permit)
    words = {"reason": "STR sedang diperiksa.", "actor": world.kepala, "now": MONDAY}
    seen = [read(client, place)]

    withdrawing.suspend(permit=permit, ground="UU 17/2023", **words)
    seen.append(read(client, place))
    withdrawing.lift(permit=permit, ground="UU 17/2023", **words)
    seen.append(read(client, place))
    withdrawing.revoke(permit=permit, **words)
    seen.append(read(client, place))

    assert seen == [0, 2, 0, 1]


def test_revoking_one_leaves_the_others_as_they_are(client, world):
    permits = [world.issued(person(name)) for name in ("Adi", "Ita", "Umi")]
    places = [place_of(client, permit) for permit in permits]
    withdrawing.revoke(permit=permits[1], reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)

    assert [read(client, place) for place in places] == [0, 1, 0]


def test_no_list_is_believed_for_longer_than_five_minutes(client, world):
    place = place_of(client, world.issued())
    answer = client.get(place["uri"].removeprefix(BASE))
    claims = jwt.decode(answer.content, options={"verify_signature": False})

    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert claims["ttl"] == 240
    assert claims["exp"] - claims["iat"] == 60 + 240
    assert abs(datetime.fromtimestamp(claims["iat"], UTC) - clock.now()).total_seconds() < 60
    assert len(answer.content) < 2000


def test_an_unknown_list_is_not_found(client):
    assert client.get("/status/izin/1").status_code == 404
    assert client.get(f"/status/izin/{10**30}").status_code == 404


def test_a_place_is_given_once_and_without_taking_nothing_is_given(client, world):
    permit = world.issued()
    assert not StatusList.objects.exists()

    assert place_of(client, permit) == place_of(client, permit)
    assert StatusPlace.objects.count() == StatusList.objects.get().given == 1


def test_places_do_not_tell_the_order_of_issue(client, world):
    permits = [world.issued(person(f"Orang{n}")) for n in range(8)]
    given = [place_of(client, permit)["idx"] for permit in permits]

    assert len(set(given)) == 8
    assert all(0 <= index < rules.LIST_SIZE for index in given)
    assert max(given) - min(given) > 1000  # by chance less only once in 10**12


def test_a_full_list_is_followed_by_a_new_one_and_the_old_one_stays(client, world):
    first = place_of(client, world.issued(person("Adi")))
    StatusList.objects.update(given=rules.LIST_FULL)
    second = place_of(client, world.issued(person("Ita")))
    third = place_of(client, world.issued(person("Umi")))

    assert first["uri"] != second["uri"] == third["uri"]
    assert list(StatusList.objects.order_by("number").values_list("number", "given")) == [
        (1, rules.LIST_FULL),
        (2, 2),
    ]
    assert (read(client, first), read(client, second)) == (0, 0)


def test_permits_of_another_mall_stand_in_lists_of_their_own(client, world):
    permit = world.issued()
    other = Mall.objects.create(code="1772", name="Mal Lain", city="Curup", opening={})
    elsewhere = world.issued(person("Adi"))
    elsewhere.mall = other  # the database lets no permit move: only what is asked of the list is tested
    here, there = statuslists.place(permit=permit), statuslists.place(permit=elsewhere)

    assert here.status_list.mall_id == "1771"
    assert there.status_list.mall_id == "1772"
    withdrawing.revoke(permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)
    same = {"uri": statuslists.address(there.status_list_id), "idx": here.index}
    assert read(client, {**same, "uri": statuslists.address(here.status_list_id)}) == 1
    assert read(client, same) == 0
    assert statuslists.permit_at(same["uri"], there.index) == elsewhere.pk


@pytest.mark.parametrize(
    "uri", ["https://lain.test/status/izin/1", f"{BASE}/status/izin/x", "", f"{BASE}/status/izin/²"]
)
def test_a_list_of_somebody_else_names_no_permit(uri):
    assert statuslists.permit_at(uri, 0) is None


def test_no_token_of_a_list_that_is_not_there():
    with pytest.raises(NotFound):
        statuslists.token(1, credentials.keys().signing(), MONDAY)


@pytest.mark.django_db(transaction=True)
def test_eight_taking_at_once_get_each_a_place_and_one_permit_taken_eight_times_one():
    world = World()
    StatusList.objects.create(mall=world.mall, number=1, given=rules.LIST_FULL - 3)  # it fills up meanwhile
    for n in range(8):
        decide(world.waiting(person(f"P{n}")).pk, world.kepala)
    permits = [services.sign(permit_id=pk, now=MONDAY) for pk in waiting.unsigned(clock.now())]
    asked = permits + permits[:1] * 8

    def work(permit) -> None:
        try:
            credentials.take(permit=permit, actor=permit.holder, now=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, asked))

    assert StatusPlace.objects.count() == 8
    assert list(StatusList.objects.order_by("number").values_list("given", flat=True)) == [rules.LIST_FULL, 5]
    assert Entry.objects.filter(kind="permits.credential_taken").count() == 16
