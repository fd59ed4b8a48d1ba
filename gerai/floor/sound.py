"""Recorded sound: read whatever recorder made it, and keep one word of it in the one form that can be joined."""

import io
import itertools
import wave
from pathlib import Path

import numpy

from gerai.floor.words import (
    LONGEST_SECONDS,
    MEGABYTES,
    SHORTEST_SECONDS,
    SoundBroken,
    SoundKindRefused,
    SoundSilent,
    SoundTooBig,
    SoundTooLong,
)

RATE = 22050  # samples a second, one channel, 16 bits: also what espeak-ng makes
FORM = (1, 2, RATE)
# By content; the reader is named, so that no file makes FFmpeg guess and follow a playlist elsewhere.
READERS = {
    "audio/x-wav": "wav",
    "audio/ogg": "ogg",
    "video/webm": "matroska",
    "audio/mp4": "mov",
    "video/mp4": "mov",
}
QUIET = 0.01  # of full scale: below it nobody speaks
MARGIN = 0.04  # seconds kept before the first sound and after the last
LOUD = 0.7  # of full scale: where the loudest moment of every recording is brought


def samples(data: bytes) -> "numpy.ndarray":
    """
    What is heard, as 16-bit samples in our rate.

    :raises SoundTooBig, SoundKindRefused, SoundBroken, SoundTooLong: with a sentence that says what to do
    """
    import av  # 0.3 s and 40 MB, for the few who record
    import filetype

    if len(data) > MEGABYTES * 1024 * 1024:
        raise SoundTooBig
    reader = READERS.get(filetype.guess_mime(data) or "")
    if reader is None:
        raise SoundKindRefused
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    heard: list[numpy.ndarray] = []
    most = int(LONGEST_SECONDS * RATE)
    try:
        with av.open(io.BytesIO(data), "r", format=reader) as container:
            if not container.streams.audio:
                raise SoundKindRefused
            for frame in itertools.chain(container.decode(audio=0), [None]):  # None: what is still inside
                heard += [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
                if sum(map(len, heard)) > most:
                    raise SoundTooLong
    except (av.FFmpegError, ValueError) as error:
        raise SoundBroken from error
    if not heard:
        raise SoundBroken
    return numpy.concatenate(heard)


def spoken(data: bytes) -> bytes:
    """
    One word as a WAV file: without the silence around it, and as loud as the others.

    :raises SoundSilent: if nobody speaks in it; and what `samples` raises
    """
    heard = samples(data).astype(numpy.float32) / 32768
    loud = numpy.flatnonzero(numpy.abs(heard) > QUIET)
    if len(loud) == 0 or loud[-1] - loud[0] < SHORTEST_SECONDS * RATE:
        raise SoundSilent
    air = int(MARGIN * RATE)
    word = heard[max(0, loud[0] - air) : loud[-1] + air]
    return written((word * (LOUD / numpy.abs(word).max()) * 32767).astype("<i2").tobytes())


def frames(file: Path) -> bytes:
    """The samples of a kept file, as they are if they are in our form."""
    data = file.read_bytes()
    try:
        with wave.open(io.BytesIO(data), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == FORM:
                return sound.readframes(sound.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundBroken from error
    return samples(data).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    """So many seconds of nothing."""
    return bytes(int(seconds * RATE) * 2)


def seconds(file: Path) -> float:
    """How long a kept file is heard; 0 if it cannot be read."""
    try:
        with wave.open(str(file), "rb") as sound:
            return sound.getnframes() / sound.getframerate()
    except (wave.Error, EOFError, OSError):
        return 0.0


def written(sound: bytes) -> bytes:
    """Samples in our form as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(FORM[0])
        file.setsampwidth(FORM[1])
        file.setframerate(FORM[2])
        file.writeframes(sound)
    return out.getvalue()
