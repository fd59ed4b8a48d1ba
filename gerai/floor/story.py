"""A day as the ledger tells it: every visit replayed from its entries alone, and held against the rows.

Reads only. Whoever doubts a row asks here; the simulation, the bench of a day and the property tests do it always.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gerai.agencies.models import Mall
from gerai.ledger.models import Entry
from gerai.visits.models import Visit
from gerai.visits.rules import ACTIVE, AHEAD, Stage, State

# What an entry does to the one errand that it names: from which states, to which.
_MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "floor.called": ((State.WAITING,), State.CALLED),
    "floor.called_out_of_order": ((State.WAITING,), State.CALLED),
    "floor.recalled": ((State.CALLED,), State.CALLED),
    "floor.started": ((State.CALLED,), State.SERVING),
    "floor.finished": ((State.CALLED, State.SERVING), State.DONE),
    "floor.held": ((State.SERVING,), State.HELD),
    "floor.unheld": ((State.HELD,), State.SERVING),
    "floor.transferred": ((State.CALLED, State.SERVING, State.HELD), State.DONE),
    "floor.absent": ((State.CALLED,), State.ABSENT),
    "floor.came_back": ((State.ABSENT,), State.WAITING),
    "floor.proof_missing": ((State.CALLED,), State.WAITING),
    "visits.errand_dropped": ((State.PLANNED, State.WAITING), State.LEFT),
}
# What an entry does to every errand of the visit that nobody has begun with.
_ALL: dict[str, State] = {
    "visits.left": State.LEFT,
    "visits.cancelled": State.LEFT,
    "visits.missed": State.LEFT,
    "visits.expired": State.LEFT,
}
_BOOKED = ("visits.reserved", "visits.booked", "visits.moved")
# What tells something of the visitor, nothing of an errand.
_NOTHING = frozenset(
    f"visits.{told}" for told in ("confirmed", "claimed", "paused", "resumed", "reordered", "service_closed")
)
_AT_COUNTER = (State.CALLED, State.SERVING, State.HELD)
_OPEN = (State.BOOKED, State.PLANNED, State.WAITING)


@dataclass(slots=True)
class Told:
    """
    One visit in the ledger's words. An errand has a name there from its first call on.

    Until then it is one of `errands - len(named)` that are all in the state `rest`, one of them in a queue.
    """

    errands: int = 0
    named: dict[int, State] = field(default_factory=dict)
    rest: State = State.PLANNED
    troubles: list[str] = field(default_factory=list)
    # How it stood before each step, by the step's entry: to take it back.
    before: dict[int, tuple[int, State, dict[int, State]]] = field(default_factory=dict)

    def hear(self, entry: Entry) -> None:
        """Take in the next entry; what cannot be is noted in `troubles`."""
        if entry.kind in _BOOKED:
            self.errands, self.rest = int(entry.data.get("errands", self.errands)), State.BOOKED
        elif entry.kind == "visits.arrived":
            if self.errands and self.rest != State.BOOKED:
                self._note(entry, "a second arrival")
            self.errands, self.rest = int(entry.data["errands"]), State.PLANNED
        elif entry.kind in _ALL:
            self.rest = _ALL[entry.kind]
            for errand, state in self.named.items():
                if state in _OPEN:
                    self.named[errand] = self.rest
        elif entry.kind == "visits.closed":
            self._close(entry)
        elif entry.kind == "visits.reopened":
            for errand in entry.data["errands"]:
                self.named[errand] = self.rest if self.rest == State.BOOKED else State.WAITING
        elif entry.kind == "visits.errand_added":
            self.errands += 1
            self.named[int(entry.data["errand"])] = State.PLANNED
        elif entry.kind in _MOVES:
            self.before[entry.pk] = (self.errands, self.rest, dict(self.named))
            self._move(entry, int(entry.data["errand"]))
            if entry.kind == "floor.transferred":
                self.errands += 1
                self.named[int(entry.data["to_errand"])] = State.WAITING
        elif entry.kind == "floor.undone" and entry.cause in self.before:
            self.errands, self.rest, self.named = self.before.pop(entry.cause)
        elif entry.kind not in _NOTHING:
            self._note(entry, "not a part of a visit's life")

    def _close(self, entry: Entry) -> None:
        """Errands that the mall could not serve; one that an officer forgot to end was served all the same."""
        for errand in entry.data["errands"]:
            begun = self.state(errand) in (State.SERVING, State.HELD)
            if not begun and self.state(errand) not in (*_OPEN, State.CALLED):
                self._note(entry, f"errand {errand} was {self.state(errand)}")
            self.named[errand] = State.DONE if begun else State.CLOSED

    def _move(self, entry: Entry, errand: int) -> None:
        allowed, to = _MOVES[entry.kind]
        before = self.state(errand)
        waits = before == State.PLANNED and State.WAITING in allowed  # joining a queue is not told by itself
        if not waits and before not in allowed:
            self._note(entry, f"errand {errand} was {before}")
        if any(state in _AT_COUNTER and other != errand for other, state in self.named.items()):
            self._note(entry, "two places at once")
        self.named[errand] = to
        if len(self.named) > self.errands:
            self._note(entry, f"{len(self.named)} errands, arrived with {self.errands}")

    def _note(self, entry: Entry, what: str) -> None:
        self.troubles.append(f"{entry.subject} {entry.kind} at {entry.at:%H:%M:%S}: {what}")

    def state(self, errand: int) -> State:
        """Where the ledger leaves an errand."""
        return self.named.get(errand, self.rest)

    @property
    def over(self) -> bool:
        """Whether nothing is left to happen."""
        unnamed = self.errands > len(self.named) and self.rest in ACTIVE
        return not unnamed and not any(state in ACTIVE for state in self.named.values())


def told(entries: Iterable[Entry]) -> dict[str, Told]:
    """The visits of these entries by their subject, replayed in the given order."""
    visits: dict[str, Told] = {}
    for entry in entries:
        visits.setdefault(entry.subject, Told()).hear(entry)
    return visits


def of_day(mall: Mall, day: date) -> dict[str, Told]:
    """Every visit of the day, replayed."""
    visits = {f"visit:{pk}" for pk in Visit.objects.filter(mall=mall, day=day).values_list("pk", flat=True)}
    entries = Entry.objects.filter(mall=mall.pk, subject__startswith="visit:").order_by("id")
    return told(entry for entry in entries.iterator() if entry.subject in visits)


def contradictions(mall: Mall, day: date) -> list[str]:
    """Where the ledger and the rows of a day do not tell the same story. Empty: each explains the other."""
    stories = of_day(mall, day)
    found = [trouble for story in stories.values() for trouble in story.troubles]
    for visit in Visit.objects.filter(mall=mall, day=day).prefetch_related("errands"):
        story = stories.get(f"visit:{visit.pk}")
        if story is None:
            found.append(f"{visit}: not in the ledger")
            continue
        rows = list(visit.errands.all())
        if len(rows) != story.errands:
            found.append(f"{visit}: {len(rows)} errands, the ledger knows {story.errands}")
        found += [
            f"{visit}: errand {row.pk} is {row.state}, the ledger says {story.state(row.pk)}"
            for row in rows
            if not _same(State(row.state), story.state(row.pk))
        ]
        if (visit.stage not in (*AHEAD, Stage.ARRIVED)) != story.over:
            found.append(f"{visit}: is {visit.stage}, the ledger says {'over' if story.over else 'not over'}")
    return found


def _same(row: State, told: State) -> bool:
    """Joining a queue is no entry of its own, so planned and waiting are one to the ledger."""
    waits = (State.PLANNED, State.WAITING)
    return row == told or (row in waits and told in waits)
