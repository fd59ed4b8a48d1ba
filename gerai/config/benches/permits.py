"""The day a permit will be done: forecast on a public log, beside the constant median and what others got.

Chronological holdout 64/16/20 of the cases by their beginning, as in the published studies: of each case of the last
fifth every prefix of length 2 to n-1 is forecast, by the cases closed before that moment. The log is also replayed in a
throwaway ledger. --data: BPIC15_1 to _5.csv.gz or receipt_env_permit.csv.gz (4TU.ResearchData), a path or a name in the
folder of GERAI_BENCH_DATA.
"""

import json
import subprocess
import sys
from argparse import SUPPRESS, ArgumentParser
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gerai.config.benches import permitlog
from gerai.config.benches.permitlog import Traced, day
from gerai.config.postgres import OWNER, Cluster
from gerai.config.running import Running
from gerai.foresight import trained_completion
from gerai.foresight.completion import Cases, Completion
from gerai.foresight.likeness import Case, Floats
from gerai.foresight.trained import LightgbmMissing, TooFewWaits

REPLAYED = 200
TEST = 0.2  # of the cases, the last by their beginning
WARNED = 0.3  # the same for warnings
WARN_AT = 28.0  # days
RECALL = 0.8
FEWEST = 30  # states of a type for a median of its own
MALL = "LOG"
GOALS = {
    "mae_to_median": "<= 1.0",
    "coverage": ">= 0.87",
    "coverage_most": "<= 0.93",
    "replayed_share": ">= 1",
}
WARNING_GOALS = {"breach_auc_day28": ">= 0.78", "breach_precision_day28": ">= 0.48"}


def add_arguments(parser: ArgumentParser) -> None:
    """Which log, and how much of it is written into a ledger."""
    parser.add_argument("--data", type=permitlog.file, required=True, metavar="FILE")
    parser.add_argument("--replay", type=int, default=REPLAYED, help="cases written into a throwaway ledger")
    parser.add_argument("--inside", action="store_true", help=SUPPRESS)  # in a process with settings of ours


def run(*, data: Path, replay: int, inside: bool) -> dict[str, Any]:
    """Forecast, warn, replay, compare."""
    log = permitlog.read(data)
    if inside:
        return {
            "figures": {"replayed_share": _inside(log[:replay])},
            "baselines": {},
            "goals": {},
            "setting": {},
        }
    name = permitlog.known_as(data)
    figures, baselines = completion(log)
    warned, setting = warnings(log)
    figures |= warned
    if replay:
        figures["replayed_share"] = replayed(data, replay)
    try:
        figures |= trained(log)
    except (LightgbmMissing, TooFewWaits) as reason:
        setting["trained"] = f"The trained model was not measured. {reason}"
    known = {f"{who}_mae_days": days for who, days in permitlog.PUBLISHED.get(name, {}).items()}
    goals = {"mae_days": f"<= {permitlog.GOAL[name]}"} if name else {}
    goals |= GOALS | (WARNING_GOALS if name == "receipt" else {})
    setting |= {"log": data.name, "cases": len(log), "replayed_cases": min(replay, len(log))}
    rounded = [{figure: round(value, 3) for figure, value in those.items()} for those in (figures, baselines)]
    return {"figures": rounded[0], "baselines": rounded[1] | known, "goals": goals, "setting": setting}


def prefixes(case: Case) -> list[Case]:
    """What was known of a case after its second step, its third ... and its last but one."""
    return [replace(case, events=case.events[:n], closed_at=None) for n in range(2, len(case.events))]


def completion(log: list[Traced]) -> tuple[dict[str, float], dict[str, float]]:
    """Error and coverage on the last cases, and the error of the constant median on the same moments."""
    cases = [one.case() for one in log]
    first = len(cases) - round(TEST * len(cases))
    cut = cases[first].events[0][1]
    known = [case for case in cases if (case.closed_at or cut) < cut]
    live, frozen, median = Cases(cases, checked=len(cases)), Cases(known, checked=len(known)), Medians(cases)
    came, told, then, constant = [], [], [], []
    for case in cases[first:]:
        for prefix in prefixes(case):
            now = prefix.events[-1][1]
            came.append(case.closed_at or now)
            told.append(forecast(live, prefix, now))
            then.append(forecast(frozen, prefix, now))
            constant.append((now + median.of(case.sort, now), now + median.of(None, cut)))
    days = np.array([(one.low, one.median_day, one.high) for one in told])
    error = np.abs(days[:, 1] - came).mean()
    by_type, of_all = np.abs(np.array(constant) - np.array(came)[:, None]).mean(axis=0)
    # Two computations of one moment may differ in the last digit: a tenth of a second is no miss.
    inside = (days[:, 0] - 1e-6 <= came) & (came <= days[:, 2] + 1e-6)
    figures = {
        "mae_days": error,
        "mae_to_median": error / min(by_type, of_all),
        "frozen_mae_days": np.abs(np.array([one.median_day for one in then]) - came).mean(),
        "coverage": inside.mean(),
        "coverage_most": inside.mean(),
        "width_median_days": np.median(days[:, 2] - days[:, 0]),
        "forecasts": len(came),
    }
    return figures, {"median_mae_days": by_type, "constant_median_mae_days": of_all}


def forecast(cases: Cases, case: Case, now: float, due: float | None = None) -> Completion:
    """The forecast; before any case has closed, that it is done at once."""
    return cases.forecast(case, now, due=due) or Completion(now, now, now, None if due is None else 0.5)


class Medians:
    """The constant median of the days that were left, per type (of all where it has few), by what had closed."""

    def __init__(self, cases: list[Case]) -> None:
        self._closed: dict[str | None, list[float]] = defaultdict(list)
        self._left: dict[str | None, list[float]] = defaultdict(list)
        for case in sorted(cases, key=lambda case: case.closed_at or 0.0):
            for prefix in prefixes(case):
                for sort in (case.sort, None):
                    self._closed[sort].append(case.closed_at or 0.0)
                    self._left[sort].append((case.closed_at or 0.0) - prefix.events[-1][1])

    def of(self, sort: str | None, now: float) -> float:
        """Days; 0 before anything has closed."""
        end = bisect_left(self._closed[sort], now)
        if sort is not None and end < FEWEST:
            return self.of(None, now)
        return float(np.median(self._left[sort][:end])) if end else 0.0


def warnings(log: list[Traced]) -> tuple[dict[str, float], dict[str, Any]]:
    """How well the chance told on day 28 of the cases still open then tells the late from the others."""
    told, late = chances(log)
    setting: dict[str, Any] = {"open_on_day_28": len(late), "late_then": int(late.sum())}
    if late.all() or not late.any():
        return {}, setting
    named, _ = chances(log, responsible=True)
    figures = {
        "breach_auc_day28": auc(told, late),
        "breach_precision_day28": precision(told, late),
        # The log does not say when a case got its responsible officer: beside the figures, not in them.
        "breach_auc_day28_responsible": auc(named, late),
        "breach_precision_day28_responsible": precision(named, late),
    }
    return figures, setting


def chances(log: list[Traced], *, responsible: bool = False) -> tuple[Floats, Any]:
    """Of the last cases that are open on day 28: the chance to be late, told then, and whether they were."""
    dated = [(one, case) for one in log if one.due and (case := one.dated(responsible=responsible))]
    cases = Cases([case for _, case in dated], checked=0)
    told, late = [], []
    for one, case in dated[len(dated) - round(WARNED * len(dated)) :]:
        now, due = day(one.began) + WARN_AT, day(one.due or one.began)
        if case.closed_at is not None and case.closed_at > now:
            running = replace(
                case, events=tuple(event for event in case.events if event[1] <= now), closed_at=None
            )
            told.append(forecast(cases, running, now, due).breach or 0.0)
            late.append(case.closed_at > due)
    return np.array(told), np.array(late, bool)


def auc(told: Floats, came: Any) -> float:
    """The chance that one who comes late was given a higher chance of it than one who does not; a tie is half."""
    late, other = told[came][:, None], told[~came][None, :]
    return float((late > other).mean() + (late == other).mean() / 2)


def precision(told: Floats, came: Any) -> float:
    """Of those warned, how many are late, when the bar is low enough to warn `RECALL` of the late."""
    bar = np.sort(told[came])[::-1][int(np.ceil(RECALL * came.sum())) - 1]
    return float(came[told >= bar].mean())


def trained(log: list[Traced]) -> dict[str, float]:
    """The same errors of the optional trained model, grown from the cases closed before the first that counts."""
    cases = [one.case() for one in log]
    first = len(cases) - round(TEST * len(cases))
    cut = cases[first].events[0][1]
    live = Cases(cases, checked=0)
    model = trained_completion.fit(live, [case for case in cases if (case.closed_at or cut) < cut], now=cut)
    told = [(one, one.events[-1][1], case) for case in cases[first:] for one in prefixes(case)]
    left = model.left(live, [(one, now) for one, now, _ in told])
    came = np.array([(case.closed_at or now) - now for _, now, case in told])
    return {"trained_mae_days": float(np.abs(left - came).mean())}


def replayed(data: Path, most: int) -> float:
    """The share of the log's first cases that a throwaway ledger gives back as they were: every step, every time."""
    gerai = Running(
        GERAI_DEMO="no"
    )  # its folder and its environment; nothing of it is started but the database
    cluster = Cluster(gerai.data, fast=True)
    try:
        cluster.start()
        url = {"DATABASE_URL": cluster.url(OWNER), "DATABASE_OWNER_URL": cluster.url(OWNER)}
        again = [sys.executable, "-m", "gerai.config.cli", "bench", "permits", "--json", "--inside"]
        again += ["--data", str(data.absolute()), "--replay", str(most)]
        told = subprocess.run(
            again, env=gerai.environment | url, stdout=subprocess.PIPE, text=True, check=True
        )
    finally:
        cluster.stop()
        gerai.remove()
    return float(json.loads(told.stdout)["figures"]["replayed_share"])


def _inside(cases: list[Traced]) -> float:
    import django

    from gerai.config.environment import prepare

    prepare()
    django.setup(set_prefix=False)
    from django.core.management import call_command

    call_command("migrate", "ledger", verbosity=0)
    return permitlog.replay(cases, MALL)
