"""Reading people."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gerai.accounts import rules
from gerai.accounts.models import Person


def by_contact(text: str) -> Person | None:
    """The active person with this e-mail address or phone number."""
    text = text.strip()
    if "@" in text:
        return Person.objects.filter(email__iexact=text, is_active=True).first()
    try:
        return Person.objects.filter(phone=rules.check_phone(text), is_active=True).first()
    except rules.PhoneMalformed:
        return None


def name_of(ids: Iterable[UUID | str]) -> dict[Any, str]:
    """Names by person id."""
    return dict(Person.objects.filter(pk__in=[i for i in ids if i]).values_list("pk", "name"))
