"""Reading what was done with a person's data."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from gerai.accounts import queries as people
from gerai.agencies.models import Membership
from gerai.applications import queries as applications
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import noting
from gerai.visits import queries as visits

OPENINGS = {
    "documents.opened": "membuka berkas Anda",
    "accounts.nik_opened": "membuka NIK Anda",
    "reviews.opened": "membuka permohonan Anda",
    "permits.opened": "membuka izin Anda",
    "floor.file_opened": "membuka berkas kunjungan Anda",
    "accounts.proven": "melihat KTP Anda",
    "accounts.register_checked": "mencocokkan NIK Anda dengan data kependudukan",
    "applications.opened": "membuka permohonan Anda",
    "applications.taken_up": "membantu permohonan Anda di meja informasi",
    "applications.mandate_used": "memulai permohonan atas nama Anda, dengan kuasa Anda",
    "visits.identified": "mencatat nomor antrean atas nama Anda",
}

LINK = gettext_noop(
    "Ponsel yang membuka tautan Anda"
)  # the one that the desk showed: who holds it we do not know
ITSELF = gettext_noop("Sistem mal, otomatis")


def openings(person: Any, limit: int) -> list[dict[str, Any]]:
    """Who opened the person's data, newest first: {at, who, agency, what}."""
    entries = list(
        Entry.objects.filter(subject=f"person:{person.pk}", kind__in=OPENINGS)
        .exclude(actor_id=str(person.pk))
        .order_by("-id")[:limit]
    )
    ids = {entry.actor_id for entry in entries if entry.actor_kind == "person"}
    names = {str(pk): name for pk, name in people.name_of(ids).items()}
    places = _places(ids)
    return [
        {
            "at": entry.at,
            "who": _who(entry, names),
            "agency": places.get((entry.actor_id, entry.data.get("agency", "")))
            or places.get((entry.actor_id, ""), ""),
            "what": OPENINGS[entry.kind],
            "number": entry.data.get("number") or "",
        }
        for entry in entries
    ]


def _who(entry: Entry, names: dict[str, str]) -> str:
    if _by_link(entry):
        return gettext(LINK)
    return gettext(ITSELF) if entry.actor_kind == "system" else names.get(entry.actor_id, entry.actor_id)


def _by_link(entry: Entry) -> bool:
    return entry.actor_kind == "device" and entry.kind == "documents.opened"


def _places(ids: set[str]) -> dict[tuple[str, str], str]:
    """Where the people work: by person and agency code, and by person alone where none is known."""
    found: dict[tuple[str, str], str] = {}
    for member in (
        Membership.objects.filter(person_id__in=ids).select_related("agency", "mall").order_by("id")
    ):
        name = member.agency.short if member.agency else member.mall.name
        found.setdefault((str(member.person_id), member.agency.code if member.agency else ""), name)
        found.setdefault((str(member.person_id), ""), name)
    return found


# Officers' notes are told to exist; what they say the agency decides on request (docs/decisions/0013).
NOTES_RULE = {
    "id": "Petugas menulis catatan kerja tentang permohonan ini. Isinya tidak ikut di sini: mintalah kepada instansi "
    "yang memeriksa, yang memutuskannya menurut undang-undang.",
    "en": "Officers wrote working notes about this application. What they say is not included here: ask the agency "
    "that examines it, which decides by law.",
}


def _notes(count: int) -> dict[str, Any]:
    return {"count": count, "rule": NOTES_RULE} if count else {"count": 0}


def export(person: Any) -> dict[str, Any]:
    """What we keep about the person, and who opened it."""
    mine = list(applications.of(person))
    notes = noting.counted(mine)
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "nik_masked": person.nik_masked,
        "proven_at": person.proven_at,
        "created_at": person.created_at,
        "applications": [
            {
                "number": application.number,
                "service": application.service.name,
                "status": application.status,
                "created_at": application.created_at,
                "submitted_at": application.submitted_at,
                "decided_at": application.decided_at,
                "answers": applications.answers_of(application),
                "outside_result": application.outside,
                "officers_notes": _notes(notes.get(application.pk, 0)),
            }
            for application in mine
        ],
        "visits": [
            {
                "number": str(visit),
                "day": visit.day,
                "slot_at": visit.slot_at,
                "arrived_at": visit.arrived_at,
                "ended_at": visit.ended_at,
                "stage": visit.stage,
                "called_first": visit.priority,
                "people": visit.party,
                "company": visit.company,
                "errands": [
                    {
                        "service": errand.service.name,
                        "agency": errand.agency.name,
                        "state": errand.state,
                        "called_at": errand.called_at,
                        "started_at": errand.started_at,
                        "ended_at": errand.ended_at,
                    }
                    for errand in visit.errands.all()
                ],
            }
            for visit in visits.of(person).prefetch_related("errands__service", "errands__agency")
        ],
        "documents": list(
            Document.objects.filter(owner_id=person.pk)
            .order_by("created_at")
            .values("kind", "name", "media_type", "size", "sha256", "created_at")
        ),
        "notices": list(
            Notice.objects.filter(person_id=person.pk)
            .order_by("created_at")
            .values("channel", "subject", "body", "status", "created_at", "sent_at")
        ),
        "openings": openings(person, 10_000),
    }
