"""The generic form: what is asked from home where a service has no questions of its own. Pure.

Agencies review before the visit; the result is handed over at the counter, or made in the agency's own system.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gerai.catalogue import rules
from gerai.catalogue.yaml_lines import Path

GENERIC = "generic"  # in a file: `online: generic`; in an edition: `form: generic`
OPTIONAL, NEEDED = "optional", "needed"  # of `proof`: whether a result comes with its document
Found = Iterator[tuple[Path, str, str, str]]
PHONE = {
    "key": "phone",
    "label": {"id": "Nomor telepon", "en": "Phone number"},
    "type": "text",
    "personal": True,
    "shared": True,
    "schema": {"pattern": r"^\+?[0-9]{9,15}$"},
}
SECTION: dict[str, Any] = {
    "key": "need",
    "title": {"id": "Keperluan Anda", "en": "What you need"},
    "fields": [
        {
            "key": "need",
            "label": {"id": "Apa yang Anda perlukan?", "en": "What do you need?"},
            "help": {
                "id": "Tulis singkat, juga bila ada yang perlu diketahui petugas sebelum Anda datang.",
                "en": "Briefly, and whatever the officer should know before you come.",
            },
            "type": "textarea",
            "personal": True,
            "schema": {"minLength": 5, "maxLength": 1000},
        },
        {
            "key": "for_whom",
            "label": {"id": "Untuk siapa?", "en": "For whom?"},
            "type": "choice",
            "choices": [
                {"value": "self", "label": {"id": "Untuk saya sendiri", "en": "For myself"}},
                {"value": "family", "label": {"id": "Untuk anggota keluarga", "en": "For a family member"}},
            ],
        },
        {
            "key": "family_name",
            "label": {"id": "Nama lengkapnya", "en": "Their full name"},
            "type": "text",
            "personal": True,
            "shared": True,  # of a moment of life it is mostly the same person
            "schema": {"minLength": 2, "maxLength": 120},
            "when": "answers.for_whom == 'family'",
        },
        PHONE,
    ],
}


def is_wanted(service: Mapping[str, Any]) -> bool:
    """Whether a service of a file asks for the generic form."""
    return service.get("online") == GENERIC


def is_generic(content: Mapping[str, Any]) -> bool:
    """Whether an edition has the generic form: prepared from home, finished at the counter."""
    return content.get("form") == GENERIC


def needs_proof(content: Mapping[str, Any]) -> bool:
    """Whether a result of another system is recorded only with its document."""
    return content.get("proof") != OPTIONAL


def filled(service: Mapping[str, Any]) -> dict[str, Any]:
    """A service of a file with the questions that it gets; any other as it is."""
    if not is_wanted(service):
        return dict(service)
    return {"proof": OPTIONAL, **service, "questions": [SECTION], "route": []}


def problems(service: Mapping[str, Any], here: Path) -> Found:
    """A generic form is whole by itself, and another system finishes what it begins."""
    outside = rules.is_outside(str(service.get("system_of_record", rules.OURS)))
    if "proof" in service and not outside:
        yield (
            (*here, "proof"),
            "proof_ours",
            "Hanya hasil dari sistem lain yang dicatat dengan dokumennya. Hapus baris proof.",
            "Only a result of another system is recorded with its document. Remove the line proof.",
        )
    if not is_wanted(service):
        return
    if not outside:
        yield (
            (*here, "online"),
            "generic_ours",
            f"Formulir umum hanya untuk hasil dari sistem lain. Tulis system_of_record, atau tulis online: true "
            f"dengan questions dan permit bila {rules.OURS} yang menerbitkan.",
            f"The generic form is for results of another system only. Write system_of_record, or online: true with "
            f"questions and permit if {rules.OURS} issues it.",
        )
    if str(service["fee"]["amount"]).strip() != "0":
        yield (
            (*here, "fee", "amount"),
            "generic_fee",
            "Gerai tidak menagih yang hanya disiapkan di sini. Tulis amount: '0', dan dalam text berapa dan di mana "
            "dibayar.",
            "Gerai collects nothing for what is only prepared here. Write amount: '0', and in text how much is paid "
            "and where.",
        )
    for part in ("questions", "route"):
        if service.get(part):
            yield (
                (*here, part),
                "generic_with_own",
                f"Formulir umum sudah membawa pertanyaannya dan tidak punya tahapan. Hapus {part}, atau tulis "
                "online: true.",
                f"The generic form brings its questions and has no stages. Remove {part}, or write online: true.",
            )
