"""Reading malls, agencies and roles."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from gerai.agencies.models import Agency, Counter, CounterLoan, Mall, Membership, Surroundings
from gerai.agencies.places import Places, of
from gerai.agencies.rules import SECOND_FACTOR_ROLES, WorkCalendar
from gerai.core import sql
from gerai.core.errors import NotFound


def the_mall() -> Mall:
    """The mall of this installation. (Several malls in one database each get their own address later.)"""
    mall = Mall.objects.order_by("code").first()
    if mall is None:
        raise NotFound
    return mall


def places(mall: Mall) -> Places:
    """Where a mall is. Read once for one mall in hand."""
    try:
        return of(mall.city, mall.surroundings.content)
    except Surroundings.DoesNotExist:
        return Places(mall.city)


def malls() -> list[Mall]:
    """Every mall of this installation."""
    return list(Mall.objects.order_by("code"))


def mall(code: str) -> Mall:
    """
    One mall.

    :raises NotFound: if there is none of that code
    """
    found = Mall.objects.filter(pk=code).first()
    if found is None:
        raise NotFound
    return found


def cashier(mall: Mall) -> str:
    """The code of the agency whose counter takes cash for everybody in the mall; empty: none does."""
    return str(mall.details.get("cashier", ""))


def memberships(person: Any) -> QuerySet[Membership]:
    """A person's active roles."""
    if not person.is_authenticated or not person.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(person_id=person.pk, active=True).select_related(
        "agency", "mall", "substitution"
    )


def has_role(person_id: UUID | str, role: str, *, agency_id: int | None = None) -> bool:
    """Whether the person holds the role, at that agency where one is given."""
    found = Membership.objects.filter(person_id=person_id, role=role, active=True, person__is_active=True)
    return found.filter(agency_id=agency_id).exists() if agency_id else found.exists()


def zone(code: str) -> str:
    """
    The time zone of a mall, for rooms below.

    :raises NotFound: if there is no mall of that code
    """
    found = sql.row("SELECT timezone FROM agencies_mall WHERE code = %s", [code])
    if found is None:
        raise NotFound
    return str(found[0])


# Every step of a case asks for it.
_HOLIDAYS = "SELECT date FROM agencies_holiday WHERE mall_id = %s"


def calendar(mall: Mall) -> WorkCalendar:
    """The mall's working-day calendar as a pure value."""
    return WorkCalendar(
        timezone=mall.timezone,
        opening=mall.opening,
        holidays=frozenset(day for (day,) in sql.rows(_HOLIDAYS, [mall.pk])),
    )


def opened_today(mall: Mall, now: datetime) -> datetime | None:
    """When service began today, for what is said each working morning; None before that and on no working day."""
    its = calendar(mall)
    today = its.local(now).date()
    hours = its.hours(today)
    return hours[0] if hours and hours[0] <= now and its.is_working(today) else None


def agencies(mall: Mall) -> QuerySet[Agency]:
    """The agencies that are live in the mall."""
    return Agency.objects.filter(mall=mall, live_at__isnull=False).order_by("code")


def agency(mall: Mall, code: str) -> Agency:
    """
    One agency of the mall.

    :raises NotFound: if there is none of that code
    """
    found = Agency.objects.filter(mall=mall, code=code).first()
    if found is None:
        raise NotFound
    return found


def by_codes(mall: Mall, codes: Iterable[str]) -> dict[str, Agency]:
    """
    Agencies of the mall by code, in one statement.

    :raises NotFound: if one of the codes has none
    """
    wanted = set(codes)
    found = {one.code: one for one in Agency.objects.filter(mall=mall, code__in=wanted)}
    if wanted - found.keys():
        raise NotFound
    return found


def counters(mall: Mall) -> QuerySet[Counter]:
    """All counters of the mall with the agencies they can serve."""
    return Counter.objects.filter(mall=mall).prefetch_related("agencies").order_by("number")


def needs_second_factor(person: Any) -> bool:
    """Whether one of the person's roles asks for a code besides the password."""
    return memberships(person).filter(role__in=SECOND_FACTOR_ROLES).exists()


def calendar_of(agency: Agency) -> WorkCalendar:
    """The agency's own calendar: the mall's, with the agency's hours on the days that it names."""
    whole = calendar(agency.mall)
    return replace(whole, opening={**whole.opening, **agency.opening})


def counters_at(agency: Agency) -> float:
    """
    How many counters the agency has; one that it shares counts by its share.

    One on loan for today helps who already waits: it opens no times to book, on this day or a later one, and takes
    none from the agency that lends it.
    """
    lent = CounterLoan.objects.filter(mall_id=agency.mall_id, returned_at=None)
    own = agency.counters.exclude(pk__in=lent.filter(agency=agency).values("counter_id"))
    guests = Tally(lent.values_list("counter_id", flat=True))
    # Through the ids: a filter on `agencies` would narrow the count as well.
    tenants = Counter.objects.filter(pk__in=own.values("pk")).annotate(n=Count("agencies"))
    return float(sum(1 / (n - guests[pk]) for pk, n in tenants.values_list("pk", "n")))
