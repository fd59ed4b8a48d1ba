"""Arriving, joining the next queue, leaving."""

import hashlib
import json
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from gerai.agencies.models import Mall
from gerai.applications.models import Application
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.foresight import order
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.permits import queries as permits
from gerai.visits import forecasts, hours, rules, who
from gerai.visits.lines import Line, expected_wait, line_at
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import Stage, State

# The next number, in one statement: two kiosks at once get two numbers, a crash loses none that was told.
_NUMBER = """
INSERT INTO visits_numberseries (mall_id, day, entrance, last) VALUES (%(mall_id)s, %(day)s, %(entrance)s, 1)
ON CONFLICT (mall_id, day, entrance) DO UPDATE SET last = visits_numberseries.last + 1 RETURNING last
"""
# A new visit with its number, its entry and its first errand. Late in its transaction: the next visitor's number waits
# for its end. Whoever comes to an empty queue wakes the screens: an officer may sit there with nobody to call.
_ARRIVED = f"""
WITH next AS ({_NUMBER}),
visit AS ({sql.insertion(Visit, number="(SELECT last FROM next)")} RETURNING id, mall_id, number),
told AS ({ledger.entries_of("visit", kind="visits.arrived", subject="'visit:' || id", data="%(told)s::jsonb")}),
first AS ({sql.insertion(Errand, prefix="first_")} RETURNING id)
SELECT number, first.id, CASE WHEN NOT EXISTS (
    SELECT 1 FROM visits_errand w
    WHERE w.mall_id = %(mall_id)s AND w.agency_id = %(first_agency_id)s AND w.state = 'waiting'
) THEN pg_notify('floor', mall_id) END FROM visit, first
"""  # noqa: S608 - only our own constants


def hint(mall: str) -> None:
    """Wake boards, phones and counters; they read the current state themselves."""
    sql.row("SELECT pg_notify('floor', %s)", [mall])


def next_number(mall: Mall, day: Any, entrance: str) -> int:
    """The next number of an entrance on a day. Numbers never repeat and are given once."""
    return int(sql.one(_NUMBER, {"mall_id": mall.pk, "day": day, "entrance": entrance})[0])


def arrive(
    *,
    mall: Mall,
    chosen: list[Service],
    entrance: str,
    actor: ActorRef,
    now: datetime,
    priority: str = "",
    party: int = 1,
    company: str = "",
    person: Any = None,
    language: str = "id",
    request_key: str | None = None,
    claim: str = "",
    spare: tuple[int, datetime] | None = None,
) -> Visit:
    """
    Give one number for all errands, in the order that ends first. `claim` is the secret of the phone that took it.

    The same `request_key` again gives the same number. `spare`: a number that was given while the server was away, and
    when; its place in the queue is that of the moment, its wait was told by nobody.

    Before opening a number stands as if it had been taken at opening.

    :raises rules.NothingChosen, rules.TooManyErrands, who.PriorityUnknown: nothing is made then
    :raises who.CompanyUnknown, who.PartyWrong: nothing is made then
    :raises rules.ClosedToday: if a service, or its agency, was closed for the day
    :raises rules.NotYet, rules.ClosedNow, rules.NotOpenToday: long before opening, after closing, on a closed day
    """
    if not chosen:
        raise rules.NothingChosen
    if len(chosen) > rules.MAX_ERRANDS:
        raise rules.TooManyErrands
    who.check(mall.priorities, priority, company, party)
    day = now.astimezone(ZoneInfo(mall.timezone)).date()  # the mall's day, not UTC's
    alone = len(chosen) == 1 and not request_key and not spare  # one statement writes: an act by itself
    with nullcontext() if alone else transaction.atomic():
        known = _known(request_key)
        if known is not None:
            return known
        opens = hours.check(mall, chosen, now, any_hour=spare is not None)
        visit = Visit(
            mall=mall,
            day=day,
            entrance=entrance,
            person=person,
            priority=priority,
            party=party,
            company=company,
            language=language,
            request_key=request_key,
            claim_hash=hashlib.sha256(claim.encode()).hexdigest() if claim else "",
            arrived_at=spare[1] if spare else now,
            number=spare[0] if spare else None,
        )
        made = _plan(visit, chosen, now, dict.fromkeys(opens, spare[1]) if spare else opens)
        _store(visit, made, actor, now)
    visit.fresh = made  # type: ignore[attr-defined] # spares who asks a second reading
    return visit


def _known(request_key: str | None) -> Visit | None:
    """The visit that this tap made before. A second tap waits here for the first, then finds its number."""
    if not request_key:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [request_key])
    return Visit.objects.filter(request_key=request_key).first()


def _store(visit: Visit, made: list[Errand], actor: ActorRef, now: datetime) -> None:
    """Visit, errands and entry; with the next number, if it has none yet."""
    told: dict[str, Any] = {
        "agencies": sorted({errand.agency.code for errand in made}),
        "errands": len(made),
        "entrance": visit.entrance,
    }
    if visit.number is None:
        first = made[0]
        values = {**sql.values_of(visit), **sql.values_of(first, prefix="first_"), "told": json.dumps(told)}
        acting = {"actor_kind": actor.kind, "actor": actor.id, "now": now}
        visit.number, key, _ = sql.one(_ARRIVED, {**values, **acting})
        sql.stored(visit, visit.pk)
        sql.stored(first, key)
    else:
        told["spare_s"] = round((now - (visit.arrived_at or now)).total_seconds())
        sql.insert(visit)
        ledger.append(
            mall=visit.mall_id,
            kind="visits.arrived",
            subject=f"visit:{visit.pk}",
            actor=actor,
            now=now,
            data=told,
        )
        hint(visit.mall_id)
    for errand in made:
        if errand.pk is None:
            sql.insert(errand)


def _plan(visit: Visit, chosen: list[Service], now: datetime, since: dict[int, datetime]) -> list[Errand]:
    """
    The errands (not stored) so that the last one ends first; the first joins its queue, the others follow.

    Nobody waits at an agency before its moment in `since`.
    """
    came = {s.pk: max(visit.arrived_at or now, since[s.agency_id]) for s in chosen}
    ranks = {s.pk: rules.rank_at(came[s.pk], visit.priority) for s in chosen}
    lines = {s.pk: line_at(visit.mall_id, s.agency_id, ranks[s.pk], now, s.pk) for s in chosen}
    made = []
    for sequence, place in enumerate(_best_order(chosen, lines, visit.party)):
        service = chosen[place]
        errand = Errand(
            visit=visit,
            mall=visit.mall,
            agency=service.agency,
            service=service,
            sequence=sequence,
            party=visit.party,
            **what_it_is_about(visit, service),
        )
        if sequence == 0:
            errand.state, errand.rank_at, errand.joined_at = (
                State.WAITING,
                ranks[service.pk],
                came[service.pk],
            )
            if errand.joined_at == now:
                forecasts.put(errand, forecasts.tell(lines[service.pk]))
        made.append(errand)
    return made


def _best_order(
    chosen: list[Service], lines: dict[int, Line], party: int, present: list[int] | None = None
) -> tuple[int, ...]:
    """Places of the services in the order advised (foresight.order), each served once per head of the party."""
    if len(chosen) == 1:
        return (0,)
    waits = {str(s.agency_id): expected_wait(lines[s.pk]) for s in reversed(chosen)}
    errands = [order.Errand(str(s.agency_id), s.counter_minutes * party) for s in chosen]
    return order.advise(errands, now=0, wait=lambda agency, t: waits[agency](t), present=present).order


def what_it_is_about(visit: Visit, service: Service) -> dict[str, Any]:
    """The person's running application for this service, or their permit that waits for pick-up."""
    if visit.person is None:
        return {}
    ready = [p for p in permits.waiting_for_pickup(visit.person) if p.service_id == service.pk]
    if ready:
        return {"permit": ready[0], "application_id": ready[0].application_id}
    running = Application.objects.filter(applicant=visit.person, service=service, submitted_at__isnull=False)
    return {"application": running.order_by("-submitted_at").first()}


def end_of(visit: str, besides: str = "NULL", rows: str = "") -> str:
    """
    SQL that ends a visit with nothing left to do, `besides` this errand: the common case after an errand.

    `visit` and `besides` are expressions (over `rows`, the name of a common table expression). Whoever changes the
    visit meanwhile (one more errand) is waited for, and what they did is not seen by this statement: then the visit's
    row is another one, nothing is ended, and `join_next` looks again, locked.
    """
    return f"""
UPDATE visits_visit v SET ended_at = %(now)s, stage = 'ended' FROM visits_visit seen{rows and ", " + rows}
WHERE v.id = {visit} AND v.ended_at IS NULL AND seen.id = v.id AND v.revision = seen.revision AND NOT EXISTS (
    SELECT 1 FROM visits_errand o WHERE o.visit_id = v.id AND o.id IS DISTINCT FROM {besides}
        AND o.state IN ('planned', 'waiting', 'called', 'serving', 'held'))
"""  # noqa: S608 - only our own constants


_END = end_of("%(visit)s")


def join_next(*, visit_id: Any, now: datetime) -> None:
    """The former errand ended: the next one joins its queue now. With none left the visit ends."""
    if sql.act(_END, {"now": now, "visit": visit_id}):  # nothing left: the common case, in one statement
        return
    visit = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit_id)
    if visit.errands.filter(state__in=rules.LIVE).exists():
        return
    planned = visit.errands.filter(state=State.PLANNED).select_related("service")
    left = list(planned.order_by("sequence"))
    if not left:
        sql.act(_END, {"now": now, "visit": visit_id})
        return
    ended = min(now, _predicted_end(visit) or now)
    joined = hours.since(visit.mall, {e.agency_id for e in left}, ended)
    lines = {
        e.service_id: line_at(visit.mall_id, e.agency_id, joined[e.agency_id], now, e.service_id)
        for e in left
    }
    following = left[_following(visit, left, lines)]
    join(visit, following, joined[following.agency_id])
    forecasts.put(following, forecasts.tell(lines[following.service_id]))
    following.save(update_fields=["state", "rank_at", "joined_at", *forecasts.TOLD_FIELDS])


def join(visit: Visit, errand: Errand, moment: datetime) -> None:
    """Put an errand (not stored) into its queue, from `moment` on: `hours.since`."""
    errand.state, errand.joined_at = State.WAITING, moment
    errand.rank_at = rank_of(visit, errand)


def rank_of(visit: Visit, errand: Errand) -> datetime | None:
    """The moment that an errand is ranked by in its queue (`rules.rank_at`); None before it has joined one."""
    if errand.joined_at is None:
        return None
    return rules.rank_at(errand.joined_at, visit.priority, slot_at=errand.slot_at, came_at=visit.arrived_at)


def _following(visit: Visit, left: list[Errand], lines: dict[int, Line]) -> int:
    """Which errand comes next: the one the visitor chose or booked, else re-planned if it gains over 3 minutes."""
    if visit.slot_at is not None or visit.own_order:
        return 0
    return _best_order([e.service for e in left], lines, visit.party, present=list(range(len(left))))[0]


def _predicted_end(visit: Visit) -> datetime | None:
    """When the former errand should have ended: who was served slowly does not join the next queue later."""
    former = visit.errands.filter(started_at__isnull=False).order_by("-started_at")
    last = former.select_related("service").first()
    if last is None or last.started_at is None:
        return None
    return last.started_at + timedelta(minutes=last.takes)


@transaction.atomic
def leave(*, visit: Visit, actor: ActorRef, now: datetime) -> None:
    """The visitor goes: nobody calls them any more."""
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    if locked.ended_at:
        return
    locked.errands.filter(state__in=[State.PLANNED, State.WAITING]).update(state=State.LEFT, ended_at=now)
    if not locked.errands.filter(state__in=rules.ACTIVE).exists():
        locked.ended_at, locked.stage = now, Stage.ENDED
        locked.save(update_fields=["ended_at", "stage"])
    ledger.append(mall=locked.mall_id, kind="visits.left", subject=f"visit:{locked.pk}", actor=actor, now=now)
    hint(locked.mall_id)
