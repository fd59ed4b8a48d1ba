"""A whole simulated day through the real services, and whether the ledger explains every visit of it."""

import os
import time
from argparse import SUPPRESS, ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from gerai.config.benches import throwaway

GOALS = {"speed_factor": ">= 60", "left_open": "<= 0", "unexplained": "<= 0", "refused": "<= 0"}
MALL = "BENCH"
# Counters of each agency: 120 in all, for 2,500 visitors.
SIZES = (12, 10, 10, 8, 8, 6, 6, 6, 5, 5, 4, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1)
MINUTES = (6, 9, 14)


def add_arguments(parser: ArgumentParser) -> None:
    """How many come, and which day is drawn."""
    parser.add_argument("--visitors", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--inside", action="store_true", help=SUPPRESS
    )  # in a process with the settings of ours


def run(*, visitors: int, seed: int, inside: bool) -> dict[str, Any]:
    """Start a Gerai of our own, so that its worker sequences the ledger meanwhile, and play the day beside it."""
    if inside:
        return _measure(visitors, seed)
    return {**throwaway.play("day", {"visitors": visitors, "seed": seed}), "goals": GOALS}


def _measure(visitors: int, seed: int) -> dict[str, Any]:
    import django

    from gerai.config.environment import prepare

    prepare()
    django.setup(set_prefix=False)
    from gerai.core import clock

    return measure(visitors=visitors, seed=seed, now=clock.now())


def measure(*, visitors: int, seed: int, now: datetime) -> dict[str, Any]:
    """Furnish a mall, play the day, hold the ledger against the rows, and write as many bare rows."""
    from gerai.agencies import queries as agencies
    from gerai.floor import story
    from gerai.floor.simulation import stage
    from gerai.ledger import queries as ledger
    from gerai.visits.models import Errand, Visit
    from gerai.visits.rules import ACTIVE

    mall = _furnish(now)
    day = _next_monday(agencies.calendar(mall).local(now).date())
    played = stage.prepare(mall=mall, day=day, seed=seed, now=now, visitors=visitors)
    before = ledger.last(mall.code)
    began, busy = time.perf_counter(), time.process_time()
    played.play()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    told = stage.summary(mall, before)
    bare = _bare(mall.code, told.entries)
    contradictions = story.contradictions(mall, day)
    errands = Errand.objects.filter(mall=mall)
    figures = {
        "speed_factor": round(played.length.total_seconds() / took, 1),
        "seconds": round(took, 1),
        "visits": Visit.objects.filter(mall=mall).count(),
        "errands": errands.count(),
        "entries": told.entries,
        "calls": played.course.calls,
        "ms_per_call": round(1000 * took / played.course.calls, 2),
        "python_ms_per_call": round(1000 * busy / played.course.calls, 2),
        "left_open": errands.filter(state__in=ACTIVE).count(),
        "unexplained": len(contradictions),
        "refused": sum(played.refused.values()),
        "mean_wait_min": told.mean_wait,
        "finished": told.finished,
        "absent": told.absent,
        "left": told.left,
    }
    baselines = {
        "bare_ms_per_call": round(1000 * bare / told.entries, 2),
        "real_day_seconds": played.length.total_seconds(),
    }
    setting = {
        "visitors": visitors,
        "seed": seed,
        "counters": len(played.officers),
        "day": "one connection, fsync on, Gerai's worker sequencing the ledger beside it; bare: the same number of"
        " transactions that change one row and append one entry",
        **({"first": contradictions[:3]} if contradictions else {}),
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _furnish(now: datetime) -> Any:
    """A mall of its own: 29 agencies with three services each at 120 counters."""
    from gerai.agencies.models import Agency, Counter, Mall
    from gerai.catalogue.models import Edition, Service

    hours = {name: ["08:00", "15:00"] for name in ("mon", "tue", "wed", "thu", "fri")}
    mall = Mall.objects.create(code=MALL, name="Bench", city="Bench", opening=hours)
    numbers = iter(range(1, sum(SIZES) + 1))
    for place, size in enumerate(SIZES, 1):
        name = {"id": f"B{place:02}", "en": f"B{place:02}"}
        agency = Agency.objects.create(
            mall=mall, code=name["id"], name=name, short=name["id"], kind="opd", live_at=now
        )
        for _ in range(size):
            Counter.objects.create(mall=mall, number=next(numbers)).agencies.set([agency])
        for minutes in MINUTES:
            service = Service.objects.create(
                agency=agency, code=f"S{minutes}", name=name, kind="licence", counter_minutes=minutes
            )
            Edition.objects.create(
                service=service, number=1, content={}, status="published", published_at=now
            )
    return mall


def _bare(mall: str, transactions: int) -> float:
    """Seconds for so many transactions that change one errand and append one entry, on one connection."""
    import psycopg

    from gerai.visits.models import Errand

    ids = list(Errand.objects.filter(mall=mall).values_list("pk", flat=True))
    began = time.perf_counter()
    with psycopg.connect(os.environ["DATABASE_URL"]) as line:
        for n in range(transactions):
            line.execute("UPDATE visits_errand SET note = '' WHERE id = %s", [ids[n % len(ids)]])
            line.execute(
                "INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data)"
                " VALUES (%s, 'bench.bare', %s, 'system', 'bench', now(), '{\"agency\": \"X\"}')",
                [mall + "0", f"bare:{n}"],
            )
            line.commit()
    return time.perf_counter() - began
