"""The end of a day, and an agency or service closed before it: nobody is left in limbo. Writes, like services."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.catalogue.models import Service
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.visits import queries, rules, services
from gerai.visits.models import Closure, Errand, Visit
from gerai.visits.rules import AHEAD, LIVE, Stage, State

# Counters that still serve those in the hall get so long after closing time.
LAST = timedelta(hours=2)
YET_TO_COME = (State.BOOKED, State.PLANNED, State.WAITING)
CLOSED_TODAY, UNENDED = "closed_today", "unended"  # outcomes


def _ended(agency: Agency, now: datetime) -> datetime | None:
    """When the agency's hours ended today, once its last counter has closed; None while it may still serve."""
    calendar = agencies.calendar_of(agency)
    hours = calendar.hours(calendar.local(now).date())
    if hours is None or now < hours[1]:
        return None
    still_serving = now < hours[1] + LAST and queries.open_counters(agency.mall, agency.pk)
    return None if still_serving else hours[1]


def close_day(*, mall: Mall, now: datetime) -> int:
    """
    End what the day left open; each visit is a transaction of its own. Returns how many changed. Twice is once.

    After an agency's hours, when its last counter has closed (at the latest two hours later), those who came in
    its hours and still wait are told. Who is at a counter stays until the officer ends it, at the latest midnight.
    Who was let in after hours stays until midnight too.
    """
    today = agencies.calendar(mall).local(now).date()
    hours = agencies.calendar(mall).hours(today)
    over = {
        agency.pk: end
        for agency in Agency.objects.filter(mall=mall).select_related("mall")
        if (end := _ended(agency, now))
    }
    missed_until = today if hours and now >= hours[1] else today - timedelta(days=1)
    changed = 0
    for visit_id in queries.left_open(mall, today):
        changed += _end_visit(visit_id=visit_id, today=today, over=over, missed_until=missed_until, now=now)
    return changed


@transaction.atomic
def _end_visit(
    *, visit_id: UUID, today: date, over: dict[int, datetime], missed_until: date, now: datetime
) -> bool:
    errands, visit = _lock(visit_id)
    if visit.stage in AHEAD:
        return visit.day <= missed_until and _nobody_came(visit, errands, now)
    if visit.stage != Stage.ARRIVED or visit.arrived_at is None:
        return False
    past = visit.day < today
    arrived = visit.arrived_at

    def goes(errand: Errand) -> bool:
        in_hours = errand.agency_id in over and arrived < over[errand.agency_id]
        return errand.state in YET_TO_COME and (past or in_hours)

    closed = _close(errands, goes, "", now)
    unended = [e for e in errands if past and e.state in (State.CALLED, State.SERVING, State.HELD)]
    for errand in unended:  # the officer forgot; who was only called was not served
        errand.state = State.CLOSED if errand.state == State.CALLED else State.DONE
        errand.outcome, errand.ended_at = UNENDED, now
        errand.save(update_fields=["state", "outcome", "ended_at"])
    if not (closed or unended or past):
        return False
    services.join_next(visit_id=visit.pk, now=now)
    ended = [e.pk for e in unended]
    _record(visit, "visits.closed", SYSTEM, now, [*closed, *unended], reason="day_over", unended=ended)
    services.hint(visit.mall_id)
    return True


def _lock(visit_id: UUID) -> tuple[list[Errand], Visit]:
    """Errands before their visit, as the counters lock them."""
    found = Errand.objects.select_for_update(of=("self",)).select_related("agency", "service")
    errands = list(found.filter(visit_id=visit_id).order_by("id"))
    return errands, Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit_id)


def _close(
    errands: Sequence[Errand], goes: Callable[[Errand], bool], outcome: str, now: datetime
) -> list[Errand]:
    closed = [e for e in errands if goes(e)]
    for errand in closed:
        errand.state, errand.outcome, errand.ended_at = State.CLOSED, outcome, now
        errand.save(update_fields=["state", "outcome", "ended_at"])
    return closed


def _nobody_came(visit: Visit, errands: Sequence[Errand], now: datetime) -> bool:
    """An appointment whose day is over: missed if it was confirmed, else the offer has lapsed."""
    kind = "visits.missed" if visit.stage == Stage.CONFIRMED else "visits.expired"
    for errand in errands:
        if errand.state == State.BOOKED:
            errand.state, errand.ended_at = State.LEFT, now
            errand.save(update_fields=["state", "ended_at"])
    visit.stage = Stage.MISSED if visit.stage == Stage.CONFIRMED else Stage.EXPIRED
    visit.ended_at = now
    visit.save(update_fields=["stage", "ended_at"])
    _record(visit, kind, SYSTEM, now, errands)
    return True


def _record(
    visit: Visit, kind: str, actor: ActorRef, now: datetime, errands: Sequence[Errand], **data: object
) -> None:
    ledger.append(
        mall=visit.mall_id,
        kind=kind,
        subject=f"visit:{visit.pk}",
        actor=actor,
        now=now,
        data={
            "agencies": sorted({e.agency.code for e in errands}),
            "errands": [e.pk for e in errands],
            **data,
        },
    )


@transaction.atomic
def close_today(
    *, agency: Agency, reason: str, actor: ActorRef, now: datetime, service: Service | None = None
) -> Closure:
    """
    Close an agency, or one of its services, for the rest of the day: all who wait or have booked are told.

    Who is at a counter is served to the end. Each visitor's next errand joins its queue. Twice is once.

    :raises rules.ClosingReasonMissing: nothing is closed then
    """
    if len(reason.strip()) < 5:
        raise rules.ClosingReasonMissing
    day = agencies.calendar(agency.mall).local(now).date()
    values = {"mall": agency.mall, "agency": agency, "service": service, "day": day}
    present = Closure.objects.filter(**values, reopened_at=None).first()
    if present:
        return present
    try:
        with transaction.atomic():
            closure = Closure.objects.create(**values, reason=reason.strip()[:200], closed_at=now)
    except IntegrityError:  # the other click was faster
        return Closure.objects.get(**values, reopened_at=None)
    touched = Errand.objects.filter(mall=agency.mall, agency=agency, state__in=YET_TO_COME, visit__day=day)
    if service:
        touched = touched.filter(service=service)
    visits = list(touched.order_by("visit_id").values_list("visit_id", flat=True).distinct())
    for visit_id in visits:
        _close_for_today(visit_id, closure, actor, now)
    ledger.append(
        mall=agency.mall_id,
        kind="visits.closed_today",
        subject=f"agency:{agency.code}",
        actor=actor,
        now=now,
        data={
            "agency": agency.code,
            "service": service.code if service else None,
            "reason": closure.reason,
            "visits": len(visits),
        },
    )
    services.hint(agency.mall_id)
    return closure


def _close_for_today(visit_id: UUID, closure: Closure, actor: ActorRef, now: datetime) -> None:
    errands, visit = _lock(visit_id)

    def goes(errand: Errand) -> bool:
        here = errand.agency_id == closure.agency_id and closure.service_id in (None, errand.service_id)
        return here and errand.state in YET_TO_COME

    closed = _close(errands, goes, CLOSED_TODAY, now)
    if not closed:
        return
    if visit.stage in AHEAD and not any(e.active for e in errands):
        visit.stage, visit.ended_at = Stage.CANCELLED, now
        visit.save(update_fields=["stage", "ended_at"])
    elif visit.stage == Stage.ARRIVED:
        services.join_next(visit_id=visit.pk, now=now)
    _record(visit, "visits.closed", actor, now, closed, reason=CLOSED_TODAY, closure=closure.pk)


@transaction.atomic
def reopen(*, closure: Closure, actor: ActorRef, now: datetime) -> Closure:
    """Serve again today: who was sent away and has not been served gets the place they had. Twice is once."""
    locked = (
        Closure.objects.select_for_update(of=("self",)).select_related("agency", "mall").get(pk=closure.pk)
    )
    if locked.reopened_at:
        return locked
    locked.reopened_at = now
    locked.save(update_fields=["reopened_at"])
    back = Errand.objects.filter(
        agency_id=locked.agency_id, state=State.CLOSED, outcome=CLOSED_TODAY, ended_at__gte=locked.closed_at
    )
    if locked.service_id:
        back = back.filter(service_id=locked.service_id)
    visits = list(back.order_by("visit_id").values_list("visit_id", flat=True).distinct())
    for visit_id in visits:
        _come_back(visit_id, locked, actor, now)
    ledger.append(
        mall=locked.mall_id,
        kind="visits.reopened_today",
        subject=f"agency:{locked.agency.code}",
        actor=actor,
        now=now,
        data={"agency": locked.agency.code, "visits": len(visits)},
    )
    services.hint(locked.mall_id)
    return locked


def _come_back(visit_id: UUID, closure: Closure, actor: ActorRef, now: datetime) -> None:
    errands, visit = _lock(visit_id)
    still_here = visit.stage in (Stage.ARRIVED, *AHEAD)
    back = [
        e
        for e in errands
        if e.state == State.CLOSED
        and e.outcome == CLOSED_TODAY
        and e.agency_id == closure.agency_id
        and closure.service_id in (None, e.service_id)
        and (still_here or visit.ended_at == e.ended_at)  # else they have gone home
    ]
    if not back:
        return
    arrived = visit.arrived_at is not None
    for errand in back:
        busy = any(e.state in LIVE for e in errands)
        again = State.WAITING if errand.rank_at and not busy else State.PLANNED
        errand.state = again if arrived else State.BOOKED
        errand.outcome, errand.ended_at = "", None
        errand.save(update_fields=["state", "outcome", "ended_at"])
    visit.stage, visit.ended_at = (Stage.ARRIVED if arrived else Stage.CONFIRMED), None
    visit.save(update_fields=["stage", "ended_at"])
    if arrived:
        services.join_next(visit_id=visit.pk, now=now)
    _record(visit, "visits.reopened", actor, now, back, closure=closure.pk)


def turned_away(mall: Mall, since: datetime, now: datetime) -> list[Closure]:
    """What was closed for today since then while people in the mall waited for it, and has not opened again."""
    day = agencies.calendar(mall).local(now).date()
    mine = Errand.objects.filter(
        agency=OuterRef("agency"),
        state=State.CLOSED,
        visit__day=day,
        visit__arrived_at__isnull=False,
        ended_at__gte=OuterRef("closed_at"),
    )
    told = Q(Exists(mine.filter(service=OuterRef("service")))) | Q(Exists(mine), service=None)
    found = Closure.objects.filter(told, mall=mall, day=day, reopened_at=None, closed_at__gt=since)
    return list(found.select_related("agency", "service").order_by("closed_at", "id"))
