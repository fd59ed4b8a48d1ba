"""Appointments for people's own calendars: one file, and a feed (iCalendar, RFC 5545). Reads only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from icalendar import Alarm, Calendar, Event

from gerai.core.errors import NotFound
from gerai.visits.models import Visit
from gerai.visits.rules import Stage

SALT = "visits.calendar"
CALLED_OFF = (Stage.CANCELLED, Stage.EXPIRED, Stage.MISSED)


def token(person_id: UUID) -> str:
    """The address of a person's feed: whoever has it sees their appointments, without a name."""
    return signing.Signer(salt=SALT).sign(str(person_id)).replace(":", "~")


def person_of(text: str) -> str:
    """
    Whose feed this is.

    :raises NotFound: if the address is not ours
    """
    try:
        return signing.Signer(salt=SALT).unsign(text.replace("~", ":"))
    except signing.BadSignature:
        raise NotFound from None


def feed(person_id: str) -> list[Visit]:
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
