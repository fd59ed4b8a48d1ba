"""Sending messages to people: once per key, by e-mail if they have it, else to their phone."""

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.notices import rules
from gerai.notices.models import Notice
from gerai.notices.ports import GatewayDown
from gerai.notices.texts import TEXTS

log = logging.getLogger(__name__)


def _words(template: str, language: str, data: dict[str, Any]) -> tuple[str, str]:
    subject, body = TEXTS[template][language if language in TEXTS[template] else "id"]
    flat = {k: v.get(language) or v.get("id") if isinstance(v, dict) else v for k, v in data.items()}
    if "path" in flat:
        flat["url"] = settings.BASE_URL + str(flat["path"])
    # A line break in a subject would be refused by the mail library for ever.
    return " ".join(subject.format(**flat).split())[:160], body.format(**flat)


@transaction.atomic
def send(
    *,
    key: str,
    mall: str,
    person: Person,
    template: str,
    data: dict[str, Any],
    now: datetime,
    by_text: bool = False,
) -> Notice:
    """
    Queue one message. The same key again sends nothing and gives back the first.

    It goes to the e-mail address, else to the phone; with `by_text`, for what cannot wait, the other way round.
    Somebody without e-mail and phone gets none; the desk tells them.
    """
    subject, body = _words(template, person.language, data)
    ways = [("email", person.email), ("text", person.phone)]
    channel = next((way for way, there in (ways[::-1] if by_text else ways) if there), "none")
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                mall=mall,
                key=key,
                person=person,
                channel=channel,
                subject=subject,
                body=body,
                status="silent" if channel == "none" else "queued",
                created_at=now,
            )
    except IntegrityError:
        return Notice.objects.get(key=key)
    if channel != "none":
        # By name: a service does not import its edge. In this transaction: no notice without its job.
        app.configure_task(rules.JOB, allow_unknown=True).defer(notice_id=notice.pk)
    return notice


def deliver(*, notice_id: int, now: datetime) -> None:
    """
    Send a queued notice. Raises what the way out raises, so that the job is tried again.

    A crash between sending and writing it down sends it twice: told twice is better than never.
    """
    notice = Notice.objects.select_related("person").get(pk=notice_id)
    if notice.status in ("sent", "silent") or notice.person is None:
        return
    attempts = notice.attempts + 1
    status = "failed" if attempts >= rules.ATTEMPTS else "queued"
    Notice.objects.filter(pk=notice_id).update(attempts=attempts, status=status)
    if notice.channel == "email":
        _mail(notice.person.email or "", notice.subject, notice.body)
    else:
        _text(notice.person.phone or "", notice.body, f"notice-{notice.pk}")
    Notice.objects.filter(pk=notice_id).update(status="sent", sent_at=now)


def _mail(to: str, subject: str, body: str) -> None:
    EmailMessage(subject=subject, body=body, to=[to]).send()


def _text(to: str, text: str, key: str) -> None:
    import_string(settings.MESSAGE_GATEWAY)().send_text(to=to, text=text, key=key)


def send_code(*, contact: str, digits: str, language: str) -> None:
    """
    Send a sign-in code straight out: it is worthless if it comes late.

    :raises rules.CodeNotSent: if the way out is blocked
    """
    subject, body = _words("code", language, {"digits": digits})
    try:
        if "@" in contact:
            _mail(contact, subject, body)
        else:
            key = encryption.blind_index(f"{contact} {digits}", place="notices.code").hex()
            _text(contact, body, f"code-{key}")
    except (OSError, SMTPException, GatewayDown) as error:
        log.warning("a code could not be sent: %s", type(error).__name__)
        raise rules.CodeNotSent from error
