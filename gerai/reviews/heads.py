"""What the heads of an agency hear each working morning: how much is late with their officers. Writes."""

from datetime import datetime

from django.db.models import Count

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, Membership
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.reviews import queries
from gerai.reviews.models import Task


def morning(*, mall: Mall, now: datetime) -> int:
    """
    On a working day, once it has begun: the heads of each agency with late tasks get one message with how many.

    Also of an agency that only examines for another: nobody else would tell them. Returns how many were sent now.
    """
    opened = agencies.opened_today(mall, now)
    if opened is None:
        return 0
    late = Task.objects.filter(case__mall=mall, done_at=None, due_at__lt=now).order_by()
    counts = dict(late.values_list("agency_id").annotate(Count("pk")))
    held = Membership.objects.filter(
        mall=mall, agency_id__in=counts, role__in=queries.HEADS, active=True, person__is_active=True
    )
    heads = held.select_related("agency", "person").order_by("agency_id", "person_id")
    keys = {
        f"agency_late:{one.agency_id}:{one.person_id}:{opened.date()}": one
        for one in heads.distinct("agency_id", "person_id")
    }
    have = set(sent.known(keys))
    for key, one in keys.items():
        if key not in have and one.agency is not None:
            notices.send(
                key=key,
                mall=mall.pk,
                person=one.person,
                template="agency_late",
                data={
                    "agency": one.agency.short,
                    "late": counts[one.agency_id],
                    "path": "/tugas/bagi/",
                },
                now=now,
            )
    return len(keys) - len(have)
