"""Filters of the inbox: as they were typed, kept under a name, and removed. Writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gerai.core.errors import DomainError
from gerai.reviews.models import SavedFilter
from gerai.reviews.rules import Kind

MOST = 12  # of one officer
WHO = ("", "mine", "free")  # everybody's, one's own, those nobody works on


class FilterNameMissing(DomainError):
    """A filter is found by its name."""

    code = "filter_name_missing"
    text = "Beri nama saringan ini, paling banyak 40 huruf."


class NothingFiltered(DomainError):
    """All tasks are one press away already."""

    code = "nothing_filtered"
    text = "Pilih dulu yang ingin disaring, lalu simpan."


class TooManyFilters(DomainError):
    """More than can be overlooked."""

    code = "too_many_filters"
    text = "Paling banyak {most} saringan. Hapus satu yang tidak dipakai lagi."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part of the inbox; empty means all."""

    who: str = ""
    service: str = ""
    kind: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.who or self.service or self.kind)


def read(sent: Mapping[str, str]) -> Chosen:
    """What a form or an address asks for; what nobody can ask for counts as all."""
    who, kind = sent.get("who", ""), sent.get("kind", "")
    known = [one.value for one in Kind]
    return Chosen(who if who in WHO else "", sent.get("service", "")[:51], kind if kind in known else "")


def of(person: Any) -> QuerySet[SavedFilter]:
    """The filters that an officer keeps, by name."""
    return SavedFilter.objects.filter(person_id=person.pk).order_by("name")


@transaction.atomic
def keep(*, person: Any, name: str, chosen: Chosen, now: datetime) -> SavedFilter:
    """
    Keep a filter under a name; what had that name becomes this.

    :raises FilterNameMissing, NothingFiltered, TooManyFilters: nothing is changed then
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= 40:
        raise FilterNameMissing
    if not chosen.narrows:
        raise NothingFiltered
    others = [one for one in of(person).select_for_update() if one.name != name]
    if len(others) >= MOST:
        raise TooManyFilters(most=MOST)
    told = {"who": chosen.who, "service": chosen.service, "kind": chosen.kind, "saved_at": now}
    kept, _ = SavedFilter.objects.update_or_create(person_id=person.pk, name=name, defaults=told)
    return kept


@transaction.atomic
def remove(*, person: Any, filter_id: int) -> int:
    """Remove a filter of one's own. Twice is once; somebody else's stays. Returns how many went."""
    gone, _ = SavedFilter.objects.filter(person_id=person.pk, pk=filter_id).delete()
    return gone
