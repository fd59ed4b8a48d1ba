"""A mall with two agencies, its leaders, and entries written the way every room writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall, Membership
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

NOW = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)  # Monday, 10.15 in Bengkulu
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


class World:
    """DINKES works; PUPR does nothing yet."""

    def __init__(self) -> None:
        self.mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu", opening=HOURS)
        self.agencies = {
            code: Agency.objects.create(
                mall=self.mall, code=code, name={"id": code, "en": code}, short=code, kind="opd",
                live_at=NOW - timedelta(days=40),
            )
            for code in ("DINKES", "PUPR")
        }  # fmt: skip

    def member(self, name: str, role: str, code: str | None = None) -> Person:
        """Somebody with a role, at an agency or at the mall."""
        person = Person.objects.create(name=name, email=f"{name}@uji.test", created_at=NOW)
        agency = self.agencies[code] if code else None
        Membership.objects.create(mall=self.mall, agency=agency, person=person, role=role)
        return person

    def entry(self, kind: str, number: str, *, ago: timedelta = timedelta(minutes=5), **data: Any) -> None:
        """One entry of DINKES unless `agency` says otherwise."""
        ledger.append(
            mall="1771", kind=kind, subject=f"application:{number}", actor=ActorRef("person", "p"),
            now=NOW - ago, data={"agency": "DINKES", "number": number, **data},
        )  # fmt: skip
