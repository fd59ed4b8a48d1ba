"""A visit for applicant's and officer's own calendars (iCalendar, RFC 5545): no name and no address in it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from gerai.core.errors import NotFound
from gerai.reviews.inspecting import LONG, State
from gerai.reviews.inspection_models import SiteVisit

TITLE = {"id": "Peninjauan lapangan", "en": "Inspection"}


def write(visit: SiteVisit, *, path: str, language: str, now: datetime) -> bytes:
    """
    The visit as an iCalendar file; one that is off takes itself out of a calendar that had it.

    :raises NotFound: while there is no time
    """
    if visit.starts_at is None:
        raise NotFound
    start = visit.starts_at.astimezone(ZoneInfo(visit.task.case.mall.timezone))
    event = Event()
    event.add("uid", f"{visit.pk}@{visit.task.case.mall_id}.gerai")
    event.add("sequence", visit.revision)
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", start + LONG)
    title = TITLE[language if language == "en" else "id"]
    event.add("summary", f"{title} {visit.task.case.application.number} ({visit.task.agency.short})")
    event.add("url", settings.BASE_URL + path)
    on = visit.state in (State.AGREED, State.HELD)
    event.add("status", "CONFIRMED" if on else "CANCELLED")
    if on:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta(hours=-2))
        alarm.add("description", title)
        event.add_component(alarm)
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Gerai//Mal Pelayanan Publik//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
