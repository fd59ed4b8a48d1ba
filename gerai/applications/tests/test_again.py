"""Nothing is asked twice: earlier answers and documents, used again by their owner alone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gerai.applications import again, queries, services
from gerai.applications.models import Application, Attachment
from gerai.applications.tests.make import MONDAY, World, picture
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


def like(world, earlier, who=None):
    return again.start_like(person=who or world.sari, earlier_id=earlier.pk, now=MONDAY)


def test_a_renewal_begins_with_the_earlier_answers_and_files_and_can_be_sent():
    world = World()
    earlier = world.submitted()

    draft = like(world, earlier)

    assert queries.kept_answers(draft) == queries.kept_answers(earlier)
    assert b"Suprapto" not in bytes(draft.answers_sealed)
    assert (
        Attachment.objects.get(application=draft).document
        == Attachment.objects.get(application=earlier).document
    )
    assert Entry.objects.get(kind="applications.prefilled").data["earlier"] == earlier.number
    services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)


def test_what_the_present_form_asks_otherwise_is_left_open():
    world = World()
    earlier = world.submitted()
    content = dict(world.edition.content)
    area = {**content["questions"][0]["fields"][0], "schema": {"minimum": 5}}
    content["questions"] = [
        {**content["questions"][0], "fields": [area, *content["questions"][0]["fields"][1:]]}
    ]
    world.publish(content)

    draft = like(world, earlier)

    assert set(queries.kept_answers(draft)) == {"address", "shape"}
    assert "answer:area" in services.missing(draft)


def test_twice_makes_one_draft_and_changes_nothing_in_it():
    world = World()
    earlier = world.submitted()
    draft = like(world, earlier)
    services.save_answers(
        person=world.sari, application_id=draft.pk, section="place",
        raw={"area": "9", "address": "Jalan Baru", "shape": "stall"}, now=MONDAY,
    )  # fmt: skip

    assert like(world, earlier).pk == draft.pk
    assert queries.kept_answers(Application.objects.get(pk=draft.pk))["area"] == 9
    assert Entry.objects.filter(kind="applications.prefilled").count() == 1


def test_nobody_begins_with_what_somebody_else_sent():
    world = World()
    earlier = world.submitted()

    with pytest.raises(NotFound):
        like(world, earlier, world.budi)
    assert not Application.objects.filter(status="draft").exists()


def test_a_document_sent_once_is_used_again_and_the_use_is_written_down_once():
    world = World()
    earlier = world.submitted()
    draft = world.draft()
    for _ in range(2):
        again.reuse(person=world.sari, application_id=draft.pk, requirement="KTP", now=MONDAY)

    assert (
        Attachment.objects.get(application=draft).document
        == Attachment.objects.get(application=earlier).document
    )
    used = Entry.objects.get(kind="documents.reused")
    assert used.subject == f"person:{world.sari.pk}"


def test_what_was_never_sent_or_is_not_asked_for_cannot_be_used():
    world = World()
    draft = world.draft()

    for code in ("KTP", "NOTHING"):
        with pytest.raises(NotFound):
            again.reuse(person=world.sari, application_id=draft.pk, requirement=code, now=MONDAY)
    assert not draft.attachments.exists()


def test_who_types_for_somebody_does_not_go_through_their_documents(client):
    world = World()
    world.submitted()
    draft = world.draft()
    until = clock.now() + timedelta(hours=1)
    Application.objects.filter(pk=draft.pk).update(helper=world.desk, helped_until=until)

    with pytest.raises(NotFound):
        again.reuse(person=world.desk, application_id=draft.pk, requirement="KTP", now=MONDAY)
    client.force_login(world.desk)
    assert "Anda pernah mengirim" not in client.get(f"/permohonan/{draft.pk}/berkas/").content.decode()


def test_a_sent_application_takes_no_document_any_more():
    world = World()
    earlier = world.submitted()

    with pytest.raises(services.NotOpenForChange):
        again.reuse(person=world.sari, application_id=earlier.pk, requirement="KTP", now=MONDAY)


def test_the_pages_offer_it_and_the_wallet_shows_where_each_was_used(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    world = World()
    earlier = world.submitted()
    client.force_login(world.sari)

    assert earlier.number in client.get("/ajukan/DPMPTSP/UJI/").content.decode()
    client.post("/ajukan/DPMPTSP/UJI/")
    draft = Application.objects.get(status="draft")
    page = f"/permohonan/{draft.pk}/berkas/"
    assert "Anda pernah mengirim" in client.get(page).content.decode()
    chosen = SimpleUploadedFile("kios.jpg", picture())
    assert client.post(page, {"reuse": "KTP", "FOTO": chosen})["Location"] == f"{page}#file_KTP"
    assert set(draft.attachments.values_list("requirement", "document__name")) == {
        ("KTP", "ktp.jpg"),
        ("FOTO", "kios.jpg"),
    }
    bad = client.post(page, {"reuse": "KTP", "FOTO": SimpleUploadedFile("x.exe", b"MZ program")})
    assert bad.status_code == 422

    wallet = client.get("/saya/berkas/").content.decode()
    assert "ktp.jpg" in wallet
    assert earlier.number in wallet


def test_the_box_on_the_first_page_begins_with_everything(client):
    world = World()
    world.submitted()
    client.force_login(world.sari)

    client.post("/ajukan/DPMPTSP/UJI/", {"like": "1"})

    draft = Application.objects.get(status="draft")
    assert queries.kept_answers(draft)["address"] == "Jalan Suprapto 12"


def ended(world, days=-1):
    """Sari's identity card is valid until so many days from today."""
    document = Attachment.objects.filter(application__applicant=world.sari).first().document
    day = MONDAY.date() + timedelta(days=days)
    return documents.note_end(owner=world.sari, document_id=document.pk, day=day, mall="1771", now=MONDAY)


def test_a_document_that_is_over_is_neither_taken_over_nor_used_again():
    world = World()
    earlier = world.submitted()
    ended(world)
    draft = like(world, earlier)

    with pytest.raises(documents.DocumentOver):
        again.reuse(person=world.sari, application_id=draft.pk, requirement="KTP", now=MONDAY)

    assert not draft.attachments.exists()
    assert again.sent_before(draft, world.sari, MONDAY)["KTP"]["over"]
    assert again.sent_before(draft, world.desk, MONDAY) == {}
    ended(world, 0)  # its last day counts
    assert again.reuse(person=world.sari, application_id=draft.pk, requirement="KTP", now=MONDAY)


def test_what_is_over_is_not_taken_in_and_what_has_an_end_keeps_it():
    world = World()
    draft = world.draft()
    given = {"person": world.sari, "application_id": draft.pk, "requirement": "KTP", "name": "ktp.jpg",
             "data": picture(), "now": MONDAY}  # fmt: skip

    with pytest.raises(documents.DocumentOver):
        services.attach(valid_until=MONDAY.date() - timedelta(days=1), **given)
    assert not Document.objects.exists()

    attached = services.attach(valid_until=MONDAY.date(), **given)
    assert attached.document.valid_until == MONDAY.date()


def test_the_end_of_a_document_is_its_owners_to_note_and_the_same_again_is_no_news():
    world = World()
    world.submitted()
    noted = ended(world)
    ended(world)

    assert Entry.objects.filter(kind="documents.end_noted").count() == 1
    with pytest.raises(NotFound):
        documents.note_end(owner=world.desk, document_id=noted.pk, day=None, mall="1771", now=MONDAY)


def test_the_pages_ask_for_the_end_and_say_when_it_has_come(client):
    world = World()
    world.submitted()
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    document = Document.objects.get()

    client.post("/saya/berkas/", {"document": str(document.pk), "until": "2020-01-31"})

    assert "habis berlaku Jumat, 31 Januari 2020" in client.get("/saya/berkas/").content.decode()
    page = f"/permohonan/{world.draft().pk}/berkas/"
    assert "hanya berlaku sampai Jumat, 31 Januari 2020" in client.get(page).content.decode()
    told = client.post(page, {"KTP": SimpleUploadedFile("ktp.jpg", picture()), "KTP:until": "2020-01-31"})
    assert "Berkas ini hanya berlaku sampai Jumat, 31 Januari 2020." in told.content.decode()
    assert client.post("/saya/berkas/", {"document": "x"}).status_code == 404
