"""A notice on its way out: when it may go, by which way, what happens when that way is blocked."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.core.errors import NotFound
from gerai.notices import queries, rules
from gerai.notices.models import Notice
from gerai.notices.returning import mail_of, returns_to

log = logging.getLogger(__name__)


def _zone(mall: str) -> ZoneInfo:
    """The mall's clock. Malls are known further up: settings.MALL_ZONE names who tells their zone by code."""
    lookup = getattr(settings, "MALL_ZONE", "")
    try:
        return ZoneInfo(import_string(lookup)(mall) if lookup else settings.TIME_ZONE)
    except NotFound:
        return ZoneInfo(settings.TIME_ZONE)


def wait(mall: str, urgent: bool, now: datetime) -> datetime | None:
    """Until when a message must wait, if it may not ring now. A demo has no night: who tries it wants the mail."""
    if urgent or not getattr(settings, "QUIET_HOURS", not settings.DEMO):
        return None
    return rules.quiet_until(now, _zone(mall))


def queue(notice: Notice) -> None:
    """A job for a notice, in the transaction that writes it."""
    # By name: a service does not import its edge. The lock: two jobs of one message never send side by side.
    job = app.configure_task(
        rules.JOB, allow_unknown=True, lock=f"notice:{notice.pk}", schedule_at=notice.deliver_at
    )
    job.defer(notice_id=notice.pk)


def deliver(*, notice_id: int, now: datetime) -> None:
    """
    Send a queued notice. Raises what the way out raises, so that the job is tried again; but not after the last try.

    A crash between sending and writing it down sends it twice: told twice is better than never.
    """
    notice = Notice.objects.select_related("person").get(pk=notice_id)
    if notice.status != "queued" or notice.channel == "push" or _put_off(notice, now):
        return
    mine = Notice.objects.filter(pk=notice_id, status="queued", sending=notice.sending)
    if notice.attempts >= rules.ATTEMPTS:  # each try killed its worker: no message may do that for ever
        mine.update(status="failed", last_error="WorkerKilled")
        return
    if stale(notice, now):
        mine.update(status="silent", channel="none")
        return
    channel, contact = _reached(notice)
    if not contact:
        mine.update(status="silent", channel="none")
        return
    attempts = notice.attempts + 1
    mine.update(attempts=attempts, channel=channel)
    mine = mine.filter(
        channel=channel
    )  # its gateway may tell at once that it is lost: then it has gone on already
    try:
        if channel == "email":
            mail(contact, notice.subject, notice.body, returns_to(notice, contact))
        else:
            text(contact, notice.body, rules.text_key(notice.pk, notice.sending))
    except Exception as error:
        over = attempts >= rules.ATTEMPTS
        mine.update(status="failed" if over else "queued", last_error=type(error).__name__[:60])
        if not over:
            raise
        log.error("notice %s was given up after %s tries: %s", notice.pk, attempts, type(error).__name__)
        return
    mine.update(status="sent", sent_at=now, last_error="")


@transaction.atomic
def _put_off(notice: Notice, now: datetime) -> bool:
    """Whether it is night now: then another job has it in the morning, written together with its time."""
    notice.deliver_at = wait(notice.mall, notice.urgent, now)
    if notice.deliver_at is None:
        return False
    notice.save(update_fields=["deliver_at"])
    queue(notice)
    return True


def stale(notice: Notice, now: datetime) -> bool:
    """
    Whether a call has lost its meaning: it comes late, or is no longer so.

    What became of the number is known further up: settings.CALL_STANDS names who says so by the notice's key.
    """
    if rules.posted(notice.template):
        return False
    if now - notice.created_at >= rules.lifetime(notice.template):
        return True
    lookup = getattr(settings, "CALL_STANDS", "")
    return bool(lookup) and not import_string(lookup)(notice.key)


def _reached(notice: Notice) -> tuple[str, str]:
    """Way and address as they are now: somebody may have given up an address since, or the account."""
    if notice.contact_sealed is not None:
        contact = queries.contact_of(notice)
        return ("email" if "@" in contact else "text"), contact
    person = notice.person
    if person is None or not person.is_active:
        return "none", ""
    if not rules.posted(notice.template):
        return "text", person.phone or ""
    phone = None if notice.channel == "email" and notice.text_outcome else person.phone  # lost there already
    email = mail_of(person)
    channel = rules.way(email=email, phone=phone, preferred=notice.channel, urgent=notice.channel == "text")
    return channel, (email if channel == "email" else phone) or ""


def mail(to: str, subject: str, body: str, returns: str = "") -> None:
    """Send an e-mail; `returns`: the envelope's sender, to whom it comes back if it cannot be delivered."""
    shown = settings.DEFAULT_FROM_EMAIL
    EmailMessage(subject, body, returns or shown, [to], headers={"From": shown}).send()


def text(to: str, words: str, key: str) -> None:
    """Send a text to a phone."""
    import_string(settings.MESSAGE_GATEWAY)().send_text(to=to, text=words, key=key)
