"""A small hall: two agencies, counters, officers, services."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Counter, Mall, Membership
from gerai.catalogue.models import Edition, Service
from gerai.floor import devices, services
from gerai.floor.access import TOKEN
from gerai.floor.models import Device
from gerai.ledger.rules import ActorRef
from gerai.visits import services as visits
from gerai.visits.models import Visit

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bengkulu
KIOSK = ActorRef("device", "kiosk")


def later(minutes: float) -> datetime:
    """So many minutes after the morning began."""
    return MORNING + timedelta(minutes=minutes)


class Hall:
    """Agencies X and Y with `counters` counters that serve both, an officer at each."""

    def __init__(self, counters: int = 1) -> None:
        self.mall = Mall.objects.create(
            code="1771", name="Mal Uji", city="Bengkulu", opening={"mon": ["08:00", "15:00"]}
        )
        self.services: dict[str, Service] = {}
        agencies = []
        for code in ("X", "Y"):
            agency = Agency.objects.create(
                mall=self.mall,
                code=code,
                name={"id": code, "en": code},
                short=code,
                kind="opd",
                live_at=MORNING,
            )
            agencies.append(agency)
            self.services[code] = Service.objects.create(
                agency=agency, code=code, name={"id": code, "en": code}, kind="licence", counter_minutes=10
            )
        self.officers = []
        for number in range(1, counters + 1):
            counter = Counter.objects.create(mall=self.mall, number=number)
            counter.agencies.set(agencies)
            officer = Person.objects.create(
                name=f"P{number}", email=f"p{number}@uji.test", created_at=MORNING
            )
            member = Membership.objects.create(
                mall=self.mall, agency=agencies[0], person=officer, role="counter_officer"
            )
            services.sign_on(member=member, counter_number=number, now=MORNING)
            self.officers.append(officer)

    def offer(self, agency: str, code: str) -> Service:
        """One more service of an agency, published."""
        made = Service.objects.create(
            agency=self.services[agency].agency,
            code=code,
            name={"id": code, "en": code},
            kind="licence",
            counter_minutes=5,
        )
        Edition.objects.create(service=made, number=1, content={}, status="published", published_at=MORNING)
        self.services[code] = made
        return made

    def officer(self, name: str, agency: str = "X") -> Membership:
        """Somebody who may work at the counters of an agency and works at none yet."""
        person = Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MORNING)
        return Membership.objects.create(
            mall=self.mall, agency=self.services[agency].agency, person=person, role="counter_officer"
        )

    def arrive(self, *codes: str, at: float = 0, **more: Any) -> Visit:
        """Somebody comes for these."""
        return visits.arrive(
            mall=self.mall,
            chosen=[self.services[code] for code in codes],
            entrance="A",
            actor=KIOSK,
            now=later(at),
            **more,
        )


ZONES = {"zones": [{"code": code, "name": {"id": f"Zona {code}", "en": f"Zone {code}"}} for code in "AB"]}


def pair(mall: Mall, kind: str, *, at: datetime = MORNING, **place: Any) -> Device:
    """A machine of the hall that is let in; its token is in `.token`."""
    device, token = devices.pair(mall=mall, kind=kind, name=kind, actor=KIOSK, now=at, **place)
    device.token = token  # type: ignore[attr-defined]
    return device


def enter(client: Any, device: Device) -> None:
    """Let a test's browser be this machine."""
    client.cookies[TOKEN.format(device.kind)] = device.token  # type: ignore[attr-defined]
