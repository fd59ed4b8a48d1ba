"""The recordings of a mall's voice: which words it needs, taking one in, taking one away."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from gerai.agencies.models import Mall
from gerai.core import private
from gerai.core.errors import NotFound
from gerai.floor import sound, voice
from gerai.floor import words as spelling
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


@dataclass(frozen=True)
class Word:
    """One thing to record: whose recording there is ("own", "city" or none), how long, and its version."""

    words: str
    whose: str = ""
    seconds: float = 0.0
    version: int = 0

    @property
    def anchor(self) -> str:
        """Where it stands on a page."""
        return anchor(self.words)


def anchor(words: str) -> str:
    """The place of these words on a page: "silakan ke loket" is "kata-silakan-ke-loket"."""
    return f"kata-{words.replace(' ', '-')}"


def _of(words: str, own: Path, known: dict[str, Path]) -> Word:
    path = known.get(words)
    try:
        version = path.stat().st_mtime_ns if path else 0
    except FileNotFoundError:  # taken away meanwhile
        path = None
    if path is None:
        return Word(words)
    return Word(words, "own" if path.parent == own else "city", sound.seconds(path), version)


def groups(mall: Mall, language: str) -> dict[str, list[Word]]:
    """
    All that the hall's calls need, by kind ("frame", "letters", "numbers"), and what else is recorded ("more").

    :raises NotFound: for a language that the hall does not speak
    """
    if language not in voice.LANGUAGES:
        raise NotFound
    own, known = voice.own_folder(mall.code, language), voice.recorded(mall.code, language)
    entrances = [each["letter"] for each in mall.details.get("entrances") or [{"letter": "A"}]]
    needed = {
        "frame": spelling.FRAME[language],
        "letters": spelling.letters(entrances),
        "numbers": spelling.numbers(language),
    }
    more = sorted(set(known) - {words for kind in needed.values() for words in kind})
    return {kind: [_of(each, own, known) for each in said] for kind, said in {**needed, "more": more}.items()}


@transaction.atomic
def keep(*, mall: Mall, language: str, words: str, data: bytes, actor: ActorRef, now: datetime) -> str:
    """
    Say these words with this recording from now on; returns the words as they are kept.

    :raises NotFound: for a language that the hall does not speak
    :raises words.WordsWrong: if it is not one word or phrase
    :raises words.SoundTooBig, SoundKindRefused, SoundBroken, SoundTooLong, SoundSilent: by its content
    """
    if language not in voice.LANGUAGES:
        raise NotFound
    said = spelling.check(words)
    clean = sound.spoken(data)
    path = voice.own_folder(mall.code, language) / f"{said}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    _record("floor.voice_recorded", mall, language, said, actor, now)
    private.write(path, clean)  # last: no entry without its file
    return said


def remove(*, mall: Mall, language: str, words: str, actor: ActorRef, now: datetime) -> None:
    """
    Take the mall's own recording away. A second click changes nothing.

    :raises NotFound: for a language that the hall does not speak
    :raises words.WordsWrong: if these can be no recording's words
    """
    if language not in voice.LANGUAGES:
        raise NotFound
    said = spelling.check(words)
    try:
        with transaction.atomic():
            _record("floor.voice_removed", mall, language, said, actor, now)
            private.forget(voice.own_folder(mall.code, language) / f"{said}.wav")
    except FileNotFoundError:
        return


def _record(kind: str, mall: Mall, language: str, words: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=mall.code,
        kind=kind,
        subject=f"voice:{language}:{words}",
        actor=actor,
        now=now,
        data={"language": language, "words": words},
    )
