"""The calendar by independent reckoning: plain lists of days against the rules' own walk."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerai.agencies.rules import (
    OpeningWrong,
    RoleWrong,
    TimezoneUnknown,
    WorkCalendar,
    check_opening,
    check_role,
    check_timezone,
    level,
    next_level_at,
)

WIB = ZoneInfo("Asia/Jakarta")
HOURS = {**{d: ["08:00", "15:00"] for d in ("mon", "tue", "wed", "thu")}, "fri": ["08:00", "14:30"]}
# Nyepi 8, Idul Fitri 10 and 11, collective leave 9, 12 and 15 March 2027; weekends around them.
LEBARAN = frozenset(date(2027, 3, day) for day in (8, 9, 10, 11, 12, 15))
CALENDAR = WorkCalendar("Asia/Jakarta", HOURS, LEBARAN)


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), WIB)


def working(first, last, holidays=LEBARAN):
    """All working days from first to last, reckoned apart from the rules."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [d for d in days if d.isoweekday() <= 5 and d not in holidays]


def test_the_long_gap_of_march_2027_has_no_working_day():
    assert CALENDAR.next_working(date(2027, 3, 5)) == date(2027, 3, 16)
    assert CALENDAR.working_days_between(date(2027, 3, 5), date(2027, 3, 15)) == 0


def test_what_is_complete_before_the_long_gap_is_due_after_it():
    assert CALENDAR.due(at(date(2027, 3, 5), 10), 1) == at(date(2027, 3, 16), 15)
    assert CALENDAR.due(at(date(2027, 3, 4), 10), 5) == at(date(2027, 3, 19), 14, 30)


def test_day_one_is_the_first_working_day_after_the_start():
    assert CALENDAR.due(at(date(2026, 11, 23), 8), 1) == at(date(2026, 11, 24), 15)
    assert CALENDAR.due(at(date(2026, 11, 21), 8), 1) == at(date(2026, 11, 23), 15)


def test_it_is_due_at_the_end_of_service_in_mall_time_on_friday_too():
    due = CALENDAR.due(at(date(2026, 11, 23), 9), 4)

    assert due.astimezone(UTC) == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)


def test_the_mall_day_counts_not_the_utc_day():
    late_evening_utc = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # Monday 03.00 in Bengkulu

    assert CALENDAR.due(late_evening_utc, 1) == at(date(2026, 11, 24), 15)


def test_each_working_day_touched_by_a_pause_adds_one():
    start = at(date(2026, 11, 23), 9)
    pause = (at(date(2026, 11, 25), 14), at(date(2026, 11, 26), 8, 30))

    assert CALENDAR.due(start, 5, [pause]) == at(date(2026, 12, 2), 15)


def test_two_pauses_on_one_day_add_one_day_only():
    start = at(date(2026, 11, 23), 9)
    day = date(2026, 11, 25)
    pauses = [(at(day, 9), at(day, 10)), (at(day, 13), at(day, 14))]

    assert CALENDAR.due(start, 2, pauses) == at(date(2026, 11, 26), 15)


def test_a_pause_over_a_weekend_or_after_the_end_adds_nothing():
    start = at(date(2026, 11, 19), 9)
    weekend = (at(date(2026, 11, 21), 9), at(date(2026, 11, 22), 20))
    after = (at(date(2026, 12, 21), 9), at(date(2026, 12, 22), 9))

    assert CALENDAR.due(start, 3, [weekend, after]) == CALENDAR.due(start, 3)


def test_nothing_is_due_before_it_began():
    monday = date(2026, 11, 23)

    assert CALENDAR.due(at(monday, 9), 0) == at(monday, 15)
    assert CALENDAR.due(at(monday, 16), 0) == at(date(2026, 11, 24), 15)
    assert CALENDAR.due(at(date(2026, 11, 21), 9), 0) == at(monday, 15)


@given(
    start=st.integers(0, 700 * 24 * 60).map(
        lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
    ),
    days=st.integers(0, 30),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2028, 3, 1)), max_size=60),
    offsets=st.lists(st.tuples(st.integers(-100, 900), st.integers(0, 200)), max_size=4),
)
def test_the_due_day_is_the_nth_untouched_working_day(start, days, holidays, offsets):
    calendar = WorkCalendar("Asia/Jakarta", HOURS, holidays)
    pauses = [(start + timedelta(hours=h), start + timedelta(hours=h + length)) for h, length in offsets]

    due = calendar.due(start, days, pauses)

    touched = set()
    for begin, end in pauses:
        first, last = begin.astimezone(WIB).date(), end.astimezone(WIB).date()
        touched |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    begun = start.astimezone(WIB).date()
    counted = [
        d
        for d in working(begun + timedelta(days=1), begun + timedelta(days=400), holidays)
        if d not in touched
    ]
    assert due >= start
    if days:
        assert due.astimezone(WIB).date() == counted[days - 1]


@given(
    first=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    length=st.integers(0, 90),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2028, 3, 1)), max_size=60),
)
def test_working_days_between_counts_what_a_list_counts(first, length, holidays):
    calendar = WorkCalendar("Asia/Jakarta", HOURS, holidays)
    last = first + timedelta(days=length)

    counted = calendar.working_days_between(first, last)

    assert counted == len(working(first + timedelta(days=1), last, holidays))
    assert calendar.working_days_between(first, calendar.add_working_days(first, 7)) == 7


def test_the_mall_is_open_from_the_first_minute_until_before_the_last():
    monday = date(2026, 11, 23)

    opened = [CALENDAR.is_open(at(monday, h, m)) for h, m in ((7, 59), (8, 0), (14, 59), (15, 0))]

    assert opened == [False, True, True, False]
    assert not CALENDAR.is_open(at(date(2026, 11, 22), 10))
    assert not CALENDAR.is_open(at(date(2027, 3, 9), 10))


def test_urgency_rises_at_half_at_four_fifths_and_at_the_end():
    begin = datetime(2026, 11, 23, tzinfo=UTC)
    end = begin + timedelta(hours=10)

    assert [level(begin, end, begin + timedelta(hours=h)) for h in (4, 5, 8, 10, 11)] == [0, 1, 2, 3, 3]


@given(st.integers(0, 10**15), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_each_level_begins_at_its_instant_and_not_a_microsecond_before(microseconds, length):
    moment = timedelta(microseconds=1)
    begin = datetime(2026, 1, 1, tzinfo=UTC) + microseconds * moment
    end = begin + length

    for reached in (0, 1, 2):
        at = next_level_at(begin, end, reached)
        assert level(begin, end, at) == reached + 1
        assert level(begin, end, at - moment) == reached
    assert next_level_at(begin, end, 3) is None


@pytest.mark.parametrize(
    "opening",
    [{"mon": ["15:00", "08:00"]}, {"mon": ["8"]}, {"mon": ["08:00"]}, {"senin": ["08:00", "15:00"]}],
)
def test_opening_hours_that_nobody_can_keep_are_refused(opening):
    with pytest.raises(OpeningWrong):
        check_opening(opening)


def test_a_day_may_be_closed():
    check_opening({"mon": []})


def test_a_role_belongs_either_to_an_agency_or_to_the_mall():
    check_role("signer", at_agency=True)
    check_role("mayor", at_agency=False)
    for role, at_agency in (("mayor", True), ("signer", False), ("king", False)):
        with pytest.raises(RoleWrong):
            check_role(role, at_agency=at_agency)


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(TimezoneUnknown):
        check_timezone("Asia/Bengkulu")
