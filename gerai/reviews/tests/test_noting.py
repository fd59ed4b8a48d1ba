"""Internal notes: who reads them, that nobody changes them, and that the applicant never sees one."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.privacy import queries as privacy
from gerai.reviews import noting, rules
from gerai.reviews.models import Note
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
SECRET = "Pemohon menelepon, suaranya gugup."


@pytest.fixture
def world():
    return World()


def write(world, task, officer, for_route=False, text=SECRET, at=MONDAY):
    return noting.write(person=officer, task_id=task.pk, text=text, for_route=for_route, now=at)


def read(person, task):
    return [shown.text for shown in noting.on(person, task)]


def test_a_note_is_sealed_read_by_the_own_agency_or_by_all_of_the_route(world):
    application = world.in_review()
    dinkes, pupr = (world.task(application, f"technical.{a}") for a in ("dinkes", "pupr"))
    for _ in range(2):  # a double click
        write(world, dinkes, world.dinkes)
    write(world, dinkes, world.dinkes, for_route=True, text="Alamatnya sudah kami datangi.")

    assert read(world.dinkes, dinkes) == [SECRET, "Alamatnya sudah kami datangi."]
    assert read(world.pupr, pupr) == ["Alamatnya sudah kami datangi."]
    assert SECRET.encode() not in b"".join(bytes(n.text_sealed) for n in Note.objects.all())
    told = list(Entry.objects.filter(kind="reviews.note_written").values_list("data", flat=True))
    assert len(told) == 2
    assert "suaranya" not in json.dumps(told)


def test_nobody_else_writes_and_an_empty_note_is_none(world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    for stranger in (world.pupr, world.signer, world.sari):
        with pytest.raises(NotFound):
            write(world, task, stranger)
    with pytest.raises(noting.NoteEmpty):
        write(world, task, world.dinkes, text=" - ")
    assert not Note.objects.exists()


def test_an_officer_reads_and_writes_no_notes_on_their_own_application(world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    write(world, task, world.dinkes)
    world.also(world.sari, "DINKES", "reviewer")

    assert read(world.sari, task) == []
    with pytest.raises(rules.OwnCase):
        write(world, task, world.sari)


def test_a_note_is_struck_once_with_a_reason_by_its_author_or_their_head(world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    note = write(world, task, world.dinkes, for_route=True)
    colleague = world.staff("Dina", "DINKES", "reviewer")

    def strike(person, reason="Keliru orang", at=task):
        return noting.strike(person=person, task_id=at.pk, note_id=note.pk, reason=reason, now=MONDAY)

    for stranger, seen_at in ((colleague, task), (world.pupr, world.task(application, "technical.pupr"))):
        with pytest.raises(NotFound):
            strike(stranger, at=seen_at)
    with pytest.raises(noting.StrikeReasonMissing):
        strike(world.dinkes, reason="")
    for _ in range(2):
        strike(world.dinkes)

    note.refresh_from_db()
    assert (note.struck_by, note.struck_reason) == (world.dinkes, "Keliru orang")
    assert read(world.dinkes, task) == [SECRET]
    assert Entry.objects.filter(kind="reviews.note_struck").count() == 1


@pytest.mark.parametrize(
    "change", [{"text_sealed": b"x"}, {"for_route": True}, {"written_at": MONDAY + timedelta(days=1)}]
)
def test_the_database_refuses_to_change_a_note(world, change):
    task = world.task(world.in_review(), "technical.dinkes")
    note = write(world, task, world.dinkes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        note.delete()
    assert read(world.dinkes, task) == [SECRET]


def test_the_applicant_sees_no_note_and_their_data_says_that_there_are_some(world, client):
    application = world.in_review()
    write(world, world.task(application, "technical.dinkes"), world.dinkes, for_route=True)
    client.force_login(world.sari)

    for page in (
        f"/permohonan/{application.pk}/",
        f"/permohonan/{application.pk}/tanda-terima/",
        "/saya/data/unduh/",
    ):
        assert "gugup" not in client.get(page).content.decode()
    notes = privacy.export(world.sari)["applications"][0]["officers_notes"]
    assert notes == {"count": 1, "rule": privacy.NOTES_RULE}


def test_notes_on_the_case_screen(world, client):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    client.force_login(world.dinkes)
    assert client.post(f"/tugas/{task.pk}/catatan/", {"note_text": ""}).status_code == 422
    client.post(f"/tugas/{task.pk}/catatan/", {"note_text": SECRET, "for_route": "1"})
    assert "gugup" in client.get(f"/tugas/{task.pk}/").content.decode()
    strike = f"/tugas/{task.pk}/catatan/{Note.objects.get().pk}/coret/"
    assert client.post(strike, {"strike_reason": ""}).status_code == 422
    client.post(strike, {"strike_reason": "Keliru orang"})
    assert "Keliru orang" in client.get(f"/tugas/{task.pk}/").content.decode()
