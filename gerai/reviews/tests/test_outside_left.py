"""What has come to an outside system: taken back there too, and objected to where it was decided."""

import pytest
from django.test import Client

from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import MoveNotAllowed
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import calling_off, cases, deadlines, outside, queries, rules, services, tasks
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.test_outside import FREE, SIMBG, put, waiting

pytestmark = pytest.mark.django_db


def withdraw(world, application):
    applications.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)
    entry = Entry.objects.get(kind="applications.withdrawn")
    tasks.follow(entry)
    tasks.follow(entry)


def test_a_withdrawal_is_told_to_the_outside_system_and_its_applicant_sees_it(client):
    world = World(**SIMBG)
    application = waiting(world)
    client.force_login(world.sari)
    page = client.get(f"/permohonan/{application.pk}/", headers={"accept-language": "id"}).content.decode()
    assert "Membatalkan di sini belum membatalkannya di sana" in page

    withdraw(world, application)

    task = Task.objects.get(key=calling_off.TELL)
    assert (list(queries.inbox(world.verifier)), task.title["id"]) == ([task], "Batalkan juga di SIMBG")
    assert Case.objects.get().closed_at is not None
    tasks.tell(Entry.objects.get(kind="reviews.outside_to_tell"))
    assert Notice.objects.get(template="outside_to_tell").person == world.verifier
    page = client.get(f"/permohonan/{application.pk}/").content.decode()
    assert "Di SIMBG permohonan Anda masih berjalan" in page
    with pytest.raises(rules.OutcomeNotAllowed):  # a result is no answer to it
        outside.record_result(
            person=world.verifier, task_id=task.pk, result="granted", reference="x", decided_on=None,
            where="", proof=None, reason="", corrections=[], now=MONDAY,
        )  # fmt: skip

    officer = Client(HTTP_ACCEPT_LANGUAGE="id")
    officer.force_login(world.verifier)
    assert "Sudah dibatalkan di SIMBG" in officer.get(f"/tugas/{task.pk}/").content.decode()
    officer.post(f"/tugas/{task.pk}/sudah-disampaikan/", {"note": "Nomor 12"})
    officer.post(f"/tugas/{task.pk}/sudah-disampaikan/", {"note": "Nomor 12"})

    assert Entry.objects.get(kind="reviews.outside_told").data["system"] == "SIMBG"
    page = client.get(f"/permohonan/{application.pk}/").content.decode()
    assert "Petugas sudah membatalkannya juga di SIMBG" in page


def test_what_came_back_from_there_and_is_not_mended_in_time_is_taken_back_there_too(client):
    world = World(**SIMBG)
    application = waiting(world)
    mend = [{"what": "answer:area", "text": "Sesuaikan dengan gambar."}]
    put(world, application, "returned", proof=None, corrections=mend)
    by = Application.objects.get(pk=application.pk).correct_by

    deadlines.check(now=by)
    deadlines.check(now=by)

    task = Task.objects.get(key=calling_off.TELL)
    assert (list(queries.inbox(world.verifier)), task.role) == ([task], "verifier")
    assert Entry.objects.filter(kind="reviews.outside_to_tell").count() == 1
    client.force_login(world.sari)
    page = client.get(f"/permohonan/{application.pk}/", headers={"accept-language": "id"}).content.decode()
    assert "Di SIMBG permohonan Anda masih berjalan" in page
    client.force_login(world.verifier)
    page = client.get(f"/tugas/{task.pk}/", headers={"accept-language": "id"}).content.decode()
    assert "Pemohon tidak mengirim perbaikan sampai batasnya" in page


def test_what_lapses_before_it_came_there_leaves_nothing_to_tell():
    world = World(**SIMBG)
    application = world.submitted()
    cases.open_case(application_id=application.pk, now=MONDAY)
    mend = [{"what": "answer:area", "text": "Kurang jelas."}]
    task = world.task(application, "completeness")
    services.give_back(person=world.verifier, task_id=task.pk, corrections=mend, now=MONDAY)
    deadlines.check(now=Application.objects.get(pk=application.pk).correct_by)

    assert Application.objects.get(pk=application.pk).status == "lapsed"
    assert not Task.objects.filter(key=calling_off.TELL).exists()


def test_what_waits_for_our_own_signature_is_not_taken_back_and_earlier_nobody_need_be_told():
    world = World(**SIMBG)
    withdraw(world, world.in_review())
    assert not Task.objects.filter(kind="outside").exists()

    edition = world.service.editions.get()
    world.service.editions.model.objects.create(
        service=world.service, number=2, status="superseded", published_at=MONDAY,
        content={**edition.content, "system_of_record": "gerai", **FREE},
    )  # fmt: skip
    application = waiting(world)
    application.edition = world.service.editions.get(number=2)
    application.save(update_fields=["edition"])
    with pytest.raises(MoveNotAllowed):
        applications.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)


def test_the_page_of_objection_names_who_decided_until_when_and_fills_a_letter(client):
    office = {"office": {"id": "Dinas Tata Ruang", "en": "Spatial Planning"}, "address": "Jalan Basuki 9"}
    world = World(**SIMBG, objection=office)
    application = waiting(world)
    put(world, application, "rejected", reason="Gambar tidak sesuai.")
    client.force_login(world.sari)

    answer = client.post(f"/keberatan/{application.pk}/", {"why": "Gambarnya <b>sesuai</b>."})

    page = answer.content.decode()
    for words in ("Dinas Tata Ruang", "Jalan Basuki 9", "SK-PBG-177101-23112026-001", "Gambar tidak sesuai",
                  "Gambarnya &lt;b&gt;sesuai", "23 Desember 2026", "Sari", "pasal 77 UU 30/2014"):  # fmt: skip
        assert words in page, words
    assert "belum dikonfirmasi" not in page
    client.force_login(world.budi)
    assert client.get(f"/keberatan/{application.pk}/").status_code == 404
