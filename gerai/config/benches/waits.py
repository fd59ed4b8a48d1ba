"""Forecast waits and their 90 % intervals: on Warsaw's real queues (rolling over the last five days) or in simulation.

On Warsaw's also by the optional trained model, on the same waits, where lightgbm is installed.

Warsaw needs warsaw_office_queues.csv.gz in the folder that GERAI_BENCH_DATA names. The data are the city's, by way of
the package kolejkeR (HaZdula/kolejkeR, MIT), columns office, queue, service, ts, counters, waiting, svc_min, num.
"""

import heapq
import os
from argparse import ArgumentParser
from collections import defaultdict
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from gerai.config.benches import nightly, simulated, warsaw
from gerai.config.benches.told import Told, compare
from gerai.foresight.intervals import Adaptive, load_class
from gerai.foresight.pace import Forecast, Lines

DAYS = 5
GOALS = {
    "warsaw": {
        "mae_to_les": "<= 1.0",
        "coverage": ">= 0.88",
        "coverage_most": "<= 0.92",
        "trained_ratio": "<= 0.55",
    },
    "sim": {"mae_min": "<= 4.4", "coverage": ">= 0.88", "coverage_most": "<= 0.92"},
}


def add_arguments(parser: ArgumentParser) -> None:
    """Which queues, and how many of the last days count."""
    parser.add_argument("--data", choices=("warsaw", "sim"), default="sim")
    parser.add_argument("--days", type=int, default=DAYS)


def run(*, data: str, days: int) -> dict[str, Any]:
    """Forecast, wait, compare."""
    if data == "warsaw":
        folder = os.environ.get("GERAI_BENCH_DATA")
        if not folder or not (Path(folder) / warsaw.FILE).exists():
            raise SystemExit(
                f"Set GERAI_BENCH_DATA to a folder that holds {warsaw.FILE}: see gerai bench waits --help"
            )
        trained = nightly.Nightly() if nightly.possible() else None
        told, setting = _warsaw(warsaw.read(Path(folder)), days, trained)
    else:
        trained = None
        told, setting = simulated.waits(days)
    figures, baselines = compare(told)
    if trained:
        figures |= trained.figures()
    elif data == "warsaw":
        setting["trained"] = nightly.WITHOUT
    return {
        "figures": figures,
        "baselines": baselines,
        "goals": GOALS[data],
        "setting": {"data": data, **setting},
    }


def _warsaw(
    days: list[warsaw.QueueDay], last: int, trained: nightly.Nightly | None = None
) -> tuple[list[Told], dict[str, Any]]:
    """Every day is forecast from the days before and its own past; the last days count."""
    by_day: dict[str, list[warsaw.QueueDay]] = defaultdict(list)
    for one in days:
        by_day[one.day].append(one)
    dates = [day for day in sorted(by_day) if sum(len(one.moments) for one in by_day[day]) > 100]
    told: list[Told] = []
    lines = Lines()
    honest: dict[tuple[str, int], Adaptive] = defaultdict(Adaptive)
    past: dict[str, list[float]] = defaultdict(list)
    for place, day in enumerate(dates):
        if trained:
            trained.new_day(day, len(dates) - place, last)
        means = {queue: float(np.mean(waits)) for queue, waits in past.items()}
        usual = float(np.mean([w for waits in past.values() for w in waits])) if past else 15.0
        found = _one_day(by_day[day], lines, honest, means, usual, trained)
        if day in dates[-last:]:
            told += found
        lines.next_day()
        if trained:
            trained.next_day(found)
        for one in by_day[day]:
            if one.moments:
                past[one.queue] += [moment.wait for moment in one.moments]
    setting = {
        "days": dates[-last:],
        "queues": len({one.queue for one in days}),
        "learnt_from_days": len(dates) - last,
    }
    return told, setting


def _one_day(
    today: list[warsaw.QueueDay],
    lines: Lines,
    honest: dict[tuple[str, int], Adaptive],
    means: dict[str, float],
    usual: float,
    trained: nightly.Nightly | None,
) -> list[Told]:
    """All queues of a day in the order of the clock; nothing is learnt before the minute it was known."""
    turn = count()
    events: list[tuple[float, int, int, warsaw.QueueDay, Any]] = []
    for one in today:
        events += [(call[0], 1, next(turn), one, call) for call in one.calls]
        if trained:
            events += [(sample[0].minute, 2, next(turn), one, sample) for sample in one.samples]
        events += [(moment.minute, 3, next(turn), one, moment) for moment in one.moments]
    heapq.heapify(events)
    told: list[Told] = []
    while events:
        at, kind, _, queue, what = heapq.heappop(events)
        if kind == 0:
            moment, forecast, person = what
            _learn(lines, honest, queue, moment, forecast)
            if trained:
                trained.ended(queue, person, moment, forecast)
        elif kind == 1:
            lines.called(queue.queue, *what)
        elif trained and kind == 2:
            trained.seen(queue, *what)
        else:
            forecast = lines.forecast(queue.queue, what.waiting, seed=len(told))
            low, high = honest[queue.office, load_class(what.waiting, 2)].interval(
                forecast.low, forecast.high
            )
            usually = means.get(queue.queue, usual)
            les = usually if what.les is None else what.les
            middle = min(max(forecast.middle, low), high)
            if trained:
                trained.told(queue, len(told), what, forecast, lines.minutes_per_call(queue.queue))
            heapq.heappush(events, (max(what.ends, at), 0, next(turn), queue, (what, forecast, len(told))))
            told.append(Told(queue.office, what.waiting, low, middle, high, les, usually, what.wait))
    return told


def _learn(
    lines: Lines,
    honest: dict[tuple[str, int], Adaptive],
    queue: warsaw.QueueDay,
    moment: warsaw.Moment,
    forecast: Forecast,
) -> None:
    place = queue.office, load_class(moment.waiting, 2)
    honest[place] = honest[place].learn(forecast.low, forecast.high, moment.wait)
    lines.ended(queue.queue, moment.waiting, forecast, moment.wait)
