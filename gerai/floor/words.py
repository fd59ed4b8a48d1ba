"""The words of a hall's voice: what a call is made of, and which recording may stand for it. Pure."""

import re
from collections.abc import Iterable

from gerai.core.errors import DomainError

LONGEST = 50  # letters of what one recording says: it names a file
MEGABYTES = 4
SHORTEST_SECONDS, LONGEST_SECONDS = 0.1, 12.0
FRAME = {"id": ["nomor", "silakan ke loket"], "en": ["number", "please go to counter"]}
# Every word of the numbers up to 9999 is in one of these.
NUMBERS = [*range(1, 21), *range(30, 100, 10), 101, 200, 1000, 2000]


class WordsWrong(DomainError):
    """Nothing to say, or more than one recording can stand for."""

    code = "voice_words_wrong"
    text = "Tulis kata yang diucapkan: huruf dan angka saja, paling banyak 50."


class SoundTooBig(DomainError):
    """Over the limit of bytes."""

    code = "voice_sound_too_big"
    text = "Rekaman lebih dari 4 MB. Rekam satu kata saja, lalu kirim lagi."


class SoundKindRefused(DomainError):
    """Not sound that we read, by its content."""

    code = "voice_sound_kind_refused"
    text = "Berkas ini bukan rekaman suara WAV, OGG, WebM atau M4A. Simpan ulang dalam salah satu bentuk itu."


class SoundBroken(DomainError):
    """It says that it is sound, but cannot be read to its end."""

    code = "voice_sound_broken"
    text = "Rekaman ini rusak atau terpotong. Rekam ulang."


class SoundTooLong(DomainError):
    """A word takes no such time."""

    code = "voice_sound_too_long"
    text = "Rekaman lebih dari 12 detik. Rekam hanya kata yang diminta."


class SoundSilent(DomainError):
    """Nobody speaks in it."""

    code = "voice_sound_silent"
    text = "Tidak ada suara dalam rekaman ini. Periksa mikrofon, lalu rekam lebih dekat."


def plain(text: str) -> str:
    """Words as they are compared and as they name a file: "Dua-puluh," is "dua puluh"."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def check(text: str) -> str:
    """
    The words that one recording says.

    :raises WordsWrong: if there are none, or too many
    """
    words = plain(text)
    if not words or len(words) > LONGEST:
        raise WordsWrong
    return words


def phrases(text: str, known: Iterable[str]) -> list[str] | None:
    """The sentence as recorded phrases, the longest first; "," for a pause; None if a word is missing."""
    recorded = set(known)
    found: list[str] = []
    words = re.findall(r"[^\W_]+|,", text.lower())
    while words:
        if words[0] == ",":
            found.append(words.pop(0))
            continue
        for length in range(len(words), 0, -1):
            if (phrase := " ".join(words[:length])) in recorded:
                found.append(phrase)
                del words[:length]
                break
        else:
            return None
    return found


def numbers(language: str) -> list[str]:
    """Every word that numbers from 1 to 9999 are said with, in their order."""
    from num2words import num2words

    said = " ".join(num2words(number, lang=language) for number in NUMBERS)
    return list(dict.fromkeys(plain(said).split()))


def letters(entrances: Iterable[str]) -> list[str]:
    """The letters that numbers of these entrances begin with."""
    return sorted({letter.lower() for entrance in entrances for letter in entrance})
