"""A secret file is made once, by one, and is nobody else's to read."""

import itertools
import threading

import pytest

from gerai.core import private


@pytest.mark.parametrize("attempt", range(20))
def test_many_at_once_hold_the_same_secret_and_leave_one_file(tmp_path, attempt):
    path = tmp_path / "keys" / "secret.json"
    numbers = itertools.count()
    barrier = threading.Barrier(8)
    held = []

    def come():
        barrier.wait()
        held.append(private.made_once(path, lambda: b"%d" % next(numbers)))

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(held) == 8
    assert set(held) == {path.read_bytes()}
    assert [file.name for file in path.parent.iterdir()] == ["secret.json"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_not_made_again(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(b"old")

    assert private.made_once(path, lambda: b"new") == b"old"
    assert path.read_bytes() == b"old"


def test_a_file_is_written_whole_or_not_at_all_and_for_its_owner_only(tmp_path):
    path = tmp_path / "sealed"
    private.write(path, b"first")
    private.write(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600

    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        private.write(tmp_path / "taken", b"third")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["sealed", "taken"]
