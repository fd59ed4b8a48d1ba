"""Whether the legal time of a case has passed in silence, and with whom the file is then. Reads."""

from datetime import datetime

from gerai.agencies.models import Agency
from gerai.reviews import rules
from gerai.reviews.models import Case


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the legal time has passed while the office has the file, and the law grants nothing by itself."""
    application = case.application
    with_office = case.closed_at is None and application.status in rules.WITH_OFFICE
    stands = case.pauses.filter(ended_at=None).exists()
    late = case.due_at is not None and case.due_at <= now
    return with_office and late and not stands and not application.edition.content.get("deemed")


def holding(case: Case) -> list[Agency]:
    """The agencies that still have to say their word."""
    open_tasks = case.tasks.filter(done_at=None)
    return list(Agency.objects.filter(pk__in=open_tasks.values("agency_id")).order_by("code"))
