"""From content to a PDF: typst, PDF/A-2a and PDF/UA-1, with the QR to the public page. No database."""

import io
import json
import re
import threading
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


def _ready(content: dict[str, Any], link: str, certified: bool, preview: bool) -> dict[str, Any]:
    day = date.fromisoformat(content["decided_on"])
    until = content["valid_until"]
    rows = [{"label": r["label"]["id"], "value": r["value"]} for r in content["rows"]]
    ready = {
        **{k: v for k, v in content.items() if k not in ("rows", "title", "agency", "service")},
        "title": content["title"]["id"],
        "agency": content["agency"]["id"],
        "service": content["service"]["id"],
        "rows": rows,
        "date": rules.long_date(day),
        "until": rules.long_date(date.fromisoformat(until)) if until else "",
        "link": link,
        "qr": qr(link or "https://pratinjau.invalid/"),
        "certified": certified,
        "preview": preview,
    }
    if content["kind"] == rules.Kind.REFUSAL:
        ready["objection"] = rules.long_date(date.fromisoformat(content["objection_until"]))
    return ready


def render(content: dict[str, Any], *, link: str, certified: bool, preview: bool = False) -> bytes:
    """
    The unsigned PDF. Words travel as JSON input, never as template text.

    typst refuses to write a file that breaks its standards; whether the *signed* file keeps them only veraPDF
    can say.
    """
    inputs = {"content": json.dumps(_ready(content, link, certified, preview))}
    with _compiling:  # one compiler, one input at a time
        made = _compiler().compile(format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs)
    return made if isinstance(made, bytes) else b"".join(made or [])


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
