"""A signature adds itself and nothing else: every other change in the same breath is found."""

import io
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from gerai.integrations.esign.unchanged import is_unchanged

Change = Callable[[IncrementalPdfFileWriter], None]


def page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.root["/Pages"]["/Kids"][0].get_object()


def overwritten(writer: IncrementalPdfFileWriter) -> None:
    """The page stays; the object that it points to says something else."""
    contents = page(writer).raw_get("/Contents")
    stream = contents.get_object()
    stream._data, stream._encoded_data = b"BT ET", None
    writer.mark_update(contents)


def repainted(writer: IncrementalPdfFileWriter) -> None:
    page(writer)["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page(writer))


def noted(writer: IncrementalPdfFileWriter) -> None:
    box = generic.ArrayObject(generic.NumberObject(n) for n in (50, 50, 300, 90))
    note = {"/Type": generic.NameObject("/Annot"), "/Subtype": generic.NameObject("/FreeText"), "/Rect": box}
    note["/Contents"] = generic.TextStringObject("Berlaku selamanya")
    added = writer.add_object(generic.DictionaryObject({generic.NameObject(k): v for k, v in note.items()}))
    writer.register_annotation(page(writer).container_ref, added)


def covered(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Besar", box=(10, 10, 500, 500)))


def scripted(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {generic.NameObject("/S"): generic.NameObject("/Named")}
    )
    writer.update_root()


def untouched(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Segel"))


def after(plain: bytes, change: Change) -> bool:
    writer = IncrementalPdfFileWriter(io.BytesIO(plain))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    reader = PdfFileReader(io.BytesIO(out.getvalue()))
    return is_unchanged(plain, reader, reader.total_revisions - 1)


def test_a_field_that_nobody_sees_is_no_change(plain):
    assert after(plain, untouched)


@pytest.mark.parametrize("change", [overwritten, repainted, noted, covered, scripted])
def test_anything_else_is(plain, change):
    assert not after(plain, change)
