"""Anybody checks a credential on /cek/: how it stands, and nothing but what it discloses."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openvc import P256SigningKey
from openvc.proof.sd_jwt import SdJwtVcProofSuite

from gerai.permits import credentials, rules, statuslists, withdrawing
from gerai.permits.models import StatusList, StatusPlace
from gerai.permits.tests.make import ADDRESS, MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def world():
    return World()


def taken(permit) -> str:
    return credentials.take(permit=permit, actor=permit.holder, now=MONDAY)


def paste(client, text: str):
    return client.post("/cek/", {"kredensial": text})


def drop(client, text: str, **more: str):
    return client.post("/cek/", {**more, "berkas": SimpleUploadedFile("izin.sd-jwt", text.encode())})


def test_a_true_one_is_true_and_shows_what_it_discloses(client, world):
    page = paste(client, taken(world.issued())).content.decode()

    for word in ("Asli dan berlaku", "0001/DINKES/SIP/2026", "Sari Wulandari", "Klinik Sehat", ADDRESS):
        assert word in page
    assert "TANDA TANGAN UJI COBA" in page
    assert "DOKUMEN DEMO" in page


def test_without_disclosures_neither_name_nor_personal_rows_are_shown(client, world):
    page = paste(client, taken(world.issued()).split("~")[0] + "~").content.decode()

    assert "Asli dan berlaku" in page
    assert "tidak diperlihatkan" in page
    for word in ("Sari", "S***", ADDRESS, "Alamat rumah"):
        assert word not in page


@pytest.mark.parametrize("form", ["pdf", "credential"])
def test_the_file_may_be_dropped_in_either_form(client, world, form):
    answer = drop(
        client, f" {taken(world.issued())}\n", **({"kredensial": ""} if form == "credential" else {})
    )
    assert "Asli dan berlaku" in answer.content.decode()


def test_lines_broken_on_the_way_do_no_harm(client, world):
    text = taken(world.issued())
    broken = "\r\n".join(text[n : n + 70] for n in range(0, len(text), 70))
    assert "Asli dan berlaku" in paste(client, broken).content.decode()


@pytest.mark.parametrize(
    ("act", "said"), [("suspend", "Dibekukan"), ("revoke", "Dicabut, tidak berlaku lagi")]
)
def test_one_of_a_permit_that_was_taken_back_says_so_and_not_why(client, world, act, said):
    permit = world.issued()
    text = taken(permit)
    words = {"reason": "STR sedang diperiksa.", "actor": world.kepala, "now": MONDAY}
    more = {"ground": "UU 17/2023"} if act == "suspend" else {}
    getattr(withdrawing, act)(permit=permit, **words, **more)

    page = paste(client, text).content.decode()
    assert said in page
    assert "Asli dan berlaku" not in page
    assert "sedang diperiksa" not in page


def test_one_whose_time_is_over_says_expired(client, world):
    permit = world.issued()
    text = taken(permit)
    later = MONDAY.replace(year=2032)
    assert credentials.check(text, later).state == "expired"


def test_every_changed_letter_is_found(world):
    text = taken(world.issued())
    marks = {"~": "A", ".": "A"}
    for place, letter in enumerate(text):
        changed = text[:place] + marks.get(letter, "B" if letter != "B" else "C") + text[place + 1 :]
        try:
            assert credentials.check(changed, MONDAY).verdict != "ours", place
        except rules.NoCredential:
            assert letter in marks


def test_a_changed_one_shows_nothing_of_what_it_says(client, world):
    text = taken(world.issued())
    head, *parts = text.split("~")
    forged = base64.urlsafe_b64encode(json.dumps(["x", "holder", "Budi Palsu"]).encode()).decode().rstrip("=")
    page = paste(client, "~".join([head, forged, *parts[1:]])).content.decode()

    assert "diubah atau tidak lengkap" in page
    assert "Budi Palsu" not in page
    assert "Klinik" not in page


def signed_elsewhere(kid: str, issuer: str) -> str:
    key = P256SigningKey(ec.generate_private_key(ec.SECP256R1()), kid)
    claims = {"iss": issuer, "number": "1", "rows": [], "holder": "Budi Palsu"}
    return SdJwtVcProofSuite().issue(claims, vct=f"{BASE}/vct/izin", signing_key=key)


def test_one_of_an_unknown_issuer_is_told_apart(client):
    page = paste(client, signed_elsewhere("kunci", "https://lain.test")).content.decode()
    assert "Bukan terbitan mal ini" in page
    assert "Budi Palsu" not in page


@pytest.mark.parametrize("whose", ["key", "name", "both"])
def test_who_only_claims_to_be_this_mall_is_found(client, whose):
    ours = credentials.keys().public()[0]["kid"]
    text = signed_elsewhere(ours if whose != "name" else "x", BASE if whose != "key" else "https://lain.test")
    assert "diubah atau tidak lengkap" in paste(client, text).content.decode()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_no_other_algorithm_is_taken(world, algorithm):
    head, *parts = taken(world.issued()).split("~")
    header = {**jwt.get_unverified_header(head), "alg": algorithm}
    claims = jwt.decode(head, options={"verify_signature": False})
    key = credentials.keys().public()[0]["x"].ljust(32) if algorithm == "HS256" else None
    forged = jwt.encode(claims, key, algorithm=algorithm, headers=header)
    if algorithm == "none":
        forged += "AAAA"

    assert credentials.check("~".join([forged, *parts]), MONDAY).verdict == "changed"


def test_a_status_list_is_no_permit(world):
    taken(world.issued())
    token = statuslists.token(StatusList.objects.get().pk, credentials.keys().signing(), MONDAY)
    assert credentials.check(f"{token}~", MONDAY).verdict == "changed"


@pytest.mark.parametrize("given_again", [False, True])
def test_one_of_which_a_restored_database_knows_nothing_is_unknown(client, world, given_again):
    permit, other = world.issued(), world.issued(world.budi)
    backup = transaction.savepoint()
    text, place = taken(permit), StatusPlace.objects.get()
    transaction.savepoint_rollback(backup)
    if given_again:
        StatusList.objects.create(pk=place.status_list_id, mall=world.mall, number=1)
        StatusPlace.objects.create(permit=other, status_list_id=place.status_list_id, index=place.index)

    page = paste(client, text).content.decode()
    assert "Tidak dikenal" in page
    assert "Asli dan berlaku" not in page


@pytest.mark.parametrize("text", ["halo", "a.b.c", "~", "x" * 70_000, "{}", "eyJé.a.b~"])
def test_what_is_no_credential_is_refused_with_advice(client, text):
    answer = paste(client, text)
    assert answer.status_code == 422
    assert "Ini bukan kredensial" in answer.content.decode()


def test_nothing_at_all_is_refused_with_advice(client):
    answer = paste(client, " ")
    assert answer.status_code == 422
    assert "Tempel dulu teks kredensialnya" in answer.content.decode()


@pytest.mark.parametrize(
    "payload", [b"[]", b"{}", b"[" * 5000, b'{"iss":1}', b"\xff", b'{"iss":"x","_sd":1e999}']
)
def test_hostile_ones_bring_nothing_down(payload):
    part = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    ours = credentials.keys().public()[0]["kid"]
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": ours}).encode()).decode().rstrip("=")
    for header in (head, part):
        assert credentials.check(f"{header}.{part}.AAAA~{part}~", MONDAY).verdict in ("foreign", "changed")


def test_the_page_hides_it_until_asked(client):
    page = client.get("/cek/").content.decode()
    assert '<details class="card"><summary>Dengan kredensial digital</summary>' in page
