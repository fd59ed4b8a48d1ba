"""From counted entries to figures, and which of them need somebody's attention. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SILENT_DAYS = 6  # working days without any activity before we say so
LONG_WAIT = timedelta(minutes=15)
PERIOD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Sums:
    """What the ledger holds for one agency, or for the whole mall, in one period."""

    served: int = 0
    waits: int = 0
    wait_s: float = 0
    decided: int = 0
    on_time: int = 0
    median_days: float | None = None
    submitted: int = 0
    online: int = 0
    files: int = 0
    returned: int = 0
    rated: int = 0
    score: float = 0
    complaints: int = 0
    answered: int = 0
    median_whole_days: float | None = None


def share(part: float, whole: float) -> float | None:
    """A share in percent; None where there is nothing to share."""
    return 100 * part / whole if whole else None


def figures(sums: Sums, late: int | None) -> dict[str, float | None]:
    """Every indicator's value by key. None means: no data yet."""
    return {
        "wait": sums.wait_s / sums.waits / 60 if sums.waits else None,
        "served": sums.served or None,
        "on_time": share(sums.on_time, sums.decided),
        "days": sums.median_days,
        "whole_days": sums.median_whole_days,
        "returned": share(sums.returned, sums.files),
        "late": late,
        "online": share(sums.online, sums.submitted),
        "satisfaction": sums.score / sums.rated if sums.rated else None,
        "complaints": share(sums.answered, sums.complaints),
    }


def verdict(value: float | None, target: float | None, *, low_is_good: bool) -> str:
    """ok, warn (near the target) or late (far from it); empty where there is no data or no target."""
    if value is None or target is None:
        return ""
    missing = value - target if low_is_good else target - value
    if missing <= 0:
        return "ok"
    return "warn" if missing <= max(1, target * 0.15) else "late"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that needs somebody: which agency, what, how many, since when."""

    kind: str  # unsignable | late | unsigned | waiting | unmanned | complaints | silent
    agency: str
    count: int
    since: datetime | None = None
    among: tuple[str, ...] = ()  # the agencies, where one alarm speaks of several


# What comes first on the page.
URGENCY = ("unsignable", "late", "unsigned", "waiting", "unmanned", "complaints", "silent")


def alarms(
    *,
    late: Mapping[str, tuple[int, datetime]],
    waiting: Mapping[str, tuple[int, datetime]],
    unanswered: Mapping[str, tuple[int, datetime]],
    unsigned: Mapping[str, tuple[int, datetime]],
    silent: Mapping[str, int],
    unmanned: Sequence[str] = (),
    unsignable: Mapping[str, tuple[int, datetime]] = {},
) -> list[Alarm]:
    """Everything that needs attention, the most urgent kind first, the largest first within a kind."""
    found = [Alarm("late", agency, count, since) for agency, (count, since) in late.items() if count]
    found += [Alarm("waiting", agency, count, since) for agency, (count, since) in waiting.items()]
    found += [Alarm("complaints", agency, count, since) for agency, (count, since) in unanswered.items()]
    found += [Alarm("unsigned", agency, count, since) for agency, (count, since) in unsigned.items()]
    found += [Alarm("unsignable", agency, count, since) for agency, (count, since) in unsignable.items()]
    if unmanned:  # one thing to see to, however many they are
        found.append(Alarm("unmanned", "", len(unmanned), among=tuple(unmanned)))
    found += [Alarm("silent", agency, days) for agency, days in silent.items()]
    return sorted(found, key=lambda alarm: (URGENCY.index(alarm.kind), -alarm.count, alarm.agency))


def line(values: list[int], *, width: int = 110, height: int = 26) -> str:
    """The points of a small line drawing; empty where nothing ever happened."""
    top = max(values, default=0)
    if not top:
        return ""
    step = width / max(1, len(values) - 1)
    return " ".join(
        f"{n * step:.1f},{height - 2 - value / top * (height - 4):.1f}" for n, value in enumerate(values)
    )


def days_before(last: date, days: int) -> list[date]:
    """The `days` days up to and with `last`."""
    return [last - timedelta(days=n) for n in range(days - 1, -1, -1)]
