"""The form of a what-if: what was asked, and the answer as figures and coordinates."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.core.errors import DomainError
from gerai.foresight import days
from gerai.insight import pictures, replay, whatif
from gerai.insight.replay import Setting
from gerai.insight.whatif import HOURS, MOST_MORE, RULES, WEEK, Case

SATURDAY = (5, 10, 15, 20)  # percent of a week's people
BOOKABLE = (0, 25, 50, 75)  # percent of the counters' time
SHORTEST, LONGEST = 2 * 60, 14 * 60  # minutes of service on a day
HALVES = [f"{n // 2:02d}.{n % 2 * 30:02d}" for n in range(2 * 5, 2 * 22 + 1)]  # of the clock, to choose from
_TIME = re.compile(r"([01]\d|2[0-3])[:.](00|30)")


class CaseWrong(DomainError):
    """A choice that the form does not have."""

    code = "what_if_wrong"
    text = "Pilihan itu tidak ada. Pilih hari, loket, aturan dan jam dari formulir."


class TimeWrong(DomainError):
    """A time that is not a half hour of the clock."""

    code = "what_if_time_wrong"
    text = "Tulis jam buka dan jam tutup sebagai jam penuh atau setengah jam, misalnya 07.30."


class HoursWrong(DomainError):
    """A day that ends before it has begun, or lasts a moment or a night."""

    code = "what_if_hours_wrong"
    text = "Jam tutup harus 2 sampai 14 jam sesudah jam buka."


class NothingToJoin(DomainError):
    """Lines can be joined only where there are two."""

    code = "what_if_nothing_to_join"
    text = "Pilih dulu instansi yang antreannya digabung. Keduanya harus punya layanan dan loket."


class JoinedAlready(DomainError):
    """The agency's counters serve all its services."""

    code = "what_if_joined_already"
    text = "Pada hari itu setiap loket instansi itu sudah melayani semua layanannya: tidak ada yang digabung."


class SaturdayOpen(DomainError):
    """What is so already is no case."""

    code = "what_if_saturday_open"
    text = "Mal sudah buka pada hari Sabtu. Yang dapat dimainkan hanya Sabtu yang sekarang tutup."


def _number(text: str, known: Sequence[int]) -> int:
    found = next((one for one in known if str(one) == text), None)
    if found is None:
        raise CaseWrong
    return found


def _time(text: str) -> int | None:
    """Minutes after midnight; None where nothing is written."""
    if not text.strip():
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise TimeWrong
    return int(found[1]) * 60 + int(found[2])


def read(asked: Mapping[str, str], codes: Sequence[str]) -> Case:
    """
    The case of a form; what is left out stays as it was.

    :raises CaseWrong: for a choice that the form does not have
    :raises TimeWrong: for hours that are no half hours of the clock
    :raises NothingToJoin: for a second agency without a first
    """
    case = Case(
        agency=asked.get("agency", ""),
        more=_number(asked.get("more", "0"), range(-MOST_MORE, MOST_MORE + 1)),
        rule=asked.get("rule", "credit"),
        hours=asked.get("hours", "as_is"),
        live="live" in asked,
        opens=_time(asked.get("opens", "")),
        closes=_time(asked.get("closes", "")),
        saturday=_number(asked.get("saturday") or "0", (0, *SATURDAY)),
        bookable=_number(asked["bookable"], BOOKABLE) if asked.get("bookable") else None,
        join=asked.get("join", ""),
    )
    if not (case.agency in ("", *codes) and case.join in ("", *codes)):
        raise CaseWrong
    if case.rule not in RULES or case.hours not in HOURS:
        raise CaseWrong
    if case.join and not case.agency:
        raise NothingToJoin
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


def _settings(mall: Mall, day: date | None, known: Sequence[date], many: int, now: datetime) -> list[Setting]:
    """The day asked for, or the week that ends (the next: begins) with it; few past days are played again."""
    if day:
        past = [one for one in known if one <= day][:many]
        lines = replay.lines_of(mall, past)
        found = [replay.real(mall, one, lines) for one in past]
        return [found[n % len(found)] for n in range(many)]
    calendar = agencies.calendar(mall)
    ahead = [calendar.next_working(calendar.local(now).date())]
    while len(ahead) < many:
        ahead.append(calendar.next_working(ahead[-1]))
    return [replay.expected(mall, one) for one in ahead]


def _check(case: Case, settings: Sequence[Setting], mall: Mall) -> None:
    for one in settings:
        opens = one.opens if case.opens is None else case.opens
        closes = one.opens + one.closes if case.closes is None else case.closes
        if not SHORTEST <= closes - opens <= LONGEST:
            raise HoursWrong
    if case.saturday and mall.opening.get("sat"):
        raise SaturdayOpen
    lines = [line.agency.code for line in settings[0].lines]
    if (case.more or case.join) and case.agency and case.agency not in lines:
        raise NothingToJoin
    if case.join and case.join not in lines:
        raise NothingToJoin
    if case.join == case.agency and lines.count(case.agency) == 1:
        raise JoinedAlready


def compare(mall: Mall, day: date | None, case: Case, known: Sequence[date], now: datetime) -> dict[str, Any]:
    """
    The baseline beside the case, as figures and coordinates. `known`: the past days that can be played, newest first.

    :raises replay.NothingToReplay: for a day without anybody
    :raises HoursWrong: for a day that is too short or too long
    :raises SaturdayOpen: where the mall serves on Saturdays
    :raises NothingToJoin, JoinedAlready: where there are no two lines
    """
    many = WEEK if case.saturday else 1
    settings = _settings(mall, day, known, many, now)
    _check(case, settings, mall)
    before, after = whatif.answer(settings, Case()), whatif.answer(settings, case)
    clock = sorted({*before.by_slot, *after.by_slot})
    clock = list(range(clock[0], clock[-1] + 1, days.SLOT)) if clock else []
    waits = [wait for one in settings for wait in one.waits]
    short = {line.agency.code: line.agency.short for line in settings[0].lines}
    return {
        "played": day or agencies.calendar(mall).next_working(agencies.calendar(mall).local(now).date()),
        "before": before,
        "after": after,
        "real_wait": sum(waits) / len(waits) if waits else None,
        "lines": pictures.lines(
            [before.by_slot.get(at) for at in clock],
            [after.by_slot.get(at) for at in clock],
            [f"{at // 60:02d}.{at % 60:02d}" for at in clock],
        ),
        "bars": pictures.bars(before.by_agency, after.by_agency, first=short.get(case.agency, "")),
    }
