"""Checking by number: all agencies that use it, the name veiled; with the paper's code, what the QR shows."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gerai.documents import services as documents
from gerai.permits import credentials, services
from gerai.permits.tests.make import ADDRESS, MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NUMBER = "0001/DINKES/SIP/2026"


@pytest.fixture
def world():
    return World()


def check(client, number: str = NUMBER, **more: str):
    return client.get("/cek/", {"nomor": number, **more})


def test_a_number_of_two_agencies_shows_both_with_their_agency_and_veiled_names(client, world):
    world.issued()
    world.same_number_elsewhere(NUMBER)

    page = check(client).content.decode()

    assert "2 instansi memakai nomor ini" in page
    assert all(said in page for said in ("Dinas DINKES", "Dinas PUPR", "S*** W********", "J*** W*****"))
    assert not any(secret in page for secret in ("Sari", "Joko", "Klinik", ADDRESS))


def test_machines_are_told_of_all_of_them_too(client, world):
    world.issued()
    alone = check(client, format="json").json()
    world.same_number_elsewhere(NUMBER)

    told = check(client, format="json").json()

    assert alone["status"] == "valid"  # one document: as ever
    assert told["status"] == "several"
    assert [f["agency"]["id"] for f in told["found"]] == ["Dinas DINKES", "Dinas PUPR"]
    assert not any("rows" in f or "sha256" in f for f in told["found"])


def test_the_paper_prints_the_code_and_with_it_the_number_shows_what_the_qr_shows(client, world, tmp_path):
    permit = world.issued()
    path = tmp_path / "izin.pdf"
    path.write_bytes(documents.read(permit.document))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    code = permit.secret[:8]
    assert code in text.replace(permit.secret, "")

    page = check(client, kode=code).content.decode()

    assert "Sari Wulandari" in page
    assert "Klinik Sehat" in page
    assert ADDRESS not in page
    machines = check(client, kode=code, format="json").json()
    assert machines == client.get(f"/cek/{permit.secret}/?format=json").json()


def test_the_code_chooses_among_agencies_with_the_same_number(client, world):
    world.issued()
    other = world.same_number_elsewhere(NUMBER)

    page = check(client, kode=other.secret[:8]).content.decode()

    assert "Joko Wibowo" in page
    assert "S***" not in page


def test_the_whole_address_under_the_qr_is_a_code_too(client, world):
    permit = world.issued()
    page = check(client, kode=f" https://mall.test/cek/{permit.secret}/ ").content.decode()
    assert "Sari Wulandari" in page


@pytest.mark.parametrize("wrong", ["short", "other", "letters", "longer", "odd"])
def test_a_wrong_code_shows_nothing_and_says_what_to_do(client, world, wrong):
    permit = world.issued()
    secret = permit.secret
    code = {
        "short": secret[:7], "other": "x" * 8, "letters": secret[:8].swapcase(), "longer": secret + "x", "odd": "é" * 8,
    }[wrong]  # fmt: skip
    answer = check(client, kode=code)

    assert answer.status_code == 422
    assert "Kode ini tidak cocok" in answer.content.decode()
    assert "S***" not in answer.content.decode()
    assert check(client, kode=code, format="json").json() == {"status": "unknown"}


def test_a_number_with_spaces_in_its_pattern_is_found_however_it_is_typed(client):
    world = World()
    world.agencies["DINKES"].permit_pattern = "No {number} / {agency} / {year}"
    world.agencies["DINKES"].save()
    world.issued()

    for typed in ("No 1 / DINKES / 2026", "no1/dinkes/2026"):
        assert "Asli dan berlaku" in check(client, typed).content.decode()


def test_an_unsigned_number_is_unknown(client, world):
    permit = world.reserved()
    assert "Tidak dikenal" in check(client, permit.number).content.decode()


def dropped(client, data: bytes, name: str = "izin.pdf"):
    return client.post("/api/v1/permits/check", {"file": SimpleUploadedFile(name, data)})


def test_the_page_says_who_signed_and_when_also_of_a_changed_file(client, world):
    data = documents.read(world.issued().document)
    sent = {"berkas": SimpleUploadedFile("izin.pdf", data)}
    page = client.post("/cek/", sent, headers={"accept-language": "id"}).content.decode()

    assert "Penanda tangan menurut sertifikatnya: " in page
    assert "menurut penanda waktu" in page


def test_a_machine_checks_a_file_and_is_told_what_the_page_tells(client, world):
    permit = world.issued()
    data = documents.read(permit.document)

    ours = dropped(client, data).json()
    changed = dropped(client, data + b"\n% more").json()

    assert (ours["verdict"], ours["intact"], ours["permit"]["number"]) == ("ours", True, permit.number)
    assert ours["signer"]
    assert ours["signed_at"]
    assert ours["permit"] == client.get(f"/cek/{permit.secret}/?format=json").json()
    assert changed["verdict"] == "changed"
    assert "rows" not in changed["permit"]
    assert ADDRESS not in str(ours)


def test_a_machine_checks_a_credential_too_and_learns_what_else_is_no_document(client, world):
    permit = world.issued()
    credential = credentials.take(permit=permit, actor=world.sari, now=MONDAY)

    assert dropped(client, credential.encode(), "izin.sd-jwt").json()["claims"]["number"] == permit.number
    for wrong in (b"hello", b"%PDF-" + b"0" * (10 * 1024 * 1024), b"eyJ.x"):
        answer = dropped(client, wrong)
        assert answer.status_code == 422
        assert answer.json()["code"] in ("file_to_check_wrong", "permit_no_credential")
    assert client.post("/api/v1/permits/check").json()["code"] == "body_wrong"


def test_a_flipped_byte_is_found_wherever_it_is_in_text_signature_or_what_proves_it(world):
    data = documents.read(world.issued().document)
    signature = data.rindex(b"/Contents <")
    places = [*range(10, len(data), len(data) // 24), signature + 40, signature + 2000, data.rindex(b"/DSS")]

    for place in places:
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        verdict, _, _ = services.check_file(bytes(spoilt))
        assert verdict != "ours", place
