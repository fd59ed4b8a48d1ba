"""Mail that came back: read from delivery-status messages (RFC 3464), told by the address they came back to. Writes.

Each notice goes out with an envelope sender of its own (`returning`), so nobody has to trust what else a bounce says.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from django.db import transaction

from gerai.notices import delivering, queries, rules
from gerai.notices.models import Notice, Report, Unreachable
from gerai.notices.returning import index, token

ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To")  # who the bounce came to, by mail server


def take(*, raw: bytes, to: str = "", now: datetime) -> str:
    """
    Act on one message that came back. Repeated, late or out of order it counts once.

    `to`: the address that it came to, where the mail server says it apart from the message. Returns what was done:
    kept, duplicate, soft (it may still arrive), unknown (no notice of ours) or no report at all.
    """
    message = message_from_bytes(raw)
    named = _named([to, *(value for name in ADDRESSED for value in message.get_all(name, []))])
    found = list(_recipients(message))
    if not found:
        return "no report"
    if named is None:
        return "unknown"
    failed = [status for action, status in found if action == "failed"]
    if not failed:
        return "soft"  # delayed, relayed, delivered
    outcome = "undeliverable" if all(map(rules.is_hard, failed)) else "failed"
    return _keep(*named, outcome, hashlib.sha256(raw).hexdigest(), now)


def _named(addresses: list[str]) -> tuple[int, str] | None:
    """The notice's number and token in one of these addresses of ours."""
    for _name, address in getaddresses(addresses):
        found = re.search(r"\+((\d{1,18})-[0-9a-f]{20})@", address.lower(), re.ASCII)
        if found:
            return int(found[2]), found[1]
    return None


def _recipients(message: Message) -> Iterator[tuple[str, str]]:
    """Action and status of each recipient in a delivery-status message."""
    if (
        message.get_content_type() != "multipart/report"
        or message.get_param("report-type") != "delivery-status"
    ):
        return
    for part in message.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and block["Action"]:
                yield str(block["Action"]).strip().lower(), str(block["Status"] or "").strip()


@transaction.atomic
def _keep(notice_pk: int, named: str, outcome: str, event_id: str, now: datetime) -> str:
    notices = Notice.objects.select_for_update(of=("self",)).select_related("person")
    notice = notices.filter(pk=notice_pk).first()
    contact = _contact(notice) if notice is not None else ""
    if notice is None or not contact or token(notice.pk, contact) != named:
        return "unknown"
    told = {"notice": notice, "sending": notice.sending, "outcome": outcome, "at": now, "received_at": now}
    _report, new = Report.objects.get_or_create(event_id=event_id, defaults=told)
    if not new:
        return "duplicate"
    if outcome == "undeliverable":
        Unreachable.objects.get_or_create(contact_index=index(contact), defaults={"since": now})
    if notice.channel == "email" and notice.status in ("queued", "sent"):
        _go_on(notice, outcome, now)
        notice.save()
    return "kept"


def _contact(notice: Notice) -> str:
    if notice.contact_sealed is not None:
        return queries.contact_of(notice)
    return (notice.person.email or "") if notice.person is not None else ""


def _go_on(notice: Notice, outcome: str, now: datetime) -> None:
    """By a text, if there is a phone that did not lose it before; else it is given up, and the manager sees why."""
    notice.status, notice.last_error = "failed", rules.RETURNED[outcome]
    person = notice.person
    if person is not None and person.is_active and person.phone and not notice.text_outcome:
        notice.channel, notice.status, notice.attempts = "text", "queued", 0
        notice.deliver_at = delivering.wait(notice.mall, notice.urgent, now)
        delivering.queue(notice)
