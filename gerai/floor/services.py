"""Calling and serving. `call_next` takes the lowest rank, and each errand goes to exactly one officer.

Signing on and off is in `duties`, what leaves the straight way in `detours`; both are found here too.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from gerai.agencies.models import Counter
from gerai.core.errors import NotFound
from gerai.floor import queries, rules, statements
from gerai.floor.acting import hint, place_of, record, ref, take
from gerai.floor.detours import call_number, hold, resume, transfer
from gerai.floor.duties import go_on, hand_over, pause, sign_off, sign_on
from gerai.floor.once import once
from gerai.floor.returning import come_back, come_back_by_number, no_proof
from gerai.floor.undoing import undo
from gerai.ledger import services as ledger
from gerai.permits import services as permits
from gerai.visits import services as visits
from gerai.visits.models import Errand
from gerai.visits.rules import State

__all__ = [
    "absent",
    "call_next",
    "call_number",
    "come_back",
    "come_back_by_number",
    "finish",
    "finish_and_call",
    "go_on",
    "hand_over",
    "hold",
    "no_proof",
    "once",
    "open_file",
    "pause",
    "recall",
    "resume",
    "sign_off",
    "sign_on",
    "start",
    "transfer",
    "undo",
]


def call_next(*, person: Any, now: datetime, counter_number: int | None = None) -> Errand | None:
    """
    Call whoever is next at the officer's counter; None when nobody waits.

    Pressed again while somebody is at the counter it gives that one: a double click calls one person.

    :raises rules.NotOnDuty: without a counter, or at another one than `counter_number`
    :raises rules.Paused: during a pause
    """
    if not connection.in_atomic_block:  # the common case, in one statement
        with suppress(IntegrityError):  # another click was first
            if errand := statements.call(person, now, counter_number):
                return errand
    with transaction.atomic():
        place = place_of(person)
        if counter_number not in (None, place.number):
            raise rules.NotOnDuty
        if place.paused:
            raise rules.Paused
        return statements.call(person, now) or queries.at_counter(Counter(pk=place.counter))


@transaction.atomic
def recall(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Call the same person again, on the boards and by voice."""
    errand = take(person, errand_id, State.CALLED)
    errand.calls += 1
    errand.called_at = now
    errand.save(update_fields=["calls", "called_at"])
    record(errand, "floor.recalled", ref(person), now, calls=errand.calls)
    hint(errand.mall_id)
    return errand


def start(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """The visitor sits down: one statement, so a transaction by itself. Pressed twice it changes nothing."""
    errand = statements.start(person, errand_id, now)
    if errand is not None:
        return errand
    with transaction.atomic():
        return take(person, errand_id, State.SERVING)


@transaction.atomic
def open_file(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """
    The officer has seen the KTP: serving begins, the file opens, and its owner can see that it did.

    :raises NotFound: for a visitor without an account there is no file
    """
    place_of(person)
    errand = take(person, errand_id, State.CALLED, State.SERVING)
    if errand.visit.person_id is None:
        raise NotFound
    if errand.state == State.CALLED:
        start(person=person, errand_id=errand_id, now=now)
        errand.state, errand.started_at = State.SERVING, now
    ledger.append(
        mall=errand.mall_id,
        kind="floor.file_opened",
        subject=f"person:{errand.visit.person_id}",
        actor=ref(person),
        now=now,
        data={"agency": errand.agency.code, "errand": errand.pk},
    )
    return errand


def finish(
    *,
    person: Any,
    errand_id: int,
    now: datetime,
    outcome: str = rules.Outcome.DONE,
    note: str = "",
    handed_over: bool = False,
) -> Errand:
    """
    The errand has ended, so or so; the visitor's next one joins its queue. A permit is handed over in the same act.

    Pressed twice it changes nothing.

    :raises rules.OutcomeUnknown: for an outcome a counter does not give
    :raises rules.NoteMissing: if who must come back or go elsewhere is not told what for
    """
    if outcome not in rules.GIVEN:
        raise rules.OutcomeUnknown
    note = note and rules.check_note(note, needed=False)
    if outcome != rules.Outcome.DONE:
        note = rules.check_note(note, needed=True, names=_names(errand_id))
    handed_over = handed_over and outcome == rules.Outcome.DONE
    if not handed_over:  # the common case, in one statement
        last = statements.finish_last(person, errand_id, str(outcome), note, now)
        if last is not None:
            return last
    with transaction.atomic():
        errand = statements.finish(person, errand_id, str(outcome), note, handed_over, now)
        if errand is None:
            return take(person, errand_id, State.DONE)
        if handed_over and errand.permit is not None:
            permits.hand_over(
                permit=errand.permit, receiver="holder", proof="KTP-el", actor=ref(person), now=now
            )
        visits.join_next(visit_id=errand.visit_id, now=now)
        return errand


def _names(errand_id: int) -> list[str]:
    """What the note must not say: the visitor's own name."""
    return list(
        Errand.objects.filter(pk=errand_id, visit__person__isnull=False).values_list(
            "visit__person__name", flat=True
        )
    )


@transaction.atomic
def finish_and_call(
    *, person: Any, errand_id: int, now: datetime, handed_over: bool = False
) -> Errand | None:
    """The red button: end this one as done and call whoever is next. During a pause it only ends."""
    place = place_of(person)
    finish(person=person, errand_id=errand_id, now=now, handed_over=handed_over)
    if place.paused:
        return None
    return call_next(person=person, now=now)


@transaction.atomic
def absent(*, person: Any, errand_id: int, now: datetime) -> Errand:
    """Nobody came. The place is lost for this errand only; the next errand goes on."""
    errand = take(person, errand_id, State.CALLED, State.ABSENT)
    if errand.state == State.CALLED:
        errand.state, errand.ended_at = State.ABSENT, now
        errand.save(update_fields=["state", "ended_at"])
        record(errand, "floor.absent", ref(person), now)
        visits.join_next(visit_id=errand.visit_id, now=now)
        hint(errand.mall_id)
    return errand
