"""Life events to be applied for together: three services from home, one in the mall."""

from typing import Any

from gerai.applications import bundles, services
from gerai.applications.bundle_models import Bundle, BundleItem
from gerai.applications.models import Application, Attachment
from gerai.applications.tests.make import CONTENT, MONDAY, World, both, picture
from gerai.catalogue import services as catalogue
from gerai.catalogue.models import Edition, Service
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM

ADDRESS: dict[str, Any] = {
    "key": "contact_address", "label": both("Alamat surat"), "type": "address", "personal": True, "shared": True,
}  # fmt: skip


def paper(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": both(code.title()), "file": True, "required": True, **more}


def content(own: str, *, address: dict[str, Any] | None = None) -> dict[str, Any]:
    """A service that asks for the shared address and for one thing of its own."""
    return {
        **CONTENT,
        "requirements": [paper("KTP"), paper("SURAT", shared=False)],
        "questions": [
            {"key": "who", "title": both("Siapa"), "fields": [address or ADDRESS]},
            {
                "key": "own",
                "title": both("Sendiri"),
                "fields": [{"key": own, "label": both(own), "type": "text"}],
            },
        ],
    }


class Street(World):
    """One moment of life with three services from home, the last after the first, and one in the mall."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = self.offer("UJI-1", content("name"))
        self.sign = self.offer("UJI-2", content("words"))
        self.road = self.offer("UJI-3", content("street"))
        self.visit = self.offer("UJI-4", content("x"), online=False)
        event = {
            "code": "TOKO",
            "name": both("Membuka toko"),
            "services": ["UJI-1", "UJI-2", "UJI-4", "UJI-3"],
            "after": {"UJI-3": ["UJI-1"]},
        }
        catalogue.set_life_events(mall=self.mall, events=[event], actor=SYSTEM, now=MONDAY)

    def offer(self, code: str, content: dict[str, Any], *, online: bool = True) -> Service:
        made = Service.objects.create(
            agency=self.agency,
            code=code,
            name=both(f"Layanan {code}"),
            kind="licence",
            online=online,
            counter_minutes=5,
        )
        Edition.objects.create(
            service=made, number=1, content=content, status="published", published_at=MONDAY
        )
        return made

    def begin(self, *codes: str, who: Any = None) -> Bundle:
        return bundles.begin(
            person=who or self.sari,
            mall=self.mall,
            occasion="TOKO",
            codes=list(codes or ("UJI-1", "UJI-2", "UJI-3")),
            now=MONDAY,
            at_mall=["UJI-4"],
        )

    def of(self, service: Service) -> Application:
        """Sari's latest application for a service."""
        return Application.objects.filter(service=service, applicant=self.sari).order_by(
            "-created_at", "-pk"
        )[0]

    def fill(self, bundle: Bundle, service: Service) -> Application:
        """Go on to it: what the others share is taken over."""
        return bundles.fill(
            person=self.sari, bundle_id=bundle.pk, application_id=self.of(service).pk, now=MONDAY
        )

    def answer(self, service: Service, key: str, *, address: str | None = "Jalan Suprapto 12") -> None:
        """Everything of its own; the shared part too, unless it is there already."""
        draft = self.of(service)
        if address is not None:
            self.save(draft, "who", {"contact_address": address})
            self.attach(draft)
        self.save(draft, "own", {key: "Isi"})
        services.attach(
            person=self.sari,
            application_id=draft.pk,
            requirement="SURAT",
            name="s.jpg",
            data=picture("red"),
            now=MONDAY,
        )

    def save(self, draft: Application, section: str, raw: dict[str, str]) -> None:
        assert not services.save_answers(
            person=self.sari, application_id=draft.pk, section=section, raw=raw, now=MONDAY
        )

    def send(self, bundle: Bundle) -> bundles.Sent:
        return bundles.send_all(person=self.sari, bundle_id=bundle.pk, now=MONDAY)


def everything() -> Any:
    rows = [list(m.objects.order_by("pk").values()) for m in (Bundle, BundleItem, Application, Attachment)]
    return rows, Entry.objects.count()


def states(bundle: Bundle) -> list[str]:
    return [row.state for row in bundles.rows(bundle)]
