"""What the catalogue's tests are made with: a mall, two people, a small file. Nothing random."""

from datetime import UTC, datetime
from typing import Any

from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.ledger.rules import SYSTEM

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}

FILE = """\
agency:
  code: PERPUS
  name: {id: Dinas Perpustakaan, en: Library Office}
  short: Perpustakaan
  kind: opd
  source: {url: umum}
standard:
  facilities: {id: Loket dan ruang tunggu, en: Counter and waiting room}
  competence: {id: Petugas yang ditugaskan, en: Appointed staff}
  supervision: {id: Inspektorat Daerah, en: City inspectorate}
  staffing: {id: Menurut jadwal loket, en: By the roster}
  service_guarantee: {id: Menurut standar ini, en: By this standard}
  safety_guarantee: {id: Data dilindungi, en: Data is protected}
  evaluation: {id: Survei setiap tahun, en: A survey each year}
counters:
  - {number: 7, zone: A}
services:
  - code: PERPUS-01
    name: {id: Kartu anggota perpustakaan, en: Library card}
    keywords: [pinjam buku]
    kind: non-licence
    online: true
    counter_minutes: 5
    summary: {id: Pinjam buku gratis., en: Borrow books for free.}
    standard:
      procedure: [{id: Isi formulir, en: Fill in the form}]
      product: {id: Kartu anggota, en: Member card}
      complaints: {id: Meja informasi, en: Information desk}
      legal_basis: [UU 43/2007]
      validity: {id: 2 tahun, en: 2 years}
      time: {days: 2}
    requirements:
      - {code: KTP, name: {id: KTP-el, en: ID card}, file: true}
    questions:
      - key: member
        title: {id: Anggota, en: Member}
        fields:
          - key: books
            label: {id: Jumlah buku, en: Number of books}
            type: integer
            schema: {minimum: 1, maximum: 9}
          - key: who
            label: {id: Jenis anggota, en: Kind of member}
            type: choice
            choices:
              - {value: child, label: {id: Anak, en: Child}}
              - {value: adult, label: {id: Dewasa, en: Adult}}
    fee:
      amount: "answers.who == 'child' ? 0 : answers.books * 1000"
      text: {id: Anak gratis, en: Children free}
    route:
      - key: check
        tasks:
          - {key: own, kind: verify, agency: PERPUS, days: 1, title: {id: Periksa data, en: Check the data}}
    permit:
      title: {id: Kartu anggota, en: Member card}
      body: [{label: {id: Buku, en: Books}, value: books}]
      valid_years: 2
    source: {url: umum}
"""
# The same service as it is prepared from home with the generic form, and finished at the counter.
SOURCE = "    source: {url: umum}\n"
FEE = "    fee: {amount: '0', text: {id: Gratis, en: Free}}\n"
PREPARED = (
    FILE.split("    questions:\n")[0].replace("online: true", "online: generic")
    + FEE
    + "    system_of_record: INLIS\n"
    + SOURCE
)


def mall() -> Mall:
    """The mall of the tests, open on weekdays."""
    return agencies.open_mall(
        code="1771",
        name="Mal Uji",
        city="Bengkulu",
        timezone="Asia/Jakarta",
        opening=HOURS,
        details={},
        actor=SYSTEM,
        now=MORNING,
    )


def person(name: str) -> Any:
    """One of the cast."""
    return Person.objects.create(name=name, email=f"{name.lower()}@contoh.id", created_at=MORNING)
