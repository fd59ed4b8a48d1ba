"""Files: told by content, limited, re-encoded, sealed, opened on the record."""

import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from pypdf import PdfWriter

from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.documents import services
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def owner() -> Person:
    return Person.objects.create(name="Sari", email="sari@uji.test", created_at=MORNING)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def upload(data: bytes, name: str = "foto.jpg") -> Document:
    return services.upload(owner=owner(), kind="KTP", name=name, data=data, now=MORNING)


def test_a_picture_is_written_anew_so_that_what_was_hidden_behind_it_is_gone():
    document = upload(picture() + b"<script>alert(1)</script>")

    kept = services.read(document)
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_the_bytes_on_disk_are_sealed_for_this_document_only():
    document = upload(picture("PNG"), "kartu.png")

    on_disk = services.path_of(document.pk).read_bytes()
    assert b"PNG" not in on_disk
    with pytest.raises(encryption.CannotOpen):
        encryption.unseal(on_disk, place="document:another")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", services.FileBroken),
        (b"MZ\x90\x00 a program", services.FileTypeRefused),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", services.FileTypeRefused),
        (picture()[:200], services.FileBroken),
        (b"%PDF-1.7\nnothing in it", services.FileBroken),
        (b"\xff\xd8\xff" + b"0" * (services.LIMIT + 1), services.FileTooBig),
    ],
)
def test_what_is_not_a_whole_pdf_jpg_or_png_is_refused_and_nothing_is_kept(data, refusal):
    with pytest.raises(refusal):
        upload(data, "foto.jpg")

    assert not Document.objects.exists()


def test_the_owner_can_see_that_somebody_else_opened_a_file():
    document = upload(picture())
    officer = ActorRef("person", "11111111-1111-7111-8111-111111111111")

    services.open_file(document=document, actor=officer, mall="1771", now=MORNING)
    services.open_file(
        document=document, actor=ActorRef("person", str(document.owner_id)), mall="1771", now=MORNING
    )

    entry = Entry.objects.get(kind="documents.opened")
    assert (entry.subject, entry.actor_id) == (f"person:{document.owner_id}", officer.id)


def test_what_is_kept_is_described_by_its_row():
    document = upload(pdf(2), "akta.pdf")

    kept = services.read(document)
    assert kept == pdf(2)
    assert (document.media_type, document.kind, document.name) == ("application/pdf", "KTP", "akta.pdf")
    assert (document.size, document.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert document.created_at == MORNING


def test_the_type_is_told_by_content_and_not_by_the_name():
    assert upload(picture("PNG"), "surat.pdf").media_type == "image/png"


def test_a_pdf_without_pages_is_refused():
    with pytest.raises(services.FileBroken):
        upload(pdf(0), "kosong.pdf")

    assert not Document.objects.exists()


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused():
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000

    with pytest.raises(services.FileTooBig):
        upload(out.getvalue(), "besar.png")

    assert not Document.objects.exists()


def test_where_a_photograph_was_taken_is_not_kept():
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Kamera Sari"
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=exif)
    assert b"Kamera Sari" in out.getvalue()

    kept = services.read(upload(out.getvalue()))

    assert b"Kamera Sari" not in kept


def test_a_long_name_is_cut_and_a_name_never_becomes_a_path():
    document = upload(picture(), "../" * 100 + "foto.jpg")

    assert len(document.name) == 160
    assert services.path_of(document.pk).name == str(document.pk)
    assert Path(settings.FILES_ROOT) in services.path_of(document.pk).parents


def test_the_same_file_twice_is_two_documents_sealed_apart():
    sari = owner()

    one, two = (
        services.upload(owner=sari, kind="KTP", name="x", data=picture(), now=MORNING) for _ in range(2)
    )

    assert one.sha256 == two.sha256
    assert services.path_of(one.pk).read_bytes() != services.path_of(two.pk).read_bytes()


def test_bytes_put_in_the_place_of_another_document_do_not_open():
    sari = owner()
    one, two = (
        services.upload(owner=sari, kind="KTP", name="x", data=picture(), now=MORNING) for _ in range(2)
    )
    services.path_of(one.pk).write_bytes(services.path_of(two.pk).read_bytes())

    with pytest.raises(encryption.CannotOpen):
        services.read(one)


def test_a_file_that_is_gone_is_not_found_and_no_opening_is_written():
    document = upload(picture())
    services.path_of(document.pk).unlink()

    with pytest.raises(NotFound):
        services.open_file(document=document, actor=ActorRef("person", "x"), mall="1771", now=MORNING)

    assert not Entry.objects.exists()


def test_every_opening_is_written_anew():
    document = upload(picture())

    for _ in range(2):
        services.open_file(document=document, actor=ActorRef("person", "x"), mall="1771", now=MORNING)

    data = Entry.objects.filter(kind="documents.opened").values_list("data", flat=True)
    assert list(data) == [{"document": str(document.pk), "what": "KTP"}] * 2
