"""Compiling the translations (.po to .mo) with Babel, so that nobody needs gettext installed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent / "locale"


def compile_translations(folder: Path = LOCALE) -> int:
    """Compile what is newer than its result. Returns how many files were written."""
    written = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        result = source.with_suffix(".mo")
        if result.exists() and result.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        temporary = result.with_suffix(".mo.new")
        with temporary.open("wb") as file:
            write_mo(file, catalogue)
        temporary.replace(result)
        written += 1
    return written
