"""What the rooms above, which own review, payment and permit, do to an application."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gerai.applications import queries, services, statements
from gerai.applications.follow_queries import Following
from gerai.applications.models import Application, Attachment
from gerai.applications.rules import FINAL, Status, Why, check_move
from gerai.core import encryption, sql
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM


def lock(application_id: UUID) -> Application:
    """The application, its row locked, for a room above that is about to move it."""
    application = statements.locked(application_id)
    if application is None:
        raise NotFound
    return application


def mark(*, application: Application, status: Status, **changes: Any) -> None:
    """Move a locked application on. The caller writes the ledger entry that says why."""
    check_move(application.status, status, outside=bool(changes.get("outside")))
    application.status = status
    for name, value in changes.items():
        setattr(application, name, value)
    sql.put(application, "status", *changes)


def give_back(*, application: Application, corrections: list[dict[str, str]], by: datetime) -> None:
    """Return a locked application to be mended by a day; what stands there now is kept to be compared with."""
    files = queries.files_of(application)
    before = json.dumps({"answers": queries.kept_answers(application), "files": files})
    application.before_sealed = encryption.seal(
        before.encode(), place=f"applications.before:{application.pk}"
    )
    application.save(update_fields=["before_sealed"])
    mark(application=application, status=Status.RETURNED, corrections=corrections, correct_by=by)


def lock_with_followers(application_id: UUID) -> Application:
    """An application and what is under way of its permit, locked in this order, as everywhere."""
    found = lock(application_id)
    list(
        Application.objects.select_for_update().filter(follows=found).exclude(status__in=FINAL).order_by("pk")
    )
    return found


def bar_followers(*, application_id: UUID, last: date) -> None:
    """What would change or renew an ended permit may be sent no more. The permit's own entry says why."""
    _under_way(application_id).update(follow_by=last)


def free_followers(*, application_id: UUID, last: date | None) -> None:
    """The permit holds again: a change may be sent until its end, a renewal always."""
    _under_way(application_id).update(follow_by=None)
    _under_way(application_id).filter(why=Why.AMEND).update(follow_by=last)


def _under_way(application_id: UUID) -> QuerySet[Application]:
    return Application.objects.filter(follows_id=application_id).exclude(status__in=FINAL)


def promise(*, application: Application, by: datetime) -> None:
    """Change the day that the applicant was promised. The caller writes the ledger entry that says why."""
    application.promised_at = by
    application.save(update_fields=["promised_at"])


def mend_by(*, application: Application, by: datetime) -> None:
    """Give a later last day to mend what was returned. The caller writes the ledger entry that says why."""
    application.correct_by = by
    application.save(update_fields=["correct_by"])


def foretell(told: dict[UUID, dict[str, Any]]) -> None:
    """Keep for these applications when they will probably be done. No entry: it is a guess, told anew every hour."""
    found = list(Application.objects.filter(pk__in=told).only("pk"))
    for application in found:
        application.forecast = told[application.pk]
    Application.objects.bulk_update(found, ["forecast"], batch_size=500)


def mark_signed(*, application_id: UUID, now: datetime) -> None:
    """The signed paper exists: now it is approved or rejected, and people may know. Harmless when repeated."""
    application = lock(application_id)
    if application.status != Status.SIGNING:
        return
    if application.rejection:
        mark(application=application, status=Status.REJECTED)
    else:
        mark(application=application, status=Status.APPROVED, ready_for_pickup=True)
    ledger.append(
        mall=application.mall_id,
        kind=f"applications.{application.status}",
        subject=f"application:{application.pk}",
        actor=SYSTEM,
        now=now,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
        },
    )


@transaction.atomic
def mark_picked_up(*, application_id: UUID) -> None:
    """The printed permit was handed over; the entry that says so is the permit's own."""
    application = lock(application_id)
    application.ready_for_pickup = False
    application.save(update_fields=["ready_for_pickup"])


def succeed(*, application: Application, now: datetime) -> Application:
    """
    A new application with the answers and documents of a rejected one, complete from its beginning: to be decided anew.

    The caller writes the entry that says why.
    """
    following = Following(application.follows, Why(application.why), application.follow_by)
    return _complete_copy(application, queries.kept_answers(application), following, now)


def correct(*, application: Application, answers: dict[str, Any], now: datetime) -> Application:
    """
    A new application of the office's own, to put a mistake in the permit of a locked one right: with these answers.

    The caller writes the entry that says why.
    """
    return _complete_copy(application, answers, Following(application, Why.CORRECT), now)


def drop(*, application: Application) -> None:
    """A correction that its signing official does not sign ends, without a letter: the permit stays as it is."""
    application.status = Status.WITHDRAWN
    sql.put(application, "status")


def _complete_copy(
    application: Application, answers: dict[str, Any], following: Following, now: datetime
) -> Application:
    """For the same applicant and service, with the documents, complete from its beginning."""
    made = Application(
        mall=application.mall,
        agency=application.agency,
        service=application.service,
        edition_id=application.edition_id,
        applicant=application.applicant,
        business_id=application.business_id,
        mandate_id=application.mandate_id,  # who acted goes on, and it stays a case of their own
        helper_id=application.helper_id,
        helped_until=application.helped_until,
        follows=following.follows,
        why=following.why,
        follow_by=following.follow_by,
        status=Status.REVIEW,
        number=services.next_number(application, now),
        created_at=now,
        submitted_at=now,
        complete_at=now,
    )
    made.save(force_insert=True)
    services.keep_answers(made, answers)
    for attachment in application.attachments.all():
        Attachment.objects.create(
            application=made, requirement=attachment.requirement, document_id=attachment.document_id
        )
    return made
