"""Notices pushed to devices: tried again when the push service is busy, gone where the device is. Writes."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.accounts.models import Person
from gerai.core import sql
from gerai.notices import delivering, queries, rules
from gerai.notices import devices as browsers
from gerai.notices.models import Device, Notice, Push
from gerai.notices.ports import PushBusy, PushDown, PushGone, PushRefused

log = logging.getLogger(__name__)


def devices(person: Person) -> list[Device]:
    """Where a person wants pushed messages. Locked: none goes while a message to it is being written."""
    return sql.objects(Device, "WHERE x.person_id = %s ORDER BY x.id FOR NO KEY UPDATE", [person.pk])


def queue(notice: Notice, device: Device) -> None:
    """One push with its job, in the transaction that writes the notice."""
    Push.objects.create(notice=notice, device=device)
    _job(notice.pk, device.pk, notice.deliver_at)


def _job(notice_id: int, device_id: int, at: datetime | None) -> None:
    job = app.configure_task(
        rules.PUSH_JOB, allow_unknown=True, lock=f"push:{notice_id}:{device_id}", schedule_at=at
    )
    job.defer(notice_id=notice_id, device_id=device_id)


def push(*, notice_id: int, device_id: int, now: datetime) -> None:
    """
    Push a notice to a device. What a push service does not take now is put off by a further job, a few times.

    After a crash it is pushed again: the service replaces what has the same topic, and the browser what has its tag.
    """
    found = Push.objects.select_related("notice__person", "device__person")
    row = found.filter(notice_id=notice_id, device_id=device_id).first()
    if row is not None and row.status == "queued":
        _try(row, now)
    _settle(notice_id, now)


def _try(row: Push, now: datetime) -> None:
    notice, person = row.notice, row.device.person
    if not person.is_active or bytes(row.device.password_index) != browsers.password_index(person):
        row.device.delete()
        return
    until = delivering.wait(notice.mall, notice.urgent, now)
    if until is not None:
        _job(notice.pk, row.device_id, until)
        return
    left = rules.lifetime(notice.template) - (
        now - max(notice.created_at, notice.deliver_at or notice.created_at)
    )
    if left <= timedelta() or delivering.stale(notice, now) or row.attempts >= rules.PUSH_ATTEMPTS:
        _note(row, status="failed")
        return
    row.attempts += 1
    _note(row, attempts=row.attempts)
    try:
        _send(row, left)
    except PushGone:
        row.device.delete()
    except PushRefused as error:
        _failed(row, error)
    except (PushBusy, PushDown) as error:
        _again(row, error, now)
    else:
        _note(row, status="sent", sent_at=now, last_error="")


def _note(row: Push, **what: Any) -> None:
    """If it is still there: its device may have been switched off meanwhile."""
    Push.objects.filter(pk=row.pk).update(**what)


def _send(row: Push, left: timedelta) -> None:
    notice, to = row.notice, browsers.subscription(row.device)
    words = {
        "title": notice.subject,
        "body": rules.OPEN.get(row.device.person.language, rules.OPEN["id"]),
        "path": notice.path or rules.INBOX,
        "tag": f"notice-{notice.pk}",
    }
    import_string(settings.PUSH_SERVICE)().push(
        endpoint=to["endpoint"],
        p256dh=to["p256dh"],
        auth=to["auth"],
        payload=json.dumps(words).encode(),
        seconds=int(left.total_seconds()),
        urgent=notice.urgent,
        topic=f"notice-{notice.pk}",
    )


def _failed(row: Push, error: Exception) -> None:
    _note(row, status="failed", last_error=type(error).__name__)
    log.error("push %s was given up: %s", row.pk, type(error).__name__)


@transaction.atomic
def _again(row: Push, error: PushBusy | PushDown, now: datetime) -> None:
    if row.attempts >= rules.PUSH_ATTEMPTS:
        _failed(row, error)
        return
    _note(row, last_error=type(error).__name__)
    asked = error.seconds if isinstance(error, PushBusy) else 0
    _job(row.notice_id, row.device_id, now + rules.push_pause(row.attempts, asked))


@transaction.atomic
def _settle(notice_id: int, now: datetime) -> None:
    """Where push is the way: sent if one device has it; if none will, the usual way after all, or the page alone."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("person").get(pk=notice_id)
    if notice.channel != "push" or notice.status != "queued" or notice.person is None:
        return
    states = set(notice.pushes.values_list("status", flat=True))
    if "sent" in states:
        notice.status, notice.sent_at = "sent", now
    elif "queued" in states:
        return
    else:
        person = notice.person
        notice.channel = "none"
        if rules.posted(notice.template):
            choice = queries.choice_of(person)
            notice.channel = rules.way(
                email=person.email, phone=person.phone, preferred=choice.channel, urgent=False
            )
        if notice.channel == "none":
            notice.status = "silent"
        else:
            notice.deliver_at = delivering.wait(notice.mall, notice.urgent, now)
            delivering.queue(notice)
    notice.save(update_fields=["status", "sent_at", "channel", "deliver_at"])
