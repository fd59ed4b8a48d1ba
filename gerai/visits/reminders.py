"""Words to people about their appointments: told when something changed, reminded before. Once per key."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing

from gerai.agencies.models import Mall
from gerai.core.dates import day_in_words, said
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.notices.texts.visits import MISSED_AGAIN, MISSED_ONCE, MISSED_TODAY
from gerai.visits import hours, slots
from gerai.visits.models import Visit
from gerai.visits.rules import LATE, Stage

SALT = "visits.reminder"
EVENING = time(16, 0)  # the day before, on the mall's clock
SOON = timedelta(hours=2)
OF_ENTRY = {
    "visits.booked": "appointment_booked",
    "visits.moved": "appointment_moved",
    "visits.cancelled": "appointment_cancelled",
    "visits.reserved": "appointment_offered",
    "visits.expired": "appointment_offer_over",
    "visits.service_closed": "appointment_closed",
    "visits.missed": "appointment_missed",
}


def token(visit: Visit) -> str:
    """What a message carries so that its reader can answer without signing in."""
    return signing.dumps(str(visit.pk), salt=SALT)


def by_token(text: str) -> Visit:
    """
    The appointment that a message was about.

    :raises NotFound: if the token is not ours or older than the days one can book ahead
    """
    try:
        pk = signing.loads(text, salt=SALT, max_age=timedelta(days=30))
    except signing.BadSignature:
        raise NotFound from None
    found = Visit.objects.select_related("mall", "person").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _hour(at: datetime) -> dict[str, str]:
    return {"id": f"{at:%H.%M}", "en": f"{at:%H:%M}"}


def still_today(visit: Visit, now: datetime) -> datetime | None:
    """Until when today a number for the errands of an appointment can still be had, on the mall's clock."""
    chosen = [e.service for e in visit.errands.select_related("service__agency__mall")]
    until = hours.open_until(visit.mall, chosen, now)
    return until and until.astimezone(ZoneInfo(visit.mall.timezone))


def _missed(visit: Visit, now: datetime) -> dict[str, Any]:
    """What can be done after an appointment was missed, and what follows from it."""
    until = still_today(visit, now)
    short = slots.short_until(visit.person_id, visit.mall, now) if visit.person_id else None
    return {
        "today": {
            lang: MISSED_TODAY[lang].format(until=_hour(until)[lang]) if until else ""
            for lang in MISSED_TODAY
        },
        "limit": {
            lang: MISSED_AGAIN[lang].format(day=day_in_words(short, lang)) if short else MISSED_ONCE[lang]
            for lang in MISSED_ONCE
        },
        "path": f"/janji/{visit.pk}/",
    }


def _data(visit: Visit) -> dict[str, Any]:
    zone = ZoneInfo(visit.mall.timezone)
    names = [e.service.name for e in visit.errands.select_related("service").order_by("sequence", "id")]
    at = (visit.slot_at or visit.booked_at or datetime.now(zone)).astimezone(zone)
    until = visit.reserved_until.astimezone(zone) if visit.reserved_until else at
    return {
        "when": said(at, visit.mall.timezone),
        "until": _hour(until),
        "services": {
            lang: ", ".join(name.get(lang) or name["id"] for name in names) for lang in ("id", "en")
        },
        "mall": visit.mall.name,
        "code": visit.code or "",
        "path": f"/janji/jawab/{token(visit)}/",
    }


def send(*, key: str, visit: Visit, template: str, now: datetime) -> None:
    """One message about an appointment to its holder; the same key again sends nothing."""
    if visit.person is None:
        return
    data = _data(visit)
    if template == "appointment_missed":
        data |= _missed(visit, now)
    elif template == "appointment_late":
        data["until"] = _hour(still_today(visit, now) or now)
    notices.send(key=key, mall=visit.mall_id, person=visit.person, template=template, data=data, now=now)


def tell(*, entry: Entry, now: datetime) -> None:
    """The message that belongs to a ledger entry, if it has one."""
    template = OF_ENTRY.get(entry.kind)
    if template is None or not entry.subject.startswith("visit:"):
        return
    visit = Visit.objects.select_related("mall", "person").get(pk=entry.subject.removeprefix("visit:"))
    send(key=f"{template}:{entry.pk}", visit=visit, template=template, now=now)


def due(mall: Mall, now: datetime) -> Iterator[tuple[str, Visit, str]]:
    """
    The reminders that are due and not sent yet: (key, visit, template). The day before, two hours before, and when
    somebody is late but can still come.
    """
    zone = ZoneInfo(mall.timezone)
    here = now.astimezone(zone)
    ahead = Visit.objects.select_related("mall", "person").filter(mall=mall, stage=Stage.CONFIRMED)
    wanted = [
        (f"appointment_soon:{v.pk}:{v.revision}", v, "appointment_soon")
        for v in ahead.filter(slot_at__gt=now, slot_at__lte=now + SOON)
    ]
    if here.time() >= EVENING:
        wanted += [
            (f"appointment_tomorrow:{v.pk}:{v.revision}", v, "appointment_tomorrow")
            for v in ahead.filter(day=here.date() + timedelta(days=1), coming_at=None)
        ]
    wanted += [
        (f"appointment_late:{v.pk}:{v.revision}", v, "appointment_late")
        for v in ahead.filter(slot_at__lt=now - LATE, slot_at__gte=now - SOON)
    ]
    have = sent.known(key for key, _, _ in wanted)
    for key, visit, template in wanted:
        if key in have or visit.booked_at is None:
            continue
        # Who booked a moment ago has just been told; who is late is told only while coming still helps.
        if still_today(visit, now) if template == "appointment_late" else visit.booked_at < now - SOON:
            yield key, visit, template


def remind(*, mall: Mall, now: datetime) -> int:
    """Send every reminder that is due. Returns how many."""
    count = 0
    for key, visit, template in due(mall, now):
        send(key=key, visit=visit, template=template, now=now)
        count += 1
    return count
