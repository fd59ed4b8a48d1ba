"""Reading documents. Whoever asks has been checked by the room that calls."""

from collections.abc import Iterable
from uuid import UUID

from gerai.documents.models import Document


def latest(owner_id: UUID, kinds: Iterable[str]) -> dict[str, Document]:
    """The latest document of each of these kinds that somebody owns, by kind."""
    found = Document.objects.filter(owner_id=owner_id, kind__in=list(kinds))
    return {one.kind: one for one in found.order_by("created_at", "id")}
