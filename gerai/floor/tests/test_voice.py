"""Sentences as sound: recorded words first, then espeak-ng; made once, and not kept for ever."""

import wave

import pytest

from gerai.floor import voice

CALL = "Nomor A, dua, silakan ke loket tujuh."


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def record(data, *names, rate=8000, seconds=0.1):
    folder = data / "voice" / "recorded" / "id"
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

    assert voice.phrases(CALL, known) == ["nomor", "a", ",", "dua", ",", "silakan ke loket", "tujuh"]
    assert voice.phrases(CALL, known - {"dua"}) is None


def test_the_citys_recordings_are_joined_with_pauses_at_the_commas(data):
    record(data, "nomor", "a", "dua", "silakan ke loket", "tujuh")

    sound = frames(voice.clip(CALL, "id"))
    assert len(sound) == 2 * (5 * 800 + 2 * 1600)
    assert sound[:2] == bytes([5, 1])
    assert bytes(3200) in sound


def test_a_new_recording_is_heard_at_once(data):
    record(data, "nomor", "a", "dua", "silakan ke loket", "tujuh")
    before = voice.clip(CALL, "id")
    record(data, "tujuh", seconds=0.5)

    assert voice.clip(CALL, "id") != before


def test_without_recordings_espeak_speaks_and_the_clip_is_kept(data):
    record(data, "nomor")
    first = voice.clip(CALL, "id")
    made = first.stat().st_mtime_ns

    assert len(frames(first)) > 20_000
    assert voice.clip(CALL, "id") == first
    assert first.stat().st_mtime_ns == made
    assert voice.clip("Number A, two, please go to counter seven.", "en") != first


def test_recordings_of_different_kinds_are_not_mixed(data, monkeypatch):
    record(data, "nomor", "a", "dua", "silakan ke loket")
    record(data, "tujuh", rate=16000)
    monkeypatch.setenv("PATH", "")

    assert voice.clip(CALL, "id") is None


def test_without_any_voice_there_is_no_clip_and_the_browser_speaks(data, monkeypatch):
    monkeypatch.setenv("PATH", "")

    assert voice.clip(CALL, "id") is None
    assert voice.clip(CALL, "fr") is None
    assert list((data / "voice" / "made").iterdir()) == []


def test_only_the_newest_clips_are_kept(data, monkeypatch):
    monkeypatch.setattr(voice, "KEPT", 2)
    record(data, "satu", "dua", "tiga")
    for word in ("satu", "dua", "tiga"):
        voice.clip(word, "id")

    assert len(list((data / "voice" / "made").glob("*.wav"))) == 2
