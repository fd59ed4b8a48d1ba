"""A business with its people: an owner, staff, a consultant."""

from typing import Any

from gerai.accounts import businesses
from gerai.accounts import services as accounts
from gerai.accounts.models import Business, BusinessMember, Person
from gerai.accounts.tests import registers as outside
from gerai.applications import services
from gerai.applications.models import Application
from gerai.applications.tests.make import GOOD, MONDAY, World, save

NIK = "1771994107900001"


class Firm(World):
    """sari owns a business, rudi is staff, kuncoro advises; budi is a stranger."""

    def __init__(self) -> None:
        super().__init__()
        self.sari = accounts.register(
            mall="1771", name="Sari Wulandari", nik=NIK, email="s@uji.test", now=MONDAY
        )
        accounts.prove(mall="1771", person=self.sari, officer=self.desk, now=MONDAY)
        self.sari.refresh_from_db()
        outside.answers[outside.NIB] = outside.RAFFLESIA
        member = businesses.claim(mall="1771", person=self.sari, nib=outside.NIB, name="", now=MONDAY)
        self.firm: Business = member.business
        self.rudi, self.kuncoro = self.join("Rudi", "staff"), self.join("Kuncoro", "consultant")

    def join(self, name: str, role: str) -> Person:
        found = Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MONDAY)
        BusinessMember.objects.create(business=self.firm, person=found, role=role, since=MONDAY)
        return found

    def leave(self, who: Person) -> None:
        BusinessMember.objects.filter(person=who).update(active=False, ended_at=MONDAY)

    def begun(self, who: Person | None = None) -> Application:
        given: dict[str, Any] = {"person": who or self.sari, "business_id": self.firm.pk}
        return services.start(service=self.service, now=MONDAY, **given)

    def full(self) -> Application:
        draft = self.begun()
        save(self.rudi, draft, GOOD)
        save(self.kuncoro, draft, GOOD, "more")
        self.attach(draft, who=self.rudi)
        return draft
