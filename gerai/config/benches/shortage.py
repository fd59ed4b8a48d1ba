"""Does the advice of ten o'clock name the agency at which most will wait? On more visitors than the mall can serve."""

from typing import Any

import numpy as np

from gerai.foresight import days as synthetic
from gerai.foresight import planning
from gerai.foresight.engine import Mall, Outcome, Ticket
from gerai.foresight.learning import ServiceTime, day_factor, service_time
from gerai.foresight.staffing import Demand, Shortage, shortages
from gerai.foresight.waits import Floats

TEN = 120.0  # minutes after opening
NAMED = 3  # agencies that the advice names


class Advice:
    """Learns ordinary days from past ones; looks at a day until ten, then says where counters will be missing."""

    def __init__(self, past: list[Outcome]) -> None:
        agencies = past[0].day.agencies
        observed: list[list[float]] = [[] for _ in agencies]
        for outcome in past:
            for ticket in outcome.tickets:
                observed[ticket.agency].append(ticket.errand.minutes)
        self.arrivals: Floats = planning.expected(past)
        self.takes: list[ServiceTime] = [service_time(10.0, minutes) for minutes in observed]

    def run(self, day: synthetic.Day) -> tuple[Outcome, list[Shortage]]:
        """The day as malls run it, and what would have been said at ten."""
        come, pace = 0, np.ones(len(day.agencies))

        def watch(mall: Mall, ticket: Ticket) -> None:
            nonlocal come
            if mall.now <= TEN:
                come += 1
                pace[ticket.agency] = mall.lines[ticket.agency].speed()

        policy = planning.status_quo(day)
        outcome = Mall(day, policy, watch).run()
        crowd = day_factor(come, float(self.arrivals[:, : int(TEN) // synthetic.SLOT].sum()))
        demands = {
            agency.name: Demand(list(row * crowd), takes.minutes * speed, counters, takes.variation)
            for agency, row, takes, speed, counters in zip(
                day.agencies, self.arrivals, self.takes, pace, policy.roster, strict=True
            )
        }
        return outcome, shortages(demands)


def measure(
    past: list[Outcome], unseen: list[synthetic.Day]
) -> tuple[list[Outcome], dict[str, float], dict[str, Any]]:
    """The days as malls run them; how often the worst agency was named; one sentence as an example."""
    advice = Advice(past)
    outcomes, among, first, lost_at_first = [], 0, 0, 0.0
    for day in unseen:
        outcome, found = advice.run(day)
        outcomes.append(outcome)
        lost = np.zeros(len(day.agencies))
        for ticket in outcome.tickets:
            lost[ticket.agency] += ticket.wait
        named = [one.agency for one in found]
        worst = day.agencies[int(lost.argmax())].name
        among += worst in named[:NAMED]
        first += worst == named[0]
        lost_at_first += float(lost[[a.name for a in day.agencies].index(named[0])] / lost.max())
    number = len(unseen)
    figures = {
        "binding_named_share": round(among / number, 3),
        "binding_first_share": round(first / number, 3),
        "first_named_lost_share": round(lost_at_first / number, 3),
    }
    return outcomes, figures, {"advice_crowd": sentence(found[0])}


def sentence(one: Shortage) -> str:
    """One shortage in words."""
    hours = f"{_clock(one.first_slot)} to {_clock(one.last_slot + 1)}"
    return f"{one.agency} needs {one.more} more counters {hours}: {one.waiting_minutes:.0f} minutes of waiting today"


def _clock(slot: int) -> str:
    return f"{8 + slot // 2:02}:{slot % 2 * 30:02}"
