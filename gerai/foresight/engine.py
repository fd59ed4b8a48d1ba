"""A day of a mall, event by event: the one simulator behind benches, staffing and what-if.

State changes at four kinds of events: somebody arrives, a service ends, a half hour begins, the floor is looked at.
Who is called next is decided by rank alone: the minute of joining, less the credit of a priority; an appointment's
slot. Nobody is therefore overtaken by somebody who came more than the credit later.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from gerai.foresight import order, staffing
from gerai.foresight.days import CLOSES, SLOT, Day, Errand, Visitor

WALK = order.WALK
LOOK = 5.0  # minutes between two looks at the floor
IN_TIME = 10.0  # minutes after its slot within which an appointment counts


@dataclass(slots=True)
class Ticket:
    """One errand in a line: who, where, when joined, called and ended; `expected`: the catalogue's minutes."""

    visitor: int
    agency: int
    errand: Errand
    expected: float
    priority: bool
    joined: float
    rank: float
    called: float = -1.0
    ended: float = -1.0

    @property
    def wait(self) -> float:
        """Minutes from joining to the call."""
        return self.called - self.joined


@dataclass(frozen=True)
class Policy:
    """
    How the mall is run.

    `roster`: counters per agency and slot. `credit`: minutes by which a priority is called earlier. `arrivals`:
    forecast people a minute per agency and slot; with it errands are ordered by advice. `most`: counters per agency
    and slot that can be open with those on call; with it counters open and close by the live rule. `closes`: minutes
    after opening; the rows of `roster` and `most` reach to it.
    """

    roster: Sequence[Sequence[int]]
    credit: float = 0.0
    arrivals: Sequence[Sequence[float]] | None = None
    most: Sequence[Sequence[int]] | None = None
    open_at: float = staffing.OPEN_AT
    close_at: float = staffing.CLOSE_AT
    closes: float = CLOSES

    @property
    def slots(self) -> int:
        """Half hours of the day, a shorter rest at the end counted as one."""
        return math.ceil(self.closes / SLOT)


@dataclass(slots=True)
class Line:
    """One agency now: who waits (a heap by rank), who is served, how many counters are open."""

    minutes: float
    open: int = 0
    planned: int = 0
    waiting: list[tuple[float, int, Ticket]] = field(default_factory=list)
    serving: list[Ticket] = field(default_factory=list)
    work: float = 0.0  # expected minutes of those who wait
    taken: float = 0.0  # minutes of the services that ended today, and what was expected of them
    hoped: float = 0.0
    since: float = 0.0
    hours: float = 0.0

    def staffed(self, now: float) -> None:
        """Count the counter-minutes until now. A counter told to close still ends its service."""
        self.hours += (now - self.since) * max(self.open, len(self.serving)) / 60
        self.since = now

    def speed(self) -> float:
        """Today's pace here: see `learning.speed_of_the_day`."""
        prior = 15 * self.minutes
        return (self.taken + prior) / (self.hoped + prior)

    def people_ahead(self) -> float:
        """Mean services before somebody who joins now could be called; those under way count half."""
        if len(self.serving) < self.open:
            return 0.0
        return self.work / self.minutes + len(self.serving) / 2


@dataclass
class Outcome:
    """What the day was: every ticket, and the counter-hours it took."""

    day: Day
    tickets: list[Ticket]
    counter_hours: float

    def visits(self) -> list[tuple[Visitor, list[Ticket]]]:
        """Each visitor with their tickets in the order taken."""
        found: list[list[Ticket]] = [[] for _ in self.day.visitors]
        for ticket in self.tickets:
            found[ticket.visitor].append(ticket)
        return list(zip(self.day.visitors, found, strict=True))


class Mall:
    """The simulator. `run` it once; `watch` sees the mall and each ticket at the moment it joins a line."""

    def __init__(
        self, day: Day, policy: Policy, watch: "Callable[[Mall, Ticket], None] | None" = None
    ) -> None:
        self.day, self.policy, self.watch = day, policy, watch
        self.now = 0.0
        self.lines = [Line(agency.minutes) for agency in day.agencies]
        self.tickets: list[Ticket] = []
        self._left = [list(visitor.errands) for visitor in day.visitors]
        self._turn = count()
        self._events: list[tuple[float, int, Callable[..., None], Any]] = []

    def at(self, when: float, what: Callable[..., None], whom: Any = None) -> None:
        """Let something happen later."""
        heapq.heappush(self._events, (when, next(self._turn), what, whom))

    def run(self) -> Outcome:
        """Play the day to the end: the last visitor is served even after closing time."""
        for slot in range(self.policy.slots):
            self.at(slot * SLOT, self._slot_begins, slot)
        if self.policy.most:
            for look in range(1, int(self.policy.closes / LOOK)):
                self.at(look * LOOK, self._look)
        for place, visitor in enumerate(self.day.visitors):
            self.at(visitor.arrives, self._goes_on, place)
        self.at(self.policy.closes, self._closes)
        while self._events:
            self.now, _, what, whom = heapq.heappop(self._events)
            what(whom)
        for line in self.lines:
            line.staffed(self.now)
        return Outcome(self.day, self.tickets, sum(line.hours for line in self.lines))

    # What happens

    def _slot_begins(self, slot: int) -> None:
        for line, roster in zip(self.lines, self.policy.roster, strict=True):
            extra = max(0, line.open - line.planned) if self.policy.most else 0
            line.planned = roster[slot]
            self._open(line, roster[slot] + extra)

    def _goes_on(self, place: int) -> None:
        """A visitor takes the next errand, advised anew if the policy advises."""
        left = self._left[place]
        if not left:
            return
        again = len(left) < len(self.day.visitors[place].errands)
        if self.policy.arrivals and len(left) > 1:
            left[:] = [left[i] for i in self._advise(left, advised=again).order]
        errand = left.pop(0)
        priority = self.day.visitors[place].priority
        joined = self.now
        rank = joined - (self.policy.credit if priority else 0.0)
        if errand.slot is not None and joined <= errand.slot + IN_TIME:
            rank = errand.slot - (self.policy.credit if priority else 0.0)
        service = self.day.agencies[errand.agency].services[errand.service]
        ticket = Ticket(place, errand.agency, errand, service.minutes, priority, joined, rank)
        self.tickets.append(ticket)
        line = self.lines[errand.agency]
        if self.now >= self.policy.closes and not line.open:
            self._open(line, 1)
        if self.watch:
            self.watch(self, ticket)
        heapq.heappush(line.waiting, (rank, next(self._turn), ticket))
        line.work += ticket.expected
        self._call(line)

    def _call(self, line: Line) -> None:
        while line.waiting and len(line.serving) < line.open:
            _, _, ticket = heapq.heappop(line.waiting)
            line.staffed(self.now)
            line.work -= ticket.expected
            ticket.called = self.now
            line.serving.append(ticket)
            self.at(self.now + ticket.errand.minutes, self._ends, ticket)

    def _ends(self, ticket: Ticket) -> None:
        line = self.lines[ticket.agency]
        line.staffed(self.now)
        line.serving.remove(ticket)
        ticket.ended = self.now
        line.taken += ticket.errand.minutes
        line.hoped += ticket.expected
        if self._left[ticket.visitor]:
            self.at(self.now + WALK, self._goes_on, ticket.visitor)
        self._call(line)
        if self.now >= self.policy.closes:
            self._open(line, min(line.open, len(line.serving) + len(line.waiting)))

    def _closes(self, _: None) -> None:
        """No idle counter stays open. For who still comes from another counter one opens again."""
        for line in self.lines:
            self._open(line, min(line.open, len(line.serving) + len(line.waiting)))

    def _open(self, line: Line, counters: int) -> None:
        line.staffed(self.now)
        line.open = counters
        self._call(line)

    # What is decided

    def _look(self, _: None) -> None:
        """The live rule: one more where the next wait will be long, one fewer where it will be short."""
        slot = min(int(self.now // SLOT), self.policy.slots - 1)
        assert self.policy.most  # noqa: S101 - looked at only then
        for place, line in enumerate(self.lines):
            wait = line.people_ahead() * line.minutes * line.speed() / max(line.open, 1)
            change = staffing.to_open(
                wait=wait,
                counters=line.open,
                least=line.planned,
                most=self.policy.most[place][slot],
                open_at=self.policy.open_at,
                close_at=self.policy.close_at,
            )
            if change:
                self._open(line, line.open + change)

    def _advise(self, left: Sequence[Errand], *, advised: bool) -> order.Advice:
        """The order of a visitor's errands by the lines now; who was advised before turns for a clear gain only."""
        forecasts: dict[str, Callable[[float], float]] = {}
        slot = min(int(self.now // SLOT), self.policy.slots - 1)
        assert self.policy.arrivals  # noqa: S101 - advised only then
        for errand in left:
            line = self.lines[errand.agency]
            roster = self.policy.roster[errand.agency][slot + 1 :]
            come = self.policy.arrivals[errand.agency][slot:]
            forecasts[str(errand.agency)] = order.fluid_wait(
                line.people_ahead(), line.minutes * line.speed(), [max(line.open, 1), *roster], come
            )
        todo = [
            order.Errand(str(e.agency), self.lines[e.agency].minutes, not_before=self._not_before(e))
            for e in left
        ]
        present = tuple(range(len(left))) if advised else None
        return order.advise(todo, now=0.0, wait=lambda agency, at: forecasts[agency](at), present=present)

    def _not_before(self, errand: Errand) -> float:
        return -1.0 if errand.slot is None else errand.slot - self.now - order.HEAD_START
