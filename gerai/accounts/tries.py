"""Tries at something that must not be guessed or flooded, counted before they are looked at. Writes."""

from datetime import datetime

from gerai.accounts.models import Try
from gerai.core import encryption


def count(subject: str, limit: int, since: datetime, now: datetime) -> bool:
    """Write a try down first, then count: many at once cannot slip through. Whether there were too many."""
    index = encryption.blind_index(subject, place="accounts.try")
    Try.objects.create(subject_index=index, created_at=now)
    return Try.objects.filter(subject_index=index, created_at__gt=since).count() > limit


def forget(subject: str) -> None:
    """One try less: the last was right."""
    index = encryption.blind_index(subject, place="accounts.try")
    last = Try.objects.filter(subject_index=index).order_by("-pk").values("pk")[:1]
    Try.objects.filter(pk__in=last).delete()


def is_one_machine(address: str) -> bool:
    """Whether the address tells people apart. Behind a proxy on this machine it does not."""
    return bool(address) and address not in ("127.0.0.1", "::1")
