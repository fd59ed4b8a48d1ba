"""What the gateway reports about texts: once per event, in any order; a lost text goes on by the other way. Writes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gerai.core import callbacks
from gerai.notices import delivering, rules
from gerai.notices.models import Notice, Report
from gerai.notices.returning import mail_of


def take(*, body: bytes, header: str, now: datetime) -> str:
    """
    Act on a report of the gateway. Repeated, late or out of order it counts once.

    Returns what was done: kept, duplicate, or unknown (a sign-in code has no notice; a stranger's key neither).

    :raises callbacks.SignatureWrong: if it is not the gateway's
    :raises callbacks.CallbackMalformed: if it cannot be read
    """
    secret = callbacks.shared_secret(Path(settings.DATA) / "keys" / "messages.json")
    told = callbacks.read(secret=secret, header=header, body=body, now=now)
    return _keep(rules.check_report(told), now)


@transaction.atomic
def _keep(told: dict[str, Any], now: datetime) -> str:
    named = rules.by_text_key(told["key"])
    notice = Notice.objects.select_for_update(of=("self",)).filter(pk=named[0]).first() if named else None
    if named is None or notice is None or named[1] > notice.sending:
        return "unknown"
    _report, new = Report.objects.get_or_create(
        event_id=told["event_id"],
        defaults={
            "notice": notice,
            "sending": named[1],
            "outcome": told["outcome"],
            "at": _moment(told.get("at"), notice.created_at, now),
            "received_at": now,
        },
    )
    if not new:
        return "duplicate"
    if named[1] == notice.sending:  # else it speaks of an earlier one: kept, but nothing follows from it
        _count(notice, told["outcome"], _report.at, now)
    return "kept"


def _moment(told: object, created_at: datetime, now: datetime) -> datetime:
    """When the gateway says it was, between the writing of the message and now; else now."""
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return now
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if created_at <= at <= now else now


def _count(notice: Notice, outcome: str, at: datetime, now: datetime) -> None:
    before = notice.text_outcome
    if before == "delivered" or (before and outcome != "delivered"):
        return  # what has arrived stays arrived; what is lost went on its other way already
    notice.text_outcome, notice.text_outcome_at = outcome, at
    if notice.channel == "text" and notice.status in ("queued", "sent", "failed"):
        if outcome == "delivered":
            notice.status, notice.sent_at, notice.last_error = "sent", notice.sent_at or now, ""
        else:
            _go_on(notice, outcome, now)
    notice.save()


def _go_on(notice: Notice, outcome: str, now: datetime) -> None:
    """By e-mail, if there is an address; else it is given up, and the mall's manager sees why."""
    notice.last_error = rules.LOST[outcome]
    if not rules.posted(notice.template):  # a call is worth nothing later
        notice.channel, notice.status = "none", "silent"
        return
    person = notice.person
    if person is None or not person.is_active or not mail_of(person):
        notice.status = "failed"
        return
    notice.channel, notice.status, notice.attempts = "email", "queued", 0
    notice.deliver_at = delivering.wait(notice.mall, notice.urgent, now)
    delivering.queue(notice)
