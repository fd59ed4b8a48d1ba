"""Bringing the tables up to date, from an empty database or from what an earlier Gerai left."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# The commit by which the steps were folded: the version before it still holds every one up to `0001_tables`.
FOLDED = "config: One migration per room"


class TooOld(SystemExit):
    """The tables are of a version whose next steps are not kept any more."""


def migrate() -> None:
    """
    Make or change the tables; nothing to do is nothing done.

    :raises TooOld: as from `check`; nothing is changed then
    """
    check()
    call_command("migrate", verbosity=0, interactive=False)


def check() -> None:
    """
    Whether these tables can be brought up to date from here.

    :raises TooOld: if only some of the steps were done that one migration stands for now
    """
    rooms = half_way(MigrationLoader(connection))
    if rooms:
        names = ", ".join(rooms)
        raise TooOld(
            f"Tabel di basis data ini dari Gerai yang terlalu lama ({names}). Jalankan dahulu sekali versi sebelum "
            f'"{FOLDED}" (git log --grep, git checkout, ./start), lalu versi ini lagi.\n'
            f"The tables in this database are of too old a Gerai ({names}). Run the version before "
            f'"{FOLDED}" once (git log --grep, git checkout, ./start), then this one again.'
        )


def half_way(loader: MigrationLoader) -> list[str]:
    """The rooms where some, but not all, of the steps are done that one migration stands for. Django would skip it."""
    done = loader.applied_migrations
    found = set()
    for (room, _), stands_for in loader.replacements.items():
        steps = [step in done for step in stands_for.replaces]
        if any(steps) and not all(steps):
            found.add(room)
    return sorted(found)
