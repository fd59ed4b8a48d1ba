"""The voice of a hall: one board speaks at a time, and each call is said once; and what the manager tells."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gerai.agencies.models import Mall
from gerai.core.errors import NotFound
from gerai.floor import boards, hall
from gerai.floor.boards import Utterance
from gerai.floor.models import Announcement, Device, Said
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


@transaction.atomic
def take_turn(*, device: Device, done: list[str], now: datetime) -> tuple[Utterance | None, bool]:
    """
    Note what the board has said, and give it the next thing to say; and whether it must wait for its turn.

    The first board of the hall that asks says it; falls it silent, another does when its time is over. Asked
    again it gives the same: a lost answer or a reload neither skips a call nor says one twice. The board
    tells "said" until we have heard it. No ledger entry: a call is recorded where it is made.
    """
    # The boards of a hall take their turns one by one: their rows are the lock.
    together = Device.objects.select_for_update(of=("self",)).filter(
        mall=device.mall, kind="board", hall=device.hall, revoked_at=None
    )
    others = [each.pk for each in together.order_by("pk") if each.pk != device.pk]
    Said.objects.filter(device=device, key__in=done[:50], done_at=None).update(done_at=now)
    if not device.speaks:
        return None, False
    wanted = boards.unsaid(device, now)
    if not wanted:
        return None, False
    if Said.objects.filter(device__in=others, done_at=None, holds_until__gt=now).exists():
        return None, True
    following = wanted[0]
    until = now + hall.hold_of(list(following.texts.values()))
    Said.objects.update_or_create(device=device, key=following.key, defaults={"holds_until": until})
    Said.objects.filter(device=device, holds_until__lt=now - timedelta(days=1)).delete()
    return following, False


@transaction.atomic
def announce(
    *,
    mall: Mall,
    text: dict[str, str],
    zones: list[str],
    from_at: datetime,
    until_at: datetime,
    every_minutes: int,
    actor: ActorRef,
    now: datetime,
) -> Announcement:
    """
    Tell the hall something, on its boards and by voice.

    :raises hall.AnnouncementWrong: without words, or with an end before its beginning
    :raises hall.PlaceWrong: for a zone that the mall does not have
    """
    words = {language: " ".join(text.get(language, "").split())[:240] for language in ("id", "en")}
    begins = max(from_at, now)
    if not words["id"] or not begins < until_at <= begins + hall.LONGEST_ANNOUNCEMENT:
        raise hall.AnnouncementWrong
    if every_minutes not in hall.REPEATS:
        raise hall.AnnouncementWrong
    if not set(zones) <= {z["code"] for z in mall.details.get("zones", [])}:
        raise hall.PlaceWrong
    made = Announcement.objects.create(
        mall=mall, text=words, zones=zones, from_at=begins, until_at=until_at, every_minutes=every_minutes
    )
    _record(made, "floor.announced", actor, now)
    return made


@transaction.atomic
def take_back(*, announcement: Announcement, actor: ActorRef, now: datetime) -> None:
    """Tell it no longer. A second click changes nothing."""
    if Announcement.objects.filter(pk=announcement.pk, ended_at=None).update(ended_at=now):
        _record(announcement, "floor.announcement_ended", actor, now)


def _record(announcement: Announcement, kind: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=announcement.mall_id,
        kind=kind,
        subject=f"announcement:{announcement.pk}",
        actor=actor,
        now=now,
        data={"zones": announcement.zones},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('floor', %s)", [announcement.mall_id])


def ahead(mall: Mall, now: datetime) -> list[Announcement]:
    """What is told now or later."""
    found = Announcement.objects.filter(mall=mall, ended_at=None, until_at__gt=now)
    return list(found.order_by("from_at", "id"))


def one(mall: Mall, announcement_id: Any) -> Announcement:
    """
    An announcement of the mall.

    :raises NotFound: if there is none
    """
    found = Announcement.objects.filter(mall=mall, pk=announcement_id).first()
    if found is None:
        raise NotFound
    return found
