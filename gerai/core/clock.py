"""The only place that reads the wall clock. Called at edges (pages, api, tasks, commands), never below."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
