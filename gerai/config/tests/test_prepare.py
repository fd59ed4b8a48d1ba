"""An installation does not start with settings that are half there, nor with other keys than its own."""

import json
from pathlib import Path

import pytest

from gerai.config import backup, prepare
from gerai.core import encryption


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that was made ready with its own keys, and nothing else in the environment."""
    monkeypatch.setenv("GERAI_DATA", str(tmp_path))
    monkeypatch.setenv("GERAI_KEYS", str(tmp_path / "keys" / "gerai.json"))
    encryption.make_keys(tmp_path / "keys" / "gerai.json")
    known = {"signature": "", "migrations": 1, "keys": backup.fingerprint(backup.keys_file(tmp_path))}
    (tmp_path / "prepared.json").write_text(json.dumps(known))
    return tmp_path


def test_with_its_own_keys_it_starts(data):
    assert prepare.refusal(data) == ""


def test_a_new_installation_needs_no_keys_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("GERAI_DATA", str(tmp_path))
    monkeypatch.setenv("GERAI_KEYS", str(tmp_path / "keys" / "gerai.json"))

    assert prepare.refusal(tmp_path) == ""


def test_without_its_keys_it_starts_neither_nor_makes_new_ones(data):
    backup.keys_file(data).unlink()

    assert "kunci" in prepare.refusal(data).lower()
    assert not backup.keys_file(data).exists()


def test_with_the_keys_of_another_it_does_not_start(data, monkeypatch):
    other = data / "other.json"
    encryption.make_keys(other)
    monkeypatch.setenv("GERAI_KEYS", str(other))

    assert str(other) in prepare.refusal(data)


def test_one_made_ready_before_keys_were_noted_starts_with_those_that_are_there(data):
    (data / "prepared.json").write_text(json.dumps({"signature": "", "migrations": 1}))
    assert prepare.refusal(data) == ""

    backup.keys_file(data).unlink()
    assert prepare.refusal(data)


def test_a_setting_that_is_half_there_stops_the_start_of_one_that_was_ready(data, monkeypatch):
    monkeypatch.setenv("GERAI_SIGNER", "token")

    said = prepare.refusal(data)
    assert "GERAI_TOKEN_LIBRARY" in said
    assert "Traceback" not in said
