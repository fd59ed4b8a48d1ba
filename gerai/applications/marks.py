"""What the rooms above, which own review, payment and permit, do to an application."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.applications.models import Application
from gerai.applications.rules import Status, check_move
from gerai.core.errors import NotFound


def lock(application_id: UUID) -> Application:
    """The application, its row locked, for a room above that is about to move it."""
    found = Application.objects.select_for_update(of=("self",)).select_related(
        "edition", "agency", "service", "mall", "applicant"
    )
    application = found.filter(pk=application_id).first()
    if application is None:
        raise NotFound
    return application


def mark(*, application: Application, status: Status, **changes: Any) -> None:
    """Move a locked application on. The caller writes the ledger entry that says why."""
    check_move(application.status, status)
    application.status = status
    for name, value in changes.items():
        setattr(application, name, value)
    application.save(update_fields=["status", *changes])


def promise(*, application: Application, by: datetime) -> None:
    """Change the day that the applicant was promised. The caller writes the ledger entry that says why."""
    application.promised_at = by
    application.save(update_fields=["promised_at"])


def mark_issued(*, application_id: UUID, now: datetime) -> None:
    """The signed permit exists: the application is approved and may be picked up. Harmless when repeated."""
    application = lock(application_id)
    if application.status == Status.SIGNING:
        mark(application=application, status=Status.APPROVED, ready_for_pickup=True)


@transaction.atomic
def mark_picked_up(*, application_id: UUID) -> None:
    """The printed permit was handed over; the entry that says so is the permit's own."""
    application = lock(application_id)
    application.ready_for_pickup = False
    application.save(update_fields=["ready_for_pickup"])
