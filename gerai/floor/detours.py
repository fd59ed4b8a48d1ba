"""What leaves the straight way: a chosen number, parking, a transfer."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies.models import Counter, Mall
from gerai.floor import queries, rules, statements
from gerai.floor.acting import hint, place_of, record, ref, take
from gerai.ledger import queries as entries
from gerai.ledger.models import Entry
from gerai.visits import hours, since
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import State


@transaction.atomic
def call_number(*, person: Any, number: str, reason: str, now: datetime) -> Errand:
    """
    Call a chosen number before its turn. The reason stands in the ledger, with how many were passed over.

    Pressed again while that number is here it changes nothing.

    :raises rules.OrderReasonMissing, rules.NumberMalformed, rules.Paused, rules.FinishFirst
    :raises rules.NumberNotWaiting: if it does not wait for this counter, or another officer was faster
    """
    if reason not in rules.OUT_OF_ORDER:
        raise rules.OrderReasonMissing
    entrance, digits = rules.parse_number(number)
    place = place_of(person)
    if place.paused:
        raise rules.Paused
    present = queries.at_counter(Counter(pk=place.counter))
    if present is not None:
        if (present.visit.entrance, present.visit.number) == (entrance, digits):
            return present
        raise rules.FinishFirst
    day = queries.today(Mall.objects.get(pk=place.mall), now)
    # Who is here is on no break any more. The visit before its errand, as everywhere; a refusal takes it back.
    chosen = Visit.objects.filter(mall=place.mall, day=day, entrance=entrance, number=digits)
    chosen.filter(away_until__isnull=False).update(away_until=None)
    errand = statements.call_number(person, day, entrance, digits, now)
    if errand is None:
        raise rules.NumberNotWaiting
    passed = statements.ahead(person, errand)
    told: dict[str, Any] = {
        "counter": place.number,
        "wait_s": since.seconds(errand, now),
        "reason": reason,
        "passed": passed,
    }
    record(errand, "floor.called_out_of_order", ref(person), now, **told)
    hint(place.mall)
    return errand


def _last(errand: Errand, kind: str) -> Entry:
    """The newest entry of this kind about the errand."""
    history = entries.history(errand.mall_id, f"visit:{errand.visit_id}")
    return history.filter(kind=kind, data__errand=errand.pk).order_by("-id")[0]


def _must_be_free(counter: int) -> None:
    if queries.at_counter(Counter(pk=counter)):
        raise rules.FinishFirst


@transaction.atomic
def hold(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Park the visitor at this counter, which may serve others meanwhile. Pressed again it changes nothing."""
    place_of(person)
    errand = take(person, errand_id, State.SERVING, State.HELD)
    if errand.state == State.SERVING:
        errand.state = State.HELD
        errand.save(update_fields=["state"])
        record(errand, "floor.held", ref(person), now)
        hint(errand.mall_id)
    return errand


@transaction.atomic
def resume(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """
    Go on with a parked visitor, without a queue. Pressed again it changes nothing.

    :raises rules.FinishFirst: while somebody else is at the counter
    """
    place = place_of(person)
    errand = take(person, errand_id, State.HELD, State.SERVING)
    if errand.state == State.HELD:
        _must_be_free(place.counter)
        errand.state = State.SERVING
        errand.save(update_fields=["state"])
        held = (now - _last(errand, "floor.held").at).total_seconds()
        record(errand, "floor.unheld", ref(person), now, held_s=round(held))
        hint(errand.mall_id)
    return errand


@transaction.atomic
def transfer(*, person: Any, errand_id: int, to: str, note: str, now: datetime) -> Errand:
    """
    Send the visitor on to another service ("AGENCY/CODE") of the mall. They keep the place they had.

    The errand ends, a new one of the same visit waits with its time and rank. Pressed again it gives that one.

    :raises NotFound: if the mall does not offer that service
    :raises ClosedToday: if it, or its agency, was closed for the day
    :raises rules.TransferSame, rules.NoteMissing, rules.NoteTooLong, rules.NotePersonal
    """
    place = place_of(person)
    errand = take(person, errand_id, State.CALLED, State.SERVING, State.HELD, State.DONE)
    if errand.state == State.DONE:
        return _sent_on(errand)
    owner = errand.visit.person
    note = rules.check_note(note, needed=True, names=[owner.name] if owner else [])
    service = visits.offered(errand.visit.mall, to)
    if service.pk == errand.service_id:
        raise rules.TransferSame
    hours.check_closures(errand.visit.mall, [service], queries.today(errand.visit.mall, now))
    was = errand.state
    errand.state, errand.outcome, errand.ended_at = State.DONE, rules.Outcome.TRANSFERRED, now
    errand.save(update_fields=["state", "outcome", "ended_at"])
    fresh = Errand.objects.create(
        visit=errand.visit,
        mall_id=errand.mall_id,
        agency=service.agency,
        service=service,
        sequence=errand.sequence,
        party=errand.party,
        state=State.WAITING,
        rank_at=errand.rank_at,
        joined_at=errand.joined_at,
        note=note,
        **arriving.what_it_is_about(errand.visit, service),
    )
    told: dict[str, Any] = {
        "to_errand": fresh.pk,
        "to_agency": service.agency.code,
        "to_service": service.code,
    }
    record(errand, "floor.transferred", ref(person), now, was=str(was), counter=place.number, **told)
    hint(errand.mall_id)
    return fresh


def _sent_on(errand: Errand) -> Errand:
    """The errand that a transferred one became."""
    if errand.outcome != rules.Outcome.TRANSFERRED:
        raise rules.NotHere
    to = _last(errand, "floor.transferred").data["to_errand"]
    return Errand.objects.select_related("visit", "service", "agency").get(pk=to)
