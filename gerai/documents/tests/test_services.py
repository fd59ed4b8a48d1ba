"""Files: told by content, limited, re-encoded, sealed, opened on the record."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from gerai.accounts.models import Person
from gerai.core import encryption
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
