"""An official left office before signing what they had decided: who signs now decides it anew, under its number.

A decision that nobody signed and nobody was told of binds nobody, so it may change hands; the number stays, for the
register has no gap. The paper is made anew: name, office and day are of who decides now. Called by `reviews` only.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.permits import following, hands, paper, waiting, wording
from gerai.permits.models import Permit
from gerai.permits.rules import Kind
from gerai.permits.services import PREVIEW, record, seal_content

Content = tuple[dict[str, Any], dict[str, str]]


def _content(
    permit: Permit, answers: dict[str, Any], person: Any, capacity: str, now: datetime, old: Permit | None
) -> Content:
    application = permit.application
    calendar = agencies.calendar(permit.mall)
    if permit.kind == Kind.REFUSAL:
        said = application.rejection or {}
        words = str(said.get("ground", "")), str(said.get("text", ""))
        return wording.refusal(application, permit.number, *words, person, calendar, now, capacity=capacity)
    day = calendar.local(now).date()
    return wording.permit(application, answers, permit.number, day, person, capacity, old)


def find(person: Any, permit_id: UUID | str) -> Permit:
    """
    What was left behind and is the person's to sign now.

    :raises NotFound: if it is not, or is signed
    """
    found = waiting.left_to(person).filter(pk=permit_id)
    permit = found.select_related("agency", "service", "mall", "application__edition", "replaces").first()
    if permit is None:
        raise NotFound
    return permit


def preview(*, permit: Permit, answers: dict[str, Any], person: Any, capacity: str, now: datetime) -> bytes:
    """The PDF as it would be with the person's name: marked PRATINJAU, the number is the one that it has."""
    content, sealed = _content(permit, answers, person, capacity, now, permit.replaces)
    content.pop("place", None)
    content = wording.opened(content, sealed)
    return paper.render(content, link="", certified=hands.signer().certified, preview=PREVIEW)


@transaction.atomic
def take_over(
    *, permit: Permit, answers: dict[str, Any], person: Any, capacity: str, now: datetime
) -> Permit:
    """
    The person decides it anew. The application is locked by the caller.

    :raises NotFound: if somebody was faster, or a running batch still has it
    :raises change_rules.FollowedNotValid: if it is to change or renew a permit that does not hold any more
    """
    free = waiting.free(now).filter(pk=permit.pk, decided_by_id=permit.decided_by_id)
    locked = free.select_for_update(of=("self",)).select_related("agency", "service").first()
    if locked is None:
        raise NotFound
    old = following.lock_followed(permit.application, now)
    content, sealed = _content(permit, answers, person, capacity, now, old)
    content.pop("place", None)  # where it is stays as it was frozen
    was, until = locked.decided_by_id, content["valid_until"]
    locked.content, locked.content_sealed = content, seal_content(locked, sealed)
    locked.decided_by, locked.decided_at = person, now
    locked.decided_name, locked.decided_title = content["decided_name"], content["decided_title"]
    locked.valid_from = date.fromisoformat(content["decided_on"])
    locked.valid_until = date.fromisoformat(until) if until else None
    locked.held_until, locked.sign_failed_at, locked.sign_failure = None, None, ""
    locked.save()
    form = {"form": capacity} if capacity else {}
    actor = applications.person_ref(person)
    record(locked, "permits.taken_over", actor, now, cause=None, was=str(was), **form)
    return locked
