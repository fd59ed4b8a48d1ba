"""The command `gerai`: start everything, run the worker, save and restore, and every Django command."""

import os
import sys

from gerai.config.binaries import NoDatabase
from gerai.config.environment import prepare

# These change tables, so they run as the owner of the tables.
AS_OWNER = {"migrate", "makemigrations", "flush", "dbshell", "sqlflush"}


def main() -> None:
    """Run `gerai` with the arguments of the command line."""
    arguments = sys.argv[1:] or ["help"]
    try:
        sys.exit(run(arguments))
    except NoDatabase as trouble:
        sys.exit(str(trouble))


def run(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    name = arguments[0]
    if name == "bench":
        from gerai.config import benches

        return benches.command(arguments[1:])
    if name in AS_OWNER:
        os.environ["GERAI_AS_OWNER"] = "yes"
    cluster = prepare()
    if name == "up":
        from gerai.config.supervisor import up

        return up(cluster, arguments[1:])
    ours = cluster is not None and cluster.start()
    try:
        return _command(name, arguments)
    finally:
        if ours and cluster is not None:
            cluster.stop()


def _command(name: str, arguments: list[str]) -> int:
    if name == "worker":
        from gerai.config.worker import work

        return work()
    if name in ("backup", "restore"):
        from gerai.config import backup

        return backup.command(arguments)
    from django.core.management import execute_from_command_line

    if name == "migrate":
        import django

        from gerai.config import tables

        django.setup()
        tables.check()
    execute_from_command_line(["gerai", *arguments])
    if name == "migrate":
        from gerai.config.grants import grant

        grant(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    return 0


if __name__ == "__main__":
    main()
