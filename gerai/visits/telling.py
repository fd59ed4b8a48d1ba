"""Who is nearly next, or called, hears it: on their devices, or by text where they asked for that. Sends notices."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from gerai.accounts.models import Person
from gerai.core import sql
from gerai.ledger.models import Entry
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.visits.models import Errand
from gerai.visits.rules import State

CALLED, NEARLY = "number_called", "nearly_your_turn"
STANDS = {CALLED: State.CALLED, NEARLY: State.WAITING}  # while an errand is there, the message is true
BEFORE = 3  # people
AFTER = timedelta(minutes=5)  # of waiting: who has just taken a number has just seen how many are before them
TEXTS_A_DAY = 10  # to one person, whatever numbers they take

# Whoever may hear it at all: an account with a device, or that asked for texts.
_HEARS = """
v.person_id IS NOT NULL
    AND (v.call_by_text OR EXISTS (SELECT 1 FROM notices_device d WHERE d.person_id = v.person_id))
"""
# Most who are called have no account: asked of every call, so it is a light question.
_CALLED = f"""
SELECT e.id FROM visits_errand e JOIN visits_visit v ON v.id = e.visit_id
WHERE e.id = %s AND e.state = 'called' AND {_HEARS}
"""  # noqa: S608 - only our own constants
# The first four of each agency's queue who want to hear it and have not yet. One light statement, mostly no rows: it
# belongs to a consumer, the call itself asks nothing more.
_NEARLY = f"""
SELECT w.id, w.before FROM agencies_agency a CROSS JOIN LATERAL (
    SELECT e.id, e.visit_id, e.joined_at, row_number() OVER (ORDER BY e.rank_at, e.id) - 1 AS before
    FROM visits_errand e WHERE e.mall_id = a.mall_id AND e.agency_id = a.id AND e.state = 'waiting'
    ORDER BY e.rank_at, e.id LIMIT %(first)s
) w JOIN visits_visit v ON v.id = w.visit_id
WHERE a.mall_id = %(mall)s AND a.code = ANY(%(agencies)s) AND w.joined_at <= %(since)s AND {_HEARS}
    AND NOT EXISTS (SELECT 1 FROM notices_notice n WHERE n.key = %(key)s || w.id)
"""  # noqa: S608 - only our own constants


def can_text(person: Person | None) -> bool:
    """Whether somebody can be called by text: we know that the phone is theirs."""
    return person is not None and bool(person.phone) and person.phone_verified


def nearly(*, mall: str, agencies: Collection[str], now: datetime) -> int:
    """Tell those with at most three people before them, once per errand. Returns how many were told."""
    key = f"{NEARLY}:errand-"
    values = {
        "mall": mall,
        "agencies": sorted(agencies),
        "since": now - AFTER,
        "first": BEFORE + 1,
        "key": key,
    }
    before = dict(sql.rows(_NEARLY, values)) if agencies else {}
    if not before:
        return 0
    found = Errand.objects.select_related("visit__person", "agency").filter(
        state=State.WAITING, pk__in=before
    )
    data = {e.pk: {"agency": e.agency.short, "before": before[e.pk]} for e in found}
    return sum(_send(e, NEARLY, f"{key}{e.pk}", data[e.pk], now) for e in found)


def called(*, entry: Entry, now: datetime) -> None:
    """Tell who is called to which counter: each call to devices, one text per errand. Not if it was undone since."""
    hears = sql.row(_CALLED, [entry.data["errand"]])
    if hears is None:
        return
    found = Errand.objects.select_related("visit__person", "counter").get(pk=hears[0])
    if found.state == State.CALLED and found.counter is not None:  # as it is now
        key = f"{CALLED}:errand-{found.pk}"
        _send(found, CALLED, key, {"counter": str(found.counter)}, now, again=f":{entry.pk}")


def _send(
    errand: Errand, template: str, key: str, data: dict[str, object], now: datetime, again: str = ""
) -> bool:
    """One message to the devices (`again` tells a further one to them apart), else by text; else none."""
    person = errand.visit.person
    if person is None:
        return False
    devices = sent.devices(person)
    if not devices and not _may_text(errand, person, now):
        return False
    notices.send(
        key=key + again if devices else key,
        mall=errand.mall_id,
        person=person,
        template=template,
        data=data | {"number": str(errand.visit), "path": f"/kunjungan/{errand.visit.secret}/"},
        now=now,
        by_text=not devices,
    )
    return True


def _may_text(errand: Errand, person: Person, now: datetime) -> bool:
    if not errand.visit.call_by_text or not can_text(person):
        return False
    return sent.texts_since(person, STANDS, now - timedelta(days=1)) < TEXTS_A_DAY


def stands(key: str) -> bool:
    """Whether what a call said is still so; what is not ours is left alone. Asked when it goes out."""
    named = re.match(r"(\w+):errand-(\d+)", key)
    if named is None or named[1] not in STANDS:
        return True
    return Errand.objects.filter(pk=int(named[2]), state=STANDS[named[1]]).exists()
