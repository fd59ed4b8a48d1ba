"""Writing the ledger. `append` is called inside the transaction that changes the state."""

from datetime import datetime
from typing import Any

from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef


def append(
    *,
    mall: str,
    kind: str,
    subject: str,
    actor: ActorRef,
    now: datetime,
    data: dict[str, Any] | None = None,
    cause: int | None = None,
) -> Entry:
    """Add one entry. `kind` is "room.past_tense"; `data` holds no personal data, only references."""
    return Entry.objects.create(
        mall=mall,
        kind=kind,
        subject=subject,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=now,
        data=data or {},
        cause=cause,
    )
