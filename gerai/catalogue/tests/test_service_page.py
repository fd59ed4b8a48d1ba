"""A service's page says what is promised in which days, what nobody has confirmed, and all fourteen components."""

import pytest

from gerai.catalogue import services
from gerai.catalogue.models import Edition
from gerai.catalogue.tests.make import FILE, MORNING, PREPARED, mall
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db
ADDRESS = "/layanan/PERPUS/PERPUS-01/"
UNCONFIRMED = "Isi standar ini, termasuk dasar hukum, waktu, dan persyaratannya, belum dikonfirmasi instansi."


def page(client, old="", new=""):
    assert old in FILE
    services.join(mall=mall(), text=FILE.replace(old, new) if old else FILE, actor=SYSTEM, now=MORNING)
    client.cookies["django_language"] = "id"
    return client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("{days: 2, kind: working}", "paling lama 2 hari kerja sejak berkas lengkap"),
        ("{days: 9, kind: calendar}", "paling lama 9 hari kalender sejak berkas lengkap"),
        ("{days: 96, kind: hours}", "paling lama 96 jam sejak berkas lengkap"),
    ],
)
def test_the_promise_is_told_in_its_own_days(client, time, said):
    assert said in page(client, "{days: 2}", time)


def test_what_the_agency_has_not_confirmed_says_so(client):
    text = page(client)

    assert UNCONFIRMED in text
    assert "belum dikonfirmasi instansi</span>" in text  # the fee says it for itself


def test_what_was_checked_says_when(client):
    text = page(client, "    source: {url: umum}", "    source: {url: umum, verified_on: '2026-11-23'}")

    assert UNCONFIRMED not in text
    assert "diperiksa Senin, 23 November 2026" in text


def test_all_fourteen_components_are_on_the_page(client):
    text = page(client)

    for said in (
        "Persyaratan",
        "Langkah",
        "Waktu",
        "Biaya",
        "Hasil",
        "Pengaduan",
        "Dasar hukum",
        "Sarana dan fasilitas",
        "Kompetensi pelaksana",
        "Pengawasan internal",
        "Jumlah pelaksana",
        "Jaminan pelayanan",
        "Jaminan keamanan dan keselamatan",
        "Evaluasi kinerja",
    ):
        assert said in text
    assert "Inspektorat Daerah" in text.partition("<details")[2]


def test_an_edition_from_before_the_components_has_its_page_all_the_same(client):
    page(client)
    old = Edition.objects.get()
    kept = ("procedure", "product", "complaints", "legal_basis", "validity")
    standard = {name: old.content["standard"][name] for name in kept} | {"time": {"days": 2}}
    Edition.objects.filter(pk=old.pk).update(status="superseded")
    Edition.objects.create(
        service=old.service,
        number=2,
        content={**old.content, "standard": standard},
        status="published",
        published_at=MORNING,
    )

    text = client.get(ADDRESS).content.decode()

    assert "paling lama 2 hari kerja" in text
    assert "Standar pelayanan selengkapnya" not in text


def test_where_another_system_decides_the_page_names_it(client):
    start, end = FILE.index("    permit:"), FILE.index("    source: {url: umum}")
    text = page(client, FILE[start:end], "    system_of_record: SIMBG\n")

    assert "Keputusan resmi di SIMBG" in text
    assert "Keputusan dan tanda tangan" not in text


def test_what_is_finished_at_the_counter_is_prepared_from_home_and_says_that_the_visit_remains(client):
    services.join(mall=mall(), text=PREPARED, actor=SYSTEM, now=MORNING)
    client.cookies["django_language"] = "id"

    text = client.get(ADDRESS).content.decode()
    listed = client.get("/instansi-kami/PERPUS/").content.decode()

    assert "Siapkan dari rumah" in text
    assert "Anda tetap datang, dengan berkas aslinya" in text
    assert "Tidak perlu datang" not in text
    assert "/ajukan/PERPUS/PERPUS-01/" in text
    assert "siapkan dari rumah" in listed
    assert "bisa dari rumah" not in listed


def test_what_is_finished_from_home_says_so(client):
    text = page(client)

    assert "Tidak perlu datang" in text
    assert "Siapkan dari rumah" not in text
    assert "bisa dari rumah" in client.get("/instansi-kami/PERPUS/").content.decode()
