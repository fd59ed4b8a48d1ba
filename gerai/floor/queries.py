"""Reading the floor: who is at a counter."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, Floor, Greatest

from gerai.accounts.models import Person
from gerai.agencies.models import Counter, Mall, Membership
from gerai.catalogue.models import Service
from gerai.floor import rules
from gerai.floor.models import Duty
from gerai.ledger.models import Entry
from gerai.visits import queries as visits
from gerai.visits import since
from gerai.visits.models import Errand
from gerai.visits.rules import State

OFFICERS = ("counter_officer", "information_desk")


def is_played(mall: Mall) -> bool:
    """Whether a simulation plays here now: some officer at a counter is one of its people. In the demo only."""
    if not settings.DEMO:
        return False
    return Duty.objects.filter(mall=mall, closed_at=None, person__email__endswith=rules.SIMULATED).exists()


def duty(person: Any) -> Duty | None:
    """Where the officer works now."""
    found = Duty.objects.select_related("counter", "mall").filter(person_id=person.pk, closed_at=None)
    return found.first()


def counters_for(member: Membership) -> list[Counter]:
    """The counters that this officer can sign on to and that nobody holds."""
    found = Counter.objects.filter(mall=member.mall).exclude(duty__in=Duty.objects.filter(closed_at=None))
    if member.agency_id:
        found = found.filter(agencies=member.agency_id)
    return list(found.prefetch_related("agencies").order_by("number"))


def services_at(counters: Iterable[Counter]) -> dict[int, list[Service]]:
    """By agency: the services that these counters can serve."""
    ids = {agency.pk for counter in counters for agency in counter.agencies.all()}
    found: dict[int, list[Service]] = {}
    for service in Service.objects.filter(agency__in=ids, active=True).order_by("agency__code", "code"):
        found.setdefault(service.agency_id, []).append(service)
    return found


def colleagues(duty: Duty) -> list[Person]:
    """Who may take over this counter: its agencies' officers and the mall's, at no counter now."""
    held = Membership.objects.filter(
        Q(agency__in=duty.counter.agencies.all()) | Q(agency=None),
        mall=duty.mall_id,
        role__in=OFFICERS,
        active=True,
    )
    free = Person.objects.filter(memberships__in=held, is_active=True).exclude(pk=duty.person_id)
    return list(
        free.exclude(pk__in=Duty.objects.filter(closed_at=None).values("person")).distinct().order_by("name")
    )


def agency_ids(counter: Counter) -> list[int]:
    """The agencies whose errands this counter serves."""
    return list(counter.agencies.values_list("id", flat=True))


def waiting(duty: Duty) -> QuerySet[Errand]:
    """Who waits for this counter, in the order of calling."""
    found = visits.waiting(duty.mall, agency_ids(duty.counter))
    only = list(duty.services.values_list("id", flat=True))
    return found.filter(service_id__in=only) if only else found


def waiting_rows(duty: Duty, now: datetime) -> list[tuple[Any, ...]]:
    """All of them in short: entrance, number, service, minutes waited, and what marks them. One light statement."""
    seconds = Extract(ExpressionWrapper(Value(now) - since.SINCE, DurationField()), "epoch")
    mark = Case(
        When(permit__isnull=False, then=Value("ready")),
        When(slot_at__isnull=False, then=Value("due")),
        When(~Q(visit__priority=""), then=Value("first")),
        default=Value(""),
        output_field=CharField(),
    )
    rows = waiting(duty).select_related(None)
    minutes = Cast(Greatest(Coalesce(Floor(seconds / 60), 0.0), 0.0), IntegerField())
    return list(rows.values_list("visit__entrance", "visit__number", "service_id", minutes, mark))


def service_names(duty: Duty) -> dict[int, dict[str, str]]:
    """The names of what this counter can serve."""
    served = Service.objects.filter(agency__in=agency_ids(duty.counter))
    return dict(served.values_list("id", "name"))


def at_counter(counter: Counter) -> Errand | None:
    """Who is called to or served at this counter."""
    found = Errand.objects.filter(counter=counter, state__in=[State.CALLED, State.SERVING])
    beside = ("visit__person", "service", "agency", "application__edition", "permit")
    return found.select_related(*beside).first()


def errand(pk: int) -> Errand:
    """One errand with what stands beside it, for who has just acted on it."""
    return Errand.objects.select_related("visit", "service", "agency", "counter").get(pk=pk)


def held_at(counter: Counter) -> list[Errand]:
    """Who is parked at this counter."""
    found = Errand.objects.filter(counter=counter, state=State.HELD).select_related("visit", "service")
    return list(found.order_by("started_at", "id"))


def absent_for(duty: Duty, now: datetime) -> list[Errand]:
    """Who did not come when called for what this counter serves, today: they may come back."""
    found = Errand.objects.filter(
        mall=duty.mall_id,
        agency__in=agency_ids(duty.counter),
        state=State.ABSENT,
        visit__day=today(duty.mall, now),
        called_at__gt=now - timedelta(hours=12),
    )
    return list(found.select_related("visit", "service").order_by("-ended_at")[:5])


def today(mall: Mall, now: datetime) -> date:
    """The mall's day."""
    return now.astimezone(ZoneInfo(mall.timezone)).date()


def last_step(person: Any, mall: str, now: datetime) -> Entry | None:
    """The officer's last step that can still be taken back, as its entry."""
    recent = Entry.objects.filter(
        mall=mall, kind__in=[*rules.STEPS, "floor.undone", *rules.ENDS_A_STEP], at__gt=now - rules.UNDO_WITHIN
    ).filter(actor_kind="person", actor_id=str(person.pk))
    undone: set[int | None] = set()
    for entry in recent.order_by("-id"):
        if entry.kind == "floor.undone":
            undone.add(entry.cause)
        elif entry.pk not in undone:
            return entry if entry.kind in rules.STEPS else None
    return None


def most_asked(mall: Mall, now: datetime, limit: int) -> list[str]:
    """The codes of the services that people came for most in the last week."""
    recent = Errand.objects.filter(mall=mall, called_at__gt=now - timedelta(days=7), service__active=True)
    counted = recent.values_list("service__code").annotate(n=Count("id")).order_by("-n", "service__code")
    return [code for code, _ in counted[:limit]]
