"""The fixed cast of the review tests: sari applies, budi is a stranger, three agencies work on it."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from pypdf import PdfWriter

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Holiday, Mall, Membership
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.catalogue.models import Edition, Service
from gerai.reviews import cases, services
from gerai.reviews.models import Task

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bengkulu
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def both(text: str) -> dict[str, str]:
    """A bilingual text."""
    return {"id": text, "en": text}


def content(**changes: Any) -> dict[str, Any]:
    """An edition's content: one question, one optional file, two agencies side by side, a fee."""
    task = {"kind": "recommend", "role": "reviewer", "days": 3, "title": both("Rekomendasi")}
    return {
        "summary": both("Izin uji"),
        "standard": {
            "procedure": [both("Ajukan")],
            "product": both("Izin"),
            "complaints": both("Meja pengaduan"),
            "legal_basis": ["Perda 1"],
            "validity": both("1 tahun"),
            "time": {"days": 5, "kind": "working"},
        },
        "requirements": [{"code": "KTP", "name": both("KTP"), "file": True, "required": False}],
        "questions": [
            {
                "key": "data",
                "title": both("Data"),
                "fields": [
                    {"key": "area", "label": both("Luas"), "type": "integer", "required": True,
                     "schema": {"minimum": 1, "maximum": 1000}},
                    {"key": "address", "label": both("Alamat"), "type": "text", "required": True, "personal": True},
                ],
            }
        ],
        "fee": {"amount": "answers.area * 10000", "text": both("Rp10.000 per m2"), "confirmed": True, "source": "x"},
        "route": [
            {"key": "technical", "tasks": [
                {**task, "key": "dinkes", "agency": "DINKES"},
                {**task, "key": "pupr", "agency": "PUPR"},
                {**task, "key": "big", "agency": "PUPR", "when": "answers.area > 500"},
            ]}
        ],
        "permit": {"title": both("IZIN UJI"), "body": [{"label": both("Luas"), "value": "area"}], "valid_years": 1},
        "deemed": False,
        "system_of_record": "gerai",
        "source": {"url": "general", "verified_on": None},
        **changes,
    }  # fmt: skip


def pdf(pages: int = 1) -> bytes:
    """A small PDF."""
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def person(name: str, **more: Any) -> Person:
    """Somebody with an account."""
    return Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MONDAY, **more)


class World:
    """A mall with three agencies, one service and everybody who works on it."""

    def __init__(self, **changes: Any) -> None:
        self.mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu", opening=HOURS)
        Holiday.objects.create(mall=self.mall, date=date(2026, 11, 25), name="Libur uji", kind="local")
        self.agencies = {
            code: Agency.objects.create(
                mall=self.mall, code=code, name=both(code), short=code, kind="opd", live_at=MONDAY
            )
            for code in ("DPMPTSP", "DINKES", "PUPR")
        }
        self.service = Service.objects.create(
            agency=self.agencies["DPMPTSP"], code="UJI", name=both("Izin uji"), kind="licence", online=True,
            counter_minutes=10,
        )  # fmt: skip
        Edition.objects.create(
            service=self.service,
            number=1,
            content=content(**changes),
            status="published",
            published_at=MONDAY,
        )
        self.sari, self.budi = person("Sari"), person("Budi")
        self.verifier = self.staff("Vera", "DPMPTSP", "verifier")
        self.signer = self.staff("Kepala", "DPMPTSP", "signer")
        self.dinkes = self.staff("Dewi", "DINKES", "reviewer")
        self.pupr = self.staff("Putra", "PUPR", "reviewer")

    def staff(self, name: str, agency: str, role: str) -> Person:
        """An officer with one role."""
        officer = person(name)
        self.also(officer, agency, role)
        return officer

    def also(self, officer: Person, agency: str, role: str) -> None:
        """One more role of somebody."""
        Membership.objects.create(mall=self.mall, agency=self.agencies[agency], person=officer, role=role)

    def submitted(self, area: int = 3) -> Application:
        """Sari's application, sent, with its case open."""
        draft = applications.start(person=self.sari, service=self.service, now=MONDAY)
        raw = {"area": str(area), "address": "Jl. Suprapto 1"}
        assert not applications.save_answers(
            person=self.sari, application_id=draft.pk, section="data", raw=raw, now=MONDAY
        )
        applications.submit(person=self.sari, application_id=draft.pk, now=MONDAY)
        cases.open_case(application_id=draft.pk, now=MONDAY)
        draft.refresh_from_db()
        return draft

    def task(self, application: Application, key: str) -> Task:
        """The newest task of that key."""
        return Task.objects.filter(case_id=application.pk, key=key).latest("id")

    def in_review(self, area: int = 3) -> Application:
        """Complete, with the technical stage open."""
        application = self.submitted(area)
        services.complete(
            person=self.verifier, task_id=self.task(application, "completeness").pk, note="", now=MONDAY
        )
        application.refresh_from_db()
        return application

    def say(
        self,
        application: Application,
        officer: Person,
        key: str,
        outcome: str,
        note: str = "",
        at: datetime = MONDAY,
    ) -> None:
        """An agency's word on its task."""
        services.recommend(
            person=officer, task_id=self.task(application, key).pk, outcome=outcome, note=note, now=at
        )

    def assess(
        self, application: Application, outcome: str = "approve", note: str = "", at: datetime = MONDAY
    ) -> None:
        """The owner sums up."""
        services.assess(
            person=self.verifier,
            task_id=self.task(application, "assess").pk,
            outcome=outcome,
            note=note,
            now=at,
        )

    def reviewed(self) -> Application:
        """Both agencies have agreed."""
        application = self.in_review()
        self.say(application, self.dinkes, "technical.dinkes", "approve")
        self.say(application, self.pupr, "technical.pupr", "approve")
        return application
