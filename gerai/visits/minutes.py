"""Taking and giving back the minutes of slots, under lock. Called inside the transaction of a booking.

One recipe for the scarce thing: the rows of all slots concerned are locked at once, in one order, before anything is
looked at; the database's own constraint stands behind it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, Q

from gerai.agencies import queries as agencies
from gerai.catalogue.models import Service
from gerai.visits import rules, slots
from gerai.visits.models import Errand, Slot, SlotShare, Visit


def lock(chosen: Sequence[Service], day: date, also: Sequence[int] = ()) -> slots.Diary:
    """Make the slots of the day where they are missing, lock them all (and `also` these), and read them."""
    concerned = {service.agency_id: service.agency for service in chosen}
    diary = slots.Diary(concerned.values(), day, day)
    moments = {pk: calendar.hours(day) for pk, calendar in diary.calendars.items()}
    Slot.objects.bulk_create(
        (
            Slot(mall=concerned[pk].mall, agency_id=pk, starts_at=start, capacity=diary.usual(pk, start))
            for pk, hours in moments.items()
            if hours
            for start in slots.starts(*hours)
        ),
        ignore_conflicts=True,
    )
    wanted = Q(pk__in=also)
    for pk, hours in moments.items():
        if hours:
            wanted |= Q(agency_id=pk, starts_at__gte=hours[0], starts_at__lt=hours[1])
    rows = Slot.objects.select_for_update().filter(wanted).order_by("agency_id", "starts_at")
    return slots.Diary(concerned.values(), day, day, rows=rows)


def place(
    visit: Visit, chosen: Sequence[Service], diary: slots.Diary, start: datetime, now: datetime
) -> list[slots.Place]:
    """
    Take the minutes of the locked slots for these errands.

    :raises rules.SlotTaken: if they do not fit (any more)
    """
    rooms = diary.rooms(visit.day)
    option = slots.best(chosen, start, rooms, visit.party, now) if rooms else None
    if option is None or rooms is None:
        raise rules.SlotTaken
    return list(option.places)


def take(errand: Errand, at: datetime, diary: slots.Diary, party: int) -> None:
    """
    Write the minutes of an errand due at `at` on its locked slots.

    :raises rules.SlotTaken: if they do not hold them
    """
    rooms = diary.rooms(agencies.calendar(errand.mall).local(at).date()) or {}
    room = rooms[errand.agency_id]
    parts = room.take(errand.service.counter_minutes * party, at)
    if parts is None:
        raise rules.SlotTaken
    first = room.index(at)
    for n, minutes in enumerate(parts, first):
        if minutes:
            row = diary.rows[errand.agency_id, room.opens + n * rules.SLOT]
            row.booked += minutes
            row.save(update_fields=["booked"])
            SlotShare.objects.create(slot=row, errand=errand, minutes=minutes)


def give_back(visit: Visit) -> None:
    """Free the minutes of a visit's errands. Slots are locked in the one order first."""
    held = list(SlotShare.objects.filter(errand__visit=visit).values_list("slot_id", "minutes", "pk"))
    list(
        Slot.objects.select_for_update()
        .filter(pk__in=[slot for slot, _, _ in held])
        .order_by("agency_id", "starts_at")
    )
    for slot, minutes, _ in held:
        Slot.objects.filter(pk=slot).update(booked=F("booked") - minutes)
    SlotShare.objects.filter(pk__in=[pk for _, _, pk in held]).delete()
