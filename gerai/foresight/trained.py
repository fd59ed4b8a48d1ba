"""An optional trained forecast of waits: trees that lightgbm grows at night from former days, scored with numpy alone.

`fit` needs lightgbm (requirements-trained.lock). What it gives is plain arrays, stored as JSON: the web process reads
them with `Trained.of` and never imports lightgbm. The features are those of `hall`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerai.foresight.hall import NAMES

Floats = NDArray[np.float64]

ROUNDS = 300  # trees of one forest
# A forest each: half of them look at the root of the wait, where long waits shout less.
POWERS = (1.0, 0.5, 1.0, 0.5)
SPARE = 5.0  # minutes, so that a forecast of nothing has a weight
FEWEST = 500  # ended waits below which nothing is trained: the plain forecast is better then
SETTING = {
    "objective": "l1",  # the median: what a visitor is told is wrong by as little as can be
    "learning_rate": 0.04,
    "num_leaves": 31,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
PLAIN = NAMES.index("plain")
_AT_ONCE = 2000  # rows scored in one go: bounds the memory


class LightgbmMissing(RuntimeError):
    """Training was asked for without its library."""

    def __init__(self) -> None:
        super().__init__(
            "Pustaka lightgbm belum terpasang; pasang dengan: pip install -r requirements-trained.lock. / "
            "lightgbm is not installed; install it with: pip install -r requirements-trained.lock."
        )


class TooFewWaits(ValueError):
    """Fewer ended waits than a model can learn from."""


@dataclass(frozen=True, slots=True)
class Forest:
    """
    Regression trees as arrays over all nodes, each of shape (nodes,); `roots` has shape (trees,).

    A row goes to `low` where its feature is at most the threshold, else to `high`; unknown (NaN) as `unknown_low`
    says. A leaf leads to itself, so that every row may take `depth` steps. The score is the sum of the leaves' values.
    """

    feature: NDArray[np.int32]
    threshold: Floats
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    unknown_low: NDArray[np.bool_]
    value: Floats
    roots: NDArray[np.int32]
    depth: int

    def score(self, rows: ArrayLike) -> Floats:
        """The sum over the trees for each row: (rows, features) in, (rows,) out."""
        known = np.atleast_2d(np.asarray(rows, np.float64))
        parts = [self._score(known[at : at + _AT_ONCE]) for at in range(0, len(known), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _score(self, rows: Floats) -> Floats:
        at = np.tile(self.roots, (len(rows), 1))
        row = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            seen = rows[row, self.feature[at]]
            is_low = np.where(np.isnan(seen), self.unknown_low[at], seen <= self.threshold[at])
            at = np.where(is_low, self.low[at], self.high[at])
        total: Floats = self.value[at].sum(axis=1)
        return total

    def as_json(self) -> dict[str, Any]:
        """Plain lists; `Forest.of` reads them."""
        arrays = ("feature", "threshold", "low", "high", "unknown_low", "value", "roots")
        return {name: getattr(self, name).tolist() for name in arrays} | {"depth": self.depth}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Forest":
        """What `as_json` wrote."""
        return cls(
            np.array(stored["feature"], np.int32),
            np.array(stored["threshold"], np.float64),
            np.array(stored["low"], np.int32),
            np.array(stored["high"], np.int32),
            np.array(stored["unknown_low"], np.bool_),
            np.array(stored["value"], np.float64),
            np.array(stored["roots"], np.int32),
            stored["depth"],
        )

    @classmethod
    def of_lightgbm(cls, trees: Sequence[dict[str, Any]]) -> "Forest":
        """From the `tree_structure` of each tree in lightgbm's own dump. Numerical splits only."""
        nodes: list[tuple[int, float, int, int, bool, float]] = []
        roots, deepest = [], 0
        for tree in trees:
            roots.append(len(nodes))
            waiting, free = [(tree, 0)], len(nodes) + 1
            for node, depth in waiting:  # grows while it is read: breadth first, so a child's place is known
                deepest = max(deepest, depth)
                place = len(nodes)
                if "leaf_value" in node and "split_feature" not in node:
                    nodes.append((0, 0.0, place, place, True, node["leaf_value"]))
                    continue
                nodes.append((node["split_feature"], node["threshold"], free, free + 1, _unknown(node), 0.0))
                waiting += [(node["left_child"], depth + 1), (node["right_child"], depth + 1)]
                free += 2
        columns = list(zip(*nodes, strict=True)) or [()] * 6
        names = ("feature", "threshold", "low", "high", "unknown_low", "value")
        return cls.of({**dict(zip(names, columns, strict=True)), "roots": roots, "depth": deepest})


def _unknown(node: dict[str, Any]) -> bool:
    """Where a row with an unknown value goes. Lightgbm takes it for zero where it met none in training."""
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise ValueError(f"A split that the scorer does not know: {node['decision_type']}")
    return bool(node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0)


@dataclass(frozen=True, slots=True)
class Trained:
    """What `fit` learnt: forests, the power of the wait that each foretells, and the features' names, in order."""

    forests: tuple[Forest, ...]
    powers: tuple[float, ...]
    names: tuple[str, ...]

    def forecast(self, rows: ArrayLike) -> Floats:
        """The middle of each wait in minutes: (rows, features) in, (rows,) out."""
        waits = [
            np.maximum(forest.score(rows), 0.0) ** (1 / power)
            for forest, power in zip(self.forests, self.powers, strict=True)
        ]
        middle: Floats = np.mean(waits, axis=0)
        return middle

    def as_json(self) -> dict[str, Any]:
        """For a JSON column or a file; `Trained.of` reads it."""
        forests = [forest.as_json() for forest in self.forests]
        return {"forests": forests, "powers": list(self.powers), "names": list(self.names)}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Trained":
        """
        What `as_json` wrote.

        :raises ValueError: if it was trained on other features than today's
        """
        if tuple(stored["names"]) != NAMES:
            raise ValueError("The stored model knows other features: train it anew.")
        forests = tuple(Forest.of(forest) for forest in stored["forests"])
        return cls(forests, tuple(stored["powers"]), tuple(stored["names"]))


def boosters(rows: ArrayLike, waits: ArrayLike, rounds: int = ROUNDS) -> list[Any]:
    """
    Lightgbm's own models, one for each of `POWERS`: for `fit`, and for the test of the scorer.

    :raises LightgbmMissing: if lightgbm is not installed
    :raises TooFewWaits: below `FEWEST` waits
    """
    try:
        import lightgbm
    except ImportError as missing:
        raise LightgbmMissing from missing
    known, came = np.asarray(rows, np.float64), np.asarray(waits, np.float64)
    if len(came) < FEWEST:
        raise TooFewWaits(f"{len(came)} waits have ended; a trained model needs {FEWEST}.")
    models = []
    for seed, power in enumerate(POWERS, 1):
        # An error of the power times this weight is about the error in minutes: the error that counts.
        weight = (np.maximum(known[:, PLAIN], 0.0) + SPARE) ** (1 - power)
        data = lightgbm.Dataset(known, came**power, weight=weight, feature_name=list(NAMES))
        models.append(lightgbm.train({**SETTING, "seed": seed}, data, rounds))
    return models


def fit(rows: ArrayLike, waits: ArrayLike, rounds: int = ROUNDS) -> Trained:
    """
    Learn from ended waits: rows of `hall` features, shape (waits, features), and the minutes that came.

    :raises LightgbmMissing: if lightgbm is not installed
    :raises TooFewWaits: below `FEWEST` waits
    """
    dumped = [model.dump_model()["tree_info"] for model in boosters(rows, waits, rounds)]
    forests = tuple(Forest.of_lightgbm([tree["tree_structure"] for tree in trees]) for trees in dumped)
    return Trained(forests, POWERS, NAMES)
