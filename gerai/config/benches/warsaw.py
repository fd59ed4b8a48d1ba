"""Realised waits at Warsaw's district offices, rebuilt from five-minute snapshots of their queues.

One row of the file is one queue at one moment: counters open, people waiting, last number called. Numbers issued are
numbers called plus people waiting; the wait of the last in line ends when the number called reaches them.
"""

import csv
import gzip
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

FILE = "warsaw_office_queues.csv.gz"
LONGEST_GAP = 15.0  # minutes between samples; over a longer gap nobody knows when a number was called
TORN = 0.05  # share of samples whose numbers run backwards; with more, the numbers are not those of one line
MOST_CALLS = 50  # between two samples; a number that is farther off is another series shown for a moment
FEWEST = 40  # rebuilt waits that a queue needs to count


@dataclass(frozen=True, slots=True)
class Sample:
    """A queue at a minute of its day."""

    minute: float
    counters: int
    waiting: int
    called: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody is last in line, a counter is open: what can be known then, and the wait that came.

    `les`: the wait of the last person called, None before a day's first call. `ends`: when the wait is known.
    """

    minute: float
    counters: int
    waiting: int
    les: float | None
    wait: float
    ends: float


@dataclass(frozen=True, slots=True)
class QueueDay:
    """
    One queue on one day. `calls`: (minute, minutes before it with somebody waiting, calls in them).

    `samples`: each with the calls since the one before.
    """

    office: str
    queue: str
    day: str
    moments: tuple[Moment, ...]
    calls: tuple[tuple[float, float, int], ...]
    samples: tuple[tuple[Sample, int], ...]


def read(folder: Path) -> list[QueueDay]:
    """Every usable queue and day of the file, days in order."""
    found: dict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    with gzip.open(folder / FILE, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["num"] and row["counters"] and row["waiting"]:
                at = datetime.fromisoformat(row["ts"])
                numbers = (int(float(row[name])) for name in ("counters", "waiting", "num"))
                queue = f"{row['office']}/{row['queue']}/{row['service']}"
                found[row["ts"][:10], row["office"], queue].append(Sample(at.hour * 60 + at.minute, *numbers))
    days = []
    torn, looked, waits = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for (day, office, queue), unsorted in sorted(found.items()):
        samples = sorted(unsorted, key=lambda sample: sample.minute)
        moments, calls = tuple(_moments(samples)), tuple(_calls(samples))
        days.append(QueueDay(office, queue, day, moments, calls, tuple(_counted(samples))))
        waits[queue] += len(days[-1].moments)
        for before, after in pairwise(samples):
            looked[queue] += bool(before.waiting)
            torn[queue] += bool(before.waiting) and after.called < before.called
    return [one for one in days if torn[one.queue] <= TORN * looked[one.queue] and waits[one.queue] >= FEWEST]


def _calls(samples: list[Sample]) -> Iterator[tuple[float, float, int]]:
    top = samples[0].called
    for before, after in pairwise(samples):
        if before.waiting and before.counters and after.minute - before.minute <= LONGEST_GAP:
            yield after.minute, after.minute - before.minute, max(0, after.called - top)
        top = max(top, after.called)


def _counted(samples: list[Sample]) -> Iterator[tuple[Sample, int]]:
    """Each sample with the calls since the one before, known at that sample."""
    last = before = samples[0].called
    for now in samples:
        calls = next(
            (now.called - start for start in (last, before) if 0 <= now.called - start <= MOST_CALLS), None
        )
        if calls is not None:
            last = now.called
        before = now.called
        yield now, calls or 0


def _moments(samples: list[Sample]) -> Iterator[Moment]:
    """A change seen between two samples is taken to have happened half-way."""
    numbers, issued_at = [samples[0].called], [samples[0].minute]  # numbers issued so far, rising, and when
    top, last_call = samples[0].called, None
    for place, now in enumerate(samples):
        halfway = (samples[max(place - 1, 0)].minute + now.minute) / 2
        if now.called > top:
            top, last_call = now.called, halfway
        mine = now.called + now.waiting
        if mine > numbers[-1]:
            numbers.append(mine)
            issued_at.append(halfway)
        if not (now.waiting and now.counters):
            continue
        then = next((p for p in range(place + 1, len(samples)) if samples[p].called >= mine), None)
        if then is None or samples[then].minute - samples[then - 1].minute > LONGEST_GAP:
            continue
        ends = (samples[then - 1].minute + samples[then].minute) / 2
        les = None if last_call is None else max(0.0, last_call - issued_at[bisect_left(numbers, top)])
        yield Moment(now.minute, now.counters, now.waiting, les, max(0.0, ends - now.minute), ends)
