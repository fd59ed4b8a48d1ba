"""What a board shows, and what it has still to say. Calls come from the errands themselves: nothing is copied."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from gerai.agencies.models import Mall
from gerai.core.typed import whole
from gerai.floor import hall, queries
from gerai.floor.models import Announcement, Device, Said
from gerai.visits import closing
from gerai.visits import queries as visits
from gerai.visits.models import Closure, Errand
from gerai.visits.rules import State

SHOWN = 6  # the last call and five before it
WAITS = 4
CLOSED_SHOWN = timedelta(minutes=30)  # paper tickets must read it here


@dataclass(frozen=True)
class Utterance:
    """Something to say: its key names one call or one repetition; the sentences by language, in order."""

    key: str
    texts: dict[str, str]


def key_of(errand: Errand) -> str:
    """One call: calling again, or after coming back, is another."""
    stamp = int(errand.called_at.timestamp() * 1000) if errand.called_at else 0
    return f"c{errand.pk}.{stamp}"


def _called(device: Device, since: datetime) -> QuerySet[Errand]:
    """The calls since then to the counters of this board's zones."""
    found = Errand.objects.filter(mall=device.mall, called_at__gt=since).exclude(counter=None)
    if device.zones:
        found = found.filter(counter__zone__in=device.zones)
    return found.select_related("visit", "counter", "service", "agency")


def announcements(mall: Mall, now: datetime, zones: list[str] | None = None) -> list[Announcement]:
    """What the manager tells now, in these zones (None: anywhere)."""
    found = Announcement.objects.filter(mall=mall, ended_at=None, from_at__lte=now, until_at__gt=now)
    return [
        a for a in found.order_by("from_at", "id") if not zones or not a.zones or set(zones) & set(a.zones)
    ]


def show(device: Device, now: datetime) -> dict[str, Any]:
    """All that a board shows."""
    called = list(_called(device, now - timedelta(hours=2)).order_by("-called_at", "-id")[:SHOWN])
    for errand in called:
        errand.key = key_of(errand)  # type: ignore[attr-defined]
    names = {z["code"]: z["name"] for z in device.mall.details.get("zones", [])}
    return {
        "device": device,
        "last": called[0] if called else None,
        "before": called[1:],
        "zone_names": [names[code] for code in device.zones if code in names],
        "announcements": announcements(device.mall, now, device.zones),
        "played": queries.is_played(device.mall),
        "closed": [closed_words(each) for each in _closed(device, now - CLOSED_SHOWN, now)],
        **_waits(device, now),
    }


def _waits(device: Device, now: datetime) -> dict[str, Any]:
    """How many wait in these zones, and the longest waits."""
    queues = visits.queues(device.mall, now)
    if device.zones:
        near = set(device.mall.agencies.filter(counters__zone__in=device.zones).values_list("pk", flat=True))
        queues = [q for q in queues if q["agency"].pk in near]
    told = [q for q in queues if q["wait"]]
    longest = sorted(told, key=lambda q: -q["wait"].high)[:WAITS]
    return {"waiting": sum(q["waiting"] for q in queues), "queues": longest}


def _call(errand: Errand) -> Utterance:
    counter = errand.counter.number if errand.counter else 0
    told = (errand.visit.entrance, errand.visit.number or 0, counter)
    languages = ("id", "en") if errand.visit.language == "en" else ("id",)
    return Utterance(key_of(errand), {each: hall.spoken(*told, each) for each in languages})


def _announced(announcement: Announcement, now: datetime) -> Utterance | None:
    """The repetition that is due; None when its moment has passed."""
    turn = hall.turn_of(announcement.from_at, announcement.every_minutes, now)
    due = announcement.from_at + timedelta(minutes=announcement.every_minutes * turn)
    if now - due > hall.FRESH:
        return None
    texts = {
        language: announcement.text[language] for language in ("id", "en") if announcement.text.get(language)
    }
    return Utterance(f"a{announcement.pk}.{turn}", texts)


def _closed(device: Device, since: datetime, now: datetime) -> list[Closure]:
    """What was closed for today near this board, while people waited there."""
    found = closing.turned_away(device.mall, since, now)
    if not device.zones or not found:
        return found
    near = set(device.mall.agencies.filter(counters__zone__in=device.zones).values_list("pk", flat=True))
    return [each for each in found if each.agency_id in near]


def closed_words(closure: Closure) -> dict[str, str]:
    """The sentence about it in both languages; the reason is the manager's own words, as they stand."""
    names = {
        each: (closure.service.name[each] + ", " if closure.service else "") + closure.agency.name[each]
        for each in ("id", "en")
    }
    reason = closure.reason.rstrip(".")
    return {
        "id": f"{names['id']}, tutup untuk hari ini: {reason}. Yang menunggu di sana, silakan ke meja informasi.",
        "en": f"{names['en']} is closed for the rest of today. If you wait there, please ask the information desk.",
    }


def _say_closed(closure: Closure) -> Utterance:
    return Utterance(f"t{closure.pk}.0", closed_words(closure))


def to_say(device: Device, now: datetime) -> list[Utterance]:
    """
    All that this board has to say now, in order: calls as they were made, what was closed, then announcements.

    Who has come to the counter meanwhile is not called any more; nor is a call of long ago.
    """
    recent = _called(device, now - hall.FRESH).filter(state=State.CALLED).order_by("called_at", "id")
    spoken = [_announced(each, now) for each in announcements(device.mall, now, device.zones)]
    closed = _closed(device, now - hall.FRESH, now)
    return [*map(_call, recent), *map(_say_closed, closed), *(each for each in spoken if each is not None)]


def utterance(device: Device, key: str, now: datetime) -> Utterance | None:
    """What a key means, also when the visitor has come to the counter meanwhile: a sentence begun is ended."""
    kind = key[:1]
    number, _, which = key[1:].partition(".")
    if whole(number) is None or whole(which) is None:
        return None
    if kind == "c":
        errand = _called(device, now - timedelta(hours=1)).filter(pk=int(number)).first()
        return _call(errand) if errand is not None and key_of(errand) == key else None
    if kind == "t":
        closed = _closed(device, now - timedelta(hours=1), now)
        return next((_say_closed(each) for each in closed if each.pk == int(number)), None)
    told = [_announced(a, now) for a in announcements(device.mall, now, device.zones) if a.pk == int(number)]
    return next((each for each in told if each is not None and each.key == key), None)


def unsaid(device: Device, now: datetime) -> list[Utterance]:
    """What it has still to say: a hall hears each call once, whichever of its boards has said it."""
    wanted = to_say(device, now)
    heard = Said.objects.filter(
        device__mall=device.mall,
        device__hall=device.hall,
        key__in=[each.key for each in wanted],
        done_at__isnull=False,
    )
    over = set(heard.values_list("key", flat=True))
    return [each for each in wanted if each.key not in over]
