"""What an entry of the ledger is made of. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ActorRef:
    """Who did it: a plain id with a kind, so that the ledger knows nobody.

    Kinds: person, device, system.
    """

    kind: str
    id: str


def follows(*kinds: str, together: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Say on which kinds of entries (or beginnings of them) a consumer acts: the rest passes it by, many at once.

    `together`: it takes a list of entries, for what costs the same for one and for many.
    """

    def mark(consumer: Any) -> Any:
        consumer.kinds, consumer.together = kinds, together
        return consumer

    return mark


SYSTEM = ActorRef("system", "gerai")


def retry_after(failures: int) -> int:
    """Seconds to wait before a failed entry is tried again: 1, 2, 4 ... at most five minutes."""
    return int(min(300, 2 ** min(failures - 1, 9)))
