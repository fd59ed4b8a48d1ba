"""Taking back the last step at a counter, while nothing else has come of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies.models import Counter
from gerai.floor import queries, rules
from gerai.floor.acting import hint, place_of, record, ref
from gerai.ledger import queries as entries
from gerai.ledger.models import Entry
from gerai.visits.forecasts import TOLD_FIELDS
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import LIVE, Stage, State


@transaction.atomic
def undo(*, person: Any, step: int, now: datetime) -> Errand:
    """
    Take back a step: `step` is the id of its entry, so that a second press does not take back the one before.

    :raises rules.NothingToUndo: after two minutes, or if anything else has happened with that visit since
    :raises rules.HandedOver: a permit that changed hands stays so
    :raises rules.FinishFirst: while somebody else is at the counter
    """
    place = place_of(person)
    entry = queries.last_step(person, place.mall, now)
    if entry is None or entry.pk != step:
        return _undone_before(person, place.mall, step)
    # Errand, visit, then only errands that wait: the order in which an officer who ends one takes them.
    errand = (
        Errand.objects.select_for_update(of=("self",))
        .select_related("service", "agency")
        .get(pk=entry.data["errand"])
    )
    visit = Visit.objects.select_for_update().get(pk=errand.visit_id)
    if errand.counter_id != place.counter or not _is_last(entry):
        raise rules.NothingToUndo
    if entry.kind in ("floor.called", "floor.called_out_of_order"):
        _back_to_queue(errand)
    elif entry.kind == "floor.started":
        _set(errand, state=State.CALLED, started_at=None)
    elif entry.kind == "floor.unheld":
        _set(errand, state=State.HELD)
    else:
        _back_to_counter(entry, visit, errand, place.counter)
    told: dict[str, Any] = {"what": entry.kind, "counter": place.number}
    record(errand, "floor.undone", ref(person), now, cause=entry.pk, **told)
    hint(place.mall)
    return errand


def _undone_before(person: Any, mall: str, step: int) -> Errand:
    """The errand of a step that this officer has taken back already."""
    done = Entry.objects.filter(
        mall=mall, kind="floor.undone", cause=step, actor_kind="person", actor_id=str(person.pk)
    ).first()
    if done is None:
        raise rules.NothingToUndo
    return Errand.objects.select_related("service", "agency", "visit").get(pk=done.data["errand"])


def _is_last(entry: Entry) -> bool:
    """Whether nothing that stands came after it in the history of its visit."""
    since = entries.history(entry.mall, entry.subject).filter(pk__gt=entry.pk)
    undone = [c for c in since.filter(kind="floor.undone").values_list("cause", flat=True) if c]
    return not since.exclude(kind="floor.undone").exclude(pk__in=undone).exists()


def _set(errand: Errand, **values: Any) -> None:
    for name, value in values.items():
        setattr(errand, name, value)
    errand.save(update_fields=list(values))


def _back_to_queue(errand: Errand) -> None:
    _set(
        errand,
        state=State.WAITING,
        counter=None,
        officer=None,
        called_at=None,
        calls=0,
        hit=None,
    )


def _back_to_counter(entry: Entry, visit: Visit, errand: Errand, counter: int) -> None:
    """It stands at the counter again, as before; what had joined its queue because of it steps back."""
    if entry.data.get("handed_over"):
        raise rules.HandedOver
    if queries.at_counter(Counter(pk=counter)):
        raise rules.FinishFirst
    others = visit.errands.exclude(pk=errand.pk)
    waiting = list(others.select_for_update().filter(state=State.WAITING))
    if others.filter(state__in=LIVE).exclude(state=State.WAITING).exists():
        raise rules.NothingToUndo
    for other in waiting:
        if other.pk == entry.data.get("to_errand"):
            other.delete()
        else:
            _set(other, state=State.PLANNED, **dict.fromkeys(["rank_at", "joined_at", *TOLD_FIELDS]))
    back = State(entry.data["was"]) if "was" in entry.data else State.SERVING
    if entry.kind == "floor.absent":
        back = State.CALLED
    told = entry.data.get("outcome", rules.Outcome.DONE) != rules.Outcome.DONE  # then with a note of its own
    _set(errand, state=back, ended_at=None, outcome="", note="" if told else errand.note)
    if visit.ended_at:
        visit.ended_at, visit.stage = None, Stage.ARRIVED
        visit.save(update_fields=["ended_at", "stage"])
