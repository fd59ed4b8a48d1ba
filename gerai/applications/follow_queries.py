"""What asks to change or renew a permit, and the application that brought that permit. Reads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gerai.agencies import queries as agencies
from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, FollowedEnded, NothingChanged, Status, Why


@dataclass(frozen=True, slots=True)
class Following:
    """Whose permit a new application is about, what is asked of it, and until which day it may be sent."""

    follows: Application | None = None
    why: Why = Why.NEW
    follow_by: date | None = None


NOTHING = Following()


def followed(application: Application) -> dict[str, Any] | None:
    """What the permit to be changed or renewed was given for: {"answers", "files": requirement -> document}."""
    earlier = application.follows
    if earlier is None:
        return None
    return {"answers": queries.answers_of(earlier), "files": _files(earlier)}


def _files(application: Application) -> dict[str, str]:
    return {a.requirement: str(a.document_id) for a in application.attachments.all()}


def under_way(application_id: UUID) -> Application | None:
    """The change or renewal that is asked for of what this application brought, or None."""
    found = Application.objects.filter(follows_id=application_id).exclude(status__in=FINAL)
    return found.order_by("created_at").first()


def is_being_replaced(application_id: UUID) -> bool:
    """Whether something that was sent, by its holder or the office, is to replace what this application brought."""
    found = Application.objects.filter(follows_id=application_id).exclude(status__in=FINAL)
    return found.exclude(status=Status.DRAFT).exists()


def check(application: Application, now: datetime) -> None:
    """
    What asks for a change changes something, and the permit to be changed still holds.

    :raises FollowedEnded, NothingChanged: if not
    """
    by = application.follow_by
    if by is not None and agencies.calendar(application.mall).local(now).date() > by:
        raise FollowedEnded
    before = followed(application) if application.why == Why.AMEND else None
    if before == {"answers": queries.answers_of(application), "files": _files(application)}:
        raise NothingChanged
