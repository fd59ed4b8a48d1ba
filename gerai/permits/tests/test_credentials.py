"""The permit as a credential: an independent library checks what the holder takes; somebody else takes nothing."""

import base64
import json
import shutil
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from jwcrypto.jwk import JWK
from jwcrypto.jws import InvalidJWSSignature
from openvc.type_metadata import validate_type_metadata
from sd_jwt.verifier import SDJWTVerifier

from gerai.core.errors import NotFound
from gerai.integrations.esign import credential as adapter
from gerai.ledger.models import Entry
from gerai.permits import credentials, rules, withdrawing
from gerai.permits.models import StatusPlace
from gerai.permits.tests.make import ADDRESS, MONDAY, World, both

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def world():
    return World()


def take(client, permit) -> str:
    client.force_login(permit.holder)
    answer = client.post(f"/izin/{permit.pk}/kredensial/")
    assert answer.status_code == 200
    return answer.content.decode()


def judge(client, text: str) -> dict:
    """What the reference library of the standard says, with the key that our public address tells it."""

    def key(issuer: str, header: dict) -> JWK:
        told = client.get("/.well-known/jwt-vc-issuer").json()
        assert told["issuer"] == issuer
        (found,) = [k for k in told["jwks"]["keys"] if k["kid"] == header["kid"]]
        return JWK(**found)

    return SDJWTVerifier(text, key).get_verified_payload()


def disclosed(text: str) -> list[list]:
    parts = text.split("~")[1:-1]
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts]


def without(text: str, word: str) -> str:
    """The same with the disclosure kept back that says the word."""
    head, *parts = text.split("~")
    kept = [p for p in parts if word not in base64.urlsafe_b64decode(p + "==").decode()]
    assert len(kept) == len(parts) - 1
    return "~".join([head, *kept])


def test_the_reference_library_finds_what_the_paper_prints(client, world):
    permit = world.issued()
    claims = judge(client, take(client, permit))

    assert claims["iss"] == BASE
    assert claims["vct"] == f"{BASE}/vct/izin"
    assert claims["number"] == "0001/DINKES/SIP/2026"
    assert (claims["agency"], claims["service"]) == ("Dinas DINKES", "Izin praktik dokter")
    assert (claims["title"], claims["holder"]) == ("Surat Izin Praktik Dokter", "Sari Wulandari")
    assert [(row["label"], row["value"]) for row in claims["rows"]] == [
        ("Tempat praktik", "Klinik Sehat"), ("Mulai praktik", "1 Desember 2026"), ("Alamat rumah", ADDRESS),
    ]  # fmt: skip
    assert (claims["valid_from"], claims["valid_until"]) == ("2026-11-23", "2031-11-23")
    assert claims["decided_by"] == "Kepala Dinas"


def test_it_holds_from_midnight_to_midnight_of_the_mall(client, world):
    claims = judge(client, take(client, world.issued()))

    assert datetime.fromtimestamp(claims["nbf"], UTC) == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert datetime.fromtimestamp(claims["exp"], UTC) == datetime(2031, 11, 23, 17, tzinfo=UTC)


def test_a_permit_without_an_end_makes_a_credential_without_one(client):
    claims = judge(client, take(client, World(valid_years=None).issued()))
    assert not {"exp", "valid_until"} & set(claims)


def test_it_says_that_it_is_a_trial_and_a_demo_as_the_paper_does(client, world):
    claims = judge(client, take(client, world.issued()))
    assert claims["notice"] == (
        "TANDA TANGAN UJI COBA, belum tersertifikasi · DOKUMEN DEMO, tidak berlaku sebagai izin"
    )


def test_what_is_personal_is_only_in_the_disclosures(client, world):
    permit = world.issued()
    text = take(client, permit)
    open_part = base64.urlsafe_b64decode(text.split(".")[1] + "==").decode()

    assert {item[1] for item in disclosed(text) if len(item) == 3} == {"holder", "application"}
    assert [item[1] for item in disclosed(text) if len(item) == 2] == [
        {"label": "Alamat rumah", "value": ADDRESS}
    ]
    for word in ("Sari", ADDRESS, "Alamat", permit.content["application"]):
        assert word not in open_part


@pytest.mark.parametrize(("word", "gone"), [("Sari", "holder"), (ADDRESS, "rows"), ("1771-", "application")])
def test_what_the_holder_keeps_back_is_hidden_and_the_rest_still_verifies(client, world, word, gone):
    claims = judge(client, without(take(client, world.issued()), word))

    assert word not in json.dumps(claims)
    assert claims["number"] == "0001/DINKES/SIP/2026"
    assert len(claims["rows"]) == (2 if gone == "rows" else 3)


def test_a_row_that_repeats_the_name_is_kept_back_by_itself_too(client):
    body = [{"label": both("Nama dokter"), "value": "holder"}, {"label": both("Tempat"), "value": "clinic"}]
    text = take(client, World(body=body).issued())

    claims = judge(client, text.split("~")[0] + "~")
    assert claims["rows"] == [{"label": "Tempat", "value": "Klinik Sehat"}]
    assert "Sari" not in json.dumps(claims)


def test_a_changed_word_and_a_disclosure_from_elsewhere_are_found_by_the_reference_library(client, world):
    text = take(client, world.issued())
    head, *parts = text.split("~")
    place = head.index(".") + 40
    flipped = head[:place] + ("A" if head[place] != "A" else "B") + head[place + 1 :]

    with pytest.raises((InvalidJWSSignature, ValueError)):
        judge(client, "~".join([flipped, *parts]))
    forged = base64.urlsafe_b64encode(b'["x", "holder", "Budi"]').decode().rstrip("=")
    assert "Budi" not in json.dumps(judge(client, "~".join([head, forged, ""])))


def test_taken_again_it_says_the_same_with_other_salts_and_is_recorded_again(client, world):
    permit = world.issued()
    first, second = take(client, permit), take(client, permit)
    one, two = judge(client, first), judge(client, second)

    assert {**one, "iat": 0} == {**two, "iat": 0}
    assert not {item[0] for item in disclosed(first)} & {item[0] for item in disclosed(second)}
    entries = Entry.objects.filter(kind="permits.credential_taken", subject=f"permit:{permit.pk}")
    assert [entry.actor_id for entry in entries] == [str(world.sari.pk)] * 2
    assert "Sari" not in str([entry.data for entry in entries])
    assert StatusPlace.objects.count() == 1


@pytest.mark.parametrize("who", ["budi", "other", "kepala"])
def test_nobody_but_the_holder_takes_it(client, world, who):
    permit = world.issued()
    client.force_login(getattr(world, who))

    assert client.post(f"/izin/{permit.pk}/kredensial/").status_code == 404
    assert "kredensial" not in client.get(f"/izin/{permit.pk}/").content.decode()
    with pytest.raises(NotFound):
        credentials.take(permit=permit, actor=getattr(world, who), now=MONDAY)
    assert not Entry.objects.filter(kind="permits.credential_taken").exists()
    assert not StatusPlace.objects.exists()


def test_who_is_not_signed_in_is_asked_to_and_a_look_takes_nothing(client, world):
    permit = world.issued()
    assert client.post(f"/izin/{permit.pk}/kredensial/").status_code == 302
    client.force_login(world.sari)
    assert client.get(f"/izin/{permit.pk}/kredensial/").url == f"/izin/{permit.pk}/"
    assert not Entry.objects.filter(kind="permits.credential_taken").exists()


@pytest.mark.parametrize("what", ["suspend", "revoke", "expired", "signing"])
def test_what_does_not_hold_is_not_given_and_nothing_changed(client, what):
    world = World(valid_years=-1 if what == "expired" else 5)
    permit = world.reserved() if what == "signing" else world.issued()
    words = {"reason": "STR sedang diperiksa.", "actor": world.kepala, "now": MONDAY}
    if what == "suspend":
        withdrawing.suspend(permit=permit, ground="UU 17/2023", **words)
    if what == "revoke":
        withdrawing.revoke(permit=permit, **words)

    client.force_login(world.sari)
    answer = client.post(f"/izin/{permit.pk}/kredensial/")
    assert answer.status_code == (404 if what == "signing" else 409)
    if what != "signing":
        assert "Unduh kredensial" not in client.get(f"/izin/{permit.pk}/").content.decode()
    with pytest.raises(rules.CredentialNotGiven):
        credentials.take(permit=permit, actor=world.sari, now=MONDAY)
    assert not Entry.objects.filter(kind="permits.credential_taken").exists()
    assert not StatusPlace.objects.exists()


def test_a_letter_of_refusal_is_no_credential(world):
    permit = world.issued()
    permit.kind = "refusal"
    with pytest.raises(NotFound):
        credentials.take(permit=permit, actor=world.sari, now=MONDAY)


def test_the_place_in_the_list_never_changes(world):
    permit = world.issued()
    credentials.take(permit=permit, actor=world.sari, now=MONDAY)

    for act in (lambda p: p.update(index=1), lambda p: p.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(StatusPlace.objects.filter(permit=permit))


def test_the_type_is_described_where_it_says_and_fits_what_is_issued(client, world):
    claims = judge(client, take(client, world.issued()))
    told = client.get("/vct/izin")

    assert told["Access-Control-Allow-Origin"] == "*"
    found = validate_type_metadata(claims, vct=claims["vct"], resolve=lambda url: told.content)
    labelled = {entry["path"][0] for entry in found.claims}
    assert set(claims) - {"iss", "vct", "iat", "nbf", "exp", "status"} <= labelled


def test_the_key_is_told_without_its_private_part_and_lies_where_only_its_owner_reads(client, world):
    take(client, world.issued())
    (key,) = client.get("/.well-known/jwt-vc-issuer").json()["jwks"]["keys"]
    (file,) = adapter.folder().glob("*.key")

    assert (key["kty"], key["crv"], key["alg"], "d" in key) == ("EC", "P-256", "ES256", False)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_new_key_signs_the_next_and_the_former_is_still_told_until_it_is_withdrawn(client, world, tmp_path):
    permit = world.issued()
    before = take(client, permit)
    (file,) = adapter.folder().glob("*.key")
    newer = file.with_name("9999-01-01.key")
    try:
        adapter.private.write(newer, made_elsewhere().encode())
        after = take(client, permit)
        assert judge(client, before)["number"] == judge(client, after)["number"]
        assert before.split(".")[0] != after.split(".")[0]

        shutil.move(file, tmp_path / file.name)
        assert credentials.check(before, MONDAY).verdict == "changed"
        assert credentials.check(after, MONDAY).verdict == "ours"
    finally:
        if (tmp_path / file.name).exists():
            shutil.move(tmp_path / file.name, file)
        newer.unlink(missing_ok=True)


def made_elsewhere() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(*form).decode()
