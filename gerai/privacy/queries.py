"""Reading what was done with a person's data."""

from typing import Any

from gerai.accounts import queries as people
from gerai.ledger.models import Entry

OPENINGS = {
    "documents.opened": "membuka berkas Anda",
    "accounts.nik_opened": "membuka NIK Anda",
    "reviews.opened": "membuka permohonan Anda",
    "floor.file_opened": "membuka berkas kunjungan Anda",
    "accounts.proven": "melihat KTP Anda",
}


def openings(person: Any, limit: int) -> list[dict[str, Any]]:
    """Who opened the person's data, newest first: {at, who, agency, what}."""
    entries = list(
        Entry.objects.filter(subject=f"person:{person.pk}", kind__in=OPENINGS).order_by("-id")[:limit]
    )
    names = {str(k): v for k, v in people.name_of([e.actor_id for e in entries if e.actor_kind == "person"]).items()}
    return [
        {
            "at": entry.at,
            "who": names.get(entry.actor_id, entry.actor_id),
            "agency": entry.data.get("agency", ""),
            "what": OPENINGS[entry.kind],
        }
        for entry in entries
    ]


def export(person: Any) -> dict[str, Any]:
    """What we keep about the person's account, and who opened it."""
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "nik_masked": person.nik_masked,
        "proven_at": person.proven_at,
        "created_at": person.created_at,
        "openings": openings(person, 10_000),
    }
