"""What a roster says of the counters to come. Pure: half hours of a clock in, minutes from now out."""

from collections.abc import Mapping, Sequence

SLOT = 30  # minutes
STEP, AHEAD = 5.0, 480.0  # minutes: as fine, and as far, as a line is looked at

Changes = Sequence[tuple[float, int]]  # (minutes from now, counters more or fewer)


def _minute(half: str) -> int:
    return int(half[:2]) * 60 + int(half[3:])


def changes(day: Mapping[str, int], minute: float, open_now: int) -> list[tuple[float, int]]:
    """
    The counters that a roster opens and closes in the rest of the day.

    `day`: the start of each half hour -> counters; `minute`: of the day, on the same clock. What is open now is the
    start and each step of the roster moves it, never beyond the plan: who is missing now is not expected later, and
    a counter that opened before its time does not open once more. Where there should be counters now and none is
    open nobody follows the roster, and nothing is said; so before its first half hour and after its last.
    """
    halves = sorted(day)
    here = next((half for half in halves if _minute(half) <= minute < _minute(half) + SLOT), None)
    if here is None or (day[here] and not open_now):
        return []
    found, planned = [], day[here]
    for half in halves[halves.index(here) + 1 :]:
        step, planned = day[half] - planned, day[half]
        lack = planned - open_now
        by = max(0, min(step, lack)) if step > 0 else min(0, max(step, lack))
        if by:
            found.append((_minute(half) - minute, by))
            open_now += by
    return found


def course(counters: int, coming: Changes) -> list[float]:
    """The counters open in each five minutes of a day from now on: for `order.fluid_wait`."""
    return [
        float(counters + sum(by for at, by in coming if at <= n * STEP)) for n in range(int(AHEAD // STEP))
    ]
