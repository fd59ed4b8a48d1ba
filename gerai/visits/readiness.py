"""Ready before you come: what each errand needs, against the person's papers and running applications. Reads only."""

from dataclasses import dataclass
from typing import Any

from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.catalogue import generic
from gerai.catalogue.models import Edition
from gerai.documents.models import Document
from gerai.visits.models import Errand, Visit


@dataclass(frozen=True, slots=True)
class Readiness:
    """
    Whether an errand can be finished when its holder comes.

    `state`: "pickup" (the permit waits), "ready", "running" (still being worked on), "mend" (returned to the
    applicant), "pay", "send" (papers are missing and can be sent from home), "bring" (nothing to send ahead).
    """

    state: str
    missing: tuple[dict[str, Any], ...] = ()  # requirements {code, name, note}
    bring: tuple[dict[str, Any], ...] = ()  # originals to show at the counter
    url: str = ""  # where it can be mended, paid or sent

    @property
    def good(self) -> bool:
        """Whether nothing hinders the visit."""
        return self.state in ("pickup", "ready", "bring")


OF_STATUS = {
    Status.DRAFT: "send",
    Status.RETURNED: "mend",
    Status.PAYMENT: "pay",
    Status.APPROVED: "ready",
    Status.REJECTED: "ready",
}


def of_visit(visit: Visit) -> dict[int, Readiness]:
    """The readiness of each errand of a visit, by errand id. Four statements however many errands."""
    errands = list(visit.errands.select_related("service__agency", "application", "permit", "visit"))
    contents = dict(
        Edition.objects.filter(service__in=[e.service_id for e in errands], status="published").values_list(
            "service_id", "content"
        )
    )
    papers: set[str] = set()
    drafts: dict[int, Application] = {}
    if visit.person_id:
        papers = set(Document.objects.filter(owner_id=visit.person_id).values_list("kind", flat=True))
        mine = Application.objects.filter(
            applicant_id=visit.person_id, service__in=[e.service_id for e in errands]
        ).exclude(status__in=FINAL)
        # What was prepared for this visit counts as far as it is; of other services only what is still to be sent.
        for a in sorted(mine, key=lambda a: (a.status == Status.DECISION, a.created_at)):
            if a.status == Status.DRAFT or generic.is_generic(contents.get(a.service_id) or {}):
                drafts[a.service_id] = a
    return {e.pk: one(e, contents.get(e.service_id) or {}, papers, drafts.get(e.service_id)) for e in errands}


def one(
    errand: Errand, content: dict[str, Any], papers: set[str], draft: Application | None = None
) -> Readiness:
    """The readiness of one errand, from its service's requirements and what is known of its holder."""
    requirements = content.get("requirements", [])
    prepared = generic.is_generic(content)  # finished at the counter, with the originals of what was sent
    originals = tuple(r for r in requirements if prepared or not r.get("file"))
    if errand.permit_id:
        return Readiness("pickup", bring=originals)
    application = errand.application or draft
    if prepared and errand.application is not None and _is_past(errand, errand.application):
        application = draft  # of an earlier time: this visit is about another one
    if application is not None:
        state = OF_STATUS.get(Status(application.status), "running")
        if prepared and application.status == Status.DECISION:  # found complete: what remains is this visit
            state = "ready"
        return Readiness(state, bring=originals, url=f"/permohonan/{application.pk}/")
    needed = [r for r in requirements if r.get("file") and r.get("required", True)]
    # Whether a thing with a condition is needed shows in the form only.
    missing = tuple(r for r in needed if r["code"] not in papers and not r.get("when"))
    if not errand.service.online:
        return Readiness("bring", bring=(*originals, *needed))
    url = f"/ajukan/{errand.service.agency.code}/{errand.service.code}/"
    return Readiness(
        "send" if missing else "ready", missing=missing, bring=originals, url=url if missing else ""
    )


def _is_past(errand: Errand, application: Application) -> bool:
    """Whether it had been decided before the visit was booked or begun."""
    since = errand.visit.booked_at or errand.visit.arrived_at
    return application.decided_at is not None and since is not None and application.decided_at < since
