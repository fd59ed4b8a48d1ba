"""Forecasts on simulated days whose truth is known: what a mall's own event log would allow. For `bench waits`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from gerai.config.benches.told import Told
from gerai.foresight import days as synthetic
from gerai.foresight import learning
from gerai.foresight.engine import Mall, Policy, Ticket
from gerai.foresight.intervals import Adaptive, load_class
from gerai.foresight.waits import CREDIT, bounds, line

FIRST_SEED = 6000  # days that nothing was tuned on
HISTORY = range(101, 115)  # 14 past days
CALIBRATE = 4  # days on which the intervals learn before anything counts
CROWDS = (1000, 1100, 1200, 1300)
DAY_TO_DAY = 0.08


class Forecaster:
    """Sees each ticket join, says how long it will wait, learns when it is called. Knows nothing of the future."""

    def __init__(self, history: list[Ticket], days: int, agencies: tuple[synthetic.Agency, ...]) -> None:
        observed: dict[tuple[int, int], list[float]] = defaultdict(list)
        waits: dict[int, list[float]] = defaultdict(list)
        passing = [0.0] * len(agencies)
        for ticket in history:
            observed[ticket.agency, ticket.errand.service].append(ticket.errand.minutes)
            waits[ticket.agency].append(ticket.wait)
            passing[ticket.agency] += ticket.priority / days / synthetic.LAST_NUMBER
        self.services = {
            (a, s): learning.service_time(10.0, observed[a, s])  # the catalogue says 10 minutes of everything
            for a, agency in enumerate(agencies)
            for s in range(len(agency.services))
        }
        self.passing = passing
        self.means = [float(np.mean(waits[a])) for a in range(len(agencies))]
        self.common: dict[int, Adaptive] = defaultdict(Adaptive)  # of all agencies: learns fast
        self.own: dict[tuple[int, int], Adaptive] = defaultdict(
            Adaptive
        )  # on top of it: what one agency has of its own

    def new_day(self, roster: list[list[int]]) -> None:
        """Of yesterday only what was learnt remains."""
        self.roster = roster
        self.today: list[tuple[Ticket, Told]] = []
        self.last: dict[int, Ticket] = {}
        self._due: list[tuple[Ticket, int, tuple[float, float], tuple[float, float]]] = []

    def minutes(self, ticket: Ticket) -> float:
        """Expected minutes of a ticket's service, as learnt."""
        return self.services[ticket.agency, ticket.errand.service].minutes

    def watch(self, mall: Mall, ticket: Ticket) -> None:
        """Forecast this ticket's wait at the moment it joins."""
        self._learn()
        here, place = mall.lines[ticket.agency], ticket.agency
        last = self.last.get(place)
        les = last.wait if last else self.means[place]
        free = here.open - len(here.serving)
        if free > 0:
            told = Told(str(place), 0, 0.0, 0.0, 0.0, les, self.means[place], -1.0)
            self.last[place] = ticket  # called at once
            self.today.append((ticket, told))
            return
        ahead = [other for rank, _, other in sorted(here.waiting, key=lambda w: w[:2]) if rank <= ticket.rank]
        serving = sorted(here.serving, key=lambda other: -other.called)[: here.open]
        services = self.services[place, ticket.errand.service]
        waits = line(
            ahead=[self.minutes(other) for other in ahead],
            busy=[self.minutes(other) for other in serving],
            elapsed=[mall.now - other.called for other in serving],
            free=0,
            speed=here.speed(),
            variation=services.variation,
            doubt=learning.doubt_about_speed(int(here.hoped / here.minutes), DAY_TO_DAY),
            changes=self._changes(mall, ticket),
            overtaking=0.0 if ticket.priority else self.passing[place],
            runs=150,
            seed=len(self.today),
        )[:, -1]
        low, middle, high = bounds(waits)
        load = load_class(len(ahead), here.open)
        common = self.common[load].interval(low, high)
        told_low, told_high = self.own[place, load].interval(*common)
        told = Told(str(place), 1 + len(ahead), told_low, middle, told_high, les, self.means[place], -1.0)
        self.today.append((ticket, told))
        self._due.append((ticket, load, (low, high), common))

    def _changes(self, mall: Mall, ticket: Ticket) -> list[tuple[float, int]]:
        """What the roster will change: (minutes from now, counters more or fewer)."""
        slot = int(mall.now // synthetic.SLOT)
        plan = [mall.lines[ticket.agency].open, *self.roster[ticket.agency][slot + 1 :]]
        return [
            ((slot + 1 + later) * synthetic.SLOT - mall.now, after - before)
            for later, (before, after) in enumerate(pairwise(plan))
            if after != before
        ]

    def _learn(self) -> None:
        """From those who were called since we last looked."""
        still = []
        for told in self._due:
            ticket, load, forecast, common = told
            if ticket.called < 0:
                still.append(told)
                continue
            self.common[load] = self.common[load].learn(*forecast, ticket.wait)
            own = ticket.agency, load
            self.own[own] = self.own[own].learn(*common, ticket.wait)
            if ticket.called >= self.last.get(ticket.agency, ticket).called:
                self.last[ticket.agency] = ticket
        self._due = still


def waits(
    days: int,
    history: Sequence[int] = HISTORY,
    calibrate: int = CALIBRATE,
    crowds: Sequence[int] = CROWDS,
) -> tuple[list[Told], dict[str, Any]]:
    """What was told on so many unseen days, with the waits that came, and the setting."""
    agencies = synthetic.mall()
    past: list[Ticket] = []
    for number, seed in enumerate(history):
        past += _play(agencies, seed, crowds[number % len(crowds)], None)
    forecaster = Forecaster(past, len(history), agencies)
    found: list[Told] = []
    for number in range(calibrate + days):
        _play(agencies, FIRST_SEED + number, crowds[number % len(crowds)], forecaster)
        if number >= calibrate:
            found += [replace(told, actual=ticket.wait) for ticket, told in forecaster.today]
    setting = {
        "in": "simulation: today's roster with the credit rule",
        "learnt_from_days": len(history),
        "intervals_from_days": calibrate,
        "days": days,
        "first_seed": FIRST_SEED,
        "visitors": crowds,
    }
    return found, setting


def _play(
    agencies: tuple[synthetic.Agency, ...], seed: int, visitors: int, forecaster: Forecaster | None
) -> list[Ticket]:
    day = synthetic.draw(agencies, seed, visitors)
    roster = synthetic.usual_roster(day)
    if forecaster:
        forecaster.new_day(roster)
    return Mall(day, Policy(roster, CREDIT), forecaster.watch if forecaster else None).run().tickets
