"""`gerai notices bounces [PATH]`: take in mail that came back, from a mailbox or, as a pipe, from standard input."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gerai.core import clock
from gerai.notices import bounces

LIMIT = 10 * 1024 * 1024  # bytes of one message on standard input


class Command(BaseCommand):
    """Read delivery-status messages; each counts once, however often it is read."""

    help = "Take in mail that came back: an mbox file, a Maildir folder, or one message on standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the messages are."""
        parser.add_argument("what", choices=["bounces"])
        parser.add_argument("path", nargs="?", type=Path, help="an mbox file or a Maildir folder")
        parser.add_argument(
            "--to", default="", help="the address that it came to, if the message does not say it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each in by itself; say how many were what."""
        path, to = options["path"], options["to"]
        if path is not None and not path.exists():
            raise CommandError(f"Tidak ada: {path} / There is no {path}")
        found = _unseen(path) if path is not None else iter([sys.stdin.buffer.read(LIMIT)])
        counts = Counter(bounces.take(raw=raw, to=to, now=clock.now()) for raw in found)
        self.stdout.write(", ".join(f"{what}: {n}" for what, n in sorted(counts.items())) or "0")


def _unseen(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox; those of a Maildir are marked as seen once they are taken in."""
    if not path.is_dir():
        box = mailbox.mbox(path, create=False)
        yield from (box.get_bytes(key) for key in box.iterkeys())
        return
    folder = mailbox.Maildir(path, create=False)
    for key in list(folder.keys()):
        message = folder.get_message(key)
        if "S" in message.get_flags():
            continue
        yield folder.get_bytes(key)
        message.set_subdir("cur")
        message.add_flag("S")
        folder[key] = message
