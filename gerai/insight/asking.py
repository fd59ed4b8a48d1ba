"""The form of a what-if: what was asked, and the answer as figures and coordinates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.core.errors import DomainError
from gerai.foresight import days
from gerai.insight import pictures, whatif
from gerai.insight.whatif import HOURS, MOST_MORE, RULES, Case


class CaseWrong(DomainError):
    """A choice that the form does not have."""

    code = "what_if_wrong"
    text = "Pilihan itu tidak ada. Pilih hari, loket, aturan dan jam dari formulir."


def read(asked: Mapping[str, str], codes: Sequence[str]) -> Case:
    """
    The case of a form; what is left out stays as it was.

    :raises CaseWrong: for a choice that the form does not have
    """
    more = asked.get("more", "0")
    case = Case(
        agency=asked.get("agency", ""),
        more=int(more) if more.removeprefix("-").isdecimal() and len(more) < 4 else MOST_MORE + 1,
        rule=asked.get("rule", "credit"),
        hours=asked.get("hours", "as_is"),
        live="live" in asked,
    )
    known = case.agency in ("", *codes) and case.rule in RULES and case.hours in HOURS
    if not known or abs(case.more) > MOST_MORE:
        raise CaseWrong
    return case


def day_of(text: str, known: Sequence[date]) -> date | None:
    """
    The day of a form; None is the next day as the forecast expects it.

    :raises CaseWrong: for a day that is not in the list
    """
    if text in ("", "next"):
        return None
    found = next((day for day in known if day.isoformat() == text), None)
    if found is None:
        raise CaseWrong
    return found


def compare(mall: Mall, day: date | None, case: Case, now: datetime) -> dict[str, Any]:
    """The baseline beside the case, as figures and coordinates; `trouble` says why there is nothing to play."""
    calendar = agencies.calendar(mall)
    played = day or calendar.next_working(calendar.local(now).date())
    try:
        setting = whatif.real(mall, day) if day else whatif.expected(mall, played)
    except whatif.NothingToReplay as nothing:
        return {"trouble": nothing.text, "played": played}
    before = whatif.result(setting, whatif.play(setting, Case()))
    after = whatif.result(setting, whatif.play(setting, case))
    opens = calendar.hours(played)
    asked = next((one.short for one in setting.agencies if one.code == case.agency), "")
    labels = (
        [f"{opens[0] + timedelta(minutes=n * days.SLOT):%H.%M}" for n in range(days.SLOTS)] if opens else []
    )
    return {
        "played": played,
        "before": before,
        "after": after,
        "real_wait": setting.real_wait,
        "people": len(setting.day.visitors),
        "lines": pictures.lines(before.by_slot, after.by_slot, labels),
        "bars": pictures.bars(before.by_agency, after.by_agency, first=asked),
    }
