"""What accounts write in the ledger, told to those it concerns: accounts stand below and cannot. And what it ends."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gerai.accounts import queries as people
from gerai.accounts.businesses import OWNER
from gerai.accounts.models import BusinessInvite, Person
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import devices, services

BUSINESSES = "/saya/usaha/"


def tell_contact(
    *, entry: Entry, contact: str, template: str, path: str, data: dict[str, Any] | None = None
) -> None:
    """
    To whoever has a contact: on their account, or else how to get one. Who named the contact learns nothing of it.

    Nobody is named: the message goes to an address that may be mistyped.
    """
    person, about = people.owner_of_contact(contact), data or {}
    if person is not None:
        _send(entry, [person], template, {**about, "path": path})
        return
    services.send_to_contact(
        key=f"{template}:{entry.pk}",
        mall=entry.mall,
        contact=contact,
        template=f"{template}_new",
        data={**about, "path": f"/daftar/?next={path}"},
        language="id",
        now=clock.now(),
    )


def _send(entry: Entry, to: Iterable[Person], template: str, data: dict[str, Any]) -> None:
    for person in to:
        key = f"{template}:{entry.pk}:{person.pk}"
        services.send(key=key, mall=entry.mall, person=person, template=template, data=data, now=clock.now())


# What changes how somebody signs in; told to them, because it may have been somebody else.
SIGN_IN = {
    "accounts.password_changed": {"id": "Kata sandi diganti", "en": "The password was changed"},
    "accounts.authenticator_added": {
        "id": "Aplikasi autentikator dipasang",
        "en": "An authenticator app was set up",
    },
    "accounts.authenticator_removed": {
        "id": "Aplikasi autentikator dilepas",
        "en": "The authenticator app was taken away",
    },
}


@follows("accounts.business_", "accounts.deactivated", *SIGN_IN)
def follow(entry: Entry) -> None:
    """Tell of a business, and of a changed way to sign in; let devices go with the account or its password."""
    if entry.kind.startswith("accounts.business_"):
        _of_business(entry)
        return
    person_id = entry.subject.removeprefix("person:")
    devices.drop_stale(person_id=person_id)
    if what := SIGN_IN.get(entry.kind):
        found = Person.objects.filter(pk=person_id, is_active=True)
        _send(entry, found, "account_changed", {"what": what, "path": "/akun/"})


def _of_business(entry: Entry) -> None:
    business_id = UUID(entry.subject.removeprefix("business:"))
    event, data = entry.kind.removeprefix("accounts.business_"), {"path": BUSINESSES}
    if event in ("invited", "invite_ended"):
        invite = BusinessInvite.objects.filter(pk=entry.data["invite"]).first()
        contact = people.contact_of_invite(invite) if invite else ""
        if invite and event == "invited" and invite.ended_at is None:
            tell_contact(entry=entry, contact=contact, template="business_invited", path=BUSINESSES)
        elif invite and event == "invite_ended":
            known = people.owner_of_contact(contact)
            _send(entry, [known] if known else [], "business_invite_over", data)
    elif event in ("joined", "left", "declined"):
        other = Person.objects.filter(pk=entry.data["person"]).first() if "person" in entry.data else None
        owners = people.colleagues(business_id).filter(role=OWNER)
        told = [member.person for member in owners if other is None or member.person_id != other.pk]
        _send(entry, told, f"business_{event}", data)
        _send(entry, [other] if other else [], f"business_you_{event}", data)
