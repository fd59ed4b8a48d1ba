"""What if: a day is played again with other counters, lines, hours, bookings or rule. Pure arithmetic over a `Setting`.

Both sides have the same people with the same minutes at the counter (common random numbers), so that the difference
is the case's alone. What would happen is the simulator's word, and is said so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gerai.foresight import days, engine
from gerai.foresight.waits import CREDIT
from gerai.insight.replay import SEED, Line, Setting

RULES = {"credit": CREDIT, "first": 0.0}
HOURS = ("as_is", "late", "noon")  # as it was; half an hour later; all counters closed from 12 to 13
MOST_MORE = 3
LONG = 15.0  # minutes
WEEK = 5  # working days beside a Saturday
NOON = range(12 * 60, 13 * 60)


@dataclass(frozen=True, slots=True)
class Case:
    """
    What is asked. `agency`: by code, of `more` counters and of the line that joins `join`'s; empty is nowhere.

    `opens`, `closes`: minutes after midnight, None as it is. `saturday`: percent of the week's people who come on a
    Saturday instead. `bookable`: percent of the counters' time that is kept for bookings, all of it booked.
    """

    agency: str = ""
    more: int = 0
    rule: str = "credit"
    hours: str = "as_is"
    live: bool = False
    opens: int | None = None
    closes: int | None = None
    saturday: int = 0
    bookable: int | None = None
    join: str = ""


def week(settings: Sequence[Setting], percent: int) -> list[Setting]:
    """
    The days of a week without those who come on its Saturday, and that Saturday.

    It has the hours of the first day and counters in proportion to its people. The same people go whatever else is
    asked, and more of them for a higher percent.
    """
    first, stay = settings[0], []
    go: list[days.Visitor] = []
    for n, one in enumerate(settings):
        moves = np.random.default_rng([SEED, n]).random(len(one.day.visitors)) < percent / 100
        scale = first.closes / one.closes
        goers = [v for v, moved in zip(one.day.visitors, moves, strict=True) if moved]
        go += days.stretched(replace(one.day, visitors=tuple(goers)), scale).visitors
        rest = tuple(v for v, moved in zip(one.day.visitors, moves, strict=True) if not moved)
        stay.append(replace(one, day=replace(one.day, visitors=rest)))
    crowd = replace(first.day, visitors=tuple(sorted(go, key=lambda v: v.arrives)))
    share = min(1.0, len(settings) * percent / 100)
    roster = [[math.ceil(n * share) for n in row] for row in first.roster]
    return [*stay, replace(first, day=crowd, roster=roster, waits=())]


def joined(setting: Setting, one: str, other: str) -> Setting:
    """The lines of an agency and of another (or of itself) as one line, served by all their counters."""
    mine = [n for n, line in enumerate(setting.lines) if line.agency.code in (one, other)]
    head, rest = mine[0], [n for n in range(len(setting.lines)) if n not in mine[1:]]
    lines, places = setting.lines, setting.day.agencies
    goes_to = {n: (rest.index(n), 0) for n in rest}
    services: list[days.Service] = []
    for n in mine:
        goes_to[n] = rest.index(head), len(services)
        services += [replace(s, share=s.share / len(mine)) for s in places[n].services]
    many = sum(lines[n].counters for n in mine)
    line = Line(lines[head].agency, tuple(s for n in mine for s in lines[n].services), many)
    place = replace(places[head], counters=many, services=tuple(services))
    row = [sum(counters) for counters in zip(*(setting.roster[n] for n in mine), strict=True)]
    people = tuple(
        replace(
            visitor,
            errands=tuple(
                replace(e, agency=goes_to[e.agency][0], service=goes_to[e.agency][1] + e.service)
                for e in visitor.errands
            ),
        )
        for visitor in setting.day.visitors
    )
    return replace(
        setting,
        lines=tuple(line if n == head else lines[n] for n in rest),
        day=days.Day(tuple(place if n == head else places[n] for n in rest), people, (0,) * len(rest)),
        roster=[row if n == head else setting.roster[n] for n in rest],
    )


def with_more(setting: Setting, agency: str, more: int) -> Setting:
    """More or fewer counters at an agency, at least one; at the busiest of its lines where it has several."""
    come = [0] * len(setting.lines)
    for visitor in setting.day.visitors:
        for errand in visitor.errands:
            come[errand.agency] += 1
    place = max(
        (n for n, line in enumerate(setting.lines) if line.agency.code == agency), key=lambda n: come[n]
    )
    row = [max(1, n + more) for n in setting.roster[place]]
    return replace(setting, roster=[row if n == place else r for n, r in enumerate(setting.roster)])


def within(setting: Setting, opens: int | None, closes: int | None) -> Setting:
    """The same people and the same course of the roster spread over other hours."""
    begin = setting.opens if opens is None else opens
    length = float((setting.opens + setting.closes if closes is None else closes) - begin)
    slots, factor = math.ceil(length / days.SLOT), length / setting.closes
    roster = [[row[int((n + 0.5) * len(row) / slots)] for n in range(slots)] for row in setting.roster]
    return replace(
        setting, opens=begin, closes=length, roster=roster, day=days.stretched(setting.day, factor)
    )


def with_bookings(setting: Setting, percent: int) -> Setting:
    """The same people when this part of the counters' time is booked, if there are as many who can book."""
    room = [
        np.diff(np.floor(percent / 100 * days.SLOT / place.minutes * np.cumsum(row)), prepend=0.0).tolist()
        for row, place in zip(setting.roster, setting.day.agencies, strict=True)
    ]
    return replace(setting, day=days.rebooked(setting.day, room, SEED))


def changed(setting: Setting, case: Case) -> Setting:
    """The day as the case would have it, but for its Saturday and its rule."""
    if case.join:
        setting = joined(setting, case.agency, case.join)
    if case.more:
        setting = with_more(setting, case.agency, case.more)
    if case.opens is not None or case.closes is not None:
        setting = within(setting, case.opens, case.closes)
    if case.bookable is not None:
        setting = with_bookings(setting, case.bookable)
    shut = {
        "as_is": [],
        "late": [0],
        "noon": [n for n in range(setting.slots) if setting.opens + n * days.SLOT in NOON],
    }[case.hours]
    roster = [[0 if n in shut else c for n, c in enumerate(row)] for row in setting.roster]
    return replace(setting, roster=roster)


def play(setting: Setting, case: Case) -> engine.Outcome:
    """A changed day under the rule of a case. The case that changes nothing is the baseline."""
    most = [
        [max(n, line.counters) if n else 0 for n in row]
        for row, line in zip(setting.roster, setting.lines, strict=True)
    ]
    policy = engine.Policy(
        setting.roster, RULES[case.rule], most=most if case.live else None, closes=setting.closes
    )
    return engine.Mall(setting.day, policy).run()


@dataclass(frozen=True, slots=True)
class Result:
    """
    What the days were like: mean wait, share over 15 minutes, nine of ten, counter-hours; by half hour and agency.

    `by_slot` has the half hours of the mall's clock, in minutes after midnight.
    """

    wait: float
    long: float
    ninth: float
    hours: float
    people: int
    by_slot: dict[int, float]
    by_agency: dict[str, float]


def answer(settings: Sequence[Setting], case: Case) -> Result:
    """Play the days under a case, with its Saturday, and sum them up, in minutes."""
    played = week(settings, case.saturday) if case.saturday else settings
    every: list[float] = []
    slots: dict[int, list[float]] = {}
    mine: dict[str, list[float]] = {}
    hours = 0.0
    for setting in (changed(one, case) for one in played):
        outcome = play(setting, case)
        hours += outcome.counter_hours
        for ticket in (t for t in outcome.tickets if t.called >= 0):
            minute = int(setting.opens + min(ticket.joined, setting.closes - 1))
            service = setting.lines[ticket.agency].services[ticket.errand.service]
            # Who comes early for an appointment waits from its time on, as in the figures of what really was.
            wait = max(0.0, ticket.called - max(ticket.joined, ticket.errand.slot or 0.0))
            every.append(wait)
            slots.setdefault(minute // days.SLOT * days.SLOT, []).append(wait)
            mine.setdefault(service.agency.short, []).append(wait)
    waits = np.array(every) if every else np.zeros(1)
    return Result(
        float(waits.mean()),
        100 * float((waits > LONG).mean()),
        float(np.quantile(waits, 0.9)),
        hours,
        sum(len(setting.day.visitors) for setting in played),
        {slot: float(np.mean(one)) for slot, one in sorted(slots.items())},
        {name: float(np.mean(values)) for name, values in mine.items()},
    )
