"""Writing malls, holidays, agencies, counters and roles. A repetition that changes nothing writes nothing."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gerai.agencies import substituting
from gerai.agencies.models import Agency, Counter, CounterLoan, Holiday, Mall, Membership, Surroundings
from gerai.agencies.rules import CounterTaken, PrioritiesWrong, check_opening, check_role, check_timezone
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


def _put(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs and save it; the names of what differed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


@transaction.atomic
def open_mall(
    *,
    code: str,
    name: str,
    city: str,
    timezone: str,
    opening: dict[str, list[str]],
    details: dict[str, Any],
    actor: ActorRef,
    now: datetime,
) -> Mall:
    """
    Open a mall, or bring an open one up to date.

    :raises rules.OpeningWrong, rules.TimezoneUnknown: nothing is changed then
    """
    check_opening(opening)
    check_timezone(timezone)
    values = {"name": name, "city": city, "timezone": timezone, "opening": opening, "details": details}
    mall, new = Mall.objects.get_or_create(code=code, defaults=values)
    changed = [] if new else _put(Mall.objects.select_for_update().get(pk=code), values)
    if new or changed:
        ledger.append(
            mall=code,
            kind="agencies.mall_opened" if new else "agencies.mall_changed",
            subject=f"mall:{code}",
            actor=actor,
            now=now,
            data={"changed": changed},
        )
        mall.refresh_from_db()
    return mall


@transaction.atomic
def set_places(*, mall: Mall, places: dict[str, Any], actor: ActorRef, now: datetime) -> bool:
    """Make this the mall's city: its kecamatan, kelurahan and bounds. Tells whether anything changed."""
    Mall.objects.select_for_update().get(pk=mall.pk)
    if Surroundings.objects.filter(mall=mall, content=places).exists():
        return False
    Surroundings.objects.update_or_create(mall=mall, defaults={"content": places})
    kelurahan = sum(len(one["kelurahan"]) for one in places["kecamatan"])
    ledger.append(
        mall=mall.pk,
        kind="agencies.places_changed",
        subject=f"mall:{mall.pk}",
        actor=actor,
        now=now,
        data={"kelurahan": kelurahan},
    )
    return True


@transaction.atomic
def set_priorities(
    *, mall: Mall, given: Mapping[str, Mapping[str, str]], actor: ActorRef, now: datetime
) -> bool:
    """
    Decide whom the mall calls earlier, and what proves it: code -> {"id", "en"}. Tells whether anything changed.

    :raises rules.PrioritiesWrong: without a group (UU 25/2009 art. 29), or without proof in both languages
    """
    wanted = {
        code: {tongue: proof.get(tongue, "").strip() for tongue in ("id", "en")}
        for code, proof in given.items()
    }
    if not wanted or not all(0 < len(words) <= 200 for proof in wanted.values() for words in proof.values()):
        raise PrioritiesWrong
    if not _put(Mall.objects.select_for_update().get(pk=mall.pk), {"priorities": wanted}):
        return False
    ledger.append(
        mall=mall.pk,
        kind="agencies.priorities_changed",
        subject=f"mall:{mall.pk}",
        actor=actor,
        now=now,
        data={"groups": sorted(wanted)},
    )
    return True


@transaction.atomic
def set_holidays(
    *, mall: Mall, holidays: Iterable[tuple[date, str, str]], actor: ActorRef, now: datetime
) -> bool:
    """
    Make these (date, name, kind) the mall's days off, all of them. Tells whether anything changed.

    Rooms above recompute every open due date on `agencies.holidays_changed`.
    """
    Mall.objects.select_for_update().get(pk=mall.pk)
    wanted = {day: (name, kind) for day, name, kind in holidays}
    present = {h.date: h for h in Holiday.objects.filter(mall=mall)}
    gone = [day for day in present if day not in wanted]
    fresh = [day for day in wanted if day not in present]
    renamed = [d for d, h in present.items() if d in wanted and (h.name, h.kind) != wanted[d]]
    if not (gone or fresh or renamed):
        return False
    Holiday.objects.filter(mall=mall, date__in=gone).delete()
    Holiday.objects.bulk_create(
        Holiday(mall=mall, date=day, name=wanted[day][0], kind=wanted[day][1]) for day in fresh
    )
    for day in renamed:
        Holiday.objects.filter(pk=present[day].pk).update(name=wanted[day][0], kind=wanted[day][1])
    ledger.append(
        mall=mall.pk,
        kind="agencies.holidays_changed",
        subject=f"mall:{mall.pk}",
        actor=actor,
        now=now,
        data={"added": sorted(map(str, fresh)), "removed": sorted(map(str, gone))},
    )
    return True


@transaction.atomic
def put_agency(
    *,
    mall: Mall,
    code: str,
    name: dict[str, str],
    short: str,
    kind: str,
    actor: ActorRef,
    now: datetime,
    permit_pattern: str | None = None,
    opening: dict[str, list[str]] | None = None,
    source: dict[str, Any] | None = None,
) -> Agency:
    """
    Let an agency join the mall, live from now, or bring it up to date.

    :raises rules.OpeningWrong: nothing is changed then
    """
    check_opening(opening or {})
    values = {"name": name, "short": short, "kind": kind, "opening": opening or {}, "source": source or {}}
    if permit_pattern:
        values["permit_pattern"] = permit_pattern
    agency, new = Agency.objects.get_or_create(mall=mall, code=code, defaults={**values, "live_at": now})
    if not new:
        agency = Agency.objects.select_for_update(of=("self",)).select_related("mall").get(pk=agency.pk)
    changed = [] if new else _put(agency, {**values, "live_at": agency.live_at or now})
    if new or changed:
        _record(
            agency,
            "agencies.agency_joined" if new else "agencies.agency_changed",
            actor,
            now,
            changed=changed,
        )
    return agency


def _record(agency: Agency, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    ledger.append(
        mall=agency.mall_id,
        kind=kind,
        subject=f"agency:{agency.code}",
        actor=actor,
        now=now,
        data={"agency": agency.code, **data},
    )


@transaction.atomic
def place_counters(
    *, agency: Agency, counters: Iterable[tuple[int, str, bool]], actor: ActorRef, now: datetime
) -> bool:
    """
    Make these (number, zone, shared) the counters that serve the agency. Tells whether anything changed.

    A counter is not an agency: with `shared` it joins those already there; their zone stays.

    :raises rules.CounterTaken: if another agency sits there and it is not to be shared
    """
    wanted = {number: (zone, shared) for number, zone, shared in counters}
    Mall.objects.select_for_update().get(pk=agency.mall_id)
    there = {
        c.number: c
        for c in Counter.objects.filter(mall_id=agency.mall_id).prefetch_related("agencies")
        if c.number in wanted or agency in c.agencies.all()
    }
    changed = False
    loans = CounterLoan.objects.filter(mall_id=agency.mall_id, returned_at=None)
    borrowed = set(loans.filter(agency=agency).values_list("counter__number", flat=True))
    for number, (zone, shared) in wanted.items():
        counter = there.get(number)
        # Who only has the counter on loan for today does not sit there.
        guests = set(loans.values_list("agency_id", flat=True).filter(counter=counter)) if counter else set()
        others = [a for a in counter.agencies.all() if a.pk not in {agency.pk, *guests}] if counter else []
        if others and not shared:
            raise CounterTaken(number=number, agency=others[0].short)
        if counter is None:
            counter = Counter.objects.create(mall_id=agency.mall_id, number=number, zone=zone)
        elif not others and counter.zone != zone:
            Counter.objects.filter(pk=counter.pk).update(zone=zone)
            changed = True
        if number not in there or agency not in counter.agencies.all():
            counter.agencies.add(agency)
            changed = True
    for number, counter in there.items():
        if number not in wanted and number not in borrowed:
            counter.agencies.remove(agency)
            changed = True
    if changed:
        _record(agency, "agencies.counters_placed", actor, now, counters=sorted(wanted))
    return changed


@transaction.atomic
def give_role(
    *, mall: Mall, person: Any, role: str, actor: ActorRef, now: datetime, agency: Agency | None = None
) -> Membership:
    """
    Give a person a role at an agency, or (no agency) at the mall. Twice is once.

    :raises rules.RoleWrong: if the role does not exist there
    """
    check_role(role, at_agency=agency is not None)
    membership, new = Membership.objects.get_or_create(mall=mall, agency=agency, person=person, role=role)
    if not new and membership.active and membership.substitution_id is None:
        return membership
    membership.active, membership.substitution = True, None  # of their own, whomever they stood in for before
    membership.save(update_fields=["active", "substitution"])
    _record_role(membership, "agencies.role_given", actor, now)
    return membership


@transaction.atomic
def take_role(*, membership: Membership, actor: ActorRef, now: datetime) -> None:
    """Take a role away. Pages ask for the role at every request, so it ends at once."""
    substituting.role_taken(
        membership, actor, now
    )  # first its row, then the role's, as when it ends by itself
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if not locked.active:
        return
    locked.active, locked.substitution = False, None
    locked.save(update_fields=["active", "substitution"])
    membership.active = False
    _record_role(locked, "agencies.role_taken", actor, now)


def _record_role(membership: Membership, kind: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=membership.mall_id,
        kind=kind,
        subject=f"person:{membership.person_id}",
        actor=actor,
        now=now,
        data={"role": membership.role, "agency": membership.agency.code if membership.agency else None},
    )
