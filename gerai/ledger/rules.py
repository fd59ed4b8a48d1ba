"""What an entry of the ledger is made of. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActorRef:
    """Who did it: a plain id with a kind, so that the ledger knows nobody.

    Kinds: person, device, system.
    """

    kind: str
    id: str


SYSTEM = ActorRef("system", "gerai")


def retry_after(failures: int) -> int:
    """Seconds to wait before a failed entry is tried again: 1, 2, 4 ... at most five minutes."""
    return int(min(300, 2 ** min(failures - 1, 9)))
