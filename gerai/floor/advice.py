"""Live advice: open one more counter, close one, or say what is short; kept with what became of it. Writes.

At most one open advice for an agency, and a new one at most every five minutes: nobody is flooded.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Avg

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.floor import calling_in, outlook
from gerai.floor.acting import hint
from gerai.floor.models import Advice
from gerai.floor.outlook import Outlook
from gerai.foresight import staffing
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM
from gerai.visits import since
from gerai.visits.models import Errand

EVERY = timedelta(minutes=5)
STALE = timedelta(minutes=20)  # advice nobody followed
MEASURED_AFTER = timedelta(minutes=30)
NO_LONGER = 5.0  # minutes: below this wait an advice to open lapses


def record(advice: Advice, event: str, now: datetime, actor: Any = SYSTEM, **data: Any) -> None:
    """One ledger entry about an advice."""
    ledger.append(
        mall=advice.mall_id,
        kind=event,
        subject=f"advice:{advice.pk}",
        actor=actor,
        now=now,
        data={"agency": advice.agency.code, "advice": advice.pk, **data},
    )


def look(*, mall: Mall, now: datetime) -> int:
    """
    Look at every queue once: give advice, end what is over, ask the next on call, measure. Returns what changed.

    Two passes at once do the work of one. After hours only those who still wait are a reason to advise.
    """
    changed = 0
    open_now = agencies.calendar(mall).is_open(now)
    state = {one.agency.pk: one for one in outlook.of(mall, now)}
    for advice in Advice.objects.filter(mall=mall, ended_at=None).select_related("agency", "mall"):
        changed += _follow(advice_id=advice.pk, one=state.get(advice.agency_id), now=now)
    for one in state.values():
        if open_now or one.waiting:
            changed += _advise(mall=mall, one=one, now=now)
    due = Advice.objects.filter(
        mall=mall, outcome="followed", kind="open", measured_at=None, ended_at__lte=now - MEASURED_AFTER
    )
    for pk in list(due.values_list("pk", flat=True)):
        changed += _measure(advice_id=pk, now=now)
    if changed:
        hint(mall.pk)
    return changed


def _wanted(one: Outlook) -> dict[str, Any] | None:
    """The advice that this state calls for, if any."""
    ahead = one.peak_in if one.wait <= staffing.OPEN_AT else 0
    wait = one.wait if one.wait > staffing.OPEN_AT else one.peak
    state = {"waiting": len(one.waiting), "counters": one.open, "wait": round(wait, 1), "ahead": ahead}
    if wait > staffing.OPEN_AT and not one.free:
        return {"kind": "short", "lack": max(1, one.lack()), **state}
    least = max(1, one.planned or 1)
    change = staffing.to_open(wait=wait, counters=one.open, least=least, most=one.open + len(one.free))
    if change < 0 and not one.waiting:
        return {"kind": "close", **state}
    if change > 0:
        effect = one.one_more()
        if effect.people:
            helped = {"people": effect.people, "minutes": round(effect.minutes, 1)}
            return {"kind": "open", "lack": one.lack(), **helped, **state}
    return None


@transaction.atomic
def _advise(*, mall: Mall, one: Outlook, now: datetime) -> bool:
    wanted = _wanted(one)
    if wanted is None:
        return False
    with connection.cursor() as cursor:  # a second pass waits here, then finds what the first one said
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"advice:{one.agency.pk}"])
    recent = Advice.objects.filter(agency=one.agency)
    if recent.filter(ended_at=None).exists() or recent.filter(made_at__gt=now - EVERY).exists():
        return False
    advice = Advice.objects.create(mall=mall, agency=one.agency, made_at=now, **wanted)
    record(advice, "floor.advised", now, **wanted)
    return True


@transaction.atomic
def _follow(*, advice_id: int, one: Outlook | None, now: datetime) -> bool:
    """End an advice that was followed or is no longer right; otherwise see to who is being called in."""
    found = Advice.objects.select_for_update(of=("self",)).select_related("agency", "mall")
    advice = found.get(pk=advice_id)
    if advice.ended_at:
        return False
    outcome = _outcome(advice, one, now)
    if outcome:
        advice.ended_at, advice.outcome = now, outcome
        advice.save(update_fields=["ended_at", "outcome"])
        calling_in.stop(advice, now)
        counters = one.open if one else 0
        took = round((now - advice.made_at).total_seconds())
        record(advice, f"floor.advice_{outcome}", now, kind=advice.kind, counters=counters, after_s=took)
        return True
    return calling_in.go_on(advice, now)


def _outcome(advice: Advice, one: Outlook | None, now: datetime) -> str:
    if one is None:
        return "lapsed"
    longest = max(one.wait, one.peak)
    stale = now - (advice.accepted_at or advice.made_at) > STALE
    if advice.kind == "close":
        if one.open < advice.counters:
            return "followed"
        return "lapsed" if stale or longest >= staffing.CLOSE_AT else ""
    if advice.kind == "short":
        return "lapsed" if one.free or longest <= staffing.OPEN_AT else ""
    if one.open > advice.counters:
        return "followed"
    being_asked = advice.calls.filter(answer="").exists()
    return "lapsed" if (stale and not being_asked) or longest < NO_LONGER else ""


@transaction.atomic
def _measure(*, advice_id: int, now: datetime) -> bool:
    """Half an hour after a counter was opened: what was predicted beside what really came."""
    advice = Advice.objects.select_for_update(of=("self",)).select_related("agency").get(pk=advice_id)
    if advice.measured_at or advice.ended_at is None:
        return False
    until = advice.ended_at + MEASURED_AFTER
    called = Errand.objects.filter(
        mall=advice.mall_id,
        agency=advice.agency_id,
        called_at__gt=advice.ended_at,
        called_at__lte=until,
        joined_at__isnull=False,
    )
    mean = called.aggregate(wait=Avg(since.WAITED))["wait"]
    advice.measured_at = now
    advice.real_wait = round(mean.total_seconds() / 60, 1) if mean is not None else None
    advice.save(update_fields=["measured_at", "real_wait"])
    record(
        advice,
        "floor.advice_measured",
        now,
        predicted_without=advice.wait,
        predicted_with=round(max(0.0, advice.wait - advice.minutes), 1),
        real=advice.real_wait,
        people=called.count(),
    )
    return True
