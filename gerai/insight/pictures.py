"""Coordinates of the pictures drawn on the server: two lines over a day, pairs of bars. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 220, 40, 24


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of two lines: their points, marks of the time axis, marks of the minutes axis."""

    before: str
    after: str
    times: list[tuple[float, str]]
    minutes: list[tuple[float, int]]


def _step(top: float) -> int:
    return next((n for n in (2, 5, 10, 20, 30, 60) if top / n <= 5), 120)


def lines(before: Sequence[float | None], after: Sequence[float | None], labels: Sequence[str]) -> Lines:
    """Two series over the same half hours; a half hour without anybody leaves the line out."""
    top = max([v for v in (*before, *after) if v is not None] + [1.0])
    step = _step(top)
    top = step * (int(top / step) + 1)
    across = (WIDTH - LEFT - 10) / max(1, len(labels) - 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - 10)

    def points(values: Sequence[float | None]) -> str:
        return " ".join(f"{LEFT + n * across:.1f},{y(v):.1f}" for n, v in enumerate(values) if v is not None)

    times = [(LEFT + n * across, label) for n, label in enumerate(labels) if n % 2 == 0]
    return Lines(points(before), points(after), times, [(y(m), m) for m in range(0, int(top) + 1, step)])


@dataclass(frozen=True, slots=True)
class Bar:
    """One pair of bars: the name, widths out of 100, values in minutes."""

    name: str
    before: float
    after: float
    before_width: float
    after_width: float


def bars(
    before: Mapping[str, float], after: Mapping[str, float], most: int = 8, first: str = ""
) -> list[Bar]:
    """The longest waits before, each beside what it would be, `first` ahead of all; the scale is common."""
    names = sorted(before, key=lambda name: (name != first, -max(before[name], after.get(name, 0.0))))[:most]
    top = max([*before.values(), *after.values(), 1.0])
    return [
        Bar(n, before[n], after.get(n, 0.0), 100 * before[n] / top, 100 * after.get(n, 0.0) / top)
        for n in names
    ]
