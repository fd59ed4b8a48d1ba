"""The cast of the inspection tests: a place that the public works office goes to see, with a checklist."""

import io
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from PIL import Image

from gerai.applications.models import Application
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import answering, inspecting, reporting, tasks, visiting
from gerai.reviews.inspection_models import Report, SiteVisit, VisitTime
from gerai.reviews.tests.make import MONDAY, World, both
from gerai.reviews.tests.routes import FREE, stages, task, time

POINTS = [
    {"key": "sign", "text": both("Papan nama ada"), "kind": "yes_no", "photo": True, "law": "Perda 1"},
    {"key": "width", "text": both("Lebar pintu"), "kind": "number", "unit": both("cm")},
    {"key": "note", "text": both("Yang lain"), "kind": "text"},
]
VISIT = {**task("PUPR", "inspect", days=6), "appointment": True, "checklist": POINTS}
TUESDAY = MONDAY + timedelta(days=1)  # 09.00 in Bengkulu, as on Monday; Wednesday is a holiday
THURSDAY, FRIDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
KEY = UUID("0192f000-0000-7000-8000-00000000000a")
ANSWERS = {"sign": "yes", "width": "92,5", "note": "Lantai bersih."}


def world(**changes) -> World:
    """A mall with a service whose place is looked at by one agency, beside another's recommendation."""
    return World(
        route=stages([VISIT, task("DINKES")]),
        fee=FREE,
        standard=time(12),
        **changes,
    )


def photo(color: str = "red") -> bytes:
    """A picture, as a phone makes it."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), color).save(out, "JPEG")
    return out.getvalue()


class Field:
    """Putra inspects Sari's place."""

    def __init__(self) -> None:
        self.world = world()
        self.application: Application = self.world.in_review()
        self.putra, self.sari = self.world.pupr, self.world.sari
        self.colleague = self.world.staff("Pita", "PUPR", "reviewer")

    @property
    def task(self):
        """The inspection, newest round."""
        return self.world.task(self.application, "s0.pupr")

    def another(self) -> Application:
        """A second case with the same inspection."""
        return self.world.in_review()

    def propose(self, *times: datetime, at: datetime = MONDAY, by=None, **more) -> SiteVisit:
        """The officer offers times."""
        return visiting.propose(
            person=by or self.putra,
            task_id=more.pop("task_id", self.task.pk),
            times=times or (TUESDAY, THURSDAY),
            now=at,
            **more,
        )

    def choose(
        self, visit: SiteVisit, starts_at: datetime = TUESDAY, at: datetime = MONDAY, by=None
    ) -> SiteVisit:
        """The applicant takes one."""
        return answering.choose(
            person=by or self.sari,
            application_id=visit.task.case_id,
            visit_id=visit.pk,
            starts_at=starts_at,
            now=at,
        )

    def decline(
        self, visit: SiteVisit, at: datetime = MONDAY, reason: str = "Saya di luar kota."
    ) -> SiteVisit:
        """The applicant can come at none of them."""
        return answering.decline(
            person=self.sari, application_id=self.application.pk, visit_id=visit.pk, reason=reason, now=at
        )

    def keep(self, name: str = "a", key: UUID = KEY, at: datetime = TUESDAY, **more):
        """One photo of a report comes in."""
        given = {"person": self.putra, "task_id": self.task.pk, "point": "sign", "data": photo()}
        return reporting.keep_photo(
            key=uuid5(key, name), report_key=key, taken_at=None, now=at, **{**given, **more}
        )

    def report(self, key: UUID = KEY, at: datetime = TUESDAY, **more) -> Report:
        """What he saw comes in."""
        given = {
            "person": self.putra,
            "task_id": self.task.pk,
            "answers": ANSWERS,
            "photos": [uuid5(key, "a")],
            "finding": inspecting.Finding.FITS,
            "text": "Tempat sesuai dengan gambar.",
            "place": "Jalan Suprapto 1",
            "made_at": None,
        }
        return reporting.report(key=key, now=at, **{**given, **more})


def kinds():
    return list(
        Entry.objects.filter(kind__startswith="reviews.visit").order_by("pk").values_list("kind", flat=True)
    )


def held(officer):
    return set(VisitTime.objects.filter(officer=officer, held=True).values_list("starts_at", flat=True))


def told():
    """The notices that follow from what happened: template -> how many."""
    for entry in Entry.objects.order_by("pk"):
        for _ in range(2):  # entries come at least once
            if entry.kind.startswith(tasks.visits.kinds):
                tasks.visits(entry)
    found = {}
    for template in Notice.objects.filter(template__startswith="inspection").values_list(
        "template", flat=True
    ):
        found[template] = found.get(template, 0) + 1
    return found
