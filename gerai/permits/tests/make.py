"""The fixed cast of the permit tests: sari applies, budi is a stranger, kepala signs for the agency."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall, Membership
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue.models import Edition, Service
from gerai.permits import services
from gerai.permits.models import Permit

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bengkulu
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
ADDRESS = "Jalan Suprapto 12"


def both(text: str) -> dict[str, str]:
    """A bilingual text."""
    return {"id": text, "en": text}


CONTENT: dict[str, Any] = {
    "summary": both("Izin uji"),
    "standard": {
        "procedure": [both("Ajukan")], "product": both("Izin"), "complaints": both("Meja"),
        "legal_basis": ["UU 17/2023 tentang Kesehatan"], "validity": both("5 tahun"),
        "time": {"days": 5, "kind": "working"},
    },
    "requirements": [],
    "questions": [{"key": "data", "title": both("Data"), "fields": [
        {"key": "clinic", "label": both("Tempat praktik"), "type": "text", "required": True},
        {"key": "start", "label": both("Mulai praktik"), "type": "date", "required": True},
        {"key": "home", "label": both("Alamat rumah"), "type": "text", "required": True, "personal": True},
    ]}],
    "fee": {"amount": "0", "text": both("Gratis"), "confirmed": True, "source": "x"},
    "route": [],
    "permit": {
        "title": both("Surat Izin Praktik Dokter"),
        "body": [
            {"label": both("Tempat praktik"), "value": "clinic"},
            {"label": both("Mulai praktik"), "value": "start"},
            {"label": both("Alamat rumah"), "value": "home"},
        ],
        "valid_years": 5,
    },
    "deemed": True, "system_of_record": "gerai", "source": {"url": "x", "verified_on": None},
}  # fmt: skip


def person(name: str) -> Person:
    """Somebody with an account."""
    return Person.objects.create(name=name, email=f"{name.split()[0].lower()}@uji.test", created_at=MONDAY)


class World:
    """A mall with two agencies and one service without a fee."""

    def __init__(self, **permit: Any) -> None:
        self.mall = Mall.objects.create(
            code="1771", name="Mal Pelayanan Publik Uji", city="Bengkulu", opening=HOURS
        )
        self.agencies = {
            code: Agency.objects.create(
                mall=self.mall, code=code, name=both(f"Dinas {code}"), short=code, kind="opd", live_at=MONDAY
            )
            for code in ("DINKES", "PUPR")
        }
        self.service = Service.objects.create(
            agency=self.agencies["DINKES"], code="SIP", name=both("Izin praktik dokter"), kind="licence",
            online=True, counter_minutes=10,
        )  # fmt: skip
        content = {**CONTENT, "permit": {**CONTENT["permit"], **permit}}
        Edition.objects.create(
            service=self.service, number=1, content=content, status="published", published_at=MONDAY
        )
        self.sari, self.budi = person("Sari Wulandari"), person("Budi Santoso")
        self.kepala = self.staff("Kepala Dinas", "DINKES", "signer")
        self.other = self.staff("Orang Lain", "PUPR", "signer")

    def staff(self, name: str, agency: str, role: str) -> Person:
        """An officer with one role."""
        officer = person(name)
        Membership.objects.create(mall=self.mall, agency=self.agencies[agency], person=officer, role=role)
        return officer

    def waiting(self, who: Person | None = None, service: Service | None = None) -> Application:
        """An application that waits for the signing official."""
        who = who or self.sari
        draft = applications.start(person=who, service=service or self.service, now=MONDAY)
        raw = {"clinic": "Klinik Sehat", "start": "2026-12-01", "home": ADDRESS}
        assert not applications.save_answers(
            person=who, application_id=draft.pk, section="data", raw=raw, now=MONDAY
        )
        applications.submit(person=who, application_id=draft.pk, now=MONDAY)
        draft = marks.lock(draft.pk) if _in_transaction() else Application.objects.get(pk=draft.pk)
        for status in (Status.REVIEW, Status.DECISION):
            marks.mark(application=draft, status=status)
        return draft

    def reserved(
        self, who: Person | None = None, decided_by: Person | None = None, now: datetime = MONDAY
    ) -> Permit:
        """A decided permit that is not signed yet."""
        application = self.waiting(who)
        marks.mark(application=application, status=Status.SIGNING, decided_at=now)
        return services.issue(
            application=application,
            answers=application_queries.answers_of(application),
            decided_by=decided_by or self.kepala,
            now=now,
        )

    def poison(self) -> Permit:
        """A decided permit whose paper can never be made: its content says nothing."""
        application = self.waiting(person("Racun"))
        return Permit.objects.create(
            mall=self.mall, agency=application.agency, service=application.service, edition=application.edition,
            application=application, holder=application.applicant, number="RACUN", content={"kind": "permit"},
            decided_name="-", decided_title="-", decided_at=MONDAY - timedelta(hours=1), valid_from=MONDAY.date(),
        )  # fmt: skip

    def same_number_elsewhere(self, number: str, name: str = "Joko Wibowo") -> Permit:
        """Another agency's signed permit of this number, which its own series has come to as well."""
        agency = self.agencies["PUPR"]
        agency.permit_pattern = number.replace("0001", "{number:04d}")
        agency.save()
        service = Service.objects.create(
            agency=agency,
            code="SIP",
            name=both("Izin bangunan"),
            kind="licence",
            online=True,
            counter_minutes=10,
        )
        Edition.objects.create(
            service=service, number=1, content=CONTENT, status="published", published_at=MONDAY
        )
        application = self.waiting(person(name), service)
        marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY)
        permit = services.issue(
            application=application,
            answers=application_queries.answers_of(application),
            decided_by=self.other,
            now=MONDAY,
        )
        return services.sign(permit_id=permit.pk, now=MONDAY)

    def issued(self, who: Person | None = None, now: datetime = MONDAY) -> Permit:
        """A signed permit."""
        return services.sign(permit_id=self.reserved(who, now=now).pk, now=now)


def _in_transaction() -> bool:
    from django.db import connection

    return connection.in_atomic_block
