"""Files that only their owner may read, and that outlive a power cut: keys, passwords, sealed documents."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """
    Write the whole file or nothing, for its owner only.

    When this returns, the bytes and the name are on the disk: a row that is committed afterwards never lacks its file.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:  # mode 600, a name of its own
        try:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
            os.replace(new.name, path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    _remember(path.parent)


def forget(path: Path) -> None:
    """
    Take a file away for good: when this returns, its name is gone from the disk too.

    :raises FileNotFoundError: if there is none
    """
    path.unlink()
    _remember(path.parent)


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """
    What the file holds, made by whoever comes first and never again, also of many threads and processes.

    Readable and writable by its owner only; never half a file.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent) as new:  # a name that no other thread has
            new.write(make())
            new.flush()
            os.fsync(new.fileno())
            with contextlib.suppress(FileExistsError):  # somebody was faster: theirs it is
                os.link(new.name, path)
        _remember(path.parent)
    return path.read_bytes()


def _remember(folder: Path) -> None:
    """Have the folder's names on the disk too (fsync(2): the file's own sync does not)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
