"""The optional trained model on Warsaw's queues: grown from the days before, tried on the next. For `bench waits`."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from importlib.util import find_spec

import numpy as np

from gerai.config.benches.told import Told, compare
from gerai.config.benches.warsaw import Moment, QueueDay, Sample
from gerai.foresight.hall import Hall
from gerai.foresight.intervals import Adaptive, load_class
from gerai.foresight.pace import SMALL, Forecast
from gerai.foresight.trained import LightgbmMissing, TooFewWaits, Trained, fit

CALIBRATE = 2  # days before those that count on which the trained intervals learn
WITHOUT = f"The trained model was not measured. {LightgbmMissing()}"


def possible() -> bool:
    """Whether lightgbm is installed."""
    return find_spec("lightgbm") is not None


class Nightly:
    """Sees what the plain engine sees, tells the same people, and keeps what it told on the days that count."""

    def __init__(self) -> None:
        self._hall = Hall()
        self._honest: dict[tuple[str, int], Adaptive] = defaultdict(Adaptive)
        self._past: list[tuple[float, ...]] = []
        self._came: list[float] = []
        self._told: list[Told] = []
        self._day()

    def _day(self) -> None:
        self._model: Trained | None = None
        self._rows: list[tuple[float, ...]] = []
        self._forecasts: list[Forecast] = []
        self._order: list[tuple[int, bool]] = []  # persons as they are told (True) and as their waits end

    def new_day(self, day: str, left: int, last: int) -> None:
        """Train for this day from those before. `left` days are left, with it; the `last` of all count."""
        self._weekday = date.fromisoformat(day).weekday()
        self._counts = left <= last
        if left <= last + CALIBRATE:
            try:
                self._model = fit(np.array(self._past, float), np.array(self._came))
            except TooFewWaits:
                self._model = None  # the plain forecast stands

    def seen(self, queue: QueueDay, sample: Sample, calls: int) -> None:
        """A queue was looked at."""
        self._hall.seen(
            queue.office,
            queue.queue,
            sample.minute,
            waiting=sample.waiting,
            counters=sample.counters,
            calls=calls,
            number=sample.called,
        )

    def told(self, queue: QueueDay, person: int, moment: Moment, forecast: Forecast, per_call: float) -> None:
        """The plain engine has told the person of this number (they rise by one from 0 each day)."""
        row = self._hall.features(
            queue.office,
            queue.queue,
            moment.minute,
            weekday=self._weekday,
            waiting=moment.waiting,
            forecast=forecast,
            per_call=per_call,
        )
        self._hall.told(queue.queue, person, moment.minute, forecast)
        self._rows.append(row)
        self._forecasts.append(forecast)
        self._order.append((person, True))

    def ended(self, queue: QueueDay, person: int, moment: Moment, forecast: Forecast) -> None:
        """A wait has ended."""
        self._hall.ended(
            queue.office, queue.queue, person, moment.minute, moment.waiting, forecast, moment.wait
        )
        self._order.append((person, False))

    def next_day(self, plain: list[Told]) -> None:
        """The day is over: what the model, made before it, would have told, in the order of the clock."""
        found = self._replayed(plain, self._model) if self._model else plain
        if self._counts:
            self._told += found
        self._past += self._rows
        self._came += [one.actual for one in plain]
        self._hall.next_day()
        self._day()

    def _replayed(self, plain: list[Told], model: Trained) -> list[Told]:
        middles = model.forecast(np.array(self._rows, float))
        found: list[Told] = list(plain)
        for person, tell in self._order:
            one, forecast = plain[person], self._forecasts[person]
            by = (middles[person] + SMALL) / (forecast.middle + SMALL)
            own = forecast.low * by, forecast.high * by  # the plain interval, moved to where the model is
            place = one.office, load_class(one.waiting, 2)
            if tell:
                low, high = self._honest[place].interval(*own)
                middle = min(max(float(middles[person]), low), high)
                found[person] = replace(one, low=low, middle=middle, high=high)
            else:
                self._honest[place] = self._honest[place].learn(*own, one.actual)
        return found

    def figures(self) -> dict[str, float]:
        """Error, its ratio to last-to-enter-service, coverage and width, on the same waits as the plain engine's."""
        figures, _ = compare(self._told)
        return {
            "trained_mae_min": figures["mae_min"],
            "trained_ratio": figures["mae_to_les"],
            "trained_coverage": figures["coverage"],
            "trained_width_min": figures["width_min"],
        }
