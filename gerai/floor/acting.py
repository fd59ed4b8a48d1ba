"""What every verb of a counter shares: who acts, where, on which errand, and how it is told."""

from datetime import datetime
from typing import Any

from gerai.core.errors import NotFound
from gerai.floor import queries, rules, statements
from gerai.ledger import services as ledger
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.visits.models import Errand
from gerai.visits.rules import State
from gerai.visits.services import hint as hint


def ref(person: Any) -> ActorRef:
    """An officer as an actor of the ledger."""
    return ActorRef("person", str(person.pk))


def record(
    errand: Errand, kind: str, actor: ActorRef, now: datetime, *, cause: int | None = None, **data: Any
) -> Entry:
    """One entry about an errand, in the transaction that changed it."""
    return ledger.append(
        mall=errand.mall_id,
        kind=kind,
        subject=f"visit:{errand.visit_id}",
        actor=actor,
        now=now,
        data={"errand": errand.pk, "agency": errand.agency.code, "service": errand.service.code, **data},
        cause=cause,
    )


def place_of(person: Any) -> statements.Place:
    """
    Where the officer works, locked: their actions come one by one.

    :raises rules.NotOnDuty: without a counter
    """
    found = statements.lock_duty(person)
    if found is None:
        raise rules.NotOnDuty
    return found


def take(person: Any, errand_id: int, *states: State) -> Errand:
    """
    The errand at this officer's counter, row locked.

    :raises NotFound: if it is at no counter of theirs
    :raises rules.NotOnDuty, rules.NotHere: without a counter; in another state
    """
    duty = queries.duty(person)
    if duty is None:
        raise rules.NotOnDuty
    found = Errand.objects.select_for_update(of=("self",)).select_related(
        "visit__person", "visit__mall", "service", "agency", "permit"
    )
    errand = found.filter(pk=errand_id, counter=duty.counter_id).first()
    if errand is None:
        raise NotFound
    if errand.state not in states:
        raise rules.NotHere
    return errand
