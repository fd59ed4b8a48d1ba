"""Sending messages to people: once per key, by e-mail if they have it, else to their phone."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from gerai.accounts.models import Person
from gerai.notices.models import Notice
from gerai.notices.texts import TEXTS


def _words(template: str, language: str, data: dict[str, Any]) -> tuple[str, str]:
    subject, body = TEXTS[template][language if language in TEXTS[template] else "id"]
    flat = {k: v.get(language) or v.get("id") if isinstance(v, dict) else v for k, v in data.items()}
    if "path" in flat:
        flat["url"] = settings.BASE_URL + str(flat["path"])
    return subject.format(**flat)[:160], body.format(**flat)


@transaction.atomic
def send(*, key: str, mall: str, person: Person, template: str, data: dict[str, Any], now: datetime) -> Notice:
    """
    Queue one message. The same key again sends nothing and gives back the first.

    Somebody without e-mail and phone gets none; the desk tells them.
    """
    from gerai.notices import tasks  # the job needs this module: the edge is imported when it is used

    subject, body = _words(template, person.language, data)
    channel = "email" if person.email else "text" if person.phone else "none"
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
        tasks.deliver.defer(notice_id=notice.pk)
    return notice


def deliver(*, notice_id: int, now: datetime) -> None:
    """
    Send a queued notice. Raises what the way out raises, so that the job is tried again.

    A crash between sending and writing it down sends it twice: told twice is better than never.
    """
    notice = Notice.objects.select_related("person").get(pk=notice_id)
    if notice.status == "sent" or notice.person is None:
        return
    Notice.objects.filter(pk=notice_id).update(attempts=notice.attempts + 1)
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
    """Send a sign-in code straight out: it is worthless if it comes late."""
    subject, body = _words("code", language, {"digits": digits})
    if "@" in contact:
        _mail(contact, subject, body)
    else:
        _text(contact, body, f"code-{contact}-{digits}")
