"""What anybody, the holder and an officer see; and what a guesser and a stranger do not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gerai.accounts.tests.codes import typed
from gerai.core import clock
from gerai.documents import services as documents
from gerai.ledger.models import Entry
from gerai.permits import withdrawing
from gerai.permits.models import Permit
from gerai.permits.tests.make import ADDRESS, MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return World()


def public(client, permit: Permit):
    return client.get(f"/cek/{permit.secret}/").content.decode()


def send(client, data: bytes):
    return client.post("/cek/", {"berkas": SimpleUploadedFile("izin.pdf", data, "application/pdf")})


def test_the_qr_page_says_valid_and_only_what_the_paper_prints_without_personal_rows(client, world):
    permit = world.issued()
    page = public(client, permit)

    assert "Asli dan berlaku" in page
    assert "TANDA TANGAN UJI COBA" in page
    assert "Sari Wulandari" in page
    assert "Klinik Sehat" in page
    assert ADDRESS not in page


def test_the_qr_page_says_revoked(client, world):
    permit = world.issued()
    withdrawing.revoke(permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)
    page = public(client, permit)

    assert "Dicabut, tidak berlaku lagi" in page
    assert "STR dicabut" not in page


def test_the_holder_of_a_revoked_permit_is_told_how_to_object_and_until_when(client, world):
    permit = world.issued()
    withdrawing.revoke(permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)
    client.force_login(world.sari)
    page = client.get(f"/izin/{permit.pk}/").content.decode()

    assert "Tidak setuju?" in page
    assert "UU 30/2014 pasal 77" in page
    client.force_login(world.kepala)
    assert "Tidak setuju?" not in client.get(f"/izin/{permit.pk}/").content.decode()


def test_the_qr_page_says_expired(client):
    world = World(valid_years=-1)
    assert "masa berlakunya sudah habis" in public(client, world.issued())


@pytest.mark.parametrize("signed", [False, True])
def test_an_unknown_or_unsigned_permit_is_unknown(client, world, signed):
    permit = world.issued() if signed else world.reserved()
    secret = "x" * 24 if signed else permit.secret
    answer = client.get(f"/cek/{secret}/")

    assert answer.status_code == 404
    assert "Tidak dikenal" in answer.content.decode()


def test_machines_get_json_and_search_engines_stay_out(client, world):
    permit = world.issued()
    answer = client.get(f"/cek/{permit.secret}/?format=json")

    assert answer.json()["status"] == "valid"
    assert answer.json()["sha256"] == permit.document.sha256
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_number_can_be_checked_but_the_name_is_veiled(client, world):
    world.issued()
    page = client.get("/cek/", {"nomor": " 0001/dinkes/sip/2026 "}).content.decode()

    assert "Asli dan berlaku" in page
    assert "S*** W********" in page
    assert "Sari" not in page
    assert "Klinik" not in page


def test_an_unknown_number_says_what_to_do(client, world):
    assert "Tidak dikenal" in client.get("/cek/", {"nomor": "9999/X"}).content.decode()


def test_the_true_file_is_found_true(client, world):
    permit = world.issued()
    page = send(client, documents.read(permit.document)).content.decode()
    assert "Berkas utuh dan berasal dari mal ini" in page
    assert "Asli dan berlaku" in page


def test_the_true_file_of_a_revoked_permit_is_true_but_revoked(client, world):
    permit = world.issued()
    withdrawing.revoke(permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)
    page = send(client, documents.read(permit.document)).content.decode()
    assert (
        "Berkasnya asli, tetapi dokumen ini tidak berlaku hari ini" in page
    )  # no green sign on top of a red one
    assert "Berkas utuh" not in page
    assert "Dicabut, tidak berlaku lagi" in page


def test_one_flipped_byte_is_found(client, world):
    data = bytearray(documents.read(world.issued().document))
    place = data.find(b"stream") + 60
    data[place] ^= 1
    page = send(client, bytes(data)).content.decode()
    assert "TIDAK sama dengan yang diterbitkan" in page
    assert "Berkas utuh" not in page


def test_a_byte_added_after_the_end_is_found(client, world):
    data = documents.read(world.issued().document) + b"\n"
    assert "Berkas utuh" not in send(client, data).content.decode()


def test_a_pdf_without_a_seal_is_told_apart(client, world):
    from gerai.permits import paper, queries

    plain = paper.render(queries.printed(world.reserved()), link="", certified=False)
    assert "Tidak ada segel" in send(client, plain).content.decode()


@pytest.mark.parametrize("data", [b"", b"GIF89a"])
def test_what_is_no_pdf_is_refused_with_advice(client, world, data):
    answer = send(client, data)
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()


def test_on_its_last_day_a_permit_says_so(client):
    world = World(valid_years=None, lasts={"days": 1})
    permit = world.issued(now=clock.now())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)

    page = client.get(f"/izin/{permit.pk}/").content.decode()

    assert "hari terakhir" in page
    assert "tinggal 0" not in page


def test_the_holder_opens_and_downloads_without_leaving_a_trace(client, world):
    permit = world.issued()
    client.force_login(world.sari)

    assert "0001/DINKES/SIP/2026" in client.get(f"/izin/{permit.pk}/").content.decode()
    answer = client.get(f"/izin/{permit.pk}/unduh/")
    assert answer.content == documents.read(permit.document)
    assert not Entry.objects.filter(kind="documents.opened").exists()


def test_an_officers_download_is_written_where_the_holder_sees_it(client, world):
    permit = world.issued()
    client.force_login(world.kepala)
    client.get(f"/izin/{permit.pk}/unduh/")

    entry = Entry.objects.get(kind="documents.opened")
    assert (entry.subject, entry.actor_id) == (f"person:{world.sari.pk}", str(world.kepala.pk))


@pytest.mark.parametrize("who", ["budi", "other"])
@pytest.mark.parametrize("page", ["", "unduh/"])
def test_a_stranger_and_another_agency_find_nothing(client, world, who, page):
    permit = world.issued()
    client.force_login(getattr(world, who))
    assert client.get(f"/izin/{permit.pk}/{page}").status_code == 404


def test_an_unsigned_permit_has_no_page_even_for_its_holder(client, world):
    permit = world.reserved()
    client.force_login(world.sari)
    assert client.get(f"/izin/{permit.pk}/").status_code == 404


def test_a_signing_official_revokes_on_the_page(client, world):
    permit = world.issued()
    client.force_login(world.kepala)

    short = client.post(f"/izin/{permit.pk}/cabut/", {"reason": "ya"})
    assert (short.status_code, "paling sedikit 10 huruf" in short.content.decode()) == (422, True)
    sure = {"reason": "STR dicabut oleh konsil."}
    asked = client.post(f"/izin/{permit.pk}/cabut/", sure)
    wrong = client.post(f"/izin/{permit.pk}/cabut/", typed(asked, digits="000000"))
    other = client.post(f"/izin/{permit.pk}/cabut/", typed(asked, reason="Alasan yang lain sama sekali."))
    permit.refresh_from_db()
    assert (permit.status, wrong.status_code, other.status_code) == ("valid", 422, 422)
    client.post(f"/izin/{permit.pk}/cabut/", typed(asked))
    permit.refresh_from_db()
    assert permit.status == "revoked"
    assert permit.revoked_at <= clock.now()


@pytest.mark.parametrize("who", ["sari", "other"])
def test_nobody_else_revokes(client, world, who):
    permit = world.issued()
    client.force_login(getattr(world, who))
    assert client.post(f"/izin/{permit.pk}/cabut/", {"reason": "Alasan yang panjang."}).status_code == 404
    permit.refresh_from_db()
    assert permit.status == "valid"
