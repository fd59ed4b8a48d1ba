"""Slots after the hours or the counters changed: never below what is booked. Writes."""

from datetime import datetime, timedelta

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.ledger.rules import SYSTEM
from gerai.visits import booking, slots
from gerai.visits.models import Slot, Visit
from gerai.visits.rules import AHEAD, HORIZON_DAYS, Stage


@transaction.atomic
def refit(*, mall: Mall, now: datetime) -> int:
    """
    Give every future slot the capacity that hours and counters allow now; a booking keeps its minutes.

    Appointments on a day or at an hour that is closed now are cancelled and their holders told. Returns how many.
    """
    rows = Slot.objects.select_for_update().filter(mall=mall, starts_at__gt=now)
    by_agency: dict[int, list[Slot]] = {}
    for row in rows.order_by("agency_id", "starts_at"):
        by_agency.setdefault(row.agency_id, []).append(row)
    shut = []
    for agency in agencies.agencies(mall).filter(pk__in=by_agency):
        calendar = agencies.calendar_of(agency)
        first = calendar.local(now).date()
        diary = slots.Diary([agency], first, first + timedelta(days=HORIZON_DAYS), rows=[])
        for row in by_agency[agency.pk]:
            hours = calendar.hours(calendar.local(row.starts_at).date())
            is_open = hours is not None and hours[0] <= row.starts_at < hours[1]
            capacity = max(row.booked, diary.usual(agency.pk, row.starts_at) if is_open else 0)
            if not is_open and row.booked:
                shut.append(row.pk)
            if capacity != row.capacity:
                Slot.objects.filter(pk=row.pk).update(capacity=capacity)
    affected = Visit.objects.filter(errands__shares__slot__in=shut, stage__in=AHEAD).values_list(
        "pk", flat=True
    )
    pks = sorted(set(affected))
    for pk in pks:
        visit = Visit.objects.select_for_update(of=("self",)).get(pk=pk)
        booking.record(visit, "visits.service_closed", SYSTEM, now)
        booking.release(visit, Stage.CANCELLED, now)
    return len(pks)
