"""From content to a PDF: typst, PDF/A-2a and PDF/UA-1, with the QR to the public page. No database."""

import io
import json
import re
import threading
import unicodedata
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst
from pypdf import PdfReader

from gerai.permits import rules

TEMPLATES = Path(__file__).parent / "typst"
_compiling = threading.Lock()
# What our fonts can draw. PDF/A refuses a file with any other sign, so one emoji in an answer would stop a signature.
DRAWN = (
    (0x20, 0x250),
    (0x370, 0x460),
    (0x1E00, 0x1F00),
    (0x2010, 0x2041),
    (0x2070, 0x20C0),
    (0x2190, 0x2270),
)


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    spec = find_spec("fontpkg_plus_jakarta_sans")
    fonts = [Path(p) / "files" for p in (spec.submodule_search_locations or [])] if spec else []
    return typst.Compiler(
        TEMPLATES / "permit.typ", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True
    )


def qr(link: str) -> str:
    """The QR code as SVG text."""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", border=0, dark="#1b2430", svgclass=None, lineclass=None)
    return out.getvalue().decode()


def drawable(value: Any) -> Any:
    """The same words, with □ for each sign that the fonts do not have."""
    if isinstance(value, dict):
        return {key: drawable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [drawable(inner) for inner in value]
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return "".join(_sign(c) for c in unicodedata.normalize("NFC", value))


def _sign(char: str) -> str:
    if char.isspace():
        return "\n" if char == "\n" else " "
    drawn = char.isprintable() and any(first <= ord(char) < end for first, end in DRAWN)
    return char if drawn else "□"


def _ready(content: dict[str, Any], link: str, certified: bool, preview: str) -> dict[str, Any]:
    day = date.fromisoformat(content["decided_on"])
    until = content["valid_until"]
    rows = [{"label": r["label"]["id"], "value": r["value"]} for r in content["rows"]]
    ready = {
        **{k: v for k, v in content.items() if k not in ("rows", "text", "title", "agency", "service")},
        "title": content["title"]["id"],
        "agency": content["agency"]["id"],
        "service": content["service"]["id"],
        "rows": rows,
        "replaces": content.get("replaces", ""),
        "text": content.get("text", {}).get("id", []),
        "date": rules.long_date(day),
        "until": rules.long_date(date.fromisoformat(until)) if until else "",
        "link": link,
        "code": rules.short_code(link.rstrip("/").rpartition("/")[2]),
        "qr": qr(link or "https://pratinjau.invalid/"),
        "certified": certified,
        "preview": preview != "",
        "mark": preview,
    }
    if content["kind"] == rules.Kind.REFUSAL:
        ready["objection"] = rules.long_date(date.fromisoformat(content["objection_until"]))
    return ready


def render(content: dict[str, Any], *, link: str, certified: bool, preview: str = "") -> bytes:
    """
    The unsigned PDF; `preview` is the word printed across what is no document yet.

    Words travel as JSON input, never as template text.

    typst refuses to write a file that breaks its standards; whether the *signed* file keeps them only veraPDF
    can say.
    """
    inputs = {"content": json.dumps(drawable(_ready(content, link, certified, preview)))}
    with _compiling:  # one compiler, one input at a time
        made = _compiler().compile(format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs)
    return made if isinstance(made, bytes) else b"".join(made or [])


def pictures(content: dict[str, Any], *, preview: str, ppi: float = 96) -> list[bytes]:
    """The pages of what is no document yet, as PNG."""
    inputs = {"content": json.dumps(drawable(_ready(content, "", False, preview)))}
    with _compiling:
        made = _compiler().compile(format="png", ppi=ppi, sys_inputs=inputs)
    return [made] if isinstance(made, bytes) else [page for page in made or [] if page]


def claimed_secret(data: bytes) -> str:
    """The public address printed in a PDF, if it still can be read: tells what a changed file claims to be."""
    try:
        reader = PdfReader(io.BytesIO(data))
        words = " ".join(str(value) for value in (reader.metadata or {}).values())
        for page in reader.pages[:2]:  # no text extraction: a hostile file could make it endless
            for note in (page.get("/Annots") or [])[:50]:
                words += str((note.get_object().get("/A") or {}).get("/URI", ""))
    except Exception:  # pypdf meets anything in files that people changed
        return ""
    found = re.search(r"/cek/([\w-]{24})/", words)
    return found[1] if found else ""
