"""Due dates counted another way than the product does: day by day, on a list."""

from datetime import UTC, date, datetime, time, timedelta

ZONE = timedelta(hours=7)
CLOSES = time(15)


def local(moment: datetime) -> date:
    """The day in Bengkulu."""
    return (moment.astimezone(UTC) + ZONE).date()


def works(day: date, holidays: set[date]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.isoweekday() <= 5 and day not in holidays


def closing(day: date) -> datetime:
    """When service ends on that day."""
    return datetime.combine(day, CLOSES, UTC) - ZONE


def due_by_hand(
    holidays: set[date], start: datetime, days: int, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """Counted on a list of days, one by one: the n-th working day after the start that no pause touched."""
    following = (local(start) + timedelta(days=n) for n in range(1, 400))
    open_days = [
        day
        for day in following
        if works(day, holidays) and not any(local(b) <= day <= local(e) for b, e in pauses)
    ]
    return closing(open_days[days - 1])
