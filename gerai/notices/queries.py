"""Reading what was sent."""

from collections.abc import Iterable

from gerai.notices.models import Notice


def known(keys: Iterable[str]) -> set[str]:
    """Which of these messages exist already."""
    return set(Notice.objects.filter(key__in=list(keys)).values_list("key", flat=True))
