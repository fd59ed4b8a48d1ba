"""Reading what was sent: by its reader, and by who must see that it arrives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from gerai.accounts.models import Person
from gerai.core import encryption, sql
from gerai.notices import rules
from gerai.notices.models import Choice, Device, Notice, Push
from gerai.notices.texts import TEXTS

MANY = 99


def known(keys: Iterable[str]) -> set[str]:
    """Which of these messages exist already."""
    return set(Notice.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def inbox(person: Person, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of the person's messages, newest first, and where the next one begins, if there is one."""
    found = Notice.objects.filter(person_id=person.pk)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: rules.PAGE + 1])
    return rows[: rules.PAGE], rows[rules.PAGE - 1].pk if len(rows) > rules.PAGE else None


def unread(person: Any) -> int:
    """How many messages a person (or a visitor without an account: none) has not opened yet, counted up to 99."""
    if not person.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=person.pk, read_at=None)[:MANY].count()


def choice_of(person: Person) -> Choice:
    """What the person chose; somebody who never chose gets everything, by e-mail first."""
    found = sql.objects(Choice, "WHERE x.person_id = %s", [person.pk])
    return found[0] if found else Choice(person=person)


def contact_of(notice: Notice) -> str:
    """Whom a notice to somebody without an account goes to."""
    return encryption.unseal(notice.contact_sealed or b"", place=f"notices.contact:{notice.key}").decode()


def devices(person: Person) -> int:
    """On how many devices a person has pushed messages switched on."""
    return Device.objects.filter(person_id=person.pk).count()


def texts_since(person: Person, templates: Iterable[str], since: datetime) -> int:
    """How many texts of these kinds a person was sent since then."""
    found = Notice.objects.filter(person_id=person.pk, template__in=list(templates), channel="text")
    return found.filter(created_at__gte=since).count()


@dataclass(frozen=True, slots=True)
class Shares:
    """What came of a mall's messages of late, way by way."""

    texts: int  # handed to the gateway
    arrived: int  # of which it said so
    lost: int
    mails: int
    mails_failed: int
    pushes: int

    @property
    def share(self) -> int | None:
        """Of a hundred texts about which the gateway said something, how many arrived. None if it said nothing."""
        told = self.arrived + self.lost
        return round(100 * self.arrived / told) if told else None


def shares(mall: str, since: datetime) -> Shares:
    """How many messages went which way since then, and how many of the texts are known to have arrived."""
    recent = Notice.objects.filter(mall=mall, created_at__gte=since)
    text = Q(channel="text", status="sent") | ~Q(text_outcome="")
    return Shares(
        **recent.aggregate(
            texts=Count("pk", filter=text),
            arrived=Count("pk", filter=Q(text_outcome="delivered")),
            lost=Count("pk", filter=Q(text_outcome__in=["failed", "undeliverable"])),
            mails=Count("pk", filter=Q(channel="email", status="sent")),
            mails_failed=Count("pk", filter=Q(channel="email", status="failed")),
        ),
        pushes=Push.objects.filter(notice__in=recent, status="sent").count(),
    )


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that did not get out, without what it said."""

    pk: int
    title: dict[str, str]  # the subject with its blanks empty; nothing for messages older than this list
    at: datetime
    channel: str
    contact: str
    reason: str  # see rules.reason
    error: str


def failed(mall: str, before: int | None = None) -> tuple[list[Failed], int | None]:
    """A page of the mall's messages that were given up, newest first, and where the next one begins."""
    found = Notice.objects.filter(mall=mall, status="failed").select_related("person")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: rules.PAGE + 1])
    more = rows[rules.PAGE - 1].pk if len(rows) > rules.PAGE else None
    return [_failed(notice) for notice in rows[: rules.PAGE]], more


def _failed(notice: Notice) -> Failed:
    contact: str | None = None
    if notice.contact_sealed is not None:
        contact = contact_of(notice)
    elif notice.person is not None:
        contact = notice.person.email if notice.channel == "email" else notice.person.phone
    subjects = TEXTS.get(notice.template, {})
    return Failed(
        pk=notice.pk,
        title={language: rules.blanked(words[0]) for language, words in subjects.items()},
        at=notice.created_at,
        channel=notice.channel,
        contact=rules.masked(contact) if contact else "",
        reason=rules.reason(notice.last_error),
        error=notice.last_error,
    )
