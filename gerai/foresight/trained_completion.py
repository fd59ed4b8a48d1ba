"""An optional trained forecast of the days left to a case: trees grown at night on what `completion` would have told.

`fit` needs lightgbm (requirements-trained.lock); it stays a bench (docs/decisions/0008-foresight.md).
Nothing is stored. A row is the plain forecast's distribution at its paces, the case so far, and which steps are done.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gerai.foresight.completion import PACES, Cases
from gerai.foresight.likeness import YEAR, Case, Floats, quantiles
from gerai.foresight.trained import SETTING, Forest, LightgbmMissing, TooFewWaits

ROUNDS = 250
SEEDS = (1, 2)  # a forest each
STEPS = 60  # the most usual ones, known by name
FADE = 0.7  # years in which a closed case loses most of its weight
FEWEST = 500  # past moments below which nothing is trained: the plain forecast is better then
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_SETTING = {**SETTING, "min_data_in_leaf": 40}


@dataclass(frozen=True, slots=True)
class Trained:
    """What `fit` learnt: forests that foretell log-days, and the steps they know."""

    forests: tuple[Forest, ...]
    steps: tuple[str, ...]

    def left(self, cases: Cases, running: Sequence[tuple[Case, float]]) -> Floats:
        """The days left to each running case at its `now`."""
        table = rows(cases, running, self.steps)
        logs: Floats = np.mean([forest.score(table) for forest in self.forests], axis=0)
        return np.expm1(np.maximum(logs, 0.0))


def rows(cases: Cases, running: Sequence[tuple[Case, float]], steps: Sequence[str]) -> Floats:
    """What is known of each case at its `now`, by cases closed before it: (cases, features)."""
    return np.array([_row(cases, case, now, steps) for case, now in running], float)


def _row(cases: Cases, case: Case, now: float, steps: Sequence[str]) -> list[float]:
    events = [(kind, at) for kind, at in case.events if at <= now]
    done = {kind for kind, _ in events}
    found = cases.found(case, now)
    told: list[float] = []
    for pace in PACES:
        days = quantiles(*found.weighted(pace), LEVELS) if found else [np.nan] * len(LEVELS)
        told += np.log1p(np.maximum(days, 0.0)).tolist()
    near = found.unlike.min() if found and len(found.unlike) else np.nan
    begun, last = (events[0][1], events[-1][1]) if events else (now, now)
    before = events[-2][1] if len(events) > 1 else begun
    since = [np.log1p(now - begun), np.log1p(now - last), np.log1p(last - before)]
    return [*told, near, *since, len(events), len(done), *(float(step in done) for step in steps)]


def fit(cases: Cases, past: Sequence[Case], *, now: float, rounds: int = ROUNDS) -> Trained:
    """
    Learn from every step of the cases closed before `now`.

    :raises LightgbmMissing: if lightgbm is not installed
    :raises TooFewWaits: below `FEWEST` moments
    """
    closed = [case for case in past if case.closed_at is not None and case.closed_at < now]
    usual = Counter(kind for case in closed for kind in {kind for kind, _ in case.events})
    steps = tuple(sorted(usual, key=lambda kind: (-usual[kind], kind))[:STEPS])
    moments = [
        (_until(case, n), case.events[n - 1][1], case.closed_at or 0.0)
        for case in closed
        for n in _places(case)
    ]
    table = rows(cases, [(case, at) for case, at, _ in moments], steps)
    left = np.array([closed_at - at for _, at, closed_at in moments])
    weights = np.exp([(closed_at - now) / YEAR / FADE for _, _, closed_at in moments])
    dumped = [model.dump_model()["tree_info"] for model in boosters(table, np.log1p(left), weights, rounds)]
    forests = tuple(Forest.of_lightgbm([tree["tree_structure"] for tree in trees]) for trees in dumped)
    return Trained(forests, steps)


def _places(case: Case) -> range:
    """After which of its steps a case was looked at: all but the last, and only while it ran."""
    ran = sum(at <= (case.closed_at or 0.0) for _, at in case.events)
    return range(1, min(ran, len(case.events) - 1) + 1)


def _until(case: Case, steps: int) -> Case:
    return Case(case.sort, case.events[:steps], None, case.traits)


def boosters(table: ArrayLike, target: ArrayLike, weights: ArrayLike, rounds: int = ROUNDS) -> list[Any]:
    """
    Lightgbm's own models, one for each of `SEEDS`.

    :raises LightgbmMissing: if lightgbm is not installed
    :raises TooFewWaits: below `FEWEST` rows
    """
    try:
        import lightgbm
    except ImportError as missing:
        raise LightgbmMissing from missing
    known, came = np.asarray(table, float), np.asarray(target, float)
    if len(came) < FEWEST:
        raise TooFewWaits(f"{len(came)} past moments; a trained model needs {FEWEST}.")
    data = [lightgbm.Dataset(known, came, weight=np.asarray(weights, float)) for _ in SEEDS]
    return [
        lightgbm.train({**_SETTING, "seed": seed}, one, rounds) for seed, one in zip(SEEDS, data, strict=True)
    ]
