"""Promises in calendar days and in hours, beside working days."""

from datetime import UTC, date, datetime, timedelta

from gerai.agencies.rules import WorkCalendar

CALENDAR = WorkCalendar(
    timezone="Asia/Jakarta",
    opening={day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    holidays=frozenset({date(2026, 11, 30)}),
)
FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)  # 09.00
DAY = timedelta(days=1)


def test_working_days_are_as_before():
    assert CALENDAR.due_in("working", FRIDAY, 2) == CALENDAR.due(FRIDAY, 2)


def test_calendar_days_end_with_service_and_never_on_a_closed_day():
    assert CALENDAR.due_in("calendar", FRIDAY, 5) == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert CALENDAR.due_in("calendar", FRIDAY, 1) == datetime(
        2026, 12, 1, 8, 0, tzinfo=UTC
    )  # weekend, holiday


def test_a_pause_adds_what_it_took():
    pause = [(FRIDAY, FRIDAY + 2 * DAY)]
    assert CALENDAR.due_in("calendar", FRIDAY, 5, pause) == datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
    assert CALENDAR.due_in("hours", FRIDAY, 24, pause) == FRIDAY + 3 * DAY


def test_a_promise_of_nothing_is_the_shortest_there_is():
    assert CALENDAR.due_in("hours", FRIDAY, 0) == FRIDAY + timedelta(hours=1)
