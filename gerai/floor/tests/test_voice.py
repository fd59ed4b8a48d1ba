"""Sentences as sound: recorded words first, then espeak-ng; made once, and not kept for ever."""

import wave

import pytest

from gerai.floor import hall, voice, words

CALL = "Nomor A, dua, silakan ke loket tujuh."


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA, settings.FILES_ROOT = tmp_path, tmp_path / "files"
    return tmp_path


def record(data, *names, rate=22050, seconds=0.1, own=False):
    folder = data / "files" / "voice" / "1771" / "id" if own else data / "voice" / "recorded" / "id"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(bytes([len(name), 1]) * int(rate * seconds))


def frames(path):
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


def test_the_longest_recording_wins():
    known = {"nomor", "a", "dua", "silakan", "ke", "loket", "silakan ke loket", "tujuh"}

    assert words.phrases(CALL, known) == ["nomor", "a", ",", "dua", ",", "silakan ke loket", "tujuh"]
    assert words.phrases(CALL, known - {"dua"}) is None


def test_the_citys_recordings_are_joined_with_pauses_at_the_commas(data):
    record(data, "nomor", "a", "dua", "silakan ke loket", "tujuh")

    heard = frames(voice.clip(CALL, "id", "1771"))
    assert len(heard) == 2 * (5 * 2205 + 2 * 4410)
    assert heard[:2] == bytes([5, 1])
    assert bytes(8820) in heard


def test_a_new_recording_is_heard_at_once(data):
    record(data, "nomor", "a", "dua", "silakan ke loket", "tujuh")
    before = voice.clip(CALL, "id", "1771")
    record(data, "tujuh", seconds=0.5)

    assert voice.clip(CALL, "id", "1771") != before


def test_without_recordings_espeak_speaks_and_the_clip_is_kept(data):
    record(data, "nomor")
    first = voice.clip(CALL, "id", "1771")
    made = first.stat().st_mtime_ns

    assert len(frames(first)) > 20_000
    assert voice.clip(CALL, "id", "1771") == first
    assert first.stat().st_mtime_ns == made
    assert voice.clip("Number A, two, please go to counter seven.", "en", "1771") != first


def test_recordings_of_different_kinds_are_brought_to_one(data, monkeypatch):
    record(data, "nomor", "a", "dua", "silakan ke loket")
    record(data, "tujuh", rate=8000)
    monkeypatch.setenv("PATH", "")

    assert len(frames(voice.clip(CALL, "id", "1771"))) == pytest.approx(2 * (5 * 2205 + 2 * 4410), abs=60)


def test_a_damaged_recording_is_not_played(data, monkeypatch):
    record(data, "nomor", "a", "dua", "silakan ke loket")
    (data / "voice" / "recorded" / "id" / "tujuh.wav").write_bytes(b"RIFF")
    monkeypatch.setenv("PATH", "")

    assert voice.clip(CALL, "id", "1771") is None


def test_a_malls_own_recording_wins_over_the_citys_and_no_other_mall_hears_it(data):
    record(data, "nomor", "a", "dua", "silakan ke loket", "tujuh")
    theirs = frames(voice.clip(CALL, "id", "1771"))
    record(data, "tujuh", seconds=0.4, own=True)

    assert len(frames(voice.clip(CALL, "id", "1771"))) == len(theirs) + 2 * 6615
    assert frames(voice.clip(CALL, "id", "1772")) == theirs


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_words_on_the_page_are_all_that_any_call_needs(language):
    known = {*words.FRAME[language], *words.letters(["A", "BC"]), *words.numbers(language)}

    for number in (*range(1, 1300), 2345, 5678, 9999):
        call = hall.spoken("BC", number, number % 300 + 1, language)
        assert words.phrases(call, known), call


def test_the_words_on_the_page_are_not_more_than_needed():
    assert words.numbers("id")[9:] == [
        "sepuluh",
        "sebelas",
        "belas",
        "puluh",
        "seratus",
        "ratus",
        "seribu",
        "ribu",
    ]
    assert "and" in words.numbers("en")


def test_without_any_voice_there_is_no_clip_and_the_browser_speaks(data, monkeypatch):
    monkeypatch.setenv("PATH", "")

    assert voice.clip(CALL, "id", "1771") is None
    assert voice.clip(CALL, "fr", "1771") is None
    assert list((data / "voice" / "made").iterdir()) == []


def test_only_the_newest_clips_are_kept(data, monkeypatch):
    monkeypatch.setattr(voice, "KEPT", 2)
    record(data, "satu", "dua", "tiga")
    for word in ("satu", "dua", "tiga"):
        voice.clip(word, "id", "1771")

    assert len(list((data / "voice" / "made").glob("*.wav"))) == 2
