"""Public logs of real permit cases: read from a csv.gz, held against published figures, replayed in our own ledger.

A row is one event: the case, the step, the minute. Columns that are filled in at a case's end (status, last phase,
planned and real dates of other steps) are never read; of the end itself only the day, to hold a forecast against.
"""

import csv
import gzip
import os
from argparse import ArgumentTypeError
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gerai.foresight.likeness import Case

DAY = 86400.0  # seconds
REGULAR = timedelta(
    days=56
)  # the regular procedure of a Dutch building permit; extensions are not in the log
CASE, STEP, AT = "case:concept:name", "concept:name", "time:timestamp"
OPENED = "opened"  # a case's begin, where it is a date of the case and not an event

# Days, holdout 64/16/20, prefixes of length 2 to n-1: keyvan-amiri/PGTNet, holdout_results/README.md. `best`: the least
# of DALSTM, ProcessTransformer, GGNN and PGTNet.
PUBLISHED = {
    "receipt": {"dalstm": 1.55, "pgtnet": 1.46, "best": 1.46},
    "BPIC15_1": {"dalstm": 29.3, "pgtnet": 20.4, "best": 20.4},
    "BPIC15_2": {"dalstm": 47.0, "pgtnet": 37.9, "best": 37.9},
    "BPIC15_3": {"dalstm": 15.1, "pgtnet": 15.6, "best": 15.0},
    "BPIC15_4": {"dalstm": 72.7, "pgtnet": 28.6, "best": 28.6},
    "BPIC15_5": {"dalstm": 43.6, "pgtnet": 31.7, "best": 31.7},
}
GOAL = {
    "receipt": 1.35,
    "BPIC15_1": 25,
    "BPIC15_2": 43,
    "BPIC15_3": 12,
    "BPIC15_4": 45,
    "BPIC15_5": 27,
}  # days


@dataclass(frozen=True, slots=True)
class Traced:
    """One case of a log: its steps in order of time; when it began, had to end and ended, where the log says so."""

    key: str
    sort: str
    traits: frozenset[str]
    steps: tuple[tuple[str, datetime], ...]
    began: datetime
    due: datetime | None
    ended: datetime | None
    responsible: str

    def case(self) -> Case:
        """For forecasts of the last step: the case closes with it."""
        return Case(self.sort, _days(self.steps), day(self.steps[-1][1]), self.traits)

    def dated(self, *, responsible: bool = False) -> Case | None:
        """For warnings of lateness: from the application to the end that the log names; None where it names none."""
        if self.ended is None or self.ended <= self.began:
            return None
        steps = ((step, max(at, self.began)) for step, at in self.steps if at <= self.ended)
        traits = self.traits | {f"by {self.responsible}"} if responsible else self.traits
        return Case(self.sort, _days(((OPENED, self.began), *steps)), day(self.ended), traits)


def day(at: datetime) -> float:
    """A moment in days."""
    return at.timestamp() / DAY


def _days(steps: Iterable[tuple[str, datetime]]) -> tuple[tuple[str, float], ...]:
    return tuple((step, day(at)) for step, at in steps)


def file(name: str) -> Path:
    """A log by its path, or by its name in the folder of GERAI_BENCH_DATA."""
    folder = Path(os.environ.get("GERAI_BENCH_DATA", "."))
    for path in (Path(name), folder / name, folder / f"{name}.csv.gz"):
        if path.is_file():
            return path
    raise ArgumentTypeError(f"{name} is no file, nor is it one in the folder of GERAI_BENCH_DATA")


def known_as(path: Path) -> str:
    """Under which name figures were published of this log; empty if under none."""
    return next((name for name in PUBLISHED if path.name.startswith(name)), "")


def read(path: Path) -> list[Traced]:
    """Every case of a log, in the order of their beginning."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            rows[row[CASE]].append(row)
    cases = [_traced(key, found) for key, found in rows.items()]
    return sorted(cases, key=lambda case: (case.steps[0][1], case.key))


def _traced(key: str, rows: list[dict[str, str]]) -> Traced:
    # A stable sort: what bears the same time stays in the order of the file.
    steps = sorted(((row[STEP], datetime.fromisoformat(row[AT])) for row in rows), key=lambda step: step[1])
    first = rows[0]
    began = _moment(first, "case:startDate", "case:startdate") or steps[0][1]
    parts = first.get("case:parts")
    sort = parts if parts is not None else first.get("case:department", "")
    traits = parts.split(",") if parts is not None else [first.get("case:channel", "")]
    due = _moment(first, "case:deadline") or (began + REGULAR if "case:startDate" in first else None)
    ended = _moment(first, "case:endDate", "case:enddate")
    responsible = first.get("case:Responsible_actor") or first.get("case:responsible") or ""
    return Traced(key, sort, frozenset(filter(None, traits)), tuple(steps), began, due, ended, responsible)


def _moment(row: dict[str, str], *columns: str) -> datetime | None:
    found = next((row[column] for column in columns if row.get(column)), None)
    return datetime.fromisoformat(found) if found else None


def replay(cases: list[Traced], mall: str) -> float:
    """
    Write the cases into the ledger in the order of the clock, as our own services would; read each history back.

    Returns the share of cases whose path and times are the log's, to the microsecond.
    """
    from django.db import transaction

    from gerai.ledger import queries, services
    from gerai.ledger.rules import SYSTEM

    turns = sorted(
        (
            (at, number, place)
            for number, case in enumerate(cases)
            for place, (_, at) in enumerate(case.steps)
        ),
    )
    for at, number, place in turns:
        case = cases[number]
        for kind in kinds(place, len(case.steps)):
            with transaction.atomic():
                services.append(
                    mall=mall,
                    kind=kind,
                    subject=f"application:{number}",
                    actor=SYSTEM,
                    now=at,
                    data={"task": case.steps[place][0]},
                )
    told = [path(queries.history(mall, f"application:{number}")) for number in range(len(cases))]
    same = [mine == case.steps for mine, case in zip(told, cases, strict=True)]
    return sum(same) / len(same)


def kinds(place: int, steps: int) -> list[str]:
    """Which entries our services would write for a step: the first is the application, the last also the decision."""
    kind = "reviews.task_done" if place else "applications.submitted"
    return [kind, "reviews.decided"] if place == steps - 1 else [kind]


def path(history: Iterable[Any]) -> tuple[tuple[str, datetime], ...]:
    """The steps of a case by its ledger entries; () while it is not decided."""
    entries = list(history)
    if not entries or entries[-1].kind != "reviews.decided" or entries[-1].at != entries[-2].at:
        return ()
    return tuple((entry.data["task"], entry.at) for entry in entries[:-1])
