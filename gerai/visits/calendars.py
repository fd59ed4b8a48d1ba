"""Appointments for people's own calendars: one file, and a feed whose address its owner can end (RFC 5545)."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from icalendar import Alarm, Calendar, Event

from gerai.accounts.models import Person
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits.feeds import CalendarFeed
from gerai.visits.models import Visit
from gerai.visits.rules import FeedOver, Stage

SALT = "visits.calendar"
CALLED_OFF = (Stage.CANCELLED, Stage.EXPIRED, Stage.MISSED)


def nonce_of(person: Person) -> str:
    """The nonce in the address of a person's feed; "" while there is none."""
    return CalendarFeed.objects.filter(pk=person.pk).values_list("nonce", flat=True).first() or ""


@transaction.atomic
def make_address(*, person: Person, was: str, mall: str, now: datetime) -> str:
    """
    A new address for the person's feed instead of the one with the nonce `was`, which ends. Returns its nonce.

    A second press still holds the former nonce, and finds what the first one made.
    """
    feed = _locked(person)
    if feed.nonce == was:
        feed.nonce, feed.changed_at = secrets.token_urlsafe(12), now
        feed.save()
        _record(mall, "visits.calendar_shared", person, now)
    return feed.nonce


@transaction.atomic
def end_address(*, person: Person, mall: str, now: datetime) -> None:
    """No address opens the person's feed any more. Twice is once."""
    feed = _locked(person)
    if feed.nonce:
        feed.nonce, feed.changed_at = "", now
        feed.save()
        _record(mall, "visits.calendar_ended", person, now)


def _locked(person: Person) -> CalendarFeed:
    CalendarFeed.objects.bulk_create([CalendarFeed(person=person)], ignore_conflicts=True)  # a row to lock
    return CalendarFeed.objects.select_for_update().get(pk=person.pk)


def _record(mall: str, kind: str, person: Person, now: datetime) -> None:
    actor = ActorRef("person", str(person.pk))
    ledger.append(mall=mall, kind=kind, subject=f"person:{person.pk}", actor=actor, now=now)


def token(person_id: UUID, nonce: str) -> str:
    """The address of a person's feed: whoever has it sees their appointments, without a name."""
    return signing.Signer(salt=SALT).sign(f"{person_id}~{nonce}").replace(":", "~")


def person_of(text: str) -> UUID:
    """
    Whose feed this address opens.

    :raises NotFound: if the address is not ours
    :raises FeedOver: if its owner has ended it, or has another one now
    """
    try:
        whose, _, nonce = signing.Signer(salt=SALT).unsign(":".join(text.rsplit("~", 1))).partition("~")
    except signing.BadSignature:
        raise NotFound from None
    feed = CalendarFeed.objects.filter(person_id=UUID(whose), person__is_active=True).first()
    if feed is None or not nonce or not hmac.compare_digest(feed.nonce, nonce):
        raise FeedOver
    return feed.person_id


def feed(person_id: UUID) -> list[Visit]:
    """The appointments a feed shows: those of the last month and all ahead."""
    found = Visit.objects.select_related("mall").filter(person_id=person_id, slot_at__isnull=False)
    return list(found.exclude(stage=Stage.RESERVED).order_by("-slot_at")[:50])


def _event(visit: Visit, language: str, now: datetime) -> Event:
    zone = ZoneInfo(visit.mall.timezone)
    errands = list(visit.errands.select_related("service", "agency").order_by("sequence", "id"))
    last = errands[-1] if errands else None
    start = (visit.slot_at or now).astimezone(zone)
    end = start + timedelta(minutes=15)
    if last is not None and last.slot_at is not None:
        end = last.slot_at.astimezone(zone) + timedelta(minutes=last.service.counter_minutes * visit.party)
    names = ", ".join(e.service.name.get(language) or e.service.name["id"] for e in errands)
    event = Event()
    event.add("uid", f"{visit.pk}@{visit.mall_id}.gerai")
    event.add("sequence", visit.revision)
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{visit.mall.name}: {names}")
    event.add("location", visit.mall.details.get("address", visit.mall.name))
    event.add("url", f"{settings.BASE_URL}/janji/{visit.pk}/")
    word = {"id": "Kode masuk", "en": "Check-in code"}[language]
    event.add("description", f"{word}: {visit.code}")
    event.add("status", "CANCELLED" if visit.stage in CALLED_OFF else "CONFIRMED")
    if visit.stage not in CALLED_OFF:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta(hours=-2))
        alarm.add("description", names)
        event.add_component(alarm)
    return event


def write(visits: Iterable[Visit], *, language: str, now: datetime) -> bytes:
    """The visits as one iCalendar file, with the time zones it names."""
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Gerai//Mal Pelayanan Publik//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Mal Pelayanan Publik")
    for visit in visits:
        calendar.add_component(_event(visit, language if language == "en" else "id", now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
