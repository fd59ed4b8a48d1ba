"""Sending messages to people: once per key, the way they chose, not at night, tried again until they are out."""

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from gerai.accounts.models import Person
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.notices import delivering, pushing, queries, rules
from gerai.notices.delivering import deliver as deliver
from gerai.notices.models import Choice, Device, Notice
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

    It goes the way the person chose, else to the e-mail address, else to the phone; with `by_text`, for what cannot
    wait, to the phone first and at any hour; a call to the phone only with it, which its reader asked for. What
    `rules.pushed` says goes to their devices too, or instead. Somebody who cannot be reached, or chose to do without
    this kind, finds it on the page of messages only.
    """
    choice = queries.choice_of(person)
    channel, usual = "none", "none"
    pushed: list[Device] = []
    if rules.wanted(template, reminders=choice.reminders, news=choice.news):
        if rules.posted(template):
            usual = rules.way(
                email=person.email, phone=person.phone, preferred=choice.channel, urgent=by_text
            )
        elif by_text and person.phone:
            usual = "text"
        pushed = pushing.devices(person) if rules.pushed(template) else []
        channel = rules.main_way(usual, devices=bool(pushed), template=template)
    return _write(
        Notice(mall=mall, key=key, person=person, template=template, channel=channel, created_at=now),
        language=person.language,
        data=data,
        urgent=by_text or template in rules.URGENT,
        pushed=pushed,
    )


@transaction.atomic
def send_to_contact(
    *,
    key: str,
    mall: str,
    contact: str,
    template: str,
    data: dict[str, Any],
    language: str,
    now: datetime,
) -> Notice:
    """Queue one message to an e-mail address or phone that no account has. The same key again sends nothing."""
    notice = Notice(mall=mall, key=key, template=template, created_at=now)
    notice.channel = "email" if "@" in contact else "text"
    notice.contact_sealed = encryption.seal(contact.encode(), place=f"notices.contact:{key}")
    return _write(notice, language=language, data=data, urgent=template in rules.URGENT, pushed=[])


def _write(
    notice: Notice, *, language: str, data: dict[str, Any], urgent: bool, pushed: list[Device]
) -> Notice:
    """The notice with its jobs, in one transaction; or the one that this key has already."""
    notice.subject, notice.body = _words(notice.template, language, data)
    notice.path, notice.urgent = str(data.get("path", "")), urgent
    notice.status = "silent" if notice.channel == "none" else "queued"
    if notice.channel != "none":
        notice.deliver_at = delivering.wait(notice.mall, urgent, notice.created_at)
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        return Notice.objects.get(key=notice.key)
    if notice.channel not in ("none", "push"):
        delivering.queue(notice)
    for device in pushed:
        pushing.queue(notice, device)
    return notice


@transaction.atomic
def try_again(*, notice_id: int, mall: str, actor: ActorRef, now: datetime) -> Notice:
    """
    Send once more what was given up. A second press finds it on its way, and adds nothing.

    :raises NotFound: if the mall has no such notice
    """
    notice = Notice.objects.select_for_update().filter(pk=notice_id, mall=mall).first()
    if notice is None:
        raise NotFound
    if notice.status != "failed":
        return notice
    notice.status, notice.attempts, notice.deliver_at = "queued", 0, delivering.wait(mall, notice.urgent, now)
    if notice.text_outcome:  # its gateway knows the old key, and would send nothing
        notice.sending, notice.text_outcome, notice.text_outcome_at = notice.sending + 1, "", None
    notice.save()
    ledger.append(
        mall=mall,
        kind="notices.retried",
        subject=f"notice:{notice.pk}",
        actor=actor,
        now=now,
        data={"template": notice.template, "error": notice.last_error},
    )
    delivering.queue(notice)
    return notice


def mark_read(*, person: Person, ids: Iterable[int], now: datetime) -> None:
    """Note that the person has seen these of their messages. No entry: it is nobody else's business."""
    Notice.objects.filter(person_id=person.pk, pk__in=list(ids), read_at=None).update(read_at=now)


@transaction.atomic
def choose(*, mall: str, person: Person, channel: str, reminders: bool, news: bool, now: datetime) -> Choice:
    """
    Keep how the person wants to hear from us. What they had chosen already changes nothing.

    :raises rules.ChannelUnknown: if there is no such way
    """
    wish = {"channel": rules.check_channel(channel), "reminders": reminders, "news": news}
    Choice.objects.bulk_create(
        [Choice(person=person)], ignore_conflicts=True
    )  # so that there is a row to lock
    choice = Choice.objects.select_for_update().get(pk=person.pk)
    if wish == {name: getattr(choice, name) for name in wish}:
        return choice
    choice.channel, choice.reminders, choice.news, choice.changed_at = channel, reminders, news, now
    choice.save()
    ledger.append(
        mall=mall,
        kind="notices.chosen",
        subject=f"person:{person.pk}",
        actor=ActorRef("person", str(person.pk)),
        now=now,
    )
    return choice


def send_code(*, contact: str, digits: str, language: str) -> None:
    """
    Send a sign-in code straight out: it is worthless if it comes late.

    :raises rules.CodeNotSent: if the way out is blocked
    """
    subject, body = _words("code", language, {"digits": digits})
    try:
        if "@" in contact:
            delivering.mail(contact, subject, body)
        else:
            key = encryption.blind_index(f"{contact} {digits}", place="notices.code").hex()
            delivering.text(contact, body, f"code-{key}")
    except (OSError, SMTPException, GatewayDown) as error:
        log.warning("a code could not be sent: %s", type(error).__name__)
        raise rules.CodeNotSent from error
