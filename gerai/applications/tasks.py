"""The consumer that tells an applicant what happened to their application."""

from datetime import datetime

from gerai.applications import queries
from gerai.core import clock
from gerai.core.dates import day_in_words
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import services as notices

TEMPLATES = {
    "applications.submitted": "application_submitted",
    "reviews.completed": "application_complete",
    "reviews.returned": "application_returned",
    "reviews.recommended": "application_recommended",
    "reviews.rejected": "application_rejected",
}


@follows(*TEMPLATES)
def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once."""
    template = TEMPLATES.get(entry.kind)
    if template is None:
        return
    application = queries.of_entry(entry.subject)
    # The promise stands in the entry: a later pause moves the application's own date, not what was said.
    due = datetime.fromisoformat(entry.data["due_at"]) if "due_at" in entry.data else None
    promise = {"by": {code: day_in_words(due, code) for code in ("id", "en")}} if due else {}
    notices.send(
        key=f"{template}:{entry.pk}",
        mall=entry.mall,
        person=application.applicant,
        template=template,
        data={
            "number": application.number,
            "service": application.service.name,
            "path": f"/permohonan/{application.pk}/",
            **promise,
        },
        now=clock.now(),
    )
