"""Makes order_best.json, in development only: the best mean visit for somebody who knows every service time.

    uv run --with ortools --with numpy python -m gerai.config.benches.clairvoyant 8 120

CP-SAT (OR-tools): an open shop with parallel counters. Each errand is an interval of its real minutes (in tenths)
on one counter of its agency (a cumulative resource is exact: equal counters can always be told apart afterwards); a
visitor's errands do not overlap and leave a minute to walk; the sum of the visits is least. `under_rule` keeps the
calling rule and changes only the visitors' orders: the best found by exchanging orders one visitor at a time.
"""

import json
import random
import sys
from dataclasses import replace
from itertools import permutations
from typing import Any

from gerai.config.benches.order import STORED, as_today, instance, mean_visit
from gerai.foresight.days import Day
from gerai.foresight.order import WALK

TENTHS = 10


def clairvoyant(day: Day, seconds: float) -> tuple[float, float]:
    """(best mean visit found, proven lower bound) in minutes. The day as it is run is where the search starts."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    until = int(600 * TENTHS)
    lines: dict[int, list[Any]] = {}
    ends: list[Any] = []
    for visitor, tickets in as_today(day).visits():
        walks, last = [], []
        for ticket in tickets:
            long, name = round(ticket.errand.minutes * TENTHS), f"{ticket.visitor}.{ticket.agency}"
            begin = model.new_int_var(round(visitor.arrives * TENTHS), until, name)
            model.add_hint(begin, round(ticket.called * TENTHS))
            lines.setdefault(ticket.agency, []).append(
                model.new_fixed_size_interval_var(begin, long, "s" + name)
            )
            walks.append(model.new_fixed_size_interval_var(begin, long + int(WALK * TENTHS), "w" + name))
            last.append(begin + long)
        model.add_no_overlap(walks)
        end = model.new_int_var(0, until, f"end{len(ends)}")
        model.add_max_equality(end, last)
        ends.append(end)
    for agency, intervals in lines.items():
        model.add_cumulative(intervals, [1] * len(intervals), day.agencies[agency].counters)
    model.minimize(sum(ends))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    solver.solve(model)
    arrived = sum(round(visitor.arrives * TENTHS) for visitor in day.visitors)
    number = len(day.visitors) * TENTHS
    return (solver.objective_value - arrived) / number, (solver.best_objective_bound - arrived) / number


def under_rule(day: Day, rounds: int = 4) -> tuple[float, Day]:
    """The best mean visit found by changing orders only (first come, first served stays), and the day so ordered."""
    source = random.Random(1)  # noqa: S311
    best, places = mean_visit(as_today(day)), list(range(len(day.visitors)))
    for _ in range(rounds):
        source.shuffle(places)
        for place in places:
            for order in permutations(day.visitors[place].errands):
                people = list(day.visitors)
                people[place] = replace(people[place], errands=order)
                other = replace(day, visitors=tuple(people))
                found = mean_visit(as_today(other))
                if found < best - 1e-9:
                    best, day = found, other
    return best, day


def main(number: int, seconds: float) -> None:
    """Make and store."""
    made = []
    for place in range(number):
        rule, ordered = under_rule(instance(place))
        best, bound = clairvoyant(ordered, seconds)
        values = {"best": min(best, rule), "bound": bound, "under_rule": rule}
        made.append({"instance": place, **{name: round(value, 3) for name, value in values.items()}})
        sys.stdout.write(f"{made[-1]}\n")
    how = f"CP-SAT, {seconds:.0f} s each; under_rule by exchange: python -m gerai.config.benches.clairvoyant"
    STORED.write_text(json.dumps({"made": how, "instances": made}, indent=1) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
