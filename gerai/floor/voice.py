"""Sentences as sound: from recorded words of the city, else by espeak-ng; made once and kept for a while.

A city puts its recordings into GERAI_DATA/voice/recorded/<language>/ as WAV files named for what they say:
"nomor.wav", "a.wav", "empat.wav", "silakan ke loket.wav". Longer names win over shorter ones; a sentence with a
word that is not recorded is spoken by espeak-ng, and without espeak-ng by the board's own browser.
"""

import hashlib
import os
import re
import shutil
import subprocess
import wave
from pathlib import Path

from django.conf import settings

LANGUAGES = {"id": "id", "en": "en-gb"}
KEPT = 400  # clips; some 100 MB at most
PAUSE = 0.2  # seconds of silence at a comma


def _folder() -> Path:
    return Path(settings.DATA) / "voice"


def clip(text: str, language: str) -> Path | None:
    """The WAV file of a sentence, or None where the machine has no voice for it."""
    if language not in LANGUAGES:
        return None
    recorded = _recorded(language)
    # A new recording is heard at once: its time is in the name.
    times = sorted((words, path.stat().st_mtime_ns) for words, path in recorded.items())
    named = f"{language}\0{text}\0{times}"
    path = _folder() / "made" / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.wav"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(f".{os.urandom(4).hex()}")  # two boards may want it at once
    if not (_from_words(text, recorded, made) or _by_espeak(text, language, made)):
        return None
    made.rename(path)
    _forget(path.parent)
    return path


def _recorded(language: str) -> dict[str, Path]:
    """What the city has recorded, by the words that are said in it."""
    return {path.stem.lower(): path for path in (_folder() / "recorded" / language).glob("*.wav")}


def phrases(text: str, known: set[str]) -> list[str] | None:
    """The sentence as recorded phrases, the longest first; "," for a pause; None if a word is missing."""
    found: list[str] = []
    words = re.findall(r"[\w-]+|,", text.lower())
    while words:
        if words[0] == ",":
            found.append(words.pop(0))
            continue
        for length in range(len(words), 0, -1):
            if (phrase := " ".join(words[:length])) in known:
                found.append(phrase)
                del words[:length]
                break
        else:
            return None
    return found


def _from_words(text: str, recorded: dict[str, Path], made: Path) -> bool:
    """Join the recordings. They must be alike in rate, width and channels."""
    said = phrases(text, set(recorded)) if recorded else None
    if said is None:
        return False
    form: tuple[int, int, int] | None = None
    sound = b""
    for phrase in said:
        if phrase == ",":
            sound += bytes(int(form[2] * PAUSE) * form[0] * form[1]) if form else b""
            continue
        with wave.open(str(recorded[phrase])) as file:
            own = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            if form not in (None, own):
                return False
            form = own
            sound += file.readframes(file.getnframes())
    if form is None:
        return False
    with wave.open(str(made), "wb") as file:
        file.setnchannels(form[0])
        file.setsampwidth(form[1])
        file.setframerate(form[2])
        file.writeframes(sound)
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
