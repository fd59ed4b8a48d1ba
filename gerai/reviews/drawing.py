"""A route as boxes and lines, for the picture on a page and for BPMN 2.0. Pure.

Left to right: the file comes in, completeness, the stages with their tasks one above the other, the assessment, payment
where a fee may arise, the decision. A stage of several tasks stands between two gateways.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gerai.reviews.rules import TITLES, Kind, is_outside, outside_title

WIDTH, HEIGHT, GAP, ROW = 150, 74, 46, 96
GATE, CIRCLE = 40, 36
DEFAULT = "default"  # of a line: taken where no condition beside it holds
PAYMENT = {"id": "Pembayaran", "en": "Payment"}


@dataclass(frozen=True, slots=True)
class Node:
    """One figure: start, end, task, gate (all must), choice (those whose condition holds). Its place in pixels."""

    key: str
    kind: str
    title: dict[str, str]
    agency: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Of its height."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """From one node to the next; `when` is the condition on the answers, empty where there is none."""

    begin: str
    end: str
    points: tuple[tuple[int, int], ...]
    when: str = ""


@dataclass(slots=True)
class Drawing:
    """The whole route."""

    nodes: list[Node] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def node(self, key: str) -> Node:
        """The node of that key."""
        return next(node for node in self.nodes if node.key == key)


def draw(content: Mapping[str, Any], owner: str) -> Drawing:
    """The route of an edition; `owner` is the agency that keeps the service, by its short name."""
    rows = max((len(stage["tasks"]) for stage in content["route"]), default=1)
    axis = ROW * rows // 2
    made = Drawing(height=ROW * rows)
    place = _add(made, "start", "start", {"id": "Masuk", "en": "In"}, "", 0, axis)
    last = ["start"]
    place, last = _task(made, last, "completeness", TITLES[Kind.COMPLETENESS], owner, place, axis)
    for stage in content["route"]:
        place, last = _stage(made, last, stage, place, axis)
    free, outside = content["fee"]["amount"].strip() == "0", is_outside(content)
    if not (free and outside):
        place, last = _task(made, last, "assess", TITLES[Kind.ASSESS], owner, place, axis)
    if not free:
        place, last = _task(made, last, "payment", PAYMENT, "", place, axis)
    title = outside_title(content) if outside else TITLES[Kind.DECIDE]
    place, last = _task(made, last, "decide", title, owner, place, axis)
    _add(made, "end", "end", {"id": "Selesai", "en": "Done"}, "", place, axis)
    _join(made, last, "end")
    made.width = made.node("end").x + CIRCLE
    return made


def _add(made: Drawing, key: str, kind: str, title: dict[str, str], agency: str, x: int, axis: int) -> int:
    """Put a figure with its middle on the axis. Returns where the next one begins."""
    width, height = {"task": (WIDTH, HEIGHT), "gate": (GATE, GATE), "choice": (GATE, GATE)}.get(
        kind, (CIRCLE, CIRCLE)
    )
    made.nodes.append(Node(key, kind, title, agency, x, axis - height // 2, width, height))
    return x + width + GAP


def _join(made: Drawing, begins: list[str], end: str, when: str = "") -> None:
    to = made.node(end)
    for key in begins:
        begin = made.node(key)
        left, right = (begin.x + begin.width, begin.middle), (to.x, to.middle)
        half = (left[0] + right[0]) // 2
        bend = () if left[1] == right[1] else ((half, left[1]), (half, right[1]))
        made.lines.append(Line(key, end, (left, *bend, right), when))


def _task(
    made: Drawing, last: list[str], key: str, title: dict[str, str], agency: str, place: int, axis: int
) -> tuple[int, list[str]]:
    after = _add(made, key, "task", title, agency, place, axis)
    _join(made, last, key)
    return after, [key]


def _stage(
    made: Drawing, last: list[str], stage: Mapping[str, Any], place: int, axis: int
) -> tuple[int, list[str]]:
    tasks, name = stage["tasks"], stage["key"]
    if len(tasks) == 1 and not tasks[0].get("when"):
        step = tasks[0]
        return _task(made, last, f"{name}.{step['key']}", step["title"], step["agency"], place, axis)
    kind = "choice" if any(step.get("when") for step in tasks) else "gate"
    place = _add(made, f"{name}.split", kind, {"id": "", "en": ""}, "", place, axis)
    _join(made, last, f"{name}.split")
    top, ends = axis - ROW * (len(tasks) - 1) // 2, list[str]()
    for n, step in enumerate(tasks):
        key = f"{name}.{step['key']}"
        _add(made, key, "task", step["title"], step["agency"], place, top + ROW * n)
        _join(made, [f"{name}.split"], key, step.get("when", ""))
        ends.append(key)
    place = _add(made, f"{name}.join", kind, {"id": "", "en": ""}, "", place + WIDTH + GAP, axis)
    _join(made, ends, f"{name}.join")
    if all(step.get("when") for step in tasks):  # none of them may be called for
        made.lines.append(_past(made, f"{name}.split", f"{name}.join"))
    return place, [f"{name}.join"]


def _past(made: Drawing, begin: str, end: str) -> Line:
    """A way below the tasks, for when no condition of a stage holds."""
    left, right = made.node(begin), made.node(end)
    low = made.height - 4
    x, to = left.x + left.width // 2, right.x + right.width // 2
    points = ((x, left.y + left.height), (x, low), (to, low), (to, right.y + right.height))
    return Line(begin, end, points, DEFAULT)
