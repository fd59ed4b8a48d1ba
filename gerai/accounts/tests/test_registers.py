"""What the civil registry says: asked only for who was proven, kept sealed, a warning at most."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from gerai.accounts import comparing, registers, services, tasks
from gerai.accounts.models import Person, RegisterCheck
from gerai.accounts.ports import RegisterDown
from gerai.accounts.tests import registers as outside
from gerai.accounts.tests.make import MALL, MORNING, NIK, OTHER_NIK, person
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


def proven() -> Person:
    found = person()
    officer = person("dewi@uji.test", OTHER_NIK, "Dewi")
    services.prove(mall=MALL, person=found, officer=officer, now=MORNING)
    found.refresh_from_db()
    return found


def ask(who: Person, minutes: int = 0) -> None:
    registers.ask(mall=MALL, person_id=who.pk, now=MORNING + timedelta(minutes=minutes))


def checked() -> list[Any]:
    return [e.data for e in Entry.objects.filter(kind="accounts.register_checked").order_by("id")]


def test_proving_a_person_leaves_one_job_that_asks():
    sari = proven()
    services.prove(mall=MALL, person=sari, officer=sari, now=MORNING)

    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == (tasks.ask_register.name, {"mall": MALL, "person_id": str(sari.pk)})
    assert outside.asked == []  # not while the transaction of the proof is open


def test_without_connection_nothing_is_asked_and_all_goes_on(settings):
    settings.REGISTERS = ""

    sari = proven()
    ask(sari)

    assert sari.proven_at == MORNING
    assert not ProcrastinateJob.objects.exists()
    assert (registers.said(sari), registers.warning(sari.pk), checked()) == (None, "", [])


def test_an_unproven_nik_fetches_nothing():
    sari = person()
    outside.answers[NIK] = outside.SARI

    ask(sari)

    assert outside.asked == []
    assert not RegisterCheck.objects.exists()


def test_what_fits_is_kept_sealed_and_told_without_personal_data():
    sari = proven()
    outside.answers[NIK] = outside.SARI

    ask(sari)

    said = registers.said(sari)
    assert said == registers.Said(MORNING, "match", "", outside.SARI)
    assert b"JALAN UJI" not in bytes(RegisterCheck.objects.get().record_sealed)
    assert checked() == [{"register": "civil", "outcome": "match"}]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (replace(outside.SARI, name="Budi"), "nama."),
        (replace(outside.SARI, born=date(1991, 7, 1)), "tanggal lahir."),
        (replace(outside.SARI, name="Budi", born=date(1991, 7, 1)), "nama dan tanggal lahir."),
        (None, "NIK tidak ditemukan."),
    ],
)
def test_a_contradiction_warns_and_blocks_nothing(record, words):
    sari = proven()
    if record:
        outside.answers[NIK] = record

    ask(sari)

    assert registers.warning(sari.pk).endswith(words)
    assert Person.objects.get(pk=sari.pk).proven_at == MORNING
    assert checked() == [{"register": "civil", "outcome": "mismatch"}]


def test_silence_is_told_once_and_the_job_tries_again_until_there_is_an_answer():
    sari = proven()
    outside.silent.add(NIK)
    for minutes in (0, 1, 2):
        with pytest.raises(RegisterDown):
            ask(sari, minutes)
    assert [e["outcome"] for e in checked()] == ["unreachable"]

    outside.silent.clear()
    outside.answers[NIK] = outside.SARI
    ask(sari, 3)

    assert [e["outcome"] for e in checked()] == ["unreachable", "match"]


def test_later_silence_takes_nothing_away_from_what_was_said():
    sari = proven()
    outside.answers[NIK] = outside.SARI
    ask(sari)
    outside.silent.add(NIK)

    with pytest.raises(RegisterDown):
        ask(sari, 9)

    said = registers.said(sari)
    assert said
    assert (said.outcome, said.asked_at) == ("match", MORNING)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("dr. Bayu Pratama", "BAYU PRATAMA", True),
        ("Hj. Siti Ma'rifah, S.H., M.H.", "SITI MARIFAH", True),
        ("Sari  Wulandari", "sari wulandari", True),
        ("Sari Wulandari", "Sari", False),
        ("", "", False),
        ("H.", "H", True),
    ],
)
def test_titles_case_and_marks_make_no_other_name(one, other, same):
    assert comparing.same_name(one, other) is same


def test_the_person_sees_what_was_said_and_when_and_nobody_else_does(client):
    sari = proven()
    outside.answers[NIK] = replace(outside.SARI, name="BUDI")
    ask(sari)

    client.force_login(sari)
    page = client.get("/saya/data/kependudukan/").content.decode()
    assert "JALAN UJI 1" in page
    assert "17.71.99.1001" in page
    assert "berbeda: nama" in page

    client.force_login(Person.objects.get(email="dewi@uji.test"))
    assert "JALAN UJI 1" not in client.get("/saya/data/kependudukan/").content.decode()


def test_a_city_that_is_not_connected_says_so(client, settings):
    client.force_login(person())
    assert "Belum ditanyakan" in client.get("/saya/data/kependudukan/").content.decode()

    settings.REGISTERS = ""
    assert "belum tersambung" in client.get("/saya/data/kependudukan/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_register_is_asked(settings):
    settings.REGISTERS = "gerai.accounts.tests.test_registers.Watching"
    sari = proven()

    ask(sari)

    assert checked() == [{"register": "civil", "outcome": "match"}]


class Watching(outside.MemoryRegisters):
    """Refuses to answer inside a transaction."""

    def civil(self, nik):
        from django.db import connection

        assert not connection.in_atomic_block
        return outside.SARI
