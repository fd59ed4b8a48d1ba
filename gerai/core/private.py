"""Files that only their owner may read: keys, passwords."""

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write the whole file or nothing, readable and writable by its owner only."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)
