"""Calls as sound: made once by espeak-ng in Indonesian and kept. Without espeak-ng the board's browser speaks."""

import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from gerai.floor import rules


def clip(entrance: str, number: int, counter: int) -> Path | None:
    """The WAV file of a call, or None where the machine has no voice."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    path = Path(settings.DATA) / "voice" / f"{entrance}-{number}-{counter}.wav"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".new")
        text = rules.spoken(entrance, number, counter)
        subprocess.run([program, "-v", "id", "-s", "140", "-w", str(made), text], check=True, timeout=10)
        made.rename(path)
    return path
