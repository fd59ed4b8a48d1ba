"""Whether a PDF that came back says what was sent: nothing but an invisible signature may have been added.

The signature itself vouches only for the file as it is: who signs may have changed a page in the same breath.
"""

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

# What a signature writes in the catalog, and what describes the file without being shown.
CATALOG = {"/AcroForm", "/Perms", "/DSS", "/Extensions", "/Metadata", "/Version"}
FORM = {"/Fields", "/SigFlags", "/DA", "/DR", "/NeedAppearances"}
PAGE = {"/Annots"}


def _plain(value: Any) -> Any:
    """A value as Python's own, references as numbers: two spellings of one thing are equal."""
    if isinstance(value, generic.IndirectObject):
        return ("reference", value.idnum, value.generation)
    if isinstance(value, generic.DictionaryObject):
        stream = value.encoded_data if isinstance(value, generic.StreamObject) else b""
        return {key: _plain(value.raw_get(key)) for key in value}, stream
    if isinstance(value, generic.ArrayObject):
        return [_plain(value.raw_get(place)) for place in range(len(value))]
    return value


def _at(said: Any, name: str) -> Any:
    """What stands under a name, whether written there or elsewhere; None if nothing does."""
    if name not in said:
        return None
    value = said.raw_get(name)
    return value.get_object() if isinstance(value, generic.IndirectObject) else value


def _same_but(old: Any, new: Any, allowed: set[str]) -> bool:
    """Whether two dictionaries are equal outside the keys named."""
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return False
    keys = ({*old} | {*new}) - allowed
    return all(
        key in old and key in new and _plain(old.raw_get(key)) == _plain(new.raw_get(key)) for key in keys
    )


def _only_signatures(old: Any, new: Any) -> bool:
    """Whether a page's notes are the old ones, and behind them only signatures that nobody sees."""
    before, after = _plain(old) if old is not None else [], _plain(new) if new is not None else []
    if before != after[: len(before)]:
        return False
    for place in range(len(before), len(after)):
        added = new.raw_get(place)
        note = added.get_object() if isinstance(added, generic.IndirectObject) else added
        left, low, right, high = (float(edge) for edge in _at(note, "/Rect"))
        kind = _at(note, "/FT") or _at(_at(note, "/Parent") or {}, "/FT")
        if _at(note, "/Subtype") != "/Widget" or kind != "/Sig" or (left != right and low != high):
            return False
    return True


def _pages(resolver: Any) -> dict[int, Any]:
    """Every page by the number of its object."""
    found, waiting = {}, [resolver.root.raw_get("/Pages")]
    while waiting:
        at = waiting.pop()
        node = at.get_object()
        kids = _at(node, "/Kids")
        if kids is not None:
            waiting += [kids.raw_get(place) for place in range(len(kids))]
        else:
            found[at.idnum] = node
    return found


def is_unchanged(sent: bytes, reader: PdfFileReader, revision: int) -> bool:
    """
    Whether this revision of what came back is what was sent, with a signature that nobody sees.

    What was sent is the beginning of what came back (the caller has looked): so only objects that were written
    anew can differ, and of these only the catalog, pages and their notes, in what a signature adds to them.
    """
    mine = PdfFileReader(io.BytesIO(sent))
    new: HistoricalResolver = reader.get_historical_resolver(revision)
    if mine.root_ref.idnum != new.root_ref.idnum or not _same_but(mine.root, new.root, CATALOG):
        return False
    if not {*(_at(new.root, "/AcroForm") or {})} <= FORM:
        return False
    before, after = _pages(mine), _pages(new)
    if {*before} != {*after}:
        return False
    free_to_differ = {mine.root_ref.idnum, *before}
    for number, page in before.items():
        if not _same_but(page, after[number], PAGE):
            return False
        if not _only_signatures(_at(page, "/Annots"), _at(after[number], "/Annots")):
            return False
        notes = page.raw_get("/Annots") if "/Annots" in page else None
        free_to_differ |= {notes.idnum} if isinstance(notes, generic.IndirectObject) else set()
    for name, said in (("/Metadata", mine.root), ("/Info", mine.trailer)):
        described = said.raw_get(name) if name in said else None
        free_to_differ |= {described.idnum} if isinstance(described, generic.IndirectObject) else set()
    return _written_anew(mine, reader, revision) <= free_to_differ


def _written_anew(mine: PdfFileReader, reader: PdfFileReader, revision: int) -> set[int]:
    """Which objects of the sent file have another form, or none, in what came back."""
    known = {
        ref.idnum
        for former in range(mine.total_revisions)
        for ref in mine.get_historical_resolver(former).explicit_refs_in_revision()
    }
    found: set[int] = set()
    for later in range(mine.total_revisions, revision + 1):
        resolver = reader.get_historical_resolver(later)
        touched = {*resolver.explicit_refs_in_revision(), *resolver.refs_freed_in_revision()}
        found |= {ref.idnum for ref in touched} & known
    return found
