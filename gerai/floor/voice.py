"""Sentences as sound: from recorded words, else by espeak-ng; made once and kept for a while.

A mall's manager records words on a page (`recording`). A city that serves several malls can put recordings for all
of them into GERAI_DATA/voice/recorded/<language>/ as WAV files named for what they say: "silakan ke loket.wav". The
mall's own win over the city's, longer ones over shorter ones. A sentence with a word that is not recorded is spoken by
espeak-ng as a whole, and without espeak-ng by the board's own browser.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from gerai.core.errors import DomainError
from gerai.floor import sound, words

LANGUAGES = {"id": "id", "en": "en-gb"}
KEPT = 400  # clips; some 100 MB at most
PAUSE = 0.2  # seconds of silence at a comma


def _folder() -> Path:
    return Path(settings.DATA) / "voice"


def own_folder(mall: str, language: str) -> Path:
    """Where the recordings of a mall lie: among the files, so that the backup has them."""
    return Path(settings.FILES_ROOT) / "voice" / mall / language


def recorded(mall: str, language: str) -> dict[str, Path]:
    """What is recorded, by the words that are said in it: the city's, and over it the mall's own."""
    places = (_folder() / "recorded" / language, own_folder(mall, language))
    return {words.plain(path.stem): path for place in places for path in place.glob("*.wav")}


def clip(text: str, language: str, mall: str) -> Path | None:
    """The WAV file of a sentence, or None where the machine has no voice for it."""
    if language not in LANGUAGES:
        return None
    known = recorded(mall, language)
    said = words.phrases(text, known)
    # A new recording of one of its words is heard at once: their files and times are in the name.
    parts = [(str(known[p]), known[p].stat().st_mtime_ns) for p in said if p != ","] if said else []
    named = f"{language}\0{text}\0{parts}"
    path = _folder() / "made" / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.wav"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(f".{os.urandom(4).hex()}")  # two boards may want it at once
    if not ((parts and _from_words(said or [], known, made)) or _by_espeak(text, language, made)):
        return None
    made.rename(path)
    _forget(path.parent)
    return path


def _from_words(said: list[str], known: dict[str, Path], made: Path) -> bool:
    """Join the recordings; not if one of them cannot be read."""
    try:
        parts = [sound.silence(PAUSE) if each == "," else sound.frames(known[each]) for each in said]
    except (DomainError, OSError):  # damaged, or taken away meanwhile
        return False
    made.write_bytes(sound.written(b"".join(parts)))
    return True


def _by_espeak(text: str, language: str, made: Path) -> bool:
    program = shutil.which("espeak-ng")
    if program is None:
        return False
    command = [program, "-v", LANGUAGES[language], "-s", "140", "-w", str(made), "--", text]
    subprocess.run(command, check=True, timeout=20)
    return True


def _forget(folder: Path) -> None:
    """Keep the newest clips only."""
    clips = sorted(folder.glob("*.wav"), key=lambda path: path.stat().st_mtime_ns)
    for path in clips[:-KEPT]:
        path.unlink(missing_ok=True)
