"""Sealing at rest: opens with this key at this place and in no other way."""

import json
import os
import stat
import threading

import pytest

from gerai.core import encryption
from gerai.core.encryption import CannotOpen, blind_index, make_keys, seal, unseal


def test_what_is_sealed_opens_at_its_place():
    assert unseal(seal(b"1771015506909001", place="a:1"), place="a:1") == b"1771015506909001"
    assert unseal(memoryview(seal(b"", place="a:1")), place="a:1") == b""


def test_it_does_not_open_at_another_place():
    with pytest.raises(CannotOpen):
        unseal(seal(b"x", place="a:1"), place="a:2")


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_one_changed_bit_anywhere_is_noticed(place):
    sealed = bytearray(seal(b"a secret", place="a:1"))
    sealed[place] ^= 1

    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), place="a:1")


@pytest.mark.parametrize("length", [0, 1, 13, 28])
def test_what_was_cut_off_does_not_open(length):
    with pytest.raises(CannotOpen):
        unseal(seal(b"a secret", place="a:1")[:length], place="a:1")


def test_the_same_text_never_looks_the_same_twice():
    assert seal(b"x", place="a:1") != seal(b"x", place="a:1")


def test_a_blind_index_finds_the_same_value_at_the_same_place_only():
    index = blind_index("1771015506909001", place="nik")

    assert index == blind_index("1771015506909001", place="nik")
    assert (
        len({index, blind_index("1771015506909002", place="nik"), blind_index("1771015506909001", place="x")})
        == 3
    )
    assert len(index) == 32


def test_place_and_value_of_an_index_cannot_run_into_each_other():
    assert blind_index("bc", place="a") != blind_index("c", place="ab")


def test_a_key_file_is_for_its_owner_only_and_is_never_overwritten(tmp_path):
    path = tmp_path / "keys" / "gerai.json"

    make_keys(path)
    first = path.read_text()
    make_keys(path)

    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {len(bytes.fromhex(value)) for value in json.loads(first).values()} == {32}
    assert os.listdir(path.parent) == ["gerai.json"]


def test_another_installations_key_opens_nothing(tmp_path, monkeypatch):
    sealed = seal(b"x", place="a:1")
    make_keys(tmp_path / "other.json")
    monkeypatch.setenv("GERAI_KEYS", str(tmp_path / "other.json"))

    with pytest.raises(CannotOpen):
        unseal(sealed, place="a:1")
    assert encryption.key("data") != encryption.key("index")


def test_many_threads_seal_with_different_nonces():
    made = []
    threads = [
        threading.Thread(target=lambda: made.extend(seal(b"x", place="a:1")[1:13] for _ in range(200)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 1600
