"""Who claims, proves, invites and removes, in the tests of businesses."""

from typing import Any

from gerai.accounts import businesses, inviting, services
from gerai.accounts.models import Business, BusinessInvite, BusinessMember, Person
from gerai.accounts.tests import registers as outside
from gerai.accounts.tests.make import MALL, MORNING, OTHER_NIK, person
from gerai.accounts.tests.registers import NIB, RAFFLESIA
from gerai.ledger import queries as ledger
from gerai.ledger.models import Entry

THIRD = "1771990107850003"


class Cast:
    """sari owns, budi is invited, dewi stands at the desk."""

    def __init__(self) -> None:
        self.dewi = person("dewi@uji.test", OTHER_NIK, "Dewi")
        self.sari = self.proven(person())
        self.budi = person("budi@uji.test", THIRD, "Budi Hartono")
        outside.answers[NIB] = RAFFLESIA

    def proven(self, who: Person) -> Person:
        services.prove(mall=MALL, person=who, officer=self.dewi, now=MORNING)
        who.refresh_from_db()
        return who

    def owned(self) -> Business:
        return claim(self.sari).business

    def joined(self, role: str = "staff") -> Business:
        business = self.owned()
        made = invite(self.sari, business, role=role)
        answer(self.budi, made)
        return business


def claim(who: Person, nib: str = NIB, name: str = "Klinik") -> BusinessMember:
    return businesses.claim(mall=MALL, person=who, nib=nib, name=name, now=MORNING)


def invite(
    who: Person, business: Business, contact: str = "Budi@uji.test", role: str = "staff"
) -> BusinessInvite:
    return inviting.invite(
        mall=MALL, person=who, business_id=business.pk, contact=contact, role=role, now=MORNING
    )


def answer(who: Person, made: BusinessInvite, accept: bool = True) -> None:
    inviting.answer_invite(mall=MALL, person=who, invite_id=made.pk, accept=accept, now=MORNING)


def remove(who: Person, business: Business, member: BusinessMember) -> None:
    businesses.remove(mall=MALL, person=who, business_id=business.pk, member_id=member.pk, now=MORNING)


def prove(cast: Cast, who: Person, **changes: Any) -> BusinessMember:
    given = {
        "mall": MALL,
        "nib": NIB,
        "person": who,
        "papers_seen": True,
        "officer": cast.dewi,
        "now": MORNING,
    }
    return businesses.prove(**{**given, **changes})


def kinds(business: Business) -> list[str]:
    return [e.kind for e in ledger.history(MALL, f"business:{business.pk}")]


def state() -> Any:
    return (
        list(Business.objects.order_by("pk").values()),
        list(BusinessMember.objects.order_by("pk").values()),
        list(BusinessInvite.objects.order_by("pk").values()),
        Entry.objects.count(),
    )
