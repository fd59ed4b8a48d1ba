"""The course of events on a clock of its own: what happens when, and the calls of services at that moment."""

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from gerai.core.errors import DomainError

SECOND = timedelta(seconds=1)


class Course:
    """
    Events in their order. Services get the moment of the event as `now`.

    `pace` is called with the moment of each event from `begins` on before it happens: it may wait.
    """

    def __init__(self, random: Random, begins: datetime, pace: Callable[[datetime], None]) -> None:
        self.random, self.begins, self.pace = random, begins, pace
        self.now = begins
        self.refused: Counter[str] = Counter()
        self.calls = 0  # of services
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Let something happen at that moment."""
        heapq.heappush(self._events, (when, next(self._order), act))

    def within(self, low: float, high: float, act: Callable[[], None]) -> None:
        """Let something happen between so many seconds from now."""
        self.at(self.now + self.random.uniform(low, high) * SECOND, act)

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() < share

    def do(self, service: Callable[..., Any], /, **arguments: Any) -> Any:
        """Call a service now. A refusal is what a person would read: counted, and life goes on."""
        self.calls += 1
        try:
            return service(**arguments, now=self.now)
        except DomainError as refusal:
            self.refused[refusal.code] += 1
            return None

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._events:
            when, _, act = heapq.heappop(self._events)
            if when >= self.begins:
                self.pace(when)
            self.now = when
            act()

    def forget(self) -> None:
        """Nothing more happens."""
        self._events.clear()
