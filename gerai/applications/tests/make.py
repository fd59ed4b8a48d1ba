"""The fixed cast of the application tests: sari applies, budi is a stranger, meja helps at the desk."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall
from gerai.applications import marks, services
from gerai.applications.models import Application, Attachment
from gerai.applications.rules import Status
from gerai.catalogue.models import Edition, Service
from gerai.ledger import queries as ledger
from gerai.ledger.models import Entry

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bengkulu
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
GOOD = {"area": "3", "address": "Jalan Suprapto 12", "shape": "shop", "own": "yes", "since": "2020-01-31"}


def both(text: str) -> dict[str, str]:
    """A bilingual text."""
    return {"id": text, "en": f"{text} (en)"}


FIELDS: list[dict[str, Any]] = [
    {"key": "area", "label": both("Luas"), "type": "integer", "schema": {"minimum": 1, "maximum": 1000}},
    {"key": "address", "label": both("Alamat"), "type": "text", "personal": True},
    {"key": "shape", "label": both("Bentuk"), "type": "choice", "choices": [
        {"value": "shop", "label": both("Toko")}, {"value": "stall", "label": both("Warung")}]},
    {"key": "own", "label": both("Milik sendiri"), "type": "yes_no"},
    {"key": "since", "label": both("Sejak"), "type": "date", "required": False},
]  # fmt: skip
CONTENT: dict[str, Any] = {
    "summary": both("Izin uji"),
    "standard": {
        "procedure": [both("Ajukan")], "product": both("Izin"), "complaints": both("Meja"),
        "legal_basis": ["Perda 1"], "validity": both("1 tahun"), "time": {"days": 5, "kind": "working"},
    },
    "requirements": [
        {"code": "KTP", "name": both("KTP-el"), "file": True, "required": True},
        {"code": "FOTO", "name": both("Foto tempat"), "file": True, "required": False},
        {"code": "ASLI", "name": both("Berkas asli"), "file": False, "required": True},
    ],
    "questions": [
        {"key": "place", "title": both("Tempat"), "fields": FIELDS[:3]},
        {"key": "more", "title": both("Lainnya"), "fields": FIELDS[3:]},
    ],
    "fee": {"amount": "0", "text": both("Gratis"), "confirmed": True, "source": "x"},
    "route": [],
    "permit": {"title": both("IZIN UJI"), "body": [], "valid_years": 1},
    "deemed": False,
    "system_of_record": "gerai",
    "source": {"url": "general", "verified_on": None},
}  # fmt: skip


def picture(colour: str = "teal") -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def person(name: str) -> Person:
    """Somebody with an account."""
    return Person.objects.create(name=name, email=f"{name.lower()}@uji.test", created_at=MONDAY)


class World:
    """A mall with one agency and one service that can be applied for online."""

    def __init__(self) -> None:
        self.mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu", opening=HOURS)
        self.agency = Agency.objects.create(
            mall=self.mall, code="DPMPTSP", name=both("Dinas"), short="Dinas", kind="opd", live_at=MONDAY
        )
        self.service = Service.objects.create(
            agency=self.agency,
            code="UJI",
            name=both("Izin uji"),
            kind="licence",
            online=True,
            counter_minutes=5,
        )
        self.edition = Edition.objects.create(
            service=self.service, number=1, content=CONTENT, status="published", published_at=MONDAY
        )
        self.sari, self.budi, self.desk = person("Sari"), person("Budi"), person("Meja")

    def publish(self, content: dict[str, Any]) -> None:
        """A further edition takes the place of the one before."""
        Edition.objects.filter(service=self.service).update(status="superseded")
        self.edition = Edition.objects.create(
            service=self.service, number=2, content=content, status="published", published_at=MONDAY
        )

    def draft(self, who: Person | None = None) -> Application:
        """An empty draft."""
        return services.start(person=who or self.sari, service=self.service, now=MONDAY)

    def filled(self, who: Person | None = None) -> Application:
        """A draft with every answer and the file that is needed."""
        who = who or self.sari
        draft = self.draft(who)
        for section in ("place", "more"):
            assert not services.save_answers(
                person=who, application_id=draft.pk, section=section, raw=GOOD, now=MONDAY
            )
        self.attach(draft, who=who)
        return Application.objects.get(pk=draft.pk)

    def attach(self, draft: Application, data: bytes | None = None, who: Person | None = None) -> None:
        """Send the KTP-el."""
        services.attach(
            person=who or self.sari,
            application_id=draft.pk,
            requirement="KTP",
            name="ktp.jpg",
            data=picture() if data is None else data,
            now=MONDAY,
        )

    def submitted(self) -> Application:
        """Sent, with its number."""
        return services.submit(person=self.sari, application_id=self.filled().pk, now=MONDAY)

    def returned(self, *, complete: bool = False) -> Application:
        """Sent back: the area must be mended. Before the file was found complete, or after."""
        application = self.submitted()
        if complete:
            marks.mark(application=application, status=Status.REVIEW, complete_at=MONDAY)
        corrections = [{"what": "answer:area", "text": "Luas tidak sama dengan gambar."}]
        marks.mark(application=application, status=Status.RETURNED, corrections=corrections)
        return application


def save(
    person: Person, application: Application, raw: dict[str, str], section: str = "place"
) -> dict[str, str]:
    """Answer one section; what is wrong."""
    return services.save_answers(
        person=person, application_id=application.pk, section=section, raw=raw, now=MONDAY
    )


def kinds(application: Application) -> list[str]:
    """What happened to an application, in order."""
    return [entry.kind for entry in ledger.history("1771", f"application:{application.pk}")]


def state(application: Application) -> Any:
    """Everything stored about an application, to show that nothing changed."""
    row = Application.objects.filter(pk=application.pk).values().get()
    return row, list(Attachment.objects.order_by("pk").values()), Entry.objects.count()
