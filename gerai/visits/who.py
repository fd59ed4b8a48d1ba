"""How somebody comes: called earlier or not and by what proof, how many for the same, and who helps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gerai.agencies.models import Mall
from gerai.core.errors import DomainError

PRIORITIES = {
    "": "Tidak",
    "elderly": "Lansia",
    "disabled": "Disabilitas",
    "pregnant": "Hamil",
    "child": "Membawa anak kecil",
}
# What usually proves each, as a beginning for the mall's manager; nothing is asked for by it before they save it.
PROOFS = {
    "elderly": {"id": "KTP: usia 60 tahun ke atas", "en": "ID card: aged 60 and over"},
    "disabled": {
        "id": "Kartu penyandang disabilitas, atau terlihat oleh petugas",
        "en": "Disability card, or the officer can see it",
    },
    "pregnant": {
        "id": "Buku KIA atau surat dokter/bidan, atau terlihat oleh petugas",
        "en": "Mother-and-child book or a note from doctor or midwife, or the officer can see it",
    },
    "child": {
        "id": "Anak di bawah 5 tahun yang ikut datang",
        "en": "The child under 5 who comes along",
    },
}
COMPANY = {"": "Tidak", "companion": "Pendamping", "interpreter": "Juru bahasa"}
MAX_PARTY = 10


class PriorityUnknown(DomainError):
    """Not a priority the mall knows."""

    code = "priority_unknown"
    text = "Pilihan prioritas tidak dikenal. Pilih dari yang ada di layar."


class CompanyUnknown(DomainError):
    """Not a companion the mall knows."""

    code = "company_unknown"
    text = "Pilihan pendamping tidak dikenal. Pilih dari yang ada di layar."


class PartyWrong(DomainError):
    """How many come together."""

    code = "party_wrong"
    text = (
        "Jumlah orang harus 1 sampai 10. Untuk rombongan lebih besar, buat lebih dari satu janji atau nomor."
    )


def check(given: Mapping[str, Any], priority: str, company: str, party: int) -> None:
    """
    Let somebody come so: with a priority that the mall gives (`Mall.priorities`), with company, as so many.

    :raises PriorityUnknown, CompanyUnknown, PartyWrong: otherwise
    """
    if priority not in PRIORITIES or (priority and given and priority not in given):
        raise PriorityUnknown
    if company not in COMPANY:
        raise CompanyUnknown
    if not 1 <= party <= MAX_PARTY:
        raise PartyWrong


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of visitor who may be called earlier; `proof` is {"id", "en"}, None where the mall has one for all."""

    code: str
    name: str
    proof: dict[str, str] | None


def of(mall: Mall) -> list[Group]:
    """The groups to choose from, "no" first; all that Gerai knows where the mall has decided nothing."""
    given = mall.priorities
    return [
        Group(code, name, given.get(code))
        for code, name in PRIORITIES.items()
        if not code or not given or code in given
    ]


def of_visit(mall: Mall, priority: str) -> Group | None:
    """The group of somebody who is called earlier, for who looks at the proof."""
    return next((group for group in of(mall) if priority and group.code == priority), None)


def for_forms(mall: Mall) -> dict[str, Any]:
    """What a form needs to ask how somebody comes."""
    general = None if mall.priorities else mall.details.get("priority_proof")
    return {"groups": of(mall), "proof": general, "companies": COMPANY.items()}
