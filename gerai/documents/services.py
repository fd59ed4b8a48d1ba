"""Taking in and opening files. Types are told by content, images re-encoded, bytes sealed on disk."""

import hashlib
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import filetype
from django.conf import settings
from django.db import transaction
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from gerai.core import encryption, private
from gerai.core.errors import DomainError, NotFound
from gerai.documents.models import Document
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

LIMIT = 5 * 1024 * 1024
TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class FileTooBig(DomainError):
    """Over the limit."""

    code = "file_too_big"
    text = "Berkas lebih dari 5 MB. Foto ulang dengan ukuran lebih kecil, atau kirim sebagai PDF."


class FileTypeRefused(DomainError):
    """Not a PDF, JPG or PNG by its content."""

    code = "file_type_refused"
    text = "Berkas harus PDF, JPG atau PNG. Simpan ulang dalam salah satu bentuk itu."


class FileBroken(DomainError):
    """It says it is one of these, but cannot be read."""

    code = "file_broken"
    text = "Berkas ini rusak atau kosong. Coba foto atau pindai ulang."


class DocumentOver(DomainError):
    """What is over proves nothing any more."""

    code = "document_over"
    text = "Berkas ini hanya berlaku sampai {day}. Kirim yang masih berlaku, atau betulkan tanggalnya."


def check_lasts(valid_until: date | None, today: date) -> None:
    """
    Let a document be shown that has no end, or has not come to it.

    :raises DocumentOver: if its last day has passed
    """
    if valid_until is not None and valid_until < today:
        raise DocumentOver(day=valid_until)


def _clean(data: bytes) -> tuple[bytes, str]:
    """The bytes to keep and their type. Images are decoded and written anew, which drops anything hidden."""
    if not data:
        raise FileBroken
    if len(data) > LIMIT:
        raise FileTooBig
    guess = filetype.guess_mime(data)
    if guess not in TYPES:
        raise FileTypeRefused
    if guess == "application/pdf":
        try:
            if not len(PdfReader(io.BytesIO(data)).pages):
                raise FileBroken
        except (PyPdfError, ValueError, KeyError, RecursionError) as error:
            raise FileBroken from error
        return data, guess
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > 60_000_000:
            raise FileTooBig
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise FileBroken from error
    out = io.BytesIO()
    if guess == "image/png":
        image.save(out, "PNG", optimize=True)
    else:
        image.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue(), guess


def path_of(document_id: UUID) -> Path:
    """Where a document's sealed bytes lie."""
    return Path(settings.FILES_ROOT) / str(document_id)[-2:] / str(document_id)


def keep(*, owner: Any, kind: str, name: str, data: bytes, media_type: str, now: datetime) -> Document:
    """Store bytes that the product itself made or has already checked."""
    document = Document(
        owner=owner,
        kind=kind,
        name=name[:160],
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now,
    )
    path = path_of(document.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file goes first: a crash in between leaves a file without a row, never a row without a file.
    private.write(path, encryption.seal(data, place=f"document:{document.pk}"))
    document.save(force_insert=True)
    return document


def upload(
    *, owner: Any, kind: str, name: str, data: bytes, now: datetime, valid_until: date | None = None
) -> Document:
    """
    Take in a file that somebody sent; `valid_until`: its own last day, if it has one.

    :raises FileTooBig, FileTypeRefused, FileBroken: with a sentence that says what to do
    """
    clean, media_type = _clean(data)
    document = keep(owner=owner, kind=kind, name=name, data=clean, media_type=media_type, now=now)
    if valid_until is not None:
        document.valid_until = valid_until
        document.save(update_fields=["valid_until"])
    return document


@transaction.atomic
def note_end(*, owner: Any, document_id: UUID, day: date | None, mall: str, now: datetime) -> Document:
    """
    Keep until when a document of one's own is valid; None: it has no end. The same again changes nothing.

    :raises NotFound: if it is somebody else's
    """
    document = Document.objects.select_for_update().filter(pk=document_id, owner_id=owner.pk).first()
    if document is None:
        raise NotFound
    if document.valid_until != day:
        document.valid_until = day
        document.save(update_fields=["valid_until"])
        ledger.append(
            mall=mall,
            kind="documents.end_noted",
            subject=f"person:{owner.pk}",
            actor=ActorRef("person", str(owner.pk)),
            now=now,
            data={"document": str(document.pk), "what": document.kind},
        )
    return document


@transaction.atomic
def forget(*, document: Document) -> None:
    """
    Delete a document for good; the caller enters why.

    The row goes first and the bytes once that is committed: a crash in between leaves bytes that nobody can open.
    """
    path = path_of(document.pk)
    document.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def read(document: Document) -> bytes:
    """The bytes of a document whose reader has already been checked."""
    return encryption.unseal(path_of(document.pk).read_bytes(), place=f"document:{document.pk}")


def open_file(*, document: Document, actor: ActorRef, mall: str, now: datetime) -> bytes:
    """The bytes, after an entry that the owner can see ("who opened my data")."""
    if not path_of(document.pk).exists():
        raise NotFound
    if actor.id != str(document.owner_id):
        ledger.append(
            mall=mall,
            kind="documents.opened",
            subject=f"person:{document.owner_id}",
            actor=actor,
            now=now,
            data={"document": str(document.pk), "what": document.kind},
        )
    return read(document)
